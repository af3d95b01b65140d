"""One server for these tests, and a fresh area with a case, an institution and its machine for each.

They are about this side of HTTP, so a second database is not asked (decision 0242). The TypeScript client
is tried where `make clients` has installed what it needs. CI names its Node in KIM_NODE: then, and wherever
CI is "true", nothing is left out, and what is missing fails.
"""

import json
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from app.settings import Settings
from kim_partner import Kim
from tests.conftest import Clock
from tests.identity.partner_systems.arrange import Machine, a_machine
from tests.partner_client.stage import Stage, private_pem, staged
from tests.referrals.arrange import Scene, a_scene
from tests.world import World

_PROGRAMS = Path(__file__).parents[2] / "openapi" / "clients" / "typescript" / "node_modules"
_IS_NEEDED = bool(os.environ.get("KIM_NODE")) or os.environ.get("CI") == "true"
_IS_LEFT_OUT = not _IS_NEEDED and not (shutil.which("node") and _PROGRAMS.is_dir())
collect_ignore = ["test_typescript.py"] if _IS_LEFT_OUT else []


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave them out of a run on a second database."""
    return True if config.getoption("--only-with-database") else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say aloud what was left out."""
    if _IS_LEFT_OUT:
        terminalreporter.write_line(
            "The TypeScript client was not tried: `make clients` installs what it needs."
        )


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


@pytest.fixture
async def card(stage: Stage, machine: Machine, tmp_path: Path) -> Path:
    """A card as the demonstration writes it."""
    signs = {"client_id": machine.id, "kid": machine.key.thumbprint(), "private_key": private_pem(machine)}
    path = tmp_path / "demo.json"
    path.write_text(json.dumps({"base_url": stage.url, "partner_systems": [signs]}))
    return path
