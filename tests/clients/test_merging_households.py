"""A merge where others have both records in their household: what protects them stays, and all comes back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.clients.merging import finishing
from app.kit.clock import utc_now
from app.kit.database import Database, System
from tests.clients.arrange import new_client
from tests.clients.test_guardians import CHILD, guardian, listed
from tests.clients.test_household import members
from tests.clients.test_merging import client_of, merge, two_records
from tests.clients.test_undoing_a_merge import everything, undo, undone
from tests.world import Person, World

PARENT = {"relation": "parent"}


async def add(person: Person, client_id: str, member: str, **fields: Any) -> str:
    """Add a client to the household of another and return the entry."""
    path = f"/v1/clients/{client_id}/household"
    answer = await person.post(path, {"client_id": member, **PARENT, **fields})
    assert answer.status_code == 201, answer.text
    return next(str(each["id"]) for each in answer.json()["items"] if each["client_id"] == member)


async def child_of_both(
    person: Person, kept: str, merged: str, of_kept: dict[str, Any], of_merged: dict[str, Any]
) -> tuple[str, str, str]:
    """Return a child with both records in the household, and both entries."""
    child = await new_client(person, given_name="Lena", **CHILD)
    return child, await add(person, child, kept, **of_kept), await add(person, child, merged, **of_merged)


async def all_rows(world: World) -> dict[str, Any]:
    """Return what a merge may touch, guardians too."""
    rows = await world.admin.fetch(
        "SELECT (to_jsonb(t) - '{version,changed_at,changed_xid}'::text[])::text AS row FROM guardians t"
        " WHERE municipal_area_id = $1 ORDER BY 1",
        world.area,
    )
    return await everything(world) | {"guardians": [row["row"] for row in rows]}


async def finish(world: World, worker_database: Database) -> None:
    async with worker_database.transaction(System(world.area)) as db:
        assert await finishing.finish_due(db, utc_now() + timedelta(days=31)) == 1


async def test_guardian_of_a_third_person_stays_when_the_guardian_is_merged(
    world: World, worker_database: Database
) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    child, _, entry = await child_of_both(manager, kept, merged, {}, {})
    made = await guardian(manager, child, name=None, member_id=entry, must_not_learn=True)
    await merge(manager, kept, merged)
    for _ in range(2):
        (found,) = await listed(manager, child)
        assert (found["id"], found["name"], found["must_not_learn"]) == (made, "Amina Al-Hadi", True)
        if await world.admin.fetchval("SELECT count(*) FROM clients WHERE id = $1", UUID(merged)):
            await finish(world, worker_database)


async def test_dispute_about_a_member_marks_the_entry_that_remains(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    child, _, entry = await child_of_both(manager, kept, merged, {}, {})
    body = {"entry": "household", "entry_id": entry, "field": "relation", "says": "Tante"}
    said = await manager.post(f"/v1/clients/{child}/disputes", {**body, "disputed_on": "2026-03-02"})
    assert said.status_code == 201, said.text
    await merge(manager, kept, merged)
    (member,) = (await client_of(manager, child))["household_members"]
    assert [each["says"] for each in member["disputes"]] == ["Tante"]


async def test_who_must_not_learn_in_one_record_must_not_in_either(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    child, of_kept, of_merged = await child_of_both(manager, kept, merged, {}, {})
    await guardian(manager, child, name=None, member_id=of_kept)
    await guardian(manager, child, name=None, member_id=of_merged, must_not_learn=True)
    before = await all_rows(world)
    made = await merge(manager, kept, merged)
    assert [each["must_not_learn"] for each in await listed(manager, child)] == [True, True]
    assert (await undone(manager, made))["stayed"] == []
    assert await all_rows(world) == before


@pytest.mark.parametrize("strict", [{"is_kept_apart": True}, {"relation": "no_contact"}])
@pytest.mark.parametrize("of", ["kept", "merged"])
async def test_kept_apart_and_no_contact_outlive_a_merge(
    world: World, of: str, strict: dict[str, Any], worker_database: Database
) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    sides: tuple[dict[str, Any], dict[str, Any]] = (strict, {}) if of == "kept" else ({}, strict)
    child, *_ = await child_of_both(manager, kept, merged, *sides)
    await merge(manager, kept, merged)
    await finish(world, worker_database)
    for each in (child, kept):
        (entry,) = await members(manager, each)
        assert {name: entry[name] for name in strict} == strict


async def test_one_side_alone_is_enough_to_be_kept_apart_from_both(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    child = await new_client(manager, given_name="Lena", **CHILD)
    await add(manager, child, merged, relation="guardian", is_kept_apart=True)
    await add(manager, child, kept)
    await merge(manager, kept, merged)
    assert [(await members(manager, each))[0]["is_kept_apart"] for each in (child, kept)] == [True, True]


async def test_undo_gives_back_what_every_third_person_had(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    child, _, entry = await child_of_both(
        manager, kept, merged, {}, {"relation": "no_contact", "is_kept_apart": True}
    )
    await guardian(manager, child, name=None, member_id=entry, must_not_learn=True)
    body = {"entry": "household", "entry_id": entry, "says": "Tante", "disputed_on": "2026-03-02"}
    assert (await manager.post(f"/v1/clients/{child}/disputes", body)).status_code == 201
    await add(manager, await new_client(manager, given_name="Sami"), merged, is_kept_apart=True)
    before = await all_rows(world)
    made = await merge(manager, kept, merged)
    assert await all_rows(world) != before
    assert (await undone(manager, made))["stayed"] == []
    assert await all_rows(world) == before


async def test_what_was_decided_since_about_a_member_stays_and_is_named(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    child, entry, _ = await child_of_both(manager, kept, merged, {}, {"is_kept_apart": True})
    made = await merge(manager, kept, merged)
    (seen,) = await members(manager, child)
    for apart in (False, True):
        answer = await manager.patch(
            f"/v1/clients/{child}/household/{entry}",
            {"is_kept_apart": apart},
            if_match=f'"{seen["version"]}"',
        )
        assert answer.status_code == 200, answer.text
        (seen,) = answer.json()["items"]
    answer = await undo(manager, made)
    assert (answer.status_code, answer.json()["stayed"]) == (200, ["household_members"])
    assert [each["is_kept_apart"] for each in await members(manager, child)] == [True, True]
