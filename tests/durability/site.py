"""A small installation that is killed: an embedded server of its own, the schema, the API, some cases."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
from fastapi import FastAPI

from app.demo.installation import Installation, prepare
from app.kit.embedded import EmbeddedServer, postmaster, processes
from app.main import create_app
from app.reference import load_reference
from tests.cases.arrange import a_case
from tests.durability.processes import Kim, environment_of, eventually, free_port
from tests.world import World

CASES = 3
_BACKGROUND = """SELECT pid, wait_event_type = 'Activity' AS sleeps FROM pg_stat_activity
WHERE backend_type IN ('walwriter', 'checkpointer', 'background writer', 'autovacuum launcher',
    'autovacuum worker')"""


@dataclass
class Site:
    """The processes of one installation and where to knock."""

    installation: Installation
    api: Kim
    url: str
    area: str = ""
    token: str = ""
    cases: list[str] = field(default_factory=list)

    async def start_api(self) -> None:
        """Start the API and wait until it listens."""
        await self.api.start()
        await self.api.serves()

    async def kill_api(self) -> None:
        """Kill the API while it lives."""
        assert self.api.lives, self.api.said()[-2000:]
        await self.api.kill()
        assert await self.api.ended() == -signal.SIGKILL

    async def kill_database(self) -> None:
        """Kill the postmaster, before it can put anything in order, and all its children; none is left."""
        layout = self.installation.server.layout

        async def dead() -> bool:
            postmaster.end(layout, signal.SIGKILL)
            postmaster.end_orphans(layout)
            return not postmaster.lives(layout)

        await eventually(dead, "no process of PostgreSQL is left")

    async def start_database(self) -> None:
        """Start PostgreSQL on what a kill has left, unless it lives, and wait until it has recovered."""
        server = self.installation.server

        def start() -> None:
            if not postmaster.lives(server.layout):
                server.stop()
                server.start()

        await asyncio.to_thread(start)

    def recoveries(self) -> int:
        """Return how often PostgreSQL found that it had been killed."""
        log = self.installation.server.layout.log.read_text(encoding="utf-8")
        return log.count("was not properly shut down; automatic recovery in progress")

    @asynccontextmanager
    async def background_frozen(self) -> AsyncIterator[None]:
        """Stop what writes the log for others, so that a COMMIT has to do it itself."""
        numbers: set[int] = set()
        admin = await self.admin()

        async def asleep() -> bool:
            # Stopped elsewhere than in its main loop, a process could hold what a COMMIT waits for.
            numbers.update(row["pid"] for row in await admin.fetch(_BACKGROUND))
            self._tell(numbers, signal.SIGSTOP)
            if all(row["sleeps"] and _is_stopped(row["pid"]) for row in await admin.fetch(_BACKGROUND)):
                return True
            self._tell(numbers, signal.SIGCONT)
            return False

        try:
            await eventually(asleep, "everything in the background was stopped asleep")
            yield
        finally:
            self._tell(numbers, signal.SIGCONT)
            admin.terminate()

    def _tell(self, numbers: set[int], sign: signal.Signals) -> None:
        for number in numbers:
            processes.send(number, sign, self.installation.server.layout.data)

    async def promise(self, synchronous_commit: str) -> None:
        """Choose whether a COMMIT of the application waits for the disk, for connections from now on."""
        admin = await self.admin()
        await admin.execute(f"ALTER ROLE kim_app SET synchronous_commit = {synchronous_commit}")
        await admin.close()

    async def admin(self) -> asyncpg.Connection:
        """Return a connection that looks behind the policies."""
        return await asyncpg.connect(self.installation.admin_url)

    async def close(self) -> None:
        """Leave no process behind, and no shared memory: only an orderly stop gives back what a kill left."""
        try:
            await self.api.kill()
            await self.start_database()
            await asyncio.to_thread(self.installation.server.stop)
        finally:
            await self.kill_database()


def _is_stopped(number: int) -> bool:
    with suppress(OSError):
        return ") T " in Path(f"/proc/{number}/stat").read_text(encoding="utf-8")
    return False


@asynccontextmanager
async def a_site(home: Path, programs: Path | None) -> AsyncIterator[Site]:
    """Yield an installation with a case manager and some cases; its API does not run yet."""
    installation = await asyncio.to_thread(_prepared, home, programs)
    settings = installation.settings(port=free_port()).model_copy(update={"pool_size": 4})
    api = Kim("serve", environment_of(settings), home / "api.log")
    site = Site(installation, api, settings.public_url)
    try:
        await load_reference(installation.url("kim_migrate"))
        await _populate(site, create_app(settings))
        yield site
    finally:
        await site.close()


def _prepared(home: Path, programs: Path | None) -> Installation:
    """Prepare on the programs of this run: `prepare` joins the server that it finds."""
    server = EmbeddedServer(home / "postgres", programs)
    server.start()
    try:
        prepare(home).server.stop()
    except BaseException:
        server.stop()
        raise
    return Installation(home, server)


async def _populate(site: Site, app: FastAPI) -> None:
    admin = await site.admin()
    async with World(app, admin) as world:
        manager = await world.case_manager()
        site.area = world.area
        site.token = world.token(manager.account_id, manager.session_id)
        site.cases = [await a_case(world, manager) for _ in range(CASES)]
    await admin.close()
    await app.state.gate.database.close()
