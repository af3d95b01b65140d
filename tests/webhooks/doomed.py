"""Workers as processes, as `kim worker` runs one, each with the clock it is told; the test kills one by one.

Loading the application takes longer than a worker lives here, so one process loads it and forks the others.
"""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.kit.database import Database
from app.kit.sealing import FieldKeys, load_field_keys
from app.settings import driver_url
from app.webhooks.addresses import Addresses
from app.webhooks.postman import Postman
from app.webhooks.sending import Sender
from app.wiring import wire
from app.worker import run_until_stopped


async def work(url: str, keys: FieldKeys, hours: float, origins: list[str]) -> None:
    ahead = timedelta(hours=hours)

    def clock() -> datetime:
        return datetime.now(UTC) + ahead

    database = Database.connect(driver_url(url), pool_size=4)
    postman = Postman(database, wire(), clock, keys, Sender(Addresses(frozenset(origins))))
    await run_until_stopped(database, wire(), clock, jobs=(), beside=(postman.run,))


def main(url: str, file: str, *origins: str) -> None:
    """Begin a worker for each line, which says how far its clock is ahead; say its id, and how it ended."""
    keys = load_field_keys(Path(file).read_text())
    for line in sys.stdin:
        worker = os.fork()
        if worker == 0:
            asyncio.run(work(url, keys, float(line), list(origins)))
            os._exit(0)
        print(worker, flush=True)
        _, status = os.waitpid(worker, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
