"""The state's view: as each area published it, each reason for no value told apart, sums of shown parts."""

import csv
import io
from typing import Any

import openpyxl
import pytest

from app.access.roles import Role
from app.reporting.catalogue import BY_NAME
from app.reporting.side_by_side.composing import Published, side_by_side
from app.reporting.side_by_side.rules import by_town, comparable
from app.reporting.words import OF_BARRIERS
from tests.reporting.arrange import Office, figures, lay_published
from tests.reporting.frozen import table
from tests.world import Person, World

PATH = "/v1/state/quarters/2025Q3/tables"
NAME = "categories_by_quarter"
EFFECTS = BY_NAME["effects_by_quarter"]


def told(*cells: tuple[str, int | None]) -> dict[str, Any]:
    """Return a published table of one dimension with these cells: status and value."""
    codes = [{"code": code, "label": code, "parent": None} for code in "ABCDE"[: len(cells)]]
    texts = dict.fromkeys(("title", "definition", "unit", "source", "method", "note"), "Text")
    return {
        **texts,
        "quarter": "2025Q3",
        "thresholds": None,
        "dimensions": [{"name": "effect", "title": "Effect", "codes": codes}],
        "cells": [
            {"codes": [code["code"]], "status": status, "value": value}
            for code, (status, value) in zip(codes, cells, strict=True)
        ],
    }


RELEASE = {"release_id": "00000000-0000-7000-8000-000000000001", "sha256": "0" * 64, "published_at": None}


def view(*tables: dict[str, Any] | None) -> dict[tuple[str, ...], tuple[str, Any]]:
    areas = [Published(f"KIM-{n}", f"Area {n}", each and RELEASE, each) for n, each in enumerate(tables)]
    found = side_by_side(areas, EFFECTS, OF_BARRIERS, "2025Q3", "en")
    return {tuple(cell["codes"]): (cell["status"], cell["value"]) for cell in found["cells"]}


def test_sum_is_told_where_every_area_that_published_tells_its_part() -> None:
    first = told(
        ("published", 7), ("zero", 0), ("suppressed", None), ("published", 9), ("not_collected", None)
    )
    other = told(("published", 8), ("zero", 0), ("published", 6), ("suppressed", None), ("published", 5))
    cells = view(first, other, None)
    assert [cells["total", code] for code in "ABCDE"] == [
        ("published", 15), ("zero", 0), ("suppressed", None), ("suppressed", None), ("not_collected", None),
    ]  # fmt: skip
    assert cells["KIM-0", "C"] == ("suppressed", None)
    assert {cells["KIM-2", code] for code in "ABCDE"} == {("not_published", None)}


def test_nothing_that_is_told_over_areas_gives_a_hidden_cell_away() -> None:
    """Each told sum is the sum of told parts: with one part hidden there is no sum to subtract from."""
    first, other = table("effects_by_quarter"), table("levels_by_quarter")
    for one in (first, other):
        cells = view(one, one, one)
        for codes, (status, value) in cells.items():
            parts = [cells[area, *codes[1:]] for area in ("KIM-0", "KIM-1", "KIM-2")]
            if codes[0] == "total" and value is not None:
                assert value == sum(part for _, part in parts)
            elif codes[0] == "total":
                assert any(part is None for _, part in parts)
                assert status != "published"


def test_release_without_the_table_is_told_apart_from_no_release() -> None:
    areas = [Published("A", "A", RELEASE, None), Published("B", "B", None, None)]
    found = side_by_side(areas, EFFECTS, OF_BARRIERS, "2025Q3", "en")
    assert [each["status"] for each in found["areas"]] == ["without_table", "not_published"]
    assert (found["areas_published"], found["cells"][0]["status"]) == (0, "not_published")
    assert found["title"] == "Barrier cases by effect and quarter"


def test_public_table_is_comparable_or_by_town_and_another_is_neither() -> None:
    assert not comparable().keys() & by_town()
    assert {"regions_by_category", "population_by_town", "needs_by_region"} <= by_town()
    assert "signals" not in by_town()


