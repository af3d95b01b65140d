"""Behind the API: the application role reads no secret, and the definer functions ask who is calling."""

import re
from pathlib import Path

import asyncpg
import pytest

from app.access.roles import Role
from app.kit.database import Nobody
from app.kit.ids import new_id
from tests.identity.arrange import ANOTHER, give_password, hashed, sign_in, somewhere
from tests.world import World

ROOT = Path(__file__).parents[2]


@pytest.mark.asvs("13.2.2")
@pytest.mark.parametrize("table", ["accounts", "sessions", "refresh_tokens", "login_throttles"])
async def test_application_role_reads_no_secret(world: World, table: str) -> None:
    admin = await world.person(Role.ADMIN)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(admin) as db:
            await (await db.driver()).fetch(f"SELECT * FROM {table}")


@pytest.mark.parametrize(
    "call", ["ensure_account(gen_random_uuid(), 'x@kim.example', 'h')", "reset_password('{user}', 'h')"]
)
async def test_only_an_administrator_touches_accounts(world: World, call: str) -> None:
    manager, other = await world.case_manager(), await world.case_manager()
    sql = f"SELECT {call.format(user=other.user_id)}"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(manager) as db:
            await (await db.driver()).execute(sql)
    admin = await world.person(Role.ADMIN)
    async with world.sql(admin) as db:
        await (await db.driver()).execute(sql)


async def test_addresses_and_sessions_of_others_are_the_administrators_alone(world: World) -> None:
    manager, other = await world.case_manager(), await world.case_manager()
    async with world.sql(manager) as db:
        driver = await db.driver()
        assert await driver.fetch("SELECT * FROM user_emails()") == []
        assert await driver.fetchval("SELECT end_user_sessions($1, 'x')", other.user_id) == 0
        assert not await driver.fetchval("SELECT end_session($1)", other.session_id)
    assert (await other.get("/v1/me")).status_code == 200


async def test_nobody_has_no_account_and_sets_no_password(world: World) -> None:
    database = world.app.state.gate.database
    async with database.transaction(Nobody()) as db:
        driver = await db.driver()
        assert await driver.fetch("SELECT * FROM own_account()") == []
        assert await driver.fetchval("SELECT own_password_hash()") is None
        assert await driver.fetch("SELECT * FROM own_sessions()") == []
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.transaction(Nobody()) as db:
            await (await db.driver()).execute("SELECT set_password('x')")


async def test_session_starts_only_where_the_account_belongs(world: World) -> None:
    manager, neighbour = await world.case_manager(), await world.neighbour()
    start = "SELECT * FROM start_session($1, $2, $3, $4, 12, 'h')"
    async with world.app.state.gate.database.transaction(Nobody()) as db:
        driver = await db.driver()
        assert await driver.fetch(start, new_id(), manager.account_id, neighbour.area, b"x") == []
    living = "SELECT count(*) FROM sessions WHERE account_id = $1 AND municipal_area_id = $2"
    assert await world.admin.fetchval(living, manager.account_id, neighbour.area) == 0


