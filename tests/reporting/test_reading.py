"""What is read some rows at a time is what the query finds; what goes wrong on the way is told as it is."""

import asyncpg
import pytest

from app.kit.database import Database, System
from app.reporting.reading import read_columns
from tests.world import World

ROWS = "SELECT 'p' || n, n % 3 FROM generate_series(1, $1::int) n"
WRONG = "SELECT 1 / (1500 - n) FROM generate_series(1, $1::int) n"


@pytest.mark.parametrize("number", [0, 1, 999, 1_000, 1_001, 2_500])
async def test_every_row_is_read_once(world: World, reporting_database: Database, number: int) -> None:
    async with reporting_database.transaction(System(world.area)) as db:
        names, rests = await read_columns(await db.driver(), ROWS, number)
    assert [names[row] for row in range(number)] == [f"p{row + 1}" for row in range(number)]
    assert [rests[row] for row in range(number)] == [(row + 1) % 3 for row in range(number)]


async def test_what_was_sorted_is_let_go_of(world: World, reporting_database: Database) -> None:
    held = "SELECT count(*) FROM pg_cursors WHERE position($1 IN statement) > 0"
    async with reporting_database.transaction(System(world.area)) as db:
        driver = await db.driver()
        cursor = await driver.cursor(f"{ROWS} ORDER BY 2", 50)
        assert len(await cursor.fetch(100)) == 50
        assert await driver.fetchval(held, "generate_series") == 1
        await read_columns(driver, f"{ROWS} ORDER BY 2", 50)
        assert await driver.fetchval(held, "generate_series") == 0


async def test_fault_in_the_middle_is_told_as_it_is(world: World, reporting_database: Database) -> None:
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with reporting_database.transaction(System(world.area)) as db:
            await read_columns(await db.driver(), WRONG, 2_500)
    async with reporting_database.transaction(System(world.area)) as db:
        assert len((await read_columns(await db.driver(), ROWS, 5))[0]) == 5
