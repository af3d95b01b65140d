"""Who signs in by the old password while it is changed has no session afterwards."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from asyncpg import Record

from app.access.context import PublicContext
from app.access.roles import Role
from app.identity import password_acceptance
from app.identity.actions import sessions
from app.identity.office import SignInOffice
from tests.identity.arrange import ANOTHER, PASSWORD, give_password, sign_in, somewhere
from tests.world import Person, World

Change = Callable[[World, Person], Awaitable[int]]


async def by_themselves(_: World, owner: Person) -> int:
    body = {"current_password": PASSWORD, "new_password": ANOTHER}
    return (await owner.put("/v1/me/password", body)).status_code


async def by_the_administrator(world: World, owner: Person) -> int:
    admin = await world.person(Role.ADMIN)
    path = f"/v1/users/{owner.user_id}/password"
    return (await admin.post(path, {"initial_password": ANOTHER})).status_code


async def _signed_in_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch, change: Change
) -> tuple[int, int, int]:
    """Change the password between comparing it and starting the session; return all three outcomes."""
    owner = await world.case_manager()
    email = await give_password(world, owner)
    compared, go_on = asyncio.Event(), asyncio.Event()
    compare = password_acceptance.matches

    async def slowly(password: str, stored: str | None) -> bool:
        fits = await compare(password, stored)
        compared.set()
        await go_on.wait()
        return fits

    monkeypatch.setattr(sessions, "matches", slowly)
    async with somewhere(world) as http:
        signing_in = asyncio.create_task(sign_in(http, email))
        await compared.wait()
        changed = await change(world, owner)
        go_on.set()
        answer = await signing_in
    living = "SELECT count(*) FROM sessions WHERE account_id = $1 AND ended_at IS NULL AND id <> $2"
    return changed, answer.status_code, await world.admin.fetchval(living, owner.account_id, owner.session_id)


@pytest.mark.asvs("7.4.3")
@pytest.mark.parametrize("change", [by_themselves, by_the_administrator])
async def test_the_old_password_starts_no_session_that_outlives_its_change(
    world: World, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    assert await _signed_in_meanwhile(world, monkeypatch, change) == (204, 401, 0)


async def test_a_session_started_by_what_stands_there_now_would_outlive_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = sessions._start

    async def planted(ctx: PublicContext, office: SignInOffice, account: Record, area: str) -> Any:
        driver = await ctx.db.driver()
        now = await driver.fetchrow(sessions._FIND, await _email_of(world, account["account_id"]))
        return await start(ctx, office, now, area)

    monkeypatch.setattr(sessions, "_start", planted)
    assert await _signed_in_meanwhile(world, monkeypatch, by_themselves) == (204, 201, 1)


async def _email_of(world: World, account: UUID) -> str:
    return str(await world.admin.fetchval("SELECT email FROM accounts WHERE id = $1", account))
