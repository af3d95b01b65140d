"""Who leaves a household does not take a guardian along: the guardianship is ended first."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.clients.erasure import erase
from app.kit.clock import local_date, utc_now
from app.kit.database import Database, System
from tests.clients.arrange import new_client
from tests.clients.test_guardians import CHILD, guardian, listed
from tests.clients.test_household import members
from tests.clients.test_merging_households import add
from tests.imports.arrange import an_importer, people
from tests.world import Person, World

REMOVE = "DELETE FROM household_members WHERE id = $1"
FATHER = {"name": "Karim Al-Hadi", "relation": "parent"}


async def remove(person: Person, client_id: str, entry: str) -> Any:
    found = {str(each["id"]): each["version"] for each in await members(person, client_id)}
    path = f"/v1/clients/{client_id}/household/{entry}"
    return await person.delete(path, if_match=f'"{found[entry]}"')


async def child_of(person: Person, **fields: Any) -> tuple[str, str, str]:
    """Return a child whose father, a member by name, is a guardian; with the member and the guardian."""
    child = await new_client(person, **CHILD, household_members=[FATHER])
    entry = str((await members(person, child))[0]["id"])
    return child, entry, await guardian(person, child, name=None, member_id=entry, **fields)


async def test_guardian_is_ended_before_they_leave_the_household(world: World) -> None:
    manager = await world.case_manager()
    child, entry, made = await child_of(manager, must_not_learn=True)
    refused = await remove(manager, child, entry)
    assert (refused.status_code, refused.json()["code"]) == (409, "is_guardian")
    assert refused.json()["guardians"] == [made]
    assert "Karim" not in refused.text
    assert [each["must_not_learn"] for each in await listed(manager, child)] == [True]
    path = f"/v1/clients/{child}/guardians/{made}"
    yesterday = str(local_date(utc_now()) - timedelta(days=1))
    ended = await manager.patch(path, {"valid_until": yesterday}, if_match='"1"')
    assert ended.status_code == 200, ended.text
    assert (await remove(manager, child, entry)).status_code == 200


async def test_guardian_of_one_who_came_of_age_keeps_nobody(world: World) -> None:
    manager = await world.case_manager()
    child, entry, _ = await child_of(manager)
    await world.admin.execute("UPDATE clients SET birth_date = '1990-01-01' WHERE id = $1", UUID(child))
    assert (await remove(manager, child, entry)).status_code == 200


async def test_child_leaves_no_household_while_the_mother_decides(world: World) -> None:
    manager = await world.case_manager()
    mother, child = await new_client(manager), await new_client(manager, given_name="Sami", **CHILD)
    other_side = await add(manager, mother, child, relation="child")
    entry = str((await members(manager, child))[0]["id"])
    made = await guardian(manager, child, name=None, member_id=entry)
    refused = await remove(manager, mother, other_side)
    assert (refused.status_code, refused.json()["guardians"]) == (409, [made])
    assert [each["id"] for each in await listed(manager, child)] == [made]
    assert len(await members(manager, child)) == 1


async def test_nobody_takes_a_guardian_away_past_the_api(world: World) -> None:
    manager = await world.case_manager()
    child, entry, made = await child_of(manager)
    with pytest.raises(asyncpg.CheckViolationError, match="somebody decides"):
        async with world.sql(manager) as db:
            await (await db.driver()).execute(REMOVE, UUID(entry))
    assert [each["id"] for each in await listed(manager, child)] == [made]


async def test_without_the_trigger_a_guardian_goes_and_it_is_noticed(world: World) -> None:
    manager = await world.case_manager()
    child, entry, _ = await child_of(manager)
    await world.admin.execute("ALTER TABLE household_members DISABLE TRIGGER guardian")
    try:
        async with world.sql(manager) as db:
            await (await db.driver()).execute(REMOVE, UUID(entry))
    finally:
        await world.admin.execute("ALTER TABLE household_members ENABLE TRIGGER guardian")
    assert await listed(manager, child) == []


async def test_client_who_was_a_guardian_is_erased_all_the_same(
    world: World, worker_database: Database
) -> None:
    manager = await world.case_manager()
    mother, child = await new_client(manager), await new_client(manager, given_name="Sami", **CHILD)
    await guardian(manager, child, name=None, member_id=await add(manager, child, mother))
    async with worker_database.transaction(System(world.area)) as db:
        assert await erase(db, UUID(mother))
    assert await listed(manager, child) == []


@pytest.mark.parametrize("side", ["member_client_id", "client_id"])
async def test_import_of_a_household_with_a_guardian_is_not_undone(world: World, side: str) -> None:
    importer = await an_importer(world)
    await importer.taken("clients", *people(2))
    done = await importer.taken(
        "households", {"client_key": "KIM-00001", "member_key": "KIM-00002", "relation": "Kind"}
    )
    row = await world.admin.fetchrow(
        f"SELECT id, client_id FROM household_members WHERE municipal_area_id = $1 AND {side} ="
        " (SELECT client_id FROM household_members WHERE municipal_area_id = $1 AND relation = 'child')",
        world.area,
    )
    body = {"kind": "legal_adviser", "member_id": str(row["id"]), "scope": ["health"], "evidence": "Urkunde"}
    said = await importer.person.post(f"/v1/clients/{row['client_id']}/guardians", body)
    assert said.status_code == 201, said.text
    assert (await importer.undo(done["id"]))["rows"]["stays"] == 1
    assert await importer.findings(done["id"]) == [(2, "", "still_used")]
    assert await importer.count("household_members") == 2
