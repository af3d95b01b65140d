"""An invitation is no way to guess the password of somebody who has an account already."""

import pytest

from app.access.context import PublicContext
from app.access.roles import Role
from app.identity.invitations import accepting
from app.identity.password_acceptance import matches
from tests.conftest import Clock
from tests.identity.arrange import ANOTHER, journal_of, sign_in, somewhere
from tests.joining.arrange import HOST, accept, invite, of_account, off_platform, taking_up
from tests.referrals.arrange import a_scene
from tests.world import World

ELSEWHERE = ("203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4", "203.0.113.5")


async def _invited(world: World) -> tuple[str, dict[str, str]]:
    """Return the address of somebody with an account here, and the code of an invitation made for it."""
    scene = await a_scene(world)
    await off_platform(world, scene.institution_id)
    email = await of_account(world, scene.manager)
    return email, await invite(world, await world.person(Role.ADMIN), scene.institution_id, email=email)


async def _guesses(world: World, code: str, email: str) -> list[int]:
    """Guess from a new source each time, as whoever has many does."""
    statuses = []
    for host in ELSEWHERE:
        async with somewhere(world, host) as http:
            body = taking_up(code, email, password=ANOTHER)
            statuses.append((await http.post("/v1/invitations/accept", json=body)).status_code)
    return statuses


@pytest.mark.asvs("6.3.1")
async def test_guessing_by_an_invitation_is_counted_at_the_account(world: World, clock: Clock) -> None:
    email, made = await _invited(world)
    clock.stop()
    assert await _guesses(world, made["code"], email) == [401, 401, 401, 429, 429]
    async with somewhere(world, HOST) as http:
        assert (await sign_in(http, email)).status_code == 429


async def test_compared_without_being_counted_many_sources_would_guess_on(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    email, made = await _invited(world)
    clock.stop()

    async def planted(ctx: PublicContext, email: str, password: str, stored: str) -> bool:
        return await matches(password, stored)

    monkeypatch.setattr(accepting, "_is_theirs", planted)
    assert await _guesses(world, made["code"], email) == [401] * 5


async def test_a_wrong_guess_is_a_failed_sign_in_in_the_journal(world: World) -> None:
    email, made = await _invited(world)
    assert (await accept(world, made["code"], email, password=ANOTHER)).status_code == 401
    assert [entry[2:] for entry in await journal_of(world, "session.start")] == [
        ("refused", "sign_in_failed")
    ]


async def test_a_code_that_does_not_fit_keeps_nobody_waiting(world: World, clock: Clock) -> None:
    email, _ = await _invited(world)
    clock.stop()
    assert await _guesses(world, "Falsch", email) == [401] * 5
    async with somewhere(world, HOST) as http:
        assert (await sign_in(http, email)).status_code == 201


async def test_taking_up_another_invitation_does_not_forgive_the_source(world: World, clock: Clock) -> None:
    """An administrator has as many codes of their own as they like: each would begin the count anew."""
    email, made = await _invited(world)
    clock.stop()
    own = [await _own(world, number) for number in range(3)]
    seen = []
    for mine, address in own:
        seen.append((await accept(world, "Falsch", email)).status_code)
        seen.append((await accept(world, mine, address)).status_code)
    assert seen == [401, 201, 401, 201, 401, 429]
    assert made["code"] not in dict(own)


async def _own(world: World, number: int) -> tuple[str, str]:
    institution = str(await world.institution("school", f"Schule {number}"))
    address = f"eigene{number}.{world.area}@verwaltung.example".lower()
    made = await invite(world, await world.person(Role.ADMIN), institution, email=address)
    return made["code"], address
