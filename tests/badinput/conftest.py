"""The stage of the contract's scene: there every operation has somebody who may use it and ids that exist."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from fastapi import FastAPI

from app.settings import Settings
from tests.contract.scene import scene
from tests.contract.stage import Stage


@pytest.fixture(scope="session")
async def played(app: FastAPI, admin: asyncpg.Connection, settings: Settings) -> AsyncIterator[Stage]:
    """The stage after the scene, with the case open again, so that what is well-formed gets written."""
    async with scene(app, admin, settings) as stage:
        reopening = next(each for each in stage.exchanges if each.operation == "reopen_case")
        assert (await stage.send(reopening)).status_code == 200
        yield stage
