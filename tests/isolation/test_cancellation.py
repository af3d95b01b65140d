"""A storm of requests that are cut off: nobody gets another's rows, and nothing stays behind in the pool."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI

from app.kit.database import Database, Db, Nobody, Opening
from app.main import create_app, serve_app
from app.settings import Settings
from tests.isolation.scene import Scene
from tests.isolation.storm import Storm, call
from tests.share import share_of

ASKED = {
    "lead": ("/v1/clients", "/v1/cases", "/v1/me"),
    "deputy": ("/v1/clients", "/v1/cases"),
    "guardian": ("/v1/clients", "/v1/cases"),
    "colleague": ("/v1/clients",),
    "partner": ("/v1/partner/referrals",),
    "far_lead": ("/v1/clients", "/v1/cases", "/v1/me"),
    "far_team_lead": ("/v1/cases",),
    "far_partner": ("/v1/partner/referrals",),
}
SMALL_POOL = 4


@pytest.fixture
async def storm(settings: Settings, scene: Scene) -> AsyncIterator[Storm]:
    """An application with a small pool, and what each asker gets from it in calm weather."""
    app = create_app(settings.model_copy(update={"pool_size": SMALL_POOL}))
    app.state.key_ring = scene.world.app.state.key_ring
    serve, right = serve_app(app), {}
    for name, paths in ASKED.items():
        person = scene.people[name]
        token = scene.world.token(person.account_id, person.session_id)
        for path in paths:
            status, right[token, path] = await call(serve, token, path)
            assert status == 200
    assert len(set(right.values())) >= len(right) - 4
    yield Storm(app, right)
    await app.state.gate.database.close()


async def stuck(admin: asyncpg.Connection) -> list[str]:
    """Return the connections of the application that stand in a transaction."""
    rows = await admin.fetch(
        """SELECT state || ': ' || query FROM pg_stat_activity WHERE datname = current_database()
        AND usename = 'kim_app' AND state LIKE 'idle in transaction%'"""
    )
    return [row[0] for row in rows]


async def lingering(admin: asyncpg.Connection, app: FastAPI) -> list[str]:
    """Return what is wrong with a pool after the storm: every connection must be free and empty."""
    found = await stuck(admin)
    engine = app.state.gate.database.engine
    if engine.pool.checkedout():
        found.append(f"{engine.pool.checkedout()} connections are held")
    return found


@pytest.mark.slow
async def test_no_foreign_row_is_seen_when_two_of_five_requests_are_cut_off(
    storm: Storm, scene: Scene
) -> None:
    requests = share_of(20_000, dear=True)
    await storm.blow(requests, seed=20260301)
    assert storm.foreign == []
    assert storm.came["cut"] > 0.15 * requests
    assert storm.came["answered"] + storm.came["cut"] == requests
    assert await lingering(scene.world.admin, storm.app) == []
    storm.came.clear()
    await storm.blow(200, seed=1, cut=0)
    assert (storm.foreign, storm.came["answered"]) == ([], 200)


@dataclass
class _SessionWide:
    """Opens like the real one, but for the whole session; and nobody needs no opening."""

    real: Opening

    def statement(self) -> tuple[str, tuple[Any, ...]]:
        if isinstance(self.real, Nobody):
            return "SELECT 1", ()
        sql, arguments = self.real.statement()
        wide = ", ".join(
            f"set_config('kim.{name}', {value}, false)"
            for name, value in (
                ("area", "o.municipal_area_id"),
                ("user", "o.user_id::text"),
                ("roles", "o.roles::text"),
            )
        )
        return sql.replace("SELECT *", f"SELECT o.*, {wide}") + " o", arguments

    def receive(self, row: asyncpg.Record | None) -> None:
        self.real.receive(row)


class _CarelessPool(Database):
    """What many applications do: the context belongs to the connection."""

    @asynccontextmanager
    async def transaction(self, opening: Opening) -> AsyncIterator[Db]:
        async with Database.transaction(self, _SessionWide(opening)) as db:
            yield db


async def test_context_for_the_session_is_noticed(storm: Storm) -> None:
    gate = storm.app.state.gate
    storm.app.state.gate = replace(gate, database=_CarelessPool(gate.database.engine))
    await storm.blow(400, seed=7)
    assert any(line.startswith("nobody sees") for line in storm.foreign)


async def test_connection_left_in_a_transaction_is_noticed(storm: Storm, scene: Scene) -> None:
    async with storm.app.state.gate.database.transaction(Nobody()):
        assert len(await lingering(scene.world.admin, storm.app)) == 2
    assert await lingering(scene.world.admin, storm.app) == []
