"""The worker goes through areas of every size, so it keeps no plan that suited the ones it began with.

It works beside those who serve people, so its statements take one processor.
"""

from app.background import worker_parts
from app.kit.database import Database, Nobody
from app.settings import Settings

SQL = "SELECT id FROM municipal_areas WHERE id = $1"
OFTEN = 10
"""After five executions the database compares what it planned for with a plan for any value."""


async def kept(database: Database) -> int:
    """Return how often a statement that is executed often was executed by a plan that was kept."""
    async with database.transaction(Nobody()) as db:
        driver = await db.driver()
        for number in range(OFTEN):
            await driver.fetch(SQL, f"KIM-{number}")
        asked = "SELECT coalesce(sum(generic_plans), 0)::int FROM pg_prepared_statements WHERE statement = $1"
        found: int = await driver.fetchval(asked, SQL)
        return found


async def test_worker_plans_for_the_area_at_hand(settings: Settings) -> None:
    async with worker_parts(settings) as (database, _):
        assert await kept(database) == 0


async def processors(database: Database) -> int:
    """Return how many processors a statement may take beside its own."""
    async with database.transaction(Nobody()) as db:
        shown = await (await db.driver()).fetchval("SHOW max_parallel_workers_per_gather")
    return int(shown)


async def test_worker_takes_no_more_than_one_processor(settings: Settings) -> None:
    async with worker_parts(settings) as (database, _):
        assert await processors(database) == 0


async def test_pool_that_takes_more_is_noticed(worker_database: Database) -> None:
    assert await processors(worker_database) > 0


async def test_plan_that_is_kept_is_noticed(worker_database: Database) -> None:
    assert await kept(worker_database) > 0
