"""What a merge lets whom see: nothing passing becomes lasting, and an undo leaves no sight of another.

Kind of relation, merge, end of the relation and undo, over HTTP and as the application role.
"""

from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.cases.arrange import a_case as case_behind
from tests.cases.arrange import open_case, register, team_lead
from tests.clients.arrange import a_case, assign, new_client
from tests.clients.test_merging import REASON, merge
from tests.clients.test_undoing_a_merge import undo, undone
from tests.world import Person, World

LASTING, PASSING = ("lead", "registrar"), ("member", "deputy")


async def related(world: World, person: Person, client: str, kind: str, owner: Person) -> None:
    """Make somebody something to a client."""
    if kind == "registrar":
        await register(world, person, client, await world.unit())
    elif kind == "lead":
        await a_case(world, client, person)
    else:
        await assign(world, client, await a_case(world, client, owner), person, kind)


async def sees(world: World, person: Person, client: str) -> tuple[int, int]:
    """Return what a person gets of a client: the status of the answer, and the rows in the database."""
    async with world.sql(person) as db:
        driver = await db.driver()
        rows = await driver.fetchval("SELECT count(*) FROM clients WHERE id = $1", UUID(client))
    return (await person.get(f"/v1/clients/{client}")).status_code, int(rows)


async def merge_in_sql(world: World, person: Person, kept: str, merged: str) -> None:
    """Merge as the application role, past every check of the application."""
    async with world.sql(person) as db:
        driver = await db.driver()
        made = uuid4()
        await driver.execute(
            """INSERT INTO client_merges (municipal_area_id, id, client_id, merged_client_id,
                merged_pseudonym, reason, taken, merged_by, merged_at, undo_until, client_was_restricted,
                merged_was_restricted, changes)
            SELECT municipal_area_id, $1, $2, id, pseudonym, 'x', '{}', ctx_user(), now(),
                now() + interval '1 day', false, false, '{"fields": {}, "numbers": []}'
            FROM clients WHERE id = $3""",
            made,
            UUID(kept),
            UUID(merged),
        )
        await driver.execute("SELECT merge_clients($1, '[]')", made)


@pytest.mark.parametrize("side", ["survivor", "merged"])
@pytest.mark.parametrize("kind", [*LASTING, *PASSING])
async def test_only_a_lasting_relation_to_both_allows_a_merge(world: World, kind: str, side: str) -> None:
    owner, manager = await world.case_manager(), await world.case_manager()
    theirs, own = await new_client(owner), await new_client(manager, given_name="Amena")
    await related(world, manager, theirs, kind, owner)
    kept, merged = (theirs, own) if side == "survivor" else (own, theirs)
    body = {"merged_client_id": merged, "reason": REASON, "client_version": 1, "merged_version": 1}
    if kind in PASSING:
        answer = await manager.post(f"/v1/clients/{kept}/merges", body)
        assert (answer.status_code, answer.json()["code"]) == (403, "relation_missing")
        assert (await manager.get(f"/v1/clients/{kept}/merge-preview/{merged}")).status_code == 403
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await merge_in_sql(world, manager, kept, merged)
    else:
        await merge(manager, kept, merged)


