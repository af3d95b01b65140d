"""The stage of the journey: one area, served over real HTTP, through all chapters in all files."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from fastapi import FastAPI

from tests.journey.story import Story
from tests.serving import serving
from tests.world import World


@pytest.fixture(scope="package")
async def story(app: FastAPI, admin: asyncpg.Connection) -> AsyncIterator[Story]:
    async with World(app, admin) as world, serving(app) as address:
        told = Story(world, address)
        yield told
        for http in told.people.values():
            await http.aclose()
