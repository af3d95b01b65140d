"""Who is invited learns when and where: in the list of one's own conferences, and in one's calendar."""

from typing import Any

import pytest

from tests.calendars.parsing import read
from tests.cases.arrange import leave
from tests.clients.arrange import etag_of
from tests.conferences.arrange import Table, a_table
from tests.conftest import Clock
from tests.referrals.arrange import assign
from tests.world import Person, World

OWN = "/v1/me/conferences"


async def _own(person: Person) -> list[dict[str, Any]]:
    answer = await person.get(OWN)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def _calendar(person: Person, clock: Clock) -> list[str]:
    """Return when the dates of somebody's shared calendar begin, looked at in the year of the conference."""
    secret = (await person.post("/v1/me/calendar")).json()["secret"]
    clock.set(2030, 1, 2, 12)
    return [each["DTSTART"] for each in read((await person.get(f"/v1/calendar/{secret}.ics")).content)]


async def _discussion(world: World, table: Table) -> tuple[dict[str, Any], Person]:
    """Return an anonymised discussion, and somebody of the unit who comes and does not work on the case."""
    ben, row = await world.case_manager(), await table.plan(form="anonymised_discussion")
    assert (await table.colleague(row, ben.user_id)).status_code == 200
    return row, ben


async def _hide(table: Table) -> None:
    path = f"/v1/clients/{table.scene.client_id}"
    manager = table.scene.manager
    answer = await manager.patch(path, {"is_restricted": True}, if_match=await etag_of(manager, path))
    assert answer.status_code == 200, answer.text


async def test_colleague_learns_when_an_anonymised_discussion_is_and_not_about_whom(
    world: World, clock: Clock
) -> None:
    table = await a_table(world)
    row, ben = await _discussion(world, table)
    planner = (await table.scene.manager.get("/v1/me")).json()
    assert await _own(ben) == [
        {
            "id": row["id"],
            "case_id": None,
            "form": "anonymised_discussion",
            "mode": "on_site",
            "starts_at": "2030-03-05T09:30:00+00:00",
            "minutes": 60,
            "place": None,
            "state": "planned",
            "planned_by": {"id": planner["id"], "name": planner["display_name"]},
        }
    ]
    assert (await ben.get(f"{table.path}/{row['id']}")).status_code == 404
    assert await _calendar(ben, clock) == ["20300305T093000Z"]


async def test_who_works_on_the_case_learns_which_one_it_is(world: World, clock: Clock) -> None:
    table, ben = await a_table(world), await world.case_manager()
    await assign(world, ben, table.scene.client_id, table.scene.case_id)
    row = await table.plan(place_id=table.scene.institution_id)
    assert (await table.colleague(row, ben.user_id)).status_code == 200
    (seen,) = await _own(ben)
    assert (seen["case_id"], seen["place"]["id"]) == (table.scene.case_id, table.scene.institution_id)
    assert await _own(table.scene.manager) == []
    assert await _calendar(ben, clock) == ["20300305T093000Z"]


async def test_what_is_moved_or_cancelled_is_seen_there(world: World, clock: Clock) -> None:
    table = await a_table(world)
    row, ben = await _discussion(world, table)
    manager, path = table.scene.manager, f"{table.path}/{row['id']}"
    moved = {"starts_at": "2030-03-06T10:00:00Z"}
    assert (await manager.patch(path, moved, if_match=await etag_of(manager, path))).status_code == 200
    assert [each["starts_at"] for each in await _own(ben)] == ["2030-03-06T10:00:00+00:00"]
    assert (await table.step(row, "cancel", reason="Krank")).status_code == 200
    assert [each["state"] for each in await _own(ben)] == ["cancelled"]
    assert await _calendar(ben, clock) == []


@pytest.mark.parametrize("how", ["uninvited", "left the unit", "client hidden"])
async def test_who_may_not_hear_of_it_any_more_does_not_see_it(world: World, how: str, clock: Clock) -> None:
    table = await a_table(world)
    row, ben = await _discussion(world, table)
    assert len(await _own(ben)) == 1
    if how == "uninvited":
        (participant,) = (await table.read(row))["participants"]
        left = await table.scene.manager.delete(f"{table.path}/{row['id']}/participants/{participant['id']}")
        assert left.status_code == 204, left.text
    elif how == "left the unit":
        other = await world.case_manager("Kreis")
        await world.admin.execute(
            """UPDATE memberships SET unit_id = (SELECT unit_id FROM memberships WHERE user_id = $1)
            WHERE user_id = $2""",
            other.user_id,
            ben.user_id,
        )
    else:
        await _hide(table)
    assert await _own(ben) == []
    assert await _calendar(ben, clock) == []


async def test_who_is_off_the_team_does_not_see_a_case_conference_any_more(world: World) -> None:
    table, ben = await a_table(world), await world.case_manager()
    await assign(world, ben, table.scene.client_id, table.scene.case_id)
    row = await table.plan()
    assert (await table.colleague(row, ben.user_id)).status_code == 200
    assert len(await _own(ben)) == 1
    await world.admin.execute("UPDATE assignments SET active_until = now() WHERE user_id = $1", ben.user_id)
    assert await _own(ben) == []


async def test_nobody_sees_what_others_are_invited_to(world: World) -> None:
    table = await a_table(world)
    _row, ben = await _discussion(world, table)
    carla = await world.case_manager()
    assert await _own(carla) == await _own(table.scene.manager) == []
    await leave(world, ben)
    assert (await ben.get(OWN)).status_code == 403


async def test_a_table_about_which_case_is_not_told_is_in_the_journal_without_a_client(world: World) -> None:
    table = await a_table(world)
    _row, ben = await _discussion(world, table)
    await _own(ben)
    await assign(world, ben, table.scene.client_id, table.scene.case_id)
    await _own(ben)
    entries = await world.admin.fetch(
        """SELECT cardinality(client_pseudonyms) AS clients FROM audit_journal
        WHERE user_id = $1 AND action = 'conference.list' ORDER BY position""",
        ben.user_id,
    )
    assert [each["clients"] for each in entries] == [0, 1]
