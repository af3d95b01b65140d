"""Derived tables in a whole release: as JSON, CSV, chart, sheet and page, side by side without a sum."""

import csv
import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from app.access.roles import Role
from app.reporting.derived.caseload import CASELOAD
from app.reporting.numerals import RATE_IN_A_SHEET
from app.reporting.paper.sheets import paper_workbook
from app.reporting.side_by_side.composing import Published, side_by_side
from app.reporting.side_by_side.forms import as_paper
from tests.reporting.arrange import Office, figures
from tests.reporting.casework import FIRST, IN_BETWEEN, Casework
from tests.reporting.test_open_tables import position

NAME = "caseload_per_position"
VEGA_LITE = "application/vnd.vegalite.v6+json"


@pytest.fixture
async def staffed(office: Office) -> Office:
    """An area with 60 open cases, four full-time equivalents of which three are filled, and residents."""
    world = office.world
    await figures(world, reports=12)
    work = Casework(world)
    for _ in range(60):
        work.case(None, ("intake", FIRST), ("monitoring", IN_BETWEEN))
    await work.lay()
    await position(world, "KI", "ki", 3, filled_from=date(2024, 1, 1))
    await position(world, "Stadt Moers", "town", 1)
    assistant = await world.person(Role.ASSISTANT)
    sheet = "municipality;nationality_group;age_band;persons\n05170044;syria;27-39;4000\n05170044;eu;0-5;80"
    said = {"stated_on": "2025-06-30", "source": "Einwohnermeldeamt", "licence": "dl-de/by-2-0", "csv": sheet}
    assert (await assistant.post("/v1/populations/import", said)).status_code == 200
    return office


def by_codes(table: dict[str, Any]) -> dict[tuple[str, ...], dict[str, Any]]:
    return {tuple(cell["codes"]): cell for cell in table["cells"]}


async def test_derived_tables_come_in_every_form(staffed: Office) -> None:
    release_id = await staffed.published()
    table = await staffed.table(release_id, NAME)
    cells = by_codes(table)
    assert cells["total", "filled"] == {
        "codes": ["total", "filled"], "status": "published", "value": 20.0, "percent": None, "persons": None,
        "parts": {"numerator": 60, "denominator": 3},
    }  # fmt: skip
    assert cells["total", "funded"]["value"] == 15
    assert cells["counselling", "filled"]["value"] == 10
    assert table["quotient"]["denominator"] == "filled_positions"
    assert table["source"].endswith("divided by: Positions of the KIM municipality")
    rate = await staffed.table(release_id, "client_rate_by_age")
    assert "Einwohnermeldeamt (2025-06-30)" in rate["source"]
    assert by_codes(rate)["0-5",]["status"] in ("no_base", "suppressed")
    path = f"/v1/releases/{release_id}/tables/{NAME}"
    text = (await staffed.first.http.get(path, headers={"Accept": "text/csv"})).text
    rows = [row for row in csv.DictReader(io.StringIO(text), delimiter=";") if row["positions"] == "filled"]
    assert (rows[0]["value"], rows[0]["numerator"], rows[0]["denominator"]) == ("20,0", "60", "3,0")
    spec = (await staffed.first.http.get(path, headers={"Accept": VEGA_LITE})).json()
    assert "je besetzter Stelle" in spec["title"]["subtitle"][0]
    assert {row["told"] for row in spec["data"]["values"]} == {"10,0"}
    svg = await staffed.first.http.get(path, headers={"Accept": "image/svg+xml"})
    assert "je besetzter Stelle" in svg.text
    book = await staffed.first.get(f"/v1/releases/{release_id}/workbook")
    sheets = openpyxl.load_workbook(io.BytesIO(book.content))
    shown = {
        cell.number_format
        for sheet in sheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value == 20
    }
    assert RATE_IN_A_SHEET in shown
    written = [row for sheet in sheets for row in sheet.iter_rows(values_only=True)]
    assert ("Insgesamt", "je besetzter Stelle", 20, 60, 3, "veröffentlicht") in [row[:6] for row in written]
    content = (await staffed.first.get(f"/v1/releases/{release_id}")).json()["content"]
    reasons = {each["name"]: each["reason"] for each in content["left_out"]}
    assert reasons["types"] == "too_small"
    assert reasons["goals_attainment"] == "not_told"
    assert reasons.keys().isdisjoint(each["name"] for each in content["tables"])
    assert content["left_out"][0]["title"] in {row[0] for row in written if row}


async def test_map_is_no_json_and_no_csv(staffed: Office) -> None:
    release_id = await staffed.published()
    path = f"/v1/releases/{release_id}/tables/effects_by_quarter"
    found = {}
    for accept in ("application/json", "text/csv", "image/svg+xml", "*/*"):
        answer = await staffed.first.http.get(path, params={"as": "map"}, headers={"Accept": accept})
        found[accept] = answer.status_code
    assert [*found.values()] == [406, 406, 404, 404]


def area(number: int, value: float) -> Published:
    codes = [{"code": code, "label": code, "parent": None} for code in ("total",)]
    table = {
        "thresholds": None,
        "dimensions": [{"name": "kind", "title": "Kind", "codes": codes}],
        "cells": [{"codes": ["total"], "status": "published", "value": value}],
    }
    released = {"release_id": None, "sha256": None, "published_at": None}
    return Published(f"KIM-{number}", f"Area {number}", released, table)


def test_quotients_of_areas_stand_side_by_side_without_a_sum() -> None:
    found = side_by_side([area(1, 20.5), area(2, 31)], CASELOAD.table, CASELOAD.words, "2025Q3", "en")
    assert [(cell["codes"][0], cell["value"]) for cell in found["cells"]] == [("KIM-1", 20.5), ("KIM-2", 31)]
    assert [code["code"] for code in found["dimensions"][0]["codes"]] == ["KIM-1", "KIM-2"]


@pytest.mark.parametrize("is_rate", [True, False])
def test_sheet_of_areas_keeps_a_quotient_and_shows_one_decimal_of_it(is_rate: bool) -> None:
    view = side_by_side([area(1, 20.47)], CASELOAD.table, CASELOAD.words, "2025Q3", "en")
    book = openpyxl.load_workbook(io.BytesIO(paper_workbook(as_paper(view, "en", is_rate=is_rate))))
    (cell,) = (cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == 20.47)
    assert (cell.number_format == RATE_IN_A_SHEET) is is_rate
    assert ("Value" in {row[-1].value for sheet in book for row in sheet.iter_rows()}) is is_rate
