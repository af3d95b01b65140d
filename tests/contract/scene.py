"""The scene played once a run, whichever folder of tests asks for it first."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

import asyncpg
from fastapi import FastAPI

from app.settings import Settings
from tests.contract.chapters import play
from tests.contract.interludes import interludes
from tests.contract.stage import Stage
from tests.world import World

_PLAYED: WeakKeyDictionary[FastAPI, Stage] = WeakKeyDictionary()


@asynccontextmanager
async def scene(app: FastAPI, admin: asyncpg.Connection, settings: Settings) -> AsyncIterator[Stage]:
    """Yield the stage after the scene; who asks first keeps it open."""
    if app in _PLAYED:
        yield _PLAYED[app]
        return
    async with World(app, admin) as world:
        stage = Stage(world, interludes(settings))
        await play(stage)
        _PLAYED[app] = stage
        yield stage
        await stage.nobody.aclose()
