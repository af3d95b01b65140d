"""Open tables: frozen with a release, whole, in every form, and no subject of the protection."""

import hashlib
import io
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import openpyxl
import orjson
import pytest

from app.access.roles import Role
from app.kit.ids import new_id
from app.reporting.open_tables.every import OPEN_TABLES
from app.reporting.open_tables.obstacles import delay_of
from app.reporting.open_tables.positions import FUNDED
from app.reporting.open_tables.shape import whole_grid
from app.reporting.rules import Quarter
from tests.reporting.arrange import Office, figures, insert
from tests.world import World

QUARTER = Quarter.parse("2025Q3")
OF_A_CELL = {
    "status", "value", "end", "told", "percent", "persons", "parts", "numerator", "denominator", "quotient",
}  # fmt: skip
"""What a line of a sheet or a chart says beside its codes: no dimension is called so."""


async def obstacle(world: World, *steps: tuple[str, str], due_on: str | None = None) -> UUID:
    """Place an obstacle that went these ways: status and day; return its id."""
    obstacle_id, somebody = new_id(), uuid4()
    common = {"municipal_area_id": world.area}
    due = due_on and date.fromisoformat(due_on)
    await insert(world.admin, "obstacles", [{
        **common, "id": obstacle_id, "title": "Kein Termin", "description": "Nur im Netz.",
        "barrier_types": [], "institution_types": [], "status": steps[-1][0], "due_on": due,
        "created_by": somebody,
    }])  # fmt: skip
    await insert(world.admin, "obstacle_steps", [
        {**common, "id": new_id(), "obstacle_id": obstacle_id, "to_status": status,
         "taken_on": date.fromisoformat(day), "taken_by": somebody}
        for status, day in steps
    ])  # fmt: skip
    return obstacle_id


async def position(world: World, unit: str, kind: str, share: float, **more: Any) -> None:
    """Place a funded position of 2025 at a unit."""
    await world.admin.execute(
        """INSERT INTO positions (municipal_area_id, id, unit_id, component, is_assistant,
            full_time_equivalents, funded_year, filled_from, filled_until)
        VALUES ($1, $2, $3, $4, $5, $6, 2025, $7, $8)""",
        world.area, new_id(), await world.unit(unit, kind=kind), more.get("component", 2),
        more.get("is_assistant", False), share, more.get("filled_from"), more.get("filled_until"),
    )  # fmt: skip


@pytest.fixture
async def filled(office: Office) -> Office:
    """An area with obstacles and positions of 2025."""
    world = office.world
    await figures(world, reports=12)
    await obstacle(world, ("reported", "2024-06-01"), ("in_project_group", "2025-02-01"), due_on="2025-06-01")
    await obstacle(world, ("reported", "2025-08-01"), ("under_review", "2025-10-02"))
    await obstacle(world, ("reported", "2025-10-01"))
    await position(world, "KI", "ki", 1.5, filled_from=date(2024, 1, 1))
    await position(
        world, "Caritas", "welfare", 0.25, filled_from=date(2025, 1, 1), filled_until=date(2025, 8, 31)
    )
    await position(world, "KI", "ki", 0.5, component=1, is_assistant=True)
    return office


def cells(table: dict[str, Any]) -> dict[tuple[str, ...], Any]:
    return {tuple(cell["codes"]): cell["value"] for cell in table["cells"]}


async def test_release_tells_obstacles_and_positions_whole_and_learns_nothing_of_them(filled: Office) -> None:
    release_id = await filled.published()
    table = await filled.table(release_id, "obstacle_pipeline")
    assert {cell["status"] for cell in table["cells"]} == {"published", "zero"}
    pipeline = cells(table)
    assert pipeline["total", "total"] == 2
    assert pipeline["in_project_group", "over_12_months"] == 1
    assert pipeline["reported", "to_3_months"] == 1
    assert pipeline["under_review", "total"] == 0
    overdue = cells(await filled.table(release_id, "outstanding_by_term"))
    assert (overdue["decision", "over_90_days"], overdue["total", "total"]) == (1, 1)
    done = cells(await filled.table(release_id, "coordination_activities"))
    assert (done["obstacle_recorded",], done["decision",]) == (1, 0)
    table = await filled.table(release_id, "funded_positions")
    assert (table["thresholds"], table["coverage"], table["hidden_share"]) == (None, None, 0.0)
    assert table["unit"] == "Full-time equivalents (FTE)"
    funded = cells(table)
    assert (funded["component_2", "ki"], funded["component_2", "welfare"]) == (1.5, 0.25)
    assert funded["total", "total"] == 2.25
    filled_positions = cells(await filled.table(release_id, "filled_positions"))
    assert filled_positions["component_2", "filled"] == 1.5
    assert filled_positions["total", "vacant"] == 0.75
    learned = await filled.world.admin.fetch(
        "SELECT key FROM ledger WHERE municipal_area_id = $1 AND key LIKE '%open=%'", filled.world.area
    )
    assert learned == []


async def test_what_was_planned_for_a_rejected_obstacle_is_not_outstanding(office: Office) -> None:
    world = office.world
    await figures(world, reports=12)
    reported = ("reported", "2025-02-01")
    for steps in (
        (reported,),
        (reported, ("rejected", "2025-10-01")),
        (reported, ("rejected", "2025-09-30")),
    ):
        row = {"id": uuid4(), "obstacle_id": await obstacle(world, *steps), "title": "x", "unit_id": uuid4()}
        row |= {"due_on": date(2025, 9, 1), "created_at": datetime(2025, 3, 1, tzinfo=UTC)}
        await insert(world.admin, "obstacle_measures", [{"municipal_area_id": world.area, **row}])
    overdue = cells(await office.table(await office.published(), "outstanding_by_term"))
    assert (overdue["measure", "to_30_days"], overdue["total", "total"]) == (2, 2)


