"""What colleagues who take part in a conference are told: that it moves, and that they do so no longer."""

from typing import Any

import pytest

from app.kit.clock import utc_now
from app.kit.database import Database
from app.wiring import wire
from app.worker import run_once
from tests.cases.arrange import leave
from tests.conferences.arrange import Table, a_table
from tests.referrals.arrange import assign
from tests.world import Person, World


async def _told(world: World, database: Database, person: Person) -> list[str]:
    await run_once(database, wire(), utc_now, jobs=())
    rows = await world.admin.fetch(
        "SELECT kind FROM notifications WHERE user_id = $1 ORDER BY created_at, id", person.user_id
    )
    return [row["kind"] for row in rows]


async def _on_team(table: Table) -> Person:
    ben = await table.scene.world.case_manager()
    await assign(table.scene.world, ben, table.scene.client_id, table.scene.case_id)
    return ben


async def _change(table: Table, row: dict[str, Any], **fields: Any) -> None:
    path = f"{table.path}/{row['id']}"
    version = (await table.scene.manager.get(path)).headers["etag"]
    answer = await table.scene.manager.patch(path, fields, if_match=version)
    assert answer.status_code == 200, answer.text


async def _invited(table: Table, **plan: Any) -> tuple[dict[str, Any], Person]:
    """Return a conference with a colleague, who has been told, and the case manager."""
    ben, row = await _on_team(table), await table.plan(**plan)
    for person in (ben, table.scene.manager):
        assert (await table.colleague(row, person.user_id)).status_code == 200
    return row, ben


@pytest.mark.parametrize("change", [{"starts_at": "2030-03-05T10:00:00Z"}, {"mode": "online"}])
async def test_colleagues_are_told_of_another_time_or_place(
    world: World, worker_database: Database, change: dict[str, str]
) -> None:
    table = await a_table(world)
    row, ben = await _invited(table)
    assert await _told(world, worker_database, ben) == ["conference_invited"]
    await _change(table, row, **change)
    assert await _told(world, worker_database, ben) == ["conference_invited", "conference_moved"]
    assert await _told(world, worker_database, table.scene.manager) == []


async def test_of_other_changes_nobody_is_told(world: World, worker_database: Database) -> None:
    table = await a_table(world)
    row, ben = await _invited(table)
    await _change(table, row, occasion="Anderer Anlass", starts_at="2030-03-05T09:30:00Z")
    assert await _told(world, worker_database, ben) == ["conference_invited"]


async def test_uninvited_colleague_is_told_and_hears_of_no_move_after_it(
    world: World, worker_database: Database
) -> None:
    table = await a_table(world)
    row, ben = await _invited(table)
    assert await _told(world, worker_database, ben) == ["conference_invited"]
    people = (await table.read(row))["participants"]
    for each in people:
        answer = await table.scene.manager.delete(f"{table.path}/{row['id']}/participants/{each['id']}")
        assert answer.status_code == 204, answer.text
    await _change(table, row, starts_at="2030-03-05T10:00:00Z")
    assert await _told(world, worker_database, ben) == ["conference_invited", "conference_uninvited"]
    assert await _told(world, worker_database, table.scene.manager) == []


@pytest.mark.parametrize("how", ["off the team", "left the unit"])
async def test_who_is_off_the_case_is_told_nothing(world: World, worker_database: Database, how: str) -> None:
    table = await a_table(world)
    row, ben = await _invited(table)
    assert await _told(world, worker_database, ben) == ["conference_invited"]
    if how == "off the team":
        await world.admin.execute(
            "UPDATE assignments SET active_until = now() WHERE user_id = $1", ben.user_id
        )
    else:
        await leave(world, ben)
    await _change(table, row, starts_at="2030-03-05T10:00:00Z")
    assert await _told(world, worker_database, ben) == ["conference_invited"]


async def test_where_nobody_learns_who_it_is_about_colleagues_of_the_unit_are_told(
    world: World, worker_database: Database
) -> None:
    table, ben = await a_table(world), await world.case_manager()
    row = await table.plan(form="anonymised_discussion")
    assert (await table.colleague(row, ben.user_id)).status_code == 200
    assert await _told(world, worker_database, ben) == ["conference_invited"]
    await _change(table, row, starts_at="2030-03-05T10:00:00Z")
    assert await _told(world, worker_database, ben) == ["conference_invited", "conference_moved"]
    await leave(world, ben)
    await _change(table, row, starts_at="2030-03-05T11:00:00Z")
    assert await _told(world, worker_database, ben) == ["conference_invited", "conference_moved"]
