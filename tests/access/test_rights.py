"""Whose cases, clients and referrals somebody may see: each condition counts, and nothing is kept."""

import re
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from app.kit.ids import new_id
from app.settings import Settings
from tests.access.rights import CONDITIONS, FUNCTIONS, connected, enter, rewrite, undone, wrongly_seen
from tests.cases.arrange import a_case, team_lead
from tests.world import Person, World

_END = "SELECT end_assignment($1)"
_ENDED = "UPDATE assignments SET active_until = CASE WHEN $2 THEN active_from END WHERE id = $1"
_ID = "SELECT id FROM assignments WHERE case_id = $1 AND user_id = $2"
_MY = re.compile(r"\bmy_[a-z_]+(?=\()")
_FOUND = "SELECT $1 = ANY (my_cases())"
_QUERY = re.compile(r"RETURN (ARRAY\(.*\));\nEND", re.DOTALL)
_KEPT = """IF split_part(coalesce(current_setting('kim.kept', true), ''), '|', 1) IS DISTINCT FROM {key} THEN
        PERFORM set_config('kim.kept', {key} || '|' || ({query})::text, true);
    END IF;
    RETURN split_part(current_setting('kim.kept'), '|', 2)::uuid[];
END"""
KEYS = {
    "for the transaction": "'kept'",
    "for the snapshot and the person": "pg_current_snapshot()::text || coalesce(public.ctx_user()::text, '')",
}
"""Two ways to keep the list in a setting; the second is the one that comes to mind first."""


async def test_each_function_counts_the_assignments_that_it_should(world: World) -> None:
    async with undone(world.admin):
        assert await wrongly_seen(world.admin) == {}


@pytest.mark.parametrize(("function", "condition", "instead"), CONDITIONS)
async def test_forgotten_condition_is_noticed(
    world: World, function: str, condition: str, instead: str
) -> None:
    async with undone(world.admin):
        await rewrite(world.admin, function, condition, instead)
        assert function in await wrongly_seen(world.admin)


@dataclass
class Team:
    """A case with its lead, a member, and somebody who has nothing to do with it."""

    case_id: UUID
    member_id: UUID
    lead: Person
    member: Person
    stranger: Person


async def a_team(world: World) -> Team:
    lead, member, stranger = [await world.case_manager() for _ in range(3)]
    chief = await team_lead(world)
    case_id = await a_case(world, lead)
    body = {"user_id": str(member.user_id), "kind": "member"}
    assert (await chief.post(f"/v1/cases/{case_id}/assign", body)).status_code == 201
    row = await world.admin.fetchval(_ID, UUID(case_id), member.user_id)
    return Team(UUID(case_id), row, lead, member, stranger)


async def stale(settings: Settings, world: World) -> set[str]:
    """Return in which situations the list of somebody's cases is not the one of this moment."""
    team = await a_team(world)
    async with connected(settings) as connection:
        situations = {
            "own write": await _own_write(connection, team),
            "other's commit": await _other_commit(connection, world.admin, team, "read_committed"),
            "one snapshot": await _other_commit(connection, world.admin, team, "repeatable_read"),
            "second session": await _second_session(connection, team),
            "forged": await _forged(connection, team),
        }
    return {name for name, found in situations.items() if not found}


async def _own_write(connection: asyncpg.Connection, team: Team) -> bool:
    """Ended and undone by a savepoint, then ended for good, in one transaction that is rolled back."""
    seen = []
    transaction = connection.transaction()
    await transaction.start()
    await enter(connection, team.member)
    seen.append(await connection.fetchval(_FOUND, team.case_id))
    savepoint = connection.transaction()
    await savepoint.start()
    await connection.execute(_END, team.member_id)
    seen.append(await connection.fetchval(_FOUND, team.case_id))
    await savepoint.rollback()
    seen.append(await connection.fetchval(_FOUND, team.case_id))
    await connection.execute(_END, team.member_id)
    seen.append(await connection.fetchval(_FOUND, team.case_id))
    await transaction.rollback()
    return seen == [True, False, True, False]


async def _other_commit(
    connection: asyncpg.Connection, admin: asyncpg.Connection, team: Team, isolation: str
) -> bool:
    """What another commits counts for the next statement, unless the transaction keeps to one snapshot."""
    seen = []
    async with connection.transaction(isolation=isolation):
        await enter(connection, team.member)
        seen.append(await connection.fetchval(_FOUND, team.case_id))
        await admin.execute(_ENDED, team.member_id, True)
        seen.append(await connection.fetchval(_FOUND, team.case_id))
    async with connection.transaction():
        await enter(connection, team.member)
        seen.append(await connection.fetchval(_FOUND, team.case_id))
    await admin.execute(_ENDED, team.member_id, False)
    return seen == [True, isolation == "repeatable_read", False]


