"""Contracts and the funding report: amounts in whole cents, months that are full, cases only as published."""

import io
import re
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pikepdf
import pypdfium2
import pytest

from app.access.roles import Role
from app.funding.rules import amount, months_filled, rate_of, workplace_cents
from app.reporting.paper.shape import written
from app.reporting.paper.sheets import paper_workbook
from tests.reporting.arrange import Office, figures, lay_published
from tests.world import Person, World

YEAR = 2025
CONTRACTS, REPORT = "/v1/cooperation-contracts", f"/v1/funding-reports/{YEAR}"


async def contract(person: Person, unit: Any, **more: Any) -> Any:
    body = {
        "unit_id": str(unit), "year": YEAR, "reference": "KIM-7/2025", "concluded_on": "2025-01-15",
        "forwarded_cents": 11400000, "own_share_cents": 250050, **more,
    }  # fmt: skip
    return await person.post(CONTRACTS, body)


async def position(person: Person, unit: Any, share: float, **more: Any) -> None:
    body = {"unit_id": str(unit), "component": 2, "full_time_equivalents": share, "funded_year": YEAR, **more}
    made = await person.post("/v1/positions", body)
    assert made.status_code == 201, made.text


async def test_assistant_enters_and_changes_a_contract(world: World) -> None:
    assistant, coordinator = await world.person(Role.ASSISTANT), await world.person(Role.COORDINATOR)
    unit = await world.unit("Caritas", kind="welfare")
    made = (await contract(assistant, unit)).json()
    assert (made["unit"], made["forwarded_cents"], made["deficit_cents"]) == ("Caritas", 11400000, 0)
    path = f"{CONTRACTS}/{made['id']}"
    assert (await assistant.patch(path, {"deficit_cents": 99})).status_code == 428
    changed = await assistant.patch(path, {"deficit_cents": 99}, if_match='"1"')
    assert (changed.json()["deficit_cents"], changed.json()["version"]) == (99, 2)
    assert (await coordinator.get(path)).json() == changed.json()
    assert (await coordinator.get(CONTRACTS, year=YEAR + 1)).json()["items"] == []
    assert len((await coordinator.get(CONTRACTS, year=YEAR)).json()["items"]) == 1


async def test_contract_of_a_unit_stands_once_in_a_year(world: World) -> None:
    assistant = await world.person(Role.ASSISTANT)
    unit = await world.unit("Caritas", kind="welfare")
    status = [(await contract(assistant, unit, year=year)).status_code for year in (YEAR, YEAR + 1, YEAR)]
    assert status == [201, 201, 409]


@pytest.mark.parametrize("amount_", [1.5, "1", -1, 100_000_000_001, True])
async def test_money_is_whole_cents(world: World, amount_: Any) -> None:
    assistant = await world.person(Role.ASSISTANT)
    answer = await contract(assistant, await world.unit("Caritas"), forwarded_cents=amount_)
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("role", "reads", "enters"),
    [(Role.COORDINATOR, 200, 403), (Role.STEERING_MEMBER, 403, 403), (Role.CASE_MANAGER, 403, 403)],
)
async def test_others_enter_nothing(world: World, role: Role, reads: int, enters: int) -> None:
    person = await world.person(role)
    assert (await contract(person, await world.unit("Caritas"))).status_code == enters
    assert (await person.get(CONTRACTS)).status_code == reads
    assert (await person.get(REPORT)).status_code == reads


async def test_position_is_filled_and_becomes_vacant(world: World) -> None:
    assistant = await world.person(Role.ASSISTANT)
    await position(assistant, await world.unit(), 0.5)
    made = (await assistant.get("/v1/positions")).json()["items"][0]
    path = f"/v1/positions/{made['id']}"
    ended = {"filled_until": "2025-06-30"}
    assert (await assistant.patch(path, ended, if_match='"1"')).status_code == 422
    both = await assistant.patch(path, {**ended, "filled_from": "2025-02-01"}, if_match='"1"')
    assert (both.json()["filled_until"], both.json()["version"]) == ("2025-06-30", 2)
    before = await assistant.patch(path, {"filled_from": "2025-07-01"}, if_match='"2"')
    assert before.status_code == 422
    assert (await (await world.case_manager()).patch(path, {})).status_code == 403