def test_only_tables_with_the_same_classes_everywhere_stand_side_by_side() -> None:
    assert {NAME, "funded_positions", "school_waiting", "population_by_age"} <= comparable().keys()
    assert not {"signals", "regions_by_category", "population_by_town"} & comparable().keys()


@pytest.fixture
async def state_viewer(world: World) -> Person:
    """Somebody of the Land."""
    land = World(world.app, world.admin)
    land.area = "NRW"
    world._open.push_async_callback(land._open.aclose)
    return await land.person(Role.STATE_VIEWER, unit=f"MKJFGFI {world.area}")


async def read(
    person: Person, name: str = NAME, accept: str = "application/json", language: str = "en"
) -> Any:
    answer = await person.http.get(f"{PATH}/{name}", headers={"Accept": accept, "Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return answer


async def test_land_reads_what_areas_published_and_nothing_of_what_they_did_not(
    office: Office, state_viewer: Person
) -> None:
    world, neighbour = office.world, await office.world.neighbour()
    other = await Office(neighbour, office.worker, office.reporting).open()
    await figures(neighbour, reports=12)
    release_id = await lay_published(world)
    await other.computed()
    found = (await read(state_viewer)).json()
    areas = {each["id"]: each for each in found["areas"]}
    assert (areas[world.area]["status"], areas[world.area]["release_id"]) == ("published", release_id)
    assert areas["KIM-05170"]["status"] == "not_published"
    assert neighbour.area not in areas
    own = {
        tuple(cell["codes"][1:]): (cell["status"], cell["value"])
        for cell in found["cells"]
        if cell["codes"][0] == world.area
    }
    published = await office.table(release_id, NAME)
    assert own == {
        (cell["codes"][0],): (cell["status"], cell["value"])
        for cell in published["cells"]
        if cell["codes"][1] == "2025Q3"
    }
    assert "suppressed" in {status for status, _ in own.values()}
    text = (await read(state_viewer, accept="text/csv")).text
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["area"] == world.area]
    assert [(row["status"], row["value"]) for row in rows] == [
        (status, "" if value is None else str(value)) for status, value in own.values()
    ]
    xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    book = openpyxl.load_workbook(io.BytesIO((await read(state_viewer, accept=xlsx)).content))
    values = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    shown = {value for _, value in own.values() if value}
    assert {"not published", "suppressed", areas[world.area]["name"], *shown} <= values
    german = openpyxl.load_workbook(
        io.BytesIO((await read(state_viewer, accept=xlsx, language="de")).content)
    )
    facts = {row[0].value for row in next(iter(german)).iter_rows()}
    assert {"Definition", "Einheit", "Quelle", "Methode", "Hinweis"} <= facts


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.STEERING_MEMBER, Role.CASE_MANAGER])
async def test_view_is_for_the_land_alone(world: World, role: Role) -> None:
    assert (await (await world.person(role)).get(f"{PATH}/{NAME}")).status_code == 403


async def test_unknown_quarter_or_table_is_refused(state_viewer: Person) -> None:
    assert (await state_viewer.get("/v1/state/quarters/2025Q5/tables/types")).status_code == 422
    for name in ("nothing", "signals"):
        answer = await state_viewer.get(f"{PATH}/{name}")
        assert (answer.status_code, answer.json().get("detail")) == (404, None)


@pytest.mark.parametrize("name", ["regions_by_category", "population_by_town", "needs_by_region"])
async def test_table_by_town_is_not_found_and_the_answer_says_why(
    state_viewer: Person, office: Office, name: str
) -> None:
    """The sentence is a rule of the catalogue: it is the same whatever anybody published."""
    before = await state_viewer.get(f"{PATH}/{name}")
    await lay_published(office.world)
    after = await state_viewer.get(f"{PATH}/{name}")
    assert (before.status_code, after.status_code) == (404, 404)
    assert before.json()["detail"].startswith("Tables by town are shown by each area alone")
    assert after.json()["detail"] == before.json()["detail"]


async def test_viewer_of_an_area_sees_no_other(office: Office) -> None:
    await lay_published(office.world)
    pretender = await (await office.world.neighbour()).person(Role.STATE_VIEWER)
    found = (await read(pretender)).json()
    assert found["areas_published"] == 0
    assert {each["status"] for each in found["areas"]} == {"not_published"}
