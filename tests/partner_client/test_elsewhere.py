"""The other things a partner does: refer a person to KIM, tell of free places, read reference data."""

from typing import Any

import pytest

from app.access.roles import Role
from kim_partner import Conflict, Gone, Kim
from tests.directory.test_offers import an_offer
from tests.incoming_referrals.arrange import HERE, Desk, a_desk
from tests.partner_client.stage import run
from tests.referrals.arrange import Scene


@pytest.fixture
async def desk(scene: Scene) -> Desk:
    return await a_desk(scene.world)


async def test_person_is_referred_to_a_unit_and_its_question_answered(kim: Kim, desk: Desk) -> None:
    units = await run(lambda: list(kim.incoming.units()))
    assert [each["id"] for each in units] == [desk.unit_id]
    made = await run(kim.incoming.refer, desk.body(reference="2026/17"))
    await desk.manager.post(f"/v1/inquiries/{made['id']}/take")
    asked = await desk.manager.post(f"{HERE}/{made['id']}/ask", {"question": "reachability"})
    assert asked.status_code == 200, asked.text
    seen = await run(kim.incoming.read, made["id"])
    assert (seen["state"], seen["messages"][0]["question"]) == ("asked", "reachability")
    replied = await run(kim.incoming.reply, made["id"], "Vormittags", version=seen["version"])
    assert replied["state"] == "requested"
    await desk.accept(made["id"])
    listed = await run(lambda: list(kim.incoming.listed(state="accepted")))
    assert [each["reference"] for each in listed] == ["2026/17"]


async def test_what_became_of_it_is_followed_with_a_cursor(kim: Kim, desk: Desk) -> None:
    one, two = [(await run(kim.incoming.refer, desk.body()))["id"] for _ in range(2)]

    async def told(since: str) -> tuple[list[list[tuple[str, str]]], str]:
        pages = await run(lambda: list(kim.incoming.changes(since, limit=1)))
        assert [page.more for page in pages] == [True] * (len(pages) - 1) + [False]
        return [[(each["id"], each["state"]) for each in page.changed] for page in pages], pages[-1].cursor

    pages, cursor = await told("")
    assert pages == [[(one, "requested")], [(two, "requested")]]
    await run(kim.incoming.withdraw, one, "no_longer_wanted")
    pages, cursor = await told(cursor)
    assert pages == [[(one, "withdrawn")]]
    assert (await told(cursor))[0] == [[]]
    with pytest.raises(Gone):
        await told(cursor[:-4] + "AAAA")


async def test_what_was_referred_is_taken_back(kim: Kim, desk: Desk) -> None:
    one, two, three = [(await run(kim.incoming.refer, desk.body()))["id"] for _ in range(3)]
    assert (await run(kim.incoming.withdraw, one, "no_longer_wanted"))["state"] == "withdrawn"
    assert (await run(kim.incoming.withdraw_consent, two))["state"] == "revoked"
    assert (await run(kim.incoming.enter_in_error, three))["state"] == "entered_in_error"
    with pytest.raises(Conflict):
        await run(kim.incoming.withdraw, one, "no_longer_wanted")


async def test_free_places_are_told_and_offers_found(kim: Kim, scene: Scene) -> None:
    coordinator = await scene.world.person(Role.COORDINATOR)
    offer = await an_offer(scene.world, coordinator, institution_id=scene.institution_id)
    told = await run(kim.directory.tell_capacity, offer["id"], 4, 15)
    assert told["capacity"] is not None
    assert (told["capacity"]["free_places"], told["capacity"]["places"]) == (4, 15)
    found: list[Any] = await run(lambda: list(kim.directory.offers(topic="language", is_free=True)))
    assert [each["id"] for each in found] == [offer["id"]]
    assert (await run(kim.directory.offer, offer["id"]))["name"] == offer["name"]
    services = await run(lambda: list(kim.directory.services(per_page=1)))
    assert [each["name"] for each in services] == [offer["name"]]


async def test_reasons_and_outcomes_are_read_from_the_vocabularies(kim: Kim) -> None:
    reasons = await run(lambda: {each["code"] for each in kim.directory.entries("rejection_reason")})
    assert {"no_capacity", "not_responsible", "other"} <= reasons
