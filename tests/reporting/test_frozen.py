"""A release is frozen, and every further one agrees with all that was shown before."""

import hashlib
from typing import Any

import orjson
import pytest

from app.protection import Cell, Count, Known, Status, attack
from app.reporting.classes import classes
from app.reporting.last_check import earlier
from app.reporting.ledger import learned, read_key
from tests.reporting.arrange import Office, figures

Shown = dict[str, tuple[str, int | None]]


async def shown(office: Office, release_id: str) -> Shown:
    """Return what a release shows: status and value by key."""
    rows = await office.world.admin.fetch(
        """SELECT key, status, value FROM release_cells WHERE release_id = $1::uuid
        ORDER BY table_name, position""",
        release_id,
    )
    return {row["key"]: (row["status"], row["value"]) for row in rows}


async def correct(office: Office) -> None:
    """Let every fifth report have been about something else, as corrections do."""
    await office.world.admin.execute(
        """UPDATE barrier_figures SET barrier_type = 'D1', barrier_category = 'D', effect = 'delay'
        WHERE municipal_area_id = $1 AND get_byte(uuid_send(person_key), 0) % 5 = 0""",
        office.world.area,
    )


async def erase(office: Office) -> None:
    """Erase every tenth person."""
    await office.world.admin.execute(
        """DELETE FROM barrier_figures
        WHERE municipal_area_id = $1 AND get_byte(uuid_send(person_key), 1) % 10 = 0""",
        office.world.area,
    )


async def test_later_corrections_leave_a_release_as_it_was(office: Office) -> None:
    await figures(office.world)
    release_id = await office.published()
    before = [await office.table(release_id, name) for name in ("categories_by_quarter", "signals")]
    await correct(office)
    await erase(office)
    assert [await office.table(release_id, each["name"]) for each in before] == before


@pytest.mark.parametrize("change", [correct, erase])
async def test_next_release_repeats_what_was_published_and_gives_nothing_away(
    office: Office, change: Any
) -> None:
    population = await figures(office.world, "2025Q2")
    first = await shown(office, await office.published("2025Q2"))
    await change(office)
    await figures(office.world, "2025Q3", population=population)
    second_id = await office.published("2025Q3")
    second = await shown(office, second_id)
    again = {key: cell for key, cell in first.items() if key in second and "2025Q2" in key}
    assert {status for status, _ in again.values()} >= {"published", "suppressed"}
    assert {key: second[key] for key in again} == again
    assert await confined(office, first, second) == []


async def confined(office: Office, *releases: Shown) -> list[Any]:
    """Attack everything that was ever shown, with nothing but what was shown."""
    known = [
        Known(read_key(key), value)
        for each in releases
        for key, (status, value) in each.items()
        if status != "not_collected"
    ]
    dimensions = [each.dimension for each in classes(2025, 3, []).values()]
    return attack([earlier(known)], dimensions, k=5, k_sensitive=10)


async def test_attack_over_releases_would_notice_a_figure_too_many(office: Office) -> None:
    await figures(office.world)
    cells = await shown(office, await office.computed())
    hidden = next(key for key, cell in cells.items() if cell[0] == "suppressed" and key.count("&") == 1)
    assert await confined(office, cells) == []
    # Somebody publishes by hand all parts of a total but one.
    parts = {
        f"barrier={code}&quarter=2025Q3": ("published", 3)
        for code in "ABCDEFGHIJKLMNOPQ"
        if f"barrier={code}&quarter=2025Q3" != hidden
    }
    known_total = {"quarter=2025Q3": ("published", 60)}
    only = {key: cell for key, cell in cells.items() if key in parts}
    assert await confined(office, {**only, **parts, **known_total, "barrier=A&quarter=2025Q3": ("s", None)})


async def test_seal_is_over_all_cells_as_they_are_stored(office: Office) -> None:
    await figures(office.world)
    release_id = await office.computed()
    rows = await office.world.admin.fetch(
        """SELECT table_name, position, key, status, value, persons_status, persons FROM release_cells
        WHERE release_id = $1::uuid ORDER BY table_name COLLATE "C", position""",
        release_id,
    )
    digest = hashlib.sha256(orjson.dumps([list(row) for row in rows])).hexdigest()
    assert (await office.first.get(f"/v1/releases/{release_id}")).json()["sha256"] == digest


async def test_ledger_remembers_each_cell_once(office: Office) -> None:
    population = await figures(office.world, "2025Q2")
    await office.published("2025Q2")
    count = """SELECT count(*), count(DISTINCT key) FROM ledger
    WHERE municipal_area_id = $1 AND key LIKE '%quarter=2025Q2%'"""
    before = await office.world.admin.fetchrow(count, office.world.area)
    await figures(office.world, "2025Q3", population=population)
    await office.published("2025Q3")
    assert before[0] == before[1] > 100
    assert await office.world.admin.fetchrow(count, office.world.area) == before


def test_ledger_learns_only_what_was_not_known() -> None:
    key = (("quarter", "2025Q2"),)
    hidden, told = Count(Status.SUPPRESSED), Count(Status.PUBLISHED, 7)

    def taught(known: list[Known], units: Count, persons: Count | None = None) -> list[Any]:
        return learned(known, [("t", 0, "quarter=2025Q2", Cell((), key, units, persons))])

    assert taught([], hidden) == [("quarter=2025Q2", None, None)]
    assert taught([Known(key, None)], hidden) == []
    assert taught([Known(key, None)], told) == [("quarter=2025Q2", 7, None)]
    assert taught([Known(key, 7)], told) == []
    assert taught([Known(key, 7)], told, told) == [("quarter=2025Q2", 7, 7)]
    assert taught([Known(key, 7, 7)], hidden) == []
    assert taught([], Count(Status.NOT_COLLECTED)) == []


async def test_nothing_that_was_shown_can_be_changed_or_deleted_by_any_role_of_the_application(
    office: Office,
) -> None:
    tables = ("release_cells", "release_tables", "ledger", "published_releases", "published_tables")
    held = await office.world.admin.fetch(
        """SELECT r, t, p FROM unnest($1::text[]) AS t,
            unnest('{kim_app,kim_worker,kim_reporting,kim_auth}'::text[]) AS r,
            unnest('{UPDATE,DELETE,TRUNCATE}'::text[]) AS p
        WHERE has_table_privilege(r, t, p)
            OR (p = 'UPDATE' AND has_any_column_privilege(r, t, p))""",
        list(tables),
    )
    assert held == []
