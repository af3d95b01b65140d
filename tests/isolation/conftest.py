"""The scene, built once for the session."""

from collections.abc import AsyncIterator
from typing import Self

import asyncpg
import pytest
from fastapi import FastAPI

from tests.isolation import asking
from tests.isolation.questions import Questions
from tests.isolation.scene import Scene, build
from tests.world import World


class Land(World):
    """The reserved area of the Land, which is there already."""

    async def __aenter__(self) -> Self:
        self.area = "NRW"
        return self


@pytest.fixture(scope="session")
async def scene(app: FastAPI, admin: asyncpg.Connection) -> AsyncIterator[Scene]:
    """One case with everything that hangs on it, and everybody around; only read."""
    async with World(app, admin) as world, World(app, admin) as far, Land(app, admin) as land:
        yield await build(world, far, land)


@pytest.fixture(scope="session")
async def questions(scene: Scene) -> Questions:
    """Everything that can be asked of the database about the scene, with the right answers."""
    return await asking.questions(scene)