async def test_report_has_positions_funds_published_cases_and_activities(office: Office) -> None:
    world = office.world
    assistant = await world.person(Role.ASSISTANT)
    welfare = await world.unit("Caritas", kind="welfare")
    await position(assistant, welfare, 0.5, filled_from="2025-03-10", filled_until="2025-11-15")
    await position(assistant, await world.unit(), 1, component=3, filled_from="2025-01-01")
    await contract(assistant, welfare)
    before = (await assistant.get(REPORT)).json()
    assert (before["figures"], before["activities"][0]["quarters"]) == ([], [])
    release_id = await lay_published(world)
    report = (await assistant.get(REPORT)).json()
    first, other = report["positions"]
    assert (first["months_filled"], first["funded_cents"]) == (7, 57_000_00 * 7 // 24)
    assert (other["months_filled"], other["rate_cents"], other["funded_cents"]) == (12, None, None)
    assert report["contract_sums"] == {
        "forwarded_cents": 11400000, "own_share_cents": 250050, "deficit_cents": 0,
    }  # fmt: skip
    told = {each["table"]: each["value"] for each in report["figures"]}
    table = await office.table(release_id, "categories_by_quarter")
    total = next(cell["value"] for cell in table["cells"] if cell["codes"] == ["total", "2025Q3"])
    assert told["categories_by_quarter"] == total
    assert "funded_positions" not in told
    assert "signals" not in told
    assert {each["quarters"][0] for each in report["activities"] if each["quarters"]} <= {"2025Q3"}


async def test_report_says_suppressed_and_never_what_is_hidden(office: Office) -> None:
    assistant = await office.world.person(Role.ASSISTANT)
    await figures(office.world, reports=12)
    await office.published()
    report = (await assistant.get(REPORT)).json()
    assert {each["value"] for each in report["figures"]} == {None}
    text = text_of((await form(assistant, "application/pdf")).content)
    assert "gesperrt" in text


async def form(person: Person, accept: str) -> Any:
    answer = await person.http.get(REPORT, headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    return answer


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


async def test_report_is_an_accessible_pdf_and_a_workbook_with_real_numbers(world: World) -> None:
    assistant = await world.person(Role.ASSISTANT)
    unit = await world.unit("=1+1 #strong[Caritas]", kind="welfare")
    await position(assistant, unit, 0.5, filled_from="2025-01-01")
    await contract(assistant, unit)
    pdf = (await form(assistant, "application/pdf")).content
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "de"
    text = text_of(pdf)
    assert "114.000,00 €" in text
    assert "#strong[Caritas]" in text
    assert "Zahlen zum Sachbericht und Verwendungsnachweis 2025" in re.sub(r"\s+", " ", text)
    xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    book = openpyxl.load_workbook(io.BytesIO((await form(assistant, xlsx)).content))
    found = {cell.value: cell for sheet in book for row in sheet.iter_rows() for cell in row}
    assert (found[114000].data_type, found[2500.5].number_format) == ("n", '#,##0.00 "€"')
    assert found["=1+1 #strong[Caritas]"].data_type == "s"


JANUARY, DECEMBER = date(2025, 1, 1), date(2025, 12, 31)


@pytest.mark.parametrize(
    ("filled_from", "filled_until", "until", "months"),
    [
        (None, None, DECEMBER, 0),
        (JANUARY, None, DECEMBER, 12),
        (date(2024, 4, 1), None, DECEMBER, 12),
        (date(2025, 1, 2), None, DECEMBER, 11),
        (JANUARY, date(2025, 6, 29), DECEMBER, 5),
        (JANUARY, date(2025, 6, 30), DECEMBER, 6),
        (JANUARY, date(2024, 6, 30), DECEMBER, 0),
        (date(2026, 1, 1), None, DECEMBER, 0),
        (JANUARY, None, date(2025, 2, 27), 1),
        (JANUARY, None, date(2025, 2, 28), 2),
    ],
)
def test_only_full_months_count(
    filled_from: date | None, filled_until: date | None, until: date, months: int
) -> None:
    assert months_filled(YEAR, filled_from, filled_until, until) == months


def test_rates_are_those_of_the_guideline() -> None:
    assert [rate_of("component_2", year) for year in (2022, 2023)] == [55_000_00, 57_000_00]
    assert rate_of("assistant", 2025) == 2 * 22_500_00
    assert rate_of("component_3", 2025) is None
    assert amount(57_000_00, Decimal("0.33"), 12) == 18_810_00
    assert amount(57_000_00, Decimal("0.01"), 1) == 47_50
    assert amount(1, Decimal("0.5"), 12) == 1
    assert workplace_cents(Decimal("0.5"), 6) == 1_425_00


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"cents": 5}, "0,05 €"),
        ({"cents": 123456789}, "1.234.567,89 €"),
        (6.5, "6,5"),
        (11, "11"),
        (None, ""),
    ],
)
def test_amounts_and_numbers_are_written_in_german(value: Any, text: str) -> None:
    assert written(value) == text


def test_workbook_is_written_whatever_signs_a_text_has() -> None:
    grid = {"head": ["Ver\x07trag"], "rows": [["KIM\x00-7\uffff"]], "labels": 1}
    sections = [{"title": "Ver\x0bträge", "paragraphs": ["\x1fSo."], "tables": [grid]}]
    paper = {
        "title": "Zah\x08len",
        "area": "We\x0csel",
        "facts": [["Quelle", "IT\ufffe.NRW"]],
        "sections": sections,
    }
    book = openpyxl.load_workbook(io.BytesIO(paper_workbook(paper)))
    found = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {"Zahlen, Wesel", "IT.NRW", "So.", "Vertrag", "KIM-7"} <= found
    assert book.sheetnames == ["Übersicht", "1 Verträge"]
