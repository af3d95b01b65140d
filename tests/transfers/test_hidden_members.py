"""A member of the household who is hidden after the offer: the package that names her is used no more."""

from typing import Any
from uuid import UUID

import pytest

from tests.cases.arrange import team_lead
from tests.clients.arrange import etag_of, new_client
from tests.clients.test_merging import merge
from tests.transfers.arrange import (
    CATEGORIES,
    Scene,
    a_scene,
    accept,
    accepted,
    agree,
    draft,
    offer,
    offered,
    receive,
    told,
)
from tests.world import Person, World

NAME = "Samira"
HELD = "transfer_on_hold"


async def with_mother(world: World, **member: Any) -> tuple[Scene, str]:
    """Return a scene in which the client's mother is a client too, and her id."""
    scene = await a_scene(world)
    mother = await new_client(scene.manager, given_name=NAME, family_name="Verborgen")
    body = {"client_id": mother, "relation": "parent", **member}
    answer = await scene.manager.post(f"/v1/clients/{scene.client_id}/household", body)
    assert answer.status_code == 201, answer.text
    return scene, mother


async def hide(person: Person, client_id: str, *, hidden: bool = True) -> None:
    """Hide somebody, or show them again."""
    path = f"/v1/clients/{client_id}"
    answer = await person.patch(path, {"is_restricted": hidden}, if_match=await etag_of(person, path))
    assert answer.status_code == 200, answer.text


async def leave(scene: Scene) -> None:
    """Take the mother out of the household."""
    path = f"/v1/clients/{scene.client_id}"
    (member,) = (await scene.manager.get(path)).json()["household_members"]
    at = f"{path}/household/{member['id']}"
    answer = await scene.manager.delete(at, if_match=f'"{member["version"]}"')
    assert answer.status_code == 200, answer.text


async def hold_of(scene: Scene, transfer_id: str) -> str | None:
    """Return what the sender reads of why it is on hold."""
    answer = await scene.manager.get(f"{scene.path}/{transfer_id}")
    assert answer.status_code == 200, answer.text
    why: str | None = answer.json()["on_hold"]
    return why


async def try_accept(scene: Scene, transfer_id: str) -> tuple[int, str | None]:
    """Accept it as the team lead, and return status and code."""
    body = {"case_manager_id": str(scene.colleague.user_id)}
    answer = await scene.lead.post(f"/v1/transfers/{transfer_id}/accept", body)
    return answer.status_code, answer.json().get("code")


async def _read(scene: Scene, transfer_id: str) -> tuple[int, bool]:
    answer = await scene.colleague.get(f"/v1/transfers/{transfer_id}/package")
    return answer.status_code, NAME in answer.text


@pytest.mark.parametrize("left_before", [False, True])
async def test_who_is_hidden_after_the_offer_does_not_cross(world: World, *, left_before: bool) -> None:
    scene, mother = await with_mother(world)
    transfer_id = await offered(scene)
    assert await hold_of(scene, transfer_id) is None
    if left_before:
        await leave(scene)
    before = await told(scene.hagen, scene.lead)
    await hide(scene.manager, mother)
    assert await told(world, scene.manager) == [HELD]
    assert await hold_of(scene, transfer_id) == "restricted_since"
    assert await told(scene.hagen, scene.lead) == before
    assert await try_accept(scene, transfer_id) == (409, HELD)
    assert (await _read(scene, transfer_id))[0] == 404


async def test_who_is_hidden_after_the_acceptance_is_read_no_more(world: World) -> None:
    scene, mother = await with_mother(world)
    transfer_id = await accepted(scene)
    assert await _read(scene, transfer_id) == (200, True)
    await hide(scene.manager, mother)
    assert (await told(world, scene.manager)).count(HELD) == 1
    assert await _read(scene, transfer_id) == (409, False)
    refused = await scene.colleague.post(f"/v1/transfers/{transfer_id}/receive", {})
    assert (refused.status_code, refused.json()["code"]) == (409, HELD)
    assert NAME not in refused.text


async def test_what_was_received_is_read_with_its_case(world: World) -> None:
    scene, mother = await with_mother(world)
    transfer_id = await accepted(scene)
    await receive(scene, transfer_id)
    await hide(scene.manager, mother)
    assert HELD not in await told(world, scene.manager)
    assert await _read(scene, transfer_id) == (200, True)


