"""Whoever has a living session sees who they are and signs out, also when the last role has ended."""

import pytest

from app.access import guard
from app.access.roles import Role
from tests.world import Person, World


async def former(world: World) -> Person:
    """Return somebody whose only membership has ended and whose session lives."""
    person = await world.case_manager()
    await world.admin.execute("UPDATE memberships SET ended_at = now() WHERE user_id = $1", person.user_id)
    return person


async def test_former_colleague_sees_that_no_role_is_left(world: World) -> None:
    answer = await (await former(world)).get("/v1/me")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["memberships"], answer.json()["permissions"]) == ([], [])


async def test_former_colleague_signs_out(world: World) -> None:
    person = await former(world)
    assert (await person.delete("/v1/sessions/current")).status_code == 204
    again = await person.get("/v1/me")
    assert (again.status_code, again.json()["code"]) == (401, "session_ended")


@pytest.mark.parametrize("path", ["/v1/colleagues", "/v1/cases", "/v1/obstacles", "/v1/users"])
async def test_nothing_else_is_open_to_them(world: World, path: str) -> None:
    answer = await (await former(world)).get(path)
    assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")


async def test_without_the_exception_the_door_would_be_shut(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await former(world)
    monkeypatch.setattr(guard, "OF_ONESELF", frozenset())
    assert (await person.get("/v1/me")).status_code == 403


async def test_session_of_a_disabled_user_opens_nothing(world: World) -> None:
    person = await world.person(Role.ASSISTANT)
    await world.admin.execute("UPDATE users SET disabled_at = now() WHERE id = $1", person.user_id)
    assert (await person.get("/v1/me")).status_code == 401
