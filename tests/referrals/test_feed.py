"""The feed of a recipient: everything open first, then what came, changed or went out of sight."""

import base64
from typing import Any
from uuid import UUID

import pytest

from app.access.roles import Role
from tests.consents.arrange import withdraw
from tests.referrals.arrange import Scene, a_scene, agreed, draft, send, sent, step
from tests.referrals.following import Follower, many
from tests.world import Person, World

PATH = "/v1/partner/referrals"


async def a_follower(scene: Scene) -> Follower:
    """Return a program of the institution that has caught up."""
    follower = Follower(scene.partner)
    await follower.catch_up()
    return follower


def ids(told: list[dict[str, Any]]) -> list[str]:
    return [item["id"] for item in told]


async def test_beginning_tells_everything_open_and_nothing_else(world: World) -> None:
    scene = await a_scene(world)
    await agreed(scene)
    open_one, done, rejected = [await draft(scene) for _ in range(3)]
    for each in (open_one, done, rejected):
        await send(scene, each)
    await step(scene, done, "accept")
    await step(scene, done, "complete", outcome="helped")
    await step(scene, rejected, "reject", reason="no_capacity")
    assert ids(await Follower(scene.partner).catch_up()) == [open_one]


async def test_item_of_the_feed_is_the_item_of_the_list(world: World) -> None:
    scene = await a_scene(world)
    await sent(scene)
    (told,) = await Follower(scene.partner).catch_up()
    (listed,) = (await scene.partner.get(PATH)).json()["items"]
    assert told == listed
    assert told["readable_until"] is not None


async def test_what_comes_and_changes_is_told_once_it_is_there(world: World) -> None:
    scene = await a_scene(world)
    follower = await a_follower(scene)
    referral_id = await sent(scene)
    (told,) = await follower.catch_up()
    assert (told["id"], told["state"]) == (referral_id, "requested")
    accepted = await step(scene, referral_id, "accept")
    (told,) = await follower.catch_up()
    assert (told["state"], told["version"]) == ("accepted", accepted["version"])
    await step(scene, referral_id, "complete", outcome="helped")
    (told,) = await follower.catch_up()
    assert told["state"] == "completed"
    assert await follower.catch_up() == []


async def test_draft_is_in_no_feed(world: World) -> None:
    scene = await a_scene(world)
    follower = await a_follower(scene)
    referral_id = await draft(scene)
    await scene.manager.post(f"/v1/referrals/{referral_id}/cancel", {"reason": "no_longer_wanted"})
    assert await follower.catch_up() == []


@pytest.mark.parametrize("ending", ["cancel", "enter-in-error"])
async def test_what_the_sender_takes_back_is_lost_by_its_id(world: World, ending: str) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    follower = await a_follower(scene)
    body = {"reason": "wrong_recipient"} if ending == "cancel" else None
    await scene.manager.post(f"/v1/referrals/{referral_id}/{ending}", body)
    assert await follower.catch_up() == [{"id": referral_id, "lost": True}]
    assert follower.held == {}