async def test_lifting_lets_it_go_on_once_nobody_named_is_hidden(world: World) -> None:
    scene, mother = await with_mother(world)
    aunt = await new_client(scene.manager, given_name="Tante", family_name="Verborgen")
    body = {"client_id": aunt, "relation": "other_relative"}
    answer = await scene.manager.post(f"/v1/clients/{scene.client_id}/household", body)
    assert answer.status_code == 201, answer.text
    transfer_id = await offered(scene)
    await hide(scene.manager, mother)
    await hide(scene.manager, aunt)
    await hide(scene.manager, aunt, hidden=False)
    assert await hold_of(scene, transfer_id) == "restricted_since"
    await hide(scene.manager, mother, hidden=False)
    assert await hold_of(scene, transfer_id) is None
    assert (await try_accept(scene, transfer_id))[0] == 200


async def test_offered_anew_it_leaves_her_out_and_crosses(world: World) -> None:
    scene, mother = await with_mother(world)
    transfer_id = await offered(scene)
    await hide(scene.manager, mother)
    withdrawn = await scene.manager.post(f"{scene.path}/{transfer_id}/withdraw", {"reason": "other"})
    assert withdrawn.status_code == 200, withdrawn.text
    anew = await draft(scene)
    assert (await offer(scene, anew))["on_hold"] is None
    await accept(scene, anew)
    assert await _read(scene, anew) == (200, False)
    await receive(scene, anew)


@pytest.mark.parametrize(
    ("member", "categories"),
    [
        ({"is_kept_apart": True}, CATEGORIES),
        ({"relation": "no_contact"}, CATEGORIES),
        ({}, [each for each in CATEGORIES if each != "household"]),
    ],
    ids=["kept apart", "no contact", "no household"],
)
async def test_package_that_does_not_name_her_crosses(
    world: World, member: dict[str, Any], categories: list[str]
) -> None:
    scene, mother = await with_mother(world, **member)
    transfer_id = await offered(scene, data_categories=categories)
    await hide(scene.manager, mother)
    assert HELD not in await told(world, scene.manager)
    await accept(scene, transfer_id)
    assert await _read(scene, transfer_id) == (200, False)


async def test_member_by_name_alone_is_nobody_who_is_hidden(world: World) -> None:
    scene = await a_scene(world)
    body = {"name": f"{NAME} Verborgen", "relation": "parent"}
    answer = await scene.manager.post(f"/v1/clients/{scene.client_id}/household", body)
    assert answer.status_code == 201, answer.text
    transfer_id = await offered(scene)
    namesake = await new_client(scene.manager, given_name=NAME, family_name="Verborgen")
    await hide(scene.manager, namesake)
    assert await hold_of(scene, transfer_id) is None


async def test_team_that_does_not_see_a_member_learns_nothing_of_her(world: World) -> None:
    scene, mother = await with_mother(world)
    other = await world.case_manager()
    await agree(scene)
    transfer_id = await draft(scene)
    await (await team_lead(world)).post(
        f"/v1/cases/{scene.case_id}/assign", {"user_id": str(other.user_id), "kind": "lead"}
    )
    answer = await other.post(f"{scene.path}/{transfer_id}/offer")
    assert answer.status_code == 200, answer.text
    await hide(scene.manager, mother)
    assert HELD not in await told(world, other)
    await accept(scene, transfer_id)
    assert await _read(scene, transfer_id) == (200, False)


async def test_record_of_hers_that_was_merged_is_hidden_with_the_other(world: World) -> None:
    scene, mother = await with_mother(world)
    transfer_id = await offered(scene)
    other = await new_client(scene.manager, given_name=NAME, family_name="Verborgen")
    await merge(scene.manager, other, mother)
    await hide(scene.manager, other)
    assert await hold_of(scene, transfer_id) == "restricted_since"


MARK = "SELECT has_hidden_member FROM transfer_packages WHERE id = $1"


async def test_without_the_mark_she_would_cross(world: World) -> None:
    scene, mother = await with_mother(world)
    transfer_id = await offered(scene)
    switch = "ALTER TABLE clients {} TRIGGER hide_named"
    await world.admin.execute(switch.format("DISABLE"))
    try:
        await hide(scene.manager, mother)
        assert await world.admin.fetchval(MARK, UUID(transfer_id)) is False
        assert await told(world, scene.manager) == []
        await accept(scene, transfer_id)
        assert await _read(scene, transfer_id) == (200, True)
    finally:
        await world.admin.execute(switch.format("ENABLE"))
