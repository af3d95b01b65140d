"""A small installation that is killed: an embedded server of its own, the schema, the API, some cases."""

import asyncio
import os
import signal
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from app.demo.installation import Installation, prepare
from app.kit.embedded import postmaster
from app.main import create_app
from app.reference import load_reference
from tests.cases.arrange import a_case
from tests.durability.processes import Kim, environment_of, eventually, free_port
from tests.world import World

CASES = 3
_BACKGROUND = """SELECT pid FROM pg_stat_activity WHERE backend_type = ANY
('{walwriter,checkpointer,background writer,autovacuum launcher}')"""


@dataclass
class Site:
    """The processes of one installation and where to knock."""

    installation: Installation
    api: Kim
    url: str
    area: str
    token: str
    cases: list[str]

    async def start_api(self) -> None:
        """Start the API and wait until it listens."""
        await self.api.start()
        await self.api.serves()

    async def kill_database(self) -> None:
        """Kill the postmaster and all its children; nothing of theirs is left."""
        layout = self.installation.server.layout

        async def dead() -> bool:
            postmaster.end_orphans(layout)
            return not postmaster.lives(layout)

        await eventually(dead, "no process of PostgreSQL is left")

    async def start_database(self) -> None:
        """Start PostgreSQL again on what the kill has left, and wait until it has recovered."""

        def start() -> None:
            self.installation.server.stop()
            self.installation.server.start()

        await asyncio.to_thread(start)

    async def freeze_background(self) -> None:
        """Stop what writes the log for others, so that a COMMIT has to do it itself."""
        admin = await self.admin()
        for (number,) in await admin.fetch(_BACKGROUND):
            os.kill(number, signal.SIGSTOP)
        await admin.close()

    async def promise(self, synchronous_commit: str) -> None:
        """Choose whether a COMMIT of the application waits for the disk, for connections from now on."""
        admin = await self.admin()
        await admin.execute(f"ALTER ROLE kim_app SET synchronous_commit = {synchronous_commit}")
        await admin.close()

    async def admin(self) -> asyncpg.Connection:
        """Return a connection that looks behind the policies."""
        return await asyncpg.connect(self.installation.admin_url)

    async def close(self) -> None:
        """Leave no process behind."""
        await self.api.kill()
        await self.kill_database()
        self.installation.server.stop()


async def a_site(home: Path) -> Site:
    """Return an installation with a case manager and some cases; its API does not run yet."""
    installation = await asyncio.to_thread(prepare, home)
    await load_reference(installation.url("kim_migrate"))
    settings = installation.settings(port=free_port()).model_copy(update={"pool_size": 4})
    app = create_app(settings)
    admin = await asyncpg.connect(installation.admin_url)
    async with World(app, admin) as world:
        manager = await world.case_manager()
        cases = [await a_case(world, manager) for _ in range(CASES)]
        site = Site(
            installation=installation,
            api=Kim("serve", environment_of(settings), home / "api.log"),
            url=settings.public_url,
            area=world.area,
            token=world.token(manager.account_id, manager.session_id),
            cases=cases,
        )
    await admin.close()
    await app.state.gate.database.close()
    return site