async def _second_session(connection: asyncpg.Connection, team: Team) -> bool:
    """Another person in the same transaction, then nobody and a third in the next ones on the connection."""
    seen = []
    async with connection.transaction():
        for person in (team.member, team.stranger, team.lead):
            await enter(connection, person)
            seen.append(await connection.fetchval(_FOUND, team.case_id))
    seen.append(await connection.fetchval(_FOUND, team.case_id))
    async with connection.transaction():
        await enter(connection, team.stranger)
        seen.append(await connection.fetchval(_FOUND, team.case_id))
    return seen == [True, False, True, False, False]


async def _forged(connection: asyncpg.Connection, team: Team) -> bool:
    """The application role can write any setting: none but those that say who asks may count."""
    async with connection.transaction():
        await enter(connection, team.stranger)
        listed = await connection.fetchval("SELECT my_cases()")
        snapshot = await connection.fetchval("SELECT pg_current_snapshot()::text || ctx_user()")
        seen = []
        for value in (f"kept|{{{team.case_id}}}", f"{snapshot}|{{{team.case_id}}}"):
            await connection.execute("SELECT set_config('kim.kept', $1, true)", value)
            seen.append(await connection.fetchval("SELECT my_cases()"))
    return seen == [listed, listed]


async def test_the_list_of_ones_cases_is_that_of_the_moment(settings: Settings, world: World) -> None:
    assert await stale(settings, world) == set()


@pytest.mark.parametrize(
    ("way", "noticed"),
    [
        ("for the transaction", {"own write", "other's commit", "second session", "forged"}),
        ("for the snapshot and the person", {"own write", "forged"}),
    ],
)
async def test_list_that_is_kept_is_noticed(
    settings: Settings, world: World, way: str, noticed: set[str]
) -> None:
    whole: str = await world.admin.fetchval("SELECT pg_get_functiondef('my_cases()'::regprocedure)")
    kept = _QUERY.sub(lambda found: _KEPT.format(key=KEYS[way], query=found[1]), whole)
    assert kept != whole
    await world.admin.execute(kept)
    try:
        assert await stale(settings, world) == noticed
    finally:
        await world.admin.execute(whole)


def asked_by_both(functions: dict[str, tuple[bool, str]], policies: str) -> set[str]:
    """Return the functions that policies and definer functions ask, but in the name of whoever asks.

    Their plan would be made anew whenever the one asks after the other.
    """
    definers = [body for is_definer, body in functions.values() if is_definer]
    by_definers = {name for body in definers for name in _MY.findall(body)}
    both = by_definers & set(_MY.findall(policies))
    return {name for name in both if not functions[name][0] and " FROM " in functions[name][1]}


async def _functions(admin: asyncpg.Connection) -> dict[str, tuple[bool, str]]:
    rows = await admin.fetch(
        """SELECT proname, prosecdef, pg_get_functiondef(oid) AS body FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prokind = 'f' AND prolang IN (
            SELECT oid FROM pg_language WHERE lanname IN ('sql', 'plpgsql'))"""
    )
    return {row["proname"]: (row["prosecdef"], row["body"]) for row in rows}


async def _policies(admin: asyncpg.Connection) -> str:
    text: str = await admin.fetchval(
        "SELECT string_agg(concat(qual, ' ', with_check), ' ') FROM pg_policies WHERE schemaname = 'public'"
    )
    return text


async def test_what_policies_and_definer_functions_ask_keeps_one_plan(world: World) -> None:
    functions, policies = await _functions(world.admin), await _policies(world.admin)
    assert asked_by_both(functions, policies) == set()
    assert set(FUNCTIONS) <= {name for name, (is_definer, _) in functions.items() if is_definer}


async def test_function_with_a_plan_for_each_asker_is_noticed(world: World) -> None:
    async with undone(world.admin):
        await world.admin.execute("ALTER FUNCTION my_cases() SECURITY INVOKER")
        functions, policies = await _functions(world.admin), await _policies(world.admin)
        assert asked_by_both(functions, policies) == {"my_cases"}


@pytest.mark.parametrize("role", Role)
async def test_places_are_told_apart_by_role(world: World, role: Role) -> None:
    places = {each: [new_id() for _ in range(2)] for each in Role}
    pairs = [f"{each}:{held[turn]}" for turn in range(2) for each, held in places.items()]
    async with undone(world.admin):
        await world.admin.execute("SELECT set_context('A', '', '', '', '{}', $1)", pairs)
        assert await world.admin.fetchval("SELECT ctx_places($1)", role) == places[role]
        for unknown in (role[1:], role[:-1], "", f"{role}{{"):
            assert await world.admin.fetchval("SELECT ctx_places($1)", unknown) == []
        await world.admin.execute("SELECT set_context('A', '', '', '', '{}', '{}')")
        assert await world.admin.fetchval("SELECT ctx_places($1)", role) == []