async def test_revoked_one_is_lost_by_its_id_and_its_address_says_why(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await agreed(scene)
    referral_id = await draft(scene)
    await send(scene, referral_id)
    await step(scene, referral_id, "accept")
    follower = await a_follower(scene)
    await withdraw(scene.manager, consent_id)
    assert await follower.catch_up() == [{"id": referral_id, "lost": True}]
    assert (await scene.partner.get(f"{PATH}/{referral_id}")).json()["state"] == "revoked"


async def test_one_that_was_cancelled_at_work_is_told_with_its_state_and_without_content(
    world: World,
) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await step(scene, referral_id, "accept")
    follower = await a_follower(scene)
    await scene.manager.post(f"/v1/referrals/{referral_id}/cancel", {"reason": "solved_otherwise"})
    (told,) = await follower.catch_up()
    assert (told["state"], "concern" in told, "readable_until" in told) == ("cancelled", False, False)


async def test_withdrawal_after_the_end_is_told_too(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await agreed(scene)
    referral_id = await draft(scene)
    await send(scene, referral_id)
    await step(scene, referral_id, "accept")
    await step(scene, referral_id, "complete", outcome="helped")
    follower = await a_follower(scene)
    await withdraw(scene.manager, consent_id)
    (told,) = await follower.catch_up()
    assert (told["id"], told["state"], "concern" in told) == (referral_id, "completed", False)


async def test_pages_are_bounded_and_together_tell_each_once(world: World) -> None:
    partner = await world.person(Role.PARTNER_USER)
    await many(world, partner.place_id, 23)
    follower = Follower(partner, limit=5)
    told = await follower.catch_up()
    assert len(told) == len(follower.held) == 23
    await many(world, partner.place_id, 12)
    assert len(await follower.catch_up()) == 12


async def _joins(world: World, person: Person, institution: str) -> UUID:
    """Let somebody read for another institution too."""
    place = await world.institution(institution)
    await world.admin.execute(
        """INSERT INTO memberships (municipal_area_id, id, user_id, role, institution_id)
        VALUES ($1, gen_random_uuid(), $2, 'partner_user', $3)""",
        world.area, person.user_id, place,
    )  # fmt: skip
    return place


async def test_two_institutions_of_one_person_are_one_feed(world: World) -> None:
    partner = await world.person(Role.PARTNER_USER)
    for place in (partner.place_id, await _joins(world, partner, "sozialamt")):
        await many(world, place, 7)
    follower = Follower(partner, limit=4)
    assert len(await follower.catch_up()) == len(follower.held) == 14


async def test_list_goes_on_as_before_and_has_no_place_in_the_feed(world: World) -> None:
    scene = await a_scene(world)
    await sent(scene)
    listed = (await scene.partner.get(PATH, limit=1)).json()
    assert set(listed) == {"items", "next"}
    mixed = await scene.partner.get(PATH, since="", cursor="W10")
    assert mixed.status_code == 422


async def test_cursor_says_nothing_of_what_was_read(world: World) -> None:
    scene = await a_scene(world)
    await sent(scene)
    follower = await a_follower(scene)
    inside = base64.urlsafe_b64decode(follower.cursor + "===")
    for secret in (scene.institution_id, scene.client_id, str(scene.partner.user_id), world.area):
        assert secret.encode() not in inside
        assert secret.replace("-", "").encode() not in inside


async def _begins_anew(follower: Follower) -> bool:
    answer = await follower.person.get(PATH, since=follower.cursor)
    return (answer.status_code, answer.json().get("code")) == (410, "sync_anew")


async def test_cursor_of_somebody_else_and_one_that_was_changed_begin_anew(world: World) -> None:
    scene = await a_scene(world)
    mine = await a_follower(scene)
    assert not await _begins_anew(mine)
    colleague = await world.person(Role.PARTNER_USER)
    assert await _begins_anew(Follower(colleague, mine.cursor))
    assert await _begins_anew(Follower(scene.partner, mine.cursor[:-4] + "AAAA"))
    assert await _begins_anew(Follower(scene.partner, "x"))


async def test_who_comes_to_another_institution_or_leaves_one_begins_anew(world: World) -> None:
    scene = await a_scene(world)
    follower = await a_follower(scene)
    await _joins(world, scene.partner, "sozialamt")
    assert await _begins_anew(follower)
    follower = await a_follower(scene)
    await world.admin.execute(
        "UPDATE memberships SET ended_at = now() WHERE user_id = $1 AND institution_id = $2",
        scene.partner.user_id, UUID(scene.institution_id),
    )  # fmt: skip
    assert await _begins_anew(follower)


async def test_another_institution_is_told_nothing(world: World) -> None:
    scene = await a_scene(world)
    strangers = [
        await world.person(Role.PARTNER_USER, institution="sozialamt"),
        await world.person(Role.AUTHORITY_OFFICER, institution="auslaenderbehoerde"),
        await (await world.neighbour()).person(Role.PARTNER_USER),
    ]
    followers = [Follower(each) for each in strangers]
    for follower in followers:
        await follower.catch_up()
    referral_id = await sent(scene)
    await scene.manager.post(f"/v1/referrals/{referral_id}/enter-in-error")
    for follower in followers:
        assert await follower.catch_up() == []
        assert await Follower(follower.person).catch_up() == []


async def test_page_that_shows_something_is_journalled_with_its_clients(world: World) -> None:
    scene = await a_scene(world)
    await sent(scene)
    follower = await a_follower(scene)
    await follower.catch_up()
    rows = await world.admin.fetch(
        """SELECT client_pseudonyms = ARRAY[c.pseudonym] AS right_client FROM audit_journal j, clients c
        WHERE c.id = $1 AND j.user_id = $2 AND j.action = 'partner_referral.read'""",
        UUID(scene.client_id), scene.partner.user_id,
    )  # fmt: skip
    assert [row["right_client"] for row in rows] == [True]


async def test_end_of_reading_is_said_beforehand(world: World) -> None:
    scene = await a_scene(world)
    await agreed(scene)
    referral_id = await draft(scene)
    await send(scene, referral_id)
    (told,) = await Follower(scene.partner).catch_up()
    until = await world.admin.fetchval(
        "SELECT readable_until FROM referral_packages WHERE id = $1", UUID(referral_id)
    )
    assert told["readable_until"].startswith(until.isoformat()[:16])
