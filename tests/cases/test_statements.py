"""How many statements the frequent requests take: round trips are what row-level security costs."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.main import create_app, database_of
from app.settings import Settings
from tests.cases.arrange import a_case
from tests.world import World

CONTACT = {"contact_type": "phone", "happened_at": "2026-03-02T09:00:00Z", "note": "Termin vereinbart"}


class Watched:
    """A world whose application tells which statements it sends."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sent: list[str] = []

    def take(self) -> list[str]:
        """Return the first words of what was sent since the last time."""
        words = [statement.split()[0].rstrip(";") for statement in self.sent]
        self.sent.clear()
        return words


@pytest.fixture
async def watched(settings: Settings, admin: asyncpg.Connection) -> AsyncIterator[Watched]:
    pool = database_of(settings)
    async with World(create_app(settings, database=pool), admin) as world:
        watched = Watched(world)
        pool.observe_statements(watched.sent.append)
        yield watched
    await pool.close()


async def test_list_and_one_take_one_statement_each(watched: Watched) -> None:
    amira = await watched.world.case_manager()
    case_id = await a_case(watched.world, amira)
    watched.take()
    for path in ("/v1/cases", f"/v1/cases/{case_id}"):
        assert (await amira.get(path)).status_code == 200
        assert watched.take() == ["BEGIN", "SELECT", "WITH", "COMMIT"]


async def test_contact_takes_one_statement(watched: Watched) -> None:
    amira = await watched.world.case_manager()
    path = f"/v1/cases/{await a_case(watched.world, amira)}/contacts"
    watched.take()
    assert (await amira.post(path, CONTACT)).status_code == 201
    assert watched.take() == ["BEGIN", "SELECT", "WITH", "COMMIT"]