@pytest.mark.parametrize("kind", PASSING)
async def test_merge_under_way_is_refused_by_the_function_too(world: World, kind: str) -> None:
    owner, manager = await world.case_manager(), await world.case_manager()
    kept, merged = await new_client(owner), await new_client(manager, given_name="Amena")
    await related(world, manager, kept, kind, owner)
    made = uuid4()
    await world.admin.execute(
        """INSERT INTO client_merges (municipal_area_id, id, client_id, merged_client_id, merged_pseudonym,
            reason, taken, merged_by, merged_at, undo_until, client_was_restricted, merged_was_restricted,
            changes)
        SELECT municipal_area_id, $1, $2, id, pseudonym, 'x', '{}', $4, now(), now() + interval '1 day',
            false, false, '{}' FROM clients WHERE id = $3""",
        made,
        UUID(kept),
        UUID(merged),
        manager.user_id,
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no right to merge"):
        async with world.sql(manager) as db:
            await (await db.driver()).execute("SELECT merge_clients($1, '[]')", made)


@pytest.mark.parametrize("kind", PASSING)
async def test_undo_needs_a_lasting_relation(world: World, kind: str) -> None:
    owner, manager = await world.case_manager(), await world.case_manager()
    kept, merged = await new_client(owner), await new_client(owner, given_name="Amena")
    made = await merge(owner, kept, merged)
    await related(world, manager, kept, kind, owner)
    assert (await undo(manager, made)).status_code == 403
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no right to undo"):
        async with world.sql(manager) as db:
            await (await db.driver()).execute("SELECT undo_merge($1, now(), '{}')", UUID(made["id"]))
    await undone(owner, made)


async def test_sight_by_a_case_ends_with_the_case_also_after_a_merge(world: World) -> None:
    owner, manager, leads_team = (
        await world.case_manager(),
        await world.case_manager(),
        await team_lead(world),
    )
    kept, merged = await new_client(owner), await new_client(manager, given_name="Amena")
    case = await a_case(world, kept, manager)
    await merge(manager, kept, merged)
    handed = await leads_team.post(
        f"/v1/cases/{case}/assign", {"user_id": str(owner.user_id), "kind": "lead"}
    )
    assert handed.status_code == 201, handed.text
    assert await sees(world, manager, kept) == (404, 0)


@pytest.mark.parametrize("restricted", [False, True])
async def test_registrar_of_the_merged_record_alone_gets_no_sight_of_the_person(
    world: World, *, restricted: bool
) -> None:
    owner, other = await world.case_manager(), await world.case_manager()
    kept = await new_client(owner, is_restricted=restricted)
    merged = await new_client(other, given_name="Amena")
    await register(world, owner, merged, await world.unit())
    preview = (await owner.get(f"/v1/clients/{kept}/merge-preview/{merged}")).json()
    assert preview["colleagues_who_will_see_more"] == 0
    made = await merge(owner, kept, merged)
    assert await sees(world, other, kept) == (404, 0)
    assert await sees(world, other, merged) == (404, 0)
    await undone(owner, made)
    assert await sees(world, other, kept) == (404, 0)
    assert await sees(world, other, merged) == (200, 1)


async def test_registrar_who_knows_both_keeps_both(world: World) -> None:
    owner, other = await world.case_manager(), await world.case_manager()
    kept, merged = await new_client(owner), await new_client(other, given_name="Amena")
    await register(world, owner, merged, await world.unit())
    await register(world, other, kept, await world.unit())
    made = await merge(owner, kept, merged)
    assert await sees(world, other, kept) == (200, 1)
    await undone(owner, made)
    assert [await sees(world, other, each) for each in (kept, merged)] == [(200, 1), (200, 1)]


@pytest.mark.parametrize("kind", [*LASTING, *PASSING])
async def test_undo_leaves_no_sight_that_the_merge_gave(world: World, kind: str) -> None:
    owner, other = await world.case_manager(), await world.case_manager()
    kept, merged = await new_client(owner), await new_client(owner, given_name="Amena")
    await related(world, other, merged, kind, owner)
    made = await merge(owner, kept, merged)
    await undone(owner, made)
    assert await sees(world, other, kept) == (404, 0)
    assert await sees(world, other, merged) == (200, 1)


async def test_case_opened_by_the_merge_alone_goes_with_the_record_that_its_lead_knows(world: World) -> None:
    owner, other = await world.case_manager(), await world.case_manager()
    kept, merged = await new_client(owner), await new_client(owner, given_name="Amena")
    await related(world, other, merged, "lead", owner)
    made = await merge(owner, kept, merged)
    since = [await open_case(other, kept, kind=kind) for kind in ("counselling", "case_management")]
    assert (await undo(other, made)).status_code == 403  # who would be left without sight of the survivor
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="known by the merge alone"):
        async with world.sql(other) as db:
            await (await db.driver()).execute("SELECT undo_merge($1, now(), '{}')", UUID(made["id"]))
    await a_case(world, kept, owner)
    await undone(owner, made)
    assert await sees(world, other, kept) == (404, 0)
    assert await sees(world, owner, kept) == (200, 1)  # whose right as registrar the new lead had ended
    assert [(await other.get(f"/v1/cases/{each}")).json()["client"]["id"] for each in since] == [merged] * 2
    refused = await other.post(
        "/v1/cases", {"client_id": kept, "kind": "counselling", "access_route": "self"}
    )
    assert refused.status_code == 404


