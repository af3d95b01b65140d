"""What the worker has before it is asked of the database at each look at the metrics."""

import httpx
from fastapi import FastAPI

from app.kit.database import Database
from app.kit.metrics import Metrics
from app.kit.ops import ops_app
from tests.worker.arrange import news
from tests.world import World


async def said(database: Database) -> dict[str, float]:
    """Return the rows by state as the metrics tell them."""
    transport = httpx.ASGITransport(ops_app(database, Metrics()))
    async with httpx.AsyncClient(transport=transport, base_url="http://ops.test") as http:
        answer = await http.get("/metrics")
    assert answer.status_code == 200
    lines = [line for line in answer.text.splitlines() if line.startswith("kim_outbox_rows")]
    return {line.partition('"')[2].partition('"')[0]: float(line.split()[-1]) for line in lines}


async def test_rows_due_and_parked_are_counted(world: World, app: FastAPI) -> None:
    database: Database = app.state.gate.database
    before = await said(database)
    _, _, parked, later = await news(world, 4)
    await world.admin.execute("UPDATE outbox SET parked_at = now() WHERE id = $1", parked)
    await world.admin.execute(
        "UPDATE outbox SET available_at = now() + interval '1 day' WHERE id = $1", later
    )
    after = await said(database)
    assert {state: after[state] - before[state] for state in after} == {"due": 2, "parked": 1}


async def test_without_a_database_there_is_no_old_figure() -> None:
    nowhere = Database.connect("postgresql+asyncpg://nobody@127.0.0.1:1/none", wait_seconds=1)
    assert await said(nowhere) == {}
    await nowhere.close()
