"""People with passwords, and places from which they sign in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import httpx
from passlib.hash import argon2

from app.kit.ids import new_id
from app.main import serve_app
from tests.in_process import InProcess
from tests.world import Person, World

PASSWORD = "Vier Kraniche ziehen suedwaerts"
ANOTHER = "Sieben Otter bauen am Damm"


@cache
def hashed(password: str) -> str:
    """Return a hash that sign-in accepts; made cheaply, since a test compares it and never guards it."""
    return str(argon2.using(type="ID", rounds=1, memory_cost=1024, parallelism=1).hash(password))


async def give_password(
    world: World, person: Person, password: str = PASSWORD, *, must_change: bool = False
) -> str:
    """Give a person a password and return their e-mail address."""
    row = await world.admin.fetchrow(
        """UPDATE accounts SET password_hash = $2, must_change_password = $3, password_changed_at = now()
        WHERE id = $1 RETURNING email""",
        person.account_id,
        hashed(password),
        must_change,
    )
    return str(row["email"])


async def join_area(world: World, person: Person, role: str = "case_manager") -> None:
    """Make the account of somebody from elsewhere a user of this area too."""
    user = new_id()
    await world.admin.execute(
        "INSERT INTO users (municipal_area_id, id, account_id, display_name) VALUES ($1, $2, $3, 'Zweitort')",
        world.area,
        user,
        person.account_id,
    )
    await world.admin.execute(
        "INSERT INTO memberships (municipal_area_id, id, user_id, role, unit_id) VALUES ($1, $2, $3, $4, $5)",
        world.area,
        new_id(),
        user,
        role,
        await world.unit(),
    )


@asynccontextmanager
async def somewhere(world: World, host: str = "198.51.100.7") -> AsyncIterator[httpx.AsyncClient]:
    """Open a client at a network address, nobody signed in."""
    async with InProcess(serve_app(world.app), host=host) as http:
        yield http


async def sign_in(
    http: httpx.AsyncClient, email: str, password: str = PASSWORD, **more: Any
) -> httpx.Response:
    return await http.post("/v1/sessions", json={"email": email, "password": password, **more})


async def renew(http: httpx.AsyncClient, token: str) -> httpx.Response:
    return await http.post("/v1/sessions/refresh", json={"refresh_token": token})


def bearer(answer: httpx.Response) -> dict[str, str]:
    """Return the header with the access token of a sign-in."""
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def journal_of(world: World, action: str) -> list[tuple[Any, ...]]:
    """Return user, object, outcome and reason of the area's entries of one action."""
    rows = await world.admin.fetch(
        """SELECT user_id, object_id, outcome, reason FROM audit_journal
        WHERE municipal_area_id = $1 AND action = $2 ORDER BY position""",
        world.area,
        action,
    )
    return [tuple(row) for row in rows]


def alarms(world: World, kind: str) -> float:
    """Return how often a security event has been counted."""
    name, labels = "kim_security_events_total", {"kind": kind}
    return world.app.state.metrics.registry.get_sample_value(name, labels) or 0.0