@pytest.mark.parametrize("kind", LASTING)
async def test_case_opened_since_by_whoever_knew_the_survivor_stays(world: World, kind: str) -> None:
    owner, other = await world.case_manager(), await world.case_manager()
    kept, merged = await new_client(owner), await new_client(owner, given_name="Amena")
    await related(world, other, kept, kind, owner)
    await a_case(world, kept, owner)
    made = await merge(owner, kept, merged)
    since = await open_case(other, kept, kind="counselling")
    await undone(owner, made)
    assert (await other.get(f"/v1/cases/{since}")).json()["client"]["id"] == kept
    assert await sees(world, other, merged) == (404, 0)


async def registrars(person: Person, case: object) -> list[str]:
    answer = await person.get(f"/v1/cases/{case}/registrars")
    assert answer.status_code == 200, answer.text
    return [each["user"]["id"] for each in answer.json()["items"]]


@pytest.mark.parametrize("by", ["lead", "team_lead"])
async def test_right_of_a_registrar_is_ended_by_the_lead_or_the_team_lead(world: World, by: str) -> None:
    lead, other = await world.case_manager(), await world.case_manager()
    ender = lead if by == "lead" else await team_lead(world)
    client = await new_client(lead)
    case = await open_case(lead, client)
    await register(world, other, client, await world.unit())
    assert set(await registrars(ender, case)) == {str(lead.user_id), str(other.user_id)}
    listed = (await ender.get(f"/v1/cases/{case}/registrars")).json()["items"]
    theirs = next(each["id"] for each in listed if each["user"]["id"] == str(other.user_id))
    path = f"/v1/cases/{case}/registrars/{theirs}"
    assert (await ender.delete(path)).status_code == 204
    assert await sees(world, other, client) == (404, 0)
    assert await registrars(ender, case) == [str(lead.user_id)]
    assert (await ender.delete(path)).status_code == 404
    assert await sees(world, lead, client) == (200, 1)


async def test_right_of_a_registrar_is_ended_by_nobody_else(world: World) -> None:
    lead, other, deputy, stranger, elsewhere = (
        await world.case_manager(),
        await world.case_manager(),
        await world.case_manager(),
        await world.case_manager(),
        await team_lead(world, "Caritas"),
    )
    client = await new_client(lead)
    case = await open_case(lead, client)
    await register(world, other, client, await world.unit())
    await assign(world, client, UUID(case), deputy, "deputy")
    theirs = next(
        each["id"]
        for each in (await lead.get(f"/v1/cases/{case}/registrars")).json()["items"]
        if each["user"]["id"] == str(other.user_id)
    )
    path = f"/v1/cases/{case}/registrars"
    for person, status in ((deputy, 403), (other, 404), (stranger, 404), (elsewhere, 404)):
        assert (await person.get(path)).status_code == status
        assert (await person.delete(f"{path}/{theirs}")).status_code == status
        async with world.sql(person) as db:
            driver = await db.driver()
            assert await driver.fetchval("SELECT end_registrar($1, $2)", UUID(case), UUID(theirs)) is False
            assert await driver.fetch("SELECT * FROM case_registrars($1)", UUID(case)) == []
    assert await sees(world, other, client) == (200, 1)


async def test_team_lead_ends_nothing_of_somebody_restricted(world: World) -> None:
    lead, other, leads_team = (
        await world.case_manager(),
        await world.case_manager(),
        await team_lead(world),
    )
    case = await case_behind(world, lead, restricted=True)
    client = str(await world.admin.fetchval("SELECT client_id FROM cases WHERE id = $1", UUID(case)))
    await register(world, other, client, await world.unit())
    assert (await leads_team.get(f"/v1/cases/{case}/registrars")).status_code == 404
    assert str(other.user_id) in await registrars(lead, case)
    ended = next(
        each["id"]
        for each in (await lead.get(f"/v1/cases/{case}/registrars")).json()["items"]
        if each["user"]["id"] == str(other.user_id)
    )
    assert (await leads_team.delete(f"/v1/cases/{case}/registrars/{ended}")).status_code == 404
    assert (await lead.delete(f"/v1/cases/{case}/registrars/{ended}")).status_code == 204


async def test_registrar_of_another_client_is_not_ended_by_way_of_this_case(world: World) -> None:
    lead, other = await world.case_manager(), await world.case_manager()
    case = await open_case(lead, await new_client(lead))
    await new_client(other)
    theirs = await world.admin.fetchval(
        "SELECT id FROM assignments WHERE user_id = $1 AND kind = 'registrar'", other.user_id
    )
    assert (await lead.delete(f"/v1/cases/{case}/registrars/{theirs}")).status_code == 404
