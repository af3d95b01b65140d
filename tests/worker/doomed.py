"""A worker in a process of its own that never comes to an end: the test kills it in the middle."""

import asyncio
import sys
from typing import Any

from app.access.context import SystemContext
from app.kit.clock import utc_now
from app.kit.database import Database
from app.settings import driver_url
from app.worker import Worker
from tests.worker.arrange import effect, wiring_of


async def take_effect_and_hang(ctx: SystemContext, payload: dict[str, Any]) -> None:
    await effect(ctx, payload)
    print("in the middle", flush=True)
    await asyncio.Event().wait()


async def main(url: str) -> None:
    database = Database.connect(driver_url(url), pool_size=2)
    await Worker(database, wiring_of(take_effect_and_hang), utc_now).deliver_due()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
