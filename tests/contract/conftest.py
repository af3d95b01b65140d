"""The scene, played once for all tests that stand on it."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from fastapi import FastAPI

from app.settings import Settings
from tests.contract.scene import scene
from tests.contract.stage import Stage


@pytest.fixture(scope="session")
async def played(app: FastAPI, admin: asyncpg.Connection, settings: Settings) -> AsyncIterator[Stage]:
    """The stage after the scene."""
    async with scene(app, admin, settings) as stage:
        yield stage


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--record-examples", action="store_true", help="write openapi/examples.json anew from the scene"
    )