async def test_administrator_resets_no_own_password_in_the_database_either(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(admin) as db:
            await (await db.driver()).execute("SELECT reset_password($1, 'x')", admin.user_id)


async def test_an_existing_account_keeps_its_password_whatever_an_administrator_sends(world: World) -> None:
    neighbour = await world.neighbour()
    email = await give_password(world, await neighbour.case_manager())
    admin = await world.person(Role.ADMIN)
    with pytest.raises(asyncpg.UniqueViolationError):
        async with world.sql(admin) as db:
            await (await db.driver()).execute(
                "SELECT ensure_account($1, $2, $3)", new_id(), email, hashed(ANOTHER)
            )
    async with somewhere(world) as http:
        assert (await sign_in(http, email)).status_code == 201


@pytest.mark.parametrize("role", ["kim_app", "kim_worker", "kim_reporting"])
async def test_only_the_operator_provisions(world: World, role: str) -> None:
    may = (
        "SELECT has_function_privilege($1, p.oid, 'EXECUTE') FROM pg_proc p WHERE proname = 'provision_user'"
    )
    assert await world.admin.fetchval(may, role) is False
    assert await world.admin.fetchval(may, "kim_owner") is True


def named_in(*files: str) -> set[str]:
    """Return the functions of SQL files that work with the rights of their owner."""
    scripts = [(ROOT / "migrations" / "sql" / name).read_text() for name in files]
    functions = re.findall(r"CREATE FUNCTION (\w+)\((.*?)(?:END;|END \$\$;)", "".join(scripts), re.DOTALL)
    return {name for name, rest in functions if "SECURITY DEFINER" in rest}


async def careless(connection: asyncpg.Connection, names: set[str]) -> set[str]:
    """Return the functions that anybody may call, that take names from anywhere, or that a superuser owns."""
    rows = await connection.fetch(
        """SELECT p.proname FROM pg_proc p JOIN pg_roles o ON o.oid = p.proowner
        WHERE p.prosecdef AND p.proname = ANY ($1) AND (
            has_function_privilege('kim_backup', p.oid, 'EXECUTE') OR o.rolname <> 'kim_auth'
            OR p.proconfig IS DISTINCT FROM ARRAY['search_path=""'])""",
        list(names),
    )
    return {row["proname"] for row in rows}


@pytest.mark.asvs("13.2.2")
async def test_definer_functions_are_for_those_who_were_named_only(world: World) -> None:
    names = named_in("identity.sql", "accounts.sql")
    assert len(names) == 20
    assert await careless(world.admin, names | {"open_session", "claim_outbox"}) == set()


@pytest.mark.parametrize(
    "fault",
    [
        "GRANT EXECUTE ON FUNCTION find_sign_in(text) TO PUBLIC",
        "ALTER FUNCTION find_sign_in(text) OWNER TO kim_owner",
        "ALTER FUNCTION find_sign_in(text) SET search_path = public",
        "ALTER FUNCTION find_sign_in(text) RESET search_path",
    ],
)
async def test_careless_definer_function_is_noticed(world: World, fault: str) -> None:
    transaction = world.admin.transaction()
    await transaction.start()
    try:
        await world.admin.execute(fault)
        assert await careless(world.admin, {"find_sign_in"}) == {"find_sign_in"}
    finally:
        await transaction.rollback()


TAKE = "UPDATE users SET account_id = $2 WHERE id = $1"


async def test_administrator_puts_no_account_in_the_place_of_another(world: World) -> None:
    admin, manager = await world.person(Role.ADMIN), await world.case_manager()
    made = new_id()
    async with world.sql(admin) as db:
        await (await db.driver()).execute("SELECT ensure_account($1, $2, 'h')", made, f"{made}@kim.example")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(admin) as db:
            await (await db.driver()).execute(TAKE, manager.user_id, made)
    changed = "UPDATE users SET display_name = 'Name' WHERE id = $1"
    async with world.sql(admin) as db:
        assert await (await db.driver()).execute(changed, manager.user_id) == "UPDATE 1"


WHOSE = """SELECT format('%s.%s', c.relname, a.attname)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relname = ANY ('{users,memberships,case_contents,goals,measures,tasks,pathways,pathway_requirements,
        school_entries,interpretings,barrier_reports,barrier_proposals,household_members,contact_drafts,
        inquiry_contents,obstacles,obstacle_measures,obstacle_members,steering_meetings,institution_sites,offers,
        partner_systems,positions,council_questions}') AND c.relnamespace = 'public'::regnamespace
    AND a.attnum > 0 AND a.attname = ANY ('{municipal_area_id,id,client_id,member_client_id,case_id,goal_id,
        pathway_id,unit_id,institution_id,account_id,user_id,author_id,reported_by,created_at,created_by}')
    AND format('%s.%s', c.relname, a.attname) <> ALL ('{barrier_reports.institution_id,
        contact_drafts.institution_id,inquiry_contents.case_id,inquiry_contents.institution_id,
        obstacle_measures.institution_id,obstacle_measures.unit_id}')
    AND has_column_privilege('kim_app', c.oid, a.attnum, 'UPDATE')"""


async def test_application_role_changes_no_column_that_says_whose_a_row_is(world: World) -> None:
    assert await world.admin.fetch(WHOSE) == []


async def test_column_that_says_whose_a_row_is_is_noticed_when_it_may_be_changed(world: World) -> None:
    transaction = world.admin.transaction()
    await transaction.start()
    try:
        await world.admin.execute("GRANT UPDATE (case_id) ON goals TO kim_app")
        assert [row[0] for row in await world.admin.fetch(WHOSE)] == ["goals.case_id"]
    finally:
        await transaction.rollback()