async def test_next_quarter_follows_although_open_figures_have_changed(office: Office) -> None:
    population = await figures(office.world, reports=12)
    await position(office.world, "Stadt Moers", "town", 2, filled_from=date(2025, 1, 1))
    await office.published()
    await position(office.world, "Stadt Moers", "town", 3, filled_from=date(2025, 11, 1))
    await figures(office.world, "2025Q4", reports=12, population=population)
    release_id = await office.published("2025Q4")
    assert cells(await office.table(release_id, "funded_positions"))["component_2", "town"] == 5


async def test_open_cells_are_sealed_with_the_release(filled: Office) -> None:
    release_id = await filled.published()
    admin = filled.world.admin
    rows = await admin.fetch(
        """SELECT table_name, position, key, status, value, persons_status, persons FROM release_cells
        WHERE release_id = $1 ORDER BY table_name, position""",
        release_id,
    )
    sealed = await admin.fetchval("SELECT sha256 FROM releases WHERE id = $1", release_id)
    whole = [list(row.values()) for row in rows]
    assert hashlib.sha256(orjson.dumps(whole)).hexdigest() == sealed
    without = [row for row in whole if row[0] != "funded_positions"]
    assert len(without) < len(whole)
    assert hashlib.sha256(orjson.dumps(without)).hexdigest() != sealed


async def test_open_tables_come_as_csv_chart_and_sheet(filled: Office) -> None:
    release_id = await filled.published()
    path = f"/v1/releases/{release_id}/tables/funded_positions"
    german = await filled.first.http.get(path, headers={"Accept": "text/csv"})
    assert ";2,25;" in german.text
    spec = await filled.first.http.get(path, headers={"Accept": "application/vnd.vegalite.v6+json"})
    assert "0,25" in {row["told"] for row in spec.json()["data"]["values"]}
    book = await filled.first.get(f"/v1/releases/{release_id}/workbook")
    sheets = openpyxl.load_workbook(io.BytesIO(book.content))
    values = {cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row}
    assert {2.25, "Geförderte Stellen nach Baustein und Anstellungsträger"} <= values
    content = (await filled.first.get(f"/v1/releases/{release_id}")).json()["content"]
    names = {each["name"] for each in content["tables"]}
    assert {"obstacle_pipeline", "funded_positions"} <= names


async def test_population_is_frozen_with_its_source(filled: Office) -> None:
    assistant = await filled.world.person(Role.ASSISTANT)
    header = "municipality;nationality_group;age_band;persons"
    sheet = f"{header}\n05170044;syria;18-26;40\n05170044;eu;;3\n05170024;eu;0-5;2"
    said = {"stated_on": "2025-06-30", "source": "Einwohnermeldeamt", "licence": "dl-de/by-2-0", "csv": sheet}
    assert (await assistant.post("/v1/populations/import", said)).json()["residents"] == 45
    later = {**said, "stated_on": "2025-10-01", "csv": sheet.replace("40", "41")}
    await assistant.post("/v1/populations/import", later)
    release_id = await filled.published()
    table = await filled.table(release_id, "population_by_age")
    assert table["source"].endswith("Einwohnermeldeamt (2025-06-30), dl-de/by-2-0")
    by_age = cells(table)
    assert (by_age["syria", "18-26"], by_age["eu", "not_stated"], by_age["total", "total"]) == (40, 3, 45)
    towns = await filled.table(release_id, "population_by_town")
    assert cells(towns)["05170044", "total"] == 43


async def test_reporting_role_reads_what_it_counts_and_no_word_of_it(filled: Office) -> None:
    granted = await filled.world.admin.fetch(
        """SELECT table_name, column_name FROM information_schema.column_privileges
        WHERE grantee = 'kim_reporting' AND table_name LIKE 'obstacle%'"""
    )
    columns = {row["column_name"] for row in granted}
    assert columns
    assert not columns & {"title", "description", "text", "reason", "minute", "created_by", "taken_by"}


@pytest.mark.parametrize("each", OPEN_TABLES, ids=lambda each: each.table.name)
def test_open_table_says_everything_in_both_languages(each: Any) -> None:
    words = each.words
    for label in (
        each.table.title,
        each.table.definition,
        words.unit,
        words.source,
        words.method,
        words.note,
    ):
        assert label.de
        assert label.en not in ("", label.de)
    assert len(each.table.levels) <= 2
    assert not {*each.table.levels} & OF_A_CELL


def test_code_that_no_class_has_is_noticed() -> None:
    with pytest.raises(ValueError, match="component_9"):
        whole_grid(FUNDED.table, {("component_9", "ki"): 1}, FUNDED.classes({}), QUARTER)


@pytest.mark.parametrize(
    ("due_on", "told"),
    [
        (None, "undated"),
        (date(2025, 9, 30), "not_due"),
        (date(2025, 9, 29), "to_30_days"),
        (date(2025, 8, 30), "to_90_days"),
        (date(2025, 7, 1), "over_90_days"),
    ],
)
def test_overdue_is_what_lies_before_the_day(due_on: date | None, told: str) -> None:
    assert delay_of(due_on, date(2025, 9, 30)) == told
