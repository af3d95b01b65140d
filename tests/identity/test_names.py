"""Whose name is behind an id: answers say who recorded or disclosed something by id alone."""

from uuid import uuid4

import pytest

from app.access.roles import Role
from tests.world import World

INSIDE = (
    Role.CASE_MANAGER,
    Role.TEAM_LEAD,
    Role.COORDINATOR,
    Role.ASSISTANT,
    Role.PRIVACY_OFFICER,
    Role.ADMIN,
)
OUTSIDE = tuple(role for role in Role if role not in INSIDE and role is not Role.PARTNER_SYSTEM)


def _path(*ids: object) -> str:
    return f"/v1/names?user_ids={','.join(map(str, ids))}"


@pytest.mark.parametrize("role", INSIDE)
async def test_name_is_read_by_whoever_works_in_the_area(world: World, role: Role) -> None:
    reader, author = await world.person(role), await world.person(Role.PARTNER_USER)
    name = (await author.get("/v1/me")).json()["display_name"]
    answer = await reader.get(_path(author.user_id))
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"items": [{"id": str(author.user_id), "name": name}], "next": None}


async def test_name_of_somebody_who_has_left_is_still_there(world: World) -> None:
    reader, author = await world.case_manager(), await world.case_manager()
    await world.admin.execute("UPDATE memberships SET ended_at = now() WHERE user_id = $1", author.user_id)
    await world.admin.execute("UPDATE users SET disabled_at = now() WHERE id = $1", author.user_id)
    listed = (await reader.get(_path(author.user_id, reader.user_id))).json()["items"]
    assert [each["id"] for each in listed] == sorted([str(reader.user_id), str(author.user_id)])


async def test_people_of_another_area_and_unknown_ids_have_no_name_here(world: World) -> None:
    reader, stranger = await world.case_manager(), await (await world.neighbour()).case_manager()
    answer = await reader.get(_path(stranger.user_id, uuid4()))
    assert (answer.status_code, answer.json()) == (200, {"items": [], "next": None})


@pytest.mark.parametrize("role", OUTSIDE)
async def test_who_works_elsewhere_reads_no_names(world: World, role: Role) -> None:
    reader, author = await world.person(role), await world.case_manager()
    assert (await reader.get(_path(author.user_id))).status_code == 403


async def test_ids_are_said_in_one_parameter_and_at_most_fifty(world: World) -> None:
    reader = await world.case_manager()
    assert (await reader.get(_path(*[uuid4() for _each in range(50)]))).status_code == 200
    for path in (_path(), _path("me"), _path(*[uuid4() for _each in range(51)]), "/v1/names"):
        answer = await reader.get(path)
        assert answer.status_code == 422
        assert [each["place"] for each in answer.json()["errors"]] == ["query.user_ids"]
    assert (await reader.get(_path("me"))).json()["errors"][0]["message"] == (
        "Send one to fifty ids, separated by commas."
    )
