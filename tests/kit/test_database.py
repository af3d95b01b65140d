"""Transactions: their context, what they leave behind, and what happens when they are cut off."""

import asyncio

import asyncpg
import pytest
from fastapi import FastAPI

from app.access.guard import Gate
from app.kit.database import Database, Nobody, System
from app.kit.errors import Unavailable
from app.kit.lock_check import UnsafeDatabase, refuse_unsafe
from app.organisations.models import Unit
from app.settings import Settings, driver_url
from tests.hurry import NO_HURRY
from tests.world import World

SETTINGS = "SELECT ctx_area(), ctx_user(), ctx_session(), ctx_roles(), current_setting('kim.places', true)"


@pytest.fixture
async def single(settings: Settings):
    """A pool of one connection, so that the next transaction meets what the last one left."""
    pool = Database.connect(driver_url(settings.database_url.get_secret_value()), pool_size=1)
    yield pool
    await pool.close()


async def context_of(db) -> tuple:
    return tuple(await (await db.driver()).fetchrow(SETTINGS))


async def test_nobody_has_an_empty_context(single: Database) -> None:
    async with single.transaction(Nobody()) as db:
        assert await context_of(db) == (None, None, None, [], "")


async def test_context_does_not_outlive_its_transaction(single: Database) -> None:
    async with single.transaction(System("KIM-05170")) as db:
        assert (await context_of(db))[0] == "KIM-05170"
    async with single.transaction(Nobody()) as db:
        driver = await db.driver()
        assert await context_of(db) == (None, None, None, [], "")
    assert await driver.fetchval("SELECT current_setting('kim.area', true)") in (None, "")


async def test_rolled_back_transaction_leaves_neither_data_nor_context(single: Database) -> None:
    with pytest.raises(RuntimeError, match="changed my mind"):
        async with single.transaction(System("KIM-05170")) as db:
            raise RuntimeError("changed my mind")
    async with single.transaction(Nobody()) as db:
        assert (await context_of(db))[0] is None


async def test_long_statement_is_prepared_once(single: Database) -> None:
    """A working list has 22 KiB; the driver would prepare and plan anew whatever is longer than 15."""
    long = f"SELECT 1 /* {'x' * 40_000} */"
    for _ in range(3):
        async with single.transaction(Nobody()) as db:
            await (await db.driver()).fetchval(long)
    kept = "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement = $1"
    async with single.transaction(Nobody()) as db:
        assert [row[0] for row in await (await db.driver()).fetch(kept, long)] == [3]


async def test_orm_and_driver_share_one_transaction(world: World) -> None:
    from app.access.roles import Role

    admin = await world.person(Role.ADMIN)
    async with world.sql(admin) as db:
        unit = Unit(
            municipal_area_id=world.area, name="Xanten", kind="town", legal_regime="dsg_nrw",
            is_public_body=True, is_sgb_body=False,
        )  # fmt: skip
        db.add(unit)
        driver = await db.driver()
        assert await driver.fetchval("SELECT count(*) FROM units WHERE name = 'Xanten'") == 1
        assert driver.is_in_transaction()


async def test_adapter_knows_of_the_transaction_that_the_driver_runs(single: Database) -> None:
    async with single.transaction(Nobody()) as db:
        adapted = (await db._connection.get_raw_connection()).dbapi_connection
        assert adapted._transaction is not None
        assert (await db.driver()).is_in_transaction()
    assert adapted._transaction is None


async def test_cancelled_transaction_leaves_a_clean_connection_or_none(single: Database) -> None:
    async def long_query() -> None:
        async with single.transaction(System("KIM-05170")) as db:
            started.set()
            await (await db.driver()).fetchval("SELECT pg_sleep(60)")

    started = asyncio.Event()
    task = asyncio.create_task(long_query())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with single.transaction(Nobody()) as db:
        assert (await context_of(db))[0] is None


async def test_connection_that_the_server_closed_is_passed_over(
    single: Database, admin: asyncpg.Connection
) -> None:
    async with single.transaction(Nobody()) as db:
        pid = (await db.driver()).get_server_pid()
    closed = asyncio.Event()
    (await db.driver()).add_termination_listener(lambda _: closed.set())
    await admin.execute("SELECT pg_terminate_backend($1)", pid)
    await asyncio.wait_for(closed.wait(), NO_HURRY)
    async with single.transaction(Nobody()) as db:
        assert (await db.driver()).get_server_pid() != pid


async def test_absent_server_is_unavailable(tmp_path) -> None:
    away = Database.connect(f"postgresql+asyncpg://kim_app@/kim?host={tmp_path}", wait_seconds=0.5)
    with pytest.raises(Unavailable):
        await away.ping()
    await away.close()


async def test_server_accepts_the_application_role(app: FastAPI) -> None:
    gate: Gate = app.state.gate
    await refuse_unsafe(gate.database)


async def test_server_refuses_a_role_that_looks_past_the_policies(database_url: str) -> None:
    almighty = Database.connect(driver_url(database_url), pool_size=1)
    with pytest.raises(UnsafeDatabase, match="the role is or may become postgres"):
        await refuse_unsafe(almighty)
    await almighty.close()


@pytest.mark.parametrize(
    ("fault", "mend", "said"),
    [
        (
            "ALTER TABLE units NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE units FORCE ROW LEVEL SECURITY",
            "units has no forced policies",
        ),
        (
            "GRANT CREATE ON SCHEMA public TO kim_app",
            "REVOKE CREATE ON SCHEMA public FROM kim_app",
            "may create objects",
        ),
    ],
)
async def test_server_refuses_a_weakened_database(
    app: FastAPI, admin: asyncpg.Connection, fault: str, mend: str, said: str
) -> None:
    gate: Gate = app.state.gate
    await admin.execute(fault)
    try:
        with pytest.raises(UnsafeDatabase, match=said):
            await refuse_unsafe(gate.database)
    finally:
        await admin.execute(mend)
