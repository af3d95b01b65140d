"""What a dying PostgreSQL says between two statements is a 503, and the connection is not used again.

The driver takes such words for a fault of the protocol and raises an error that is no database error.
"""

import asyncpg
import pytest
from fastapi import FastAPI

from app.access.guard import Gate
from app.kit import problems
from app.kit.database import Nobody
from app.kit.errors import Unavailable

FIELDS = b"SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0"
LAST_WORDS = b"E" + (len(FIELDS) + 4).to_bytes(4, "big") + FIELDS


async def dies_between_two_statements(app: FastAPI, processes: list[int]) -> None:
    """Run a transaction whose server dies; note its process."""
    gate: Gate = app.state.gate
    async with gate.database.transaction(Nobody()) as db:
        driver = await db.driver()
        processes.append(driver.get_server_pid())
        driver._protocol.data_received(LAST_WORDS)
        await driver.fetchval("SELECT 1")


async def interrupted(app: FastAPI) -> tuple[BaseException, int]:
    """Return what such a transaction raises, and the process that died."""
    processes: list[int] = []
    with pytest.raises(asyncpg.InternalClientError) as raised:
        await dies_between_two_statements(app, processes)
    return raised.value, processes[0]


async def test_last_words_of_a_dying_server_are_a_503(app: FastAPI) -> None:
    error, _ = await interrupted(app)
    problem = problems.from_database(error)
    assert isinstance(problem, Unavailable)
    assert problem.headers == {"Retry-After": "5"}


async def test_connection_is_not_used_again(app: FastAPI) -> None:
    _, process = await interrupted(app)
    gate: Gate = app.state.gate
    for _ in range(app.state.settings.pool_size):
        async with gate.database.transaction(Nobody()) as db:
            assert await (await db.driver()).fetchval("SELECT pg_backend_pid()") != process


async def test_readiness_is_unavailable_rather_than_an_error(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate: Gate = app.state.gate

    class Dying(Nobody):
        def receive(self, row: asyncpg.Record | None) -> None:
            raise asyncpg.InternalClientError

    monkeypatch.setattr("app.kit.database.Nobody", Dying)
    with pytest.raises(Unavailable):
        await gate.database.ping()
