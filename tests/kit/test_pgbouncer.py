"""pgbouncer refuses a startup parameter that it was not told of: operators are told of all that pools set."""

import re
from pathlib import Path

import pytest

from app.background import worker_parts
from app.kit.database import Database, Nobody
from app.settings import Settings

OPERATIONS = Path("docs/operations.md").read_text()
FOLLOWED = {"application_name", "client_encoding", "DateStyle", "TimeZone"}
"""What pgbouncer keeps for each client itself."""
SET_AT_START = "SELECT name FROM pg_settings WHERE source = 'client'"


def told(text: str) -> set[str]:
    """Return the parameters that operators are asked to let through."""
    (named,) = re.findall(r"`ignore_startup_parameters = ([a-z_, ]+)`", text)
    return set(named.split(", "))


async def untold(database: Database, text: str = OPERATIONS) -> set[str]:
    """Return what the connections of a pool set at their start and no operator is told of."""
    async with database.transaction(Nobody()) as db:
        rows = await (await db.driver()).fetch(SET_AT_START)
    return {row["name"] for row in rows} - FOLLOWED - told(text)


async def test_operators_are_told_of_every_startup_parameter(
    settings: Settings, worker_database: Database
) -> None:
    assert await untold(worker_database) == set()
    async with worker_parts(settings) as (worker, _):
        assert await untold(worker) == set()


@pytest.mark.parametrize("name", ["plan_cache_mode", "max_parallel_workers_per_gather", "jit"])
async def test_parameter_that_nobody_is_told_of_is_noticed(settings: Settings, name: str) -> None:
    async with worker_parts(settings) as (worker, _):
        assert await untold(worker, OPERATIONS.replace(f", {name}", "", 1)) == {name}
