"""Functions that work with more rights than their caller: all of them, whoever wrote them."""

import asyncpg
import pytest

from tests.isolation.scene import Scene

OWNERS = ("kim_auth", "kim_owner")
NOT_TRUSTED = """SELECT p.oid::regprocedure::text AS function FROM pg_proc p
JOIN pg_roles o ON o.oid = p.proowner
WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace AND (
    NOT o.rolname = ANY ($1) OR o.rolsuper OR o.rolcanlogin OR o.rolbypassrls
    OR p.proconfig IS NULL OR NOT 'search_path=""' = ANY (p.proconfig)
    OR EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g WHERE g.grantee = 0)
    OR has_function_privilege('kim_backup', p.oid, 'EXECUTE'))"""
PARTS = """SELECT p.oid::regprocedure::text AS function,
    EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g
        WHERE g.grantee <> p.proowner) AS is_open
FROM pg_proc p JOIN pg_roles o ON o.oid = p.proowner
WHERE NOT p.prosecdef AND p.pronamespace = 'public'::regnamespace AND o.rolname = 'kim_auth'"""
"""Functions that are no definers themselves and become a part of those that call them."""


async def careless(admin: asyncpg.Connection) -> set[str]:
    """Return the definer functions that anybody may call, that take names from anywhere, or owned wrongly."""
    return {row["function"] for row in await admin.fetch(NOT_TRUSTED, list(OWNERS))}


async def definers(admin: asyncpg.Connection) -> set[str]:
    """Return every definer function."""
    rows = await admin.fetch(
        """SELECT p.oid::regprocedure::text AS function FROM pg_proc p
        WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace"""
    )
    return {row["function"] for row in rows}


@pytest.mark.asvs("13.2.2")
async def test_no_definer_function_is_careless(scene: Scene) -> None:
    assert len(await definers(scene.world.admin)) >= 40
    assert await careless(scene.world.admin) == set()


FAULTS = (
    "GRANT EXECUTE ON FUNCTION {} TO PUBLIC",
    "GRANT EXECUTE ON FUNCTION {} TO kim_backup",
    "ALTER FUNCTION {} OWNER TO postgres",
    "ALTER FUNCTION {} OWNER TO kim_app",
    "ALTER FUNCTION {} SET search_path = public",
    "ALTER FUNCTION {} RESET search_path",
)


@pytest.mark.parametrize("fault", FAULTS)
async def test_careless_definer_function_is_noticed_whichever_it_is(scene: Scene, fault: str) -> None:
    admin = scene.world.admin
    superuser = await admin.fetchval("SELECT quote_ident(current_user)")
    for function in sorted(await definers(admin)):
        transaction = admin.transaction()
        await transaction.start()
        try:
            await admin.execute(fault.format(function).replace("postgres", superuser))
            assert await careless(admin) == {function}
        finally:
            await transaction.rollback()


async def test_new_definer_function_is_careless_until_it_is_closed(scene: Scene) -> None:
    admin = scene.world.admin
    transaction = admin.transaction()
    await transaction.start()
    try:
        await admin.execute(
            """SET LOCAL ROLE kim_owner;
            CREATE FUNCTION everything() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = ''
            BEGIN ATOMIC SELECT count(*) FROM public.clients; END; RESET ROLE"""
        )
        assert await careless(admin) == {"everything()"}
        await admin.execute(
            "SET LOCAL ROLE kim_owner; REVOKE EXECUTE ON FUNCTION everything() FROM PUBLIC; RESET ROLE"
        )
        assert await careless(admin) == set()
    finally:
        await transaction.rollback()


async def parts(admin: asyncpg.Connection) -> dict[str, bool]:
    """Return the parts of definer functions, and whether anybody else may call them."""
    return {row["function"]: row["is_open"] for row in await admin.fetch(PARTS)}


async def test_parts_of_definer_functions_are_called_by_these_alone(scene: Scene) -> None:
    found = await parts(scene.world.admin)
    assert {"counted_cases(date,date)", "referred_topics(date)"} <= set(found)
    assert not any(found.values())


async def test_part_that_anybody_may_call_is_noticed(scene: Scene) -> None:
    admin = scene.world.admin
    for function in await parts(admin):
        transaction = admin.transaction()
        await transaction.start()
        try:
            await admin.execute(f"GRANT EXECUTE ON FUNCTION {function} TO kim_reporting")
            assert (await parts(admin))[function]
        finally:
            await transaction.rollback()
