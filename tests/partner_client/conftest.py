"""One server for these tests, and a fresh area with a case, an institution and its machine for each."""

from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from app.settings import Settings
from kim_partner import Kim
from tests.conftest import Clock
from tests.identity.partner_systems.arrange import Machine, a_machine
from tests.partner_client.stage import Stage, staged
from tests.referrals.arrange import Scene, a_scene
from tests.world import World


@pytest.fixture(scope="package")
async def _stage(settings: Settings, clock: Clock) -> AsyncIterator[Stage]:
    async with staged(settings, clock, pool_size=4) as stage:
        yield stage


@pytest.fixture
def stage(_stage: Stage) -> Iterator[Stage]:
    """The server, its line without faults; the clients that a test has opened are closed after it."""
    yield _stage
    _stage.line.faults.clear()
    while _stage.opened:
        _stage.opened.pop().close()


@pytest.fixture
async def world(stage: Stage, admin: asyncpg.Connection) -> AsyncIterator[World]:
    """A fresh area at this server."""
    async with World(stage.app, admin) as fresh:
        yield fresh


@pytest.fixture
async def scene(world: World) -> Scene:
    return await a_scene(world)


@pytest.fixture
async def machine(scene: Scene) -> Machine:
    """A machine of the scene's institution, with every scope."""
    return await a_machine(scene.world, requests_per_minute=6000)


@pytest.fixture
def kim(stage: Stage, machine: Machine) -> Kim:
    return stage.kim_of(machine)
