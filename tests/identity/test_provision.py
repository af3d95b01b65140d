"""The operator creates the first person of an area."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.identity.provision import create_user, provision_user
from app.kit.errors import Conflict, Invalid
from app.kit.roles import with_role
from tests import database
from tests.identity.arrange import ANOTHER, PASSWORD, bearer, journal_of, sign_in, somewhere
from tests.world import World


@pytest.fixture
def migrate_url(database_url: str) -> str:
    return with_role(database_url, "kim_migrate", database.PASSWORD)


@pytest.fixture
async def connection(migrate_url: str) -> AsyncIterator[asyncpg.Connection]:
    opened = await asyncpg.connect(migrate_url)
    yield opened
    await opened.close()


def first(world: World, **changes: str) -> dict[str, Any]:
    email = f"Erste-{world.area}@KIM.example"
    person = {"email": email, "name": "Erste", "area": world.area, "unit": "KI Kreis", "role": "admin"}
    return {**person, "password": PASSWORD, **changes}


async def test_first_administrator_of_an_empty_area_gets_to_work(
    world: World, connection: asyncpg.Connection
) -> None:
    user_id = await create_user(connection, **first(world))
    assert isinstance(user_id, UUID)
    async with somewhere(world) as http:
        answer = await sign_in(http, f"erste-{world.area}@kim.example".lower())
        assert answer.status_code == 201, answer.text
        body = {"current_password": PASSWORD, "new_password": ANOTHER}
        await http.put("/v1/me/password", json=body, headers=bearer(answer))
        units = await http.get("/v1/units", headers=bearer(answer))
    assert [unit["name"] for unit in units.json()["items"]] == ["KI Kreis"]
    assert [entry[:3] for entry in await journal_of(world, "user.create")] == [(None, user_id, "done")]


async def test_second_person_shares_the_unit_and_nobody_comes_twice(world: World, migrate_url: str) -> None:
    await provision_user(migrate_url, **first(world))
    await provision_user(migrate_url, **first(world, email="zweite@kim.example", role="privacy_officer"))
    assert (
        await world.admin.fetchval("SELECT count(*) FROM units WHERE municipal_area_id = $1", world.area) == 1
    )
    with pytest.raises(Conflict):
        await provision_user(migrate_url, **first(world))


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "kurz"},
        {"area": "KIM-00000"},
        {"role": "partner_user"},
        {"role": "king"},
        {"role": "state_viewer"},
    ],
)
async def test_impossible_first_person_is_refused_whole(
    world: World, connection: asyncpg.Connection, wrong: dict[str, str]
) -> None:
    with pytest.raises(Invalid):
        await create_user(connection, **first(world, **wrong))
    left = "SELECT count(*) FROM accounts WHERE email = $1"
    assert await world.admin.fetchval(left, f"erste-{world.area}@kim.example".lower()) == 0
