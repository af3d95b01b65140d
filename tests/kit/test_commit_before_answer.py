"""Nothing is acknowledged before it is committed: over real HTTP, on the FastAPI that is installed."""

from collections.abc import Callable
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.access.roles import Role
from app.kit.ids import new_id
from app.main import create_app
from app.settings import Settings
from tests.serving import serving
from tests.world import World

LATE_FAULT = """
CREATE TABLE late (id uuid PRIMARY KEY, parent uuid REFERENCES late DEFERRABLE INITIALLY DEFERRED);
GRANT INSERT ON late TO kim_app
"""


@pytest.fixture(scope="module")
async def late(admin):
    """A table whose constraint speaks at commit."""
    await admin.execute(LATE_FAULT)
    yield
    await admin.execute("DROP TABLE late")


async def write(ctx: Annotated[Context, allow(Permission.UNIT_READ)]) -> dict[str, str]:
    driver = await ctx.db.driver()
    await driver.execute("INSERT INTO late VALUES ($1, $2)", new_id(), new_id())
    return {"status": "stored"}


async def write_without_waiting(
    ctx: Annotated[Context, Depends(allow(Permission.UNIT_READ).dependency, scope="request")],
) -> dict[str, str]:
    return await write(ctx)


async def answer_of(settings: Settings, world: World, endpoint: Callable[..., Any]) -> httpx.Response:
    app = create_app(settings)
    app.add_api_route("/late", endpoint, methods=["POST"])
    person = await world.person(Role.ADMIN)
    app.state.gate = world.app.state.gate
    async with serving(app) as address:
        async with httpx.AsyncClient(base_url=address, headers=person.http.headers) as http:
            return await http.post("/late")


async def test_commit_that_fails_is_no_success(late, settings: Settings, world: World) -> None:
    answer = await answer_of(settings, world, write)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_reference")


async def test_planted_fault_a_guard_that_commits_after_the_answer_acknowledges_what_is_lost(
    late, settings: Settings, world: World
) -> None:
    answer = await answer_of(settings, world, write_without_waiting)
    assert answer.status_code == 200
    assert await world.admin.fetchval("SELECT count(*) FROM late") == 0
