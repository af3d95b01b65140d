"""The scene, played once for all tests of the contract."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from fastapi import FastAPI

from app.settings import Settings
from tests.contract.chapters import play
from tests.contract.interludes import interludes
from tests.contract.stage import Stage
from tests.world import World


@pytest.fixture(scope="session")
async def played(app: FastAPI, admin: asyncpg.Connection, settings: Settings) -> AsyncIterator[Stage]:
    """The stage after the scene."""
    async with World(app, admin) as world:
        stage = Stage(world, interludes(settings))
        await play(stage)
        yield stage
        await stage.nobody.aclose()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--record-examples", action="store_true", help="write openapi/examples.json anew from the scene"
    )
