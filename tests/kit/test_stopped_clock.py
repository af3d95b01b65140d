"""Whoever signs in while the clock stands is signed in: no test depends on which second that was."""

from datetime import timedelta

from app.access.roles import Role
from tests.conftest import Clock
from tests.world import World


async def test_person_who_comes_after_the_clock_was_stopped_is_known(world: World, clock: Clock) -> None:
    clock.stop()
    assert clock.fixed is not None
    clock.fixed -= timedelta(seconds=1)
    person = await world.person(Role.CASE_MANAGER)
    assert (await person.get("/v1/me")).status_code == 200
