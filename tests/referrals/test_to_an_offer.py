"""A referral to an offer of the directory: which ones can be chosen, what leaves, and what comes back."""

from datetime import timedelta
from typing import Any

import pytest

from app.access.roles import Role
from app.kit.clock import local_date, utc_now
from tests.directory.test_offers import a_site, an_offer
from tests.referrals.arrange import Scene, a_scene, agreed, draft, send, sent, step
from tests.refusals import places
from tests.world import Person, World


async def with_offer(world: World, kind: str = "mbe", **fields: Any) -> tuple[Scene, Person, dict[str, Any]]:
    """Return a scene, who keeps the directory, and an offer of the scene's institution."""
    scene = await a_scene(world, kind)
    keeper = await world.person(Role.COORDINATOR)
    fields = {"funding_ends_on": None, **fields}
    return scene, keeper, await an_offer(world, keeper, institution_id=scene.institution_id, **fields)


async def tell(person: Person, offer: dict[str, Any], free: int) -> None:
    told = await person.post(f"/v1/offers/{offer['id']}/capacity", {"free_places": free, "places": 12})
    assert told.status_code == 200, told.text


async def end(keeper: Person, offer: dict[str, Any], **changes: Any) -> None:
    answer = await keeper.patch(f"/v1/offers/{offer['id']}", changes, if_match='"1"')
    assert answer.status_code == 200, answer.text


async def drafted(scene: Scene, **fields: Any) -> Any:
    body = {"case_id": scene.case_id, "institution_id": scene.institution_id, "channel": "platform",
            "data_categories": ["master_data"], "concern_text": "Hilfe beim Antrag"}  # fmt: skip
    return await scene.manager.post("/v1/referrals", {**body, **fields})


async def test_both_sides_read_which_offer_is_meant(world: World) -> None:
    scene, _, offer = await with_offer(world)
    named = {"id": offer["id"], "name": offer["name"]}
    await agreed(scene)
    referral = await draft(scene, offer_id=offer["id"])
    path = f"/v1/referrals/{referral}"
    assert (await scene.manager.get(path)).json()["offer"] == named
    preview = (await scene.manager.get(f"{path}/preview")).json()
    assert (preview["content"]["offer"], preview["missing"]) == (named, [])
    await send(scene, referral)
    seen = (await scene.partner.get(f"/v1/partner/referrals/{referral}")).json()
    assert (seen["offer"], seen["package"]["offer"]) == (named, named)
    assert seen["package_sha256"] == preview["sha256"]
    (line,) = (await scene.manager.get("/v1/referrals", case_id=scene.case_id)).json()["items"]
    assert line["offer"] == named
    service = (await scene.partner.get(f"/v1/hsds/services/{offer['id']}")).json()
    assert service["name"] == offer["name"]


async def test_without_an_offer_the_package_names_none(world: World) -> None:
    scene = await a_scene(world)
    referral = await sent(scene)
    seen = (await scene.partner.get(f"/v1/partner/referrals/{referral}")).json()
    assert seen["offer"] is None
    assert "offer" not in seen["package"]


async def test_institution_lists_and_follows_what_is_for_one_offer(world: World) -> None:
    scene, keeper, offer = await with_offer(world)
    other = await an_offer(world, keeper, institution_id=scene.institution_id, name="Elternkurs",
                           funding_ends_on=None)  # fmt: skip
    await agreed(scene)
    for_it, for_another, for_none = (
        await draft(scene, offer_id=offer["id"]), await draft(scene, offer_id=other["id"]), await draft(scene)
    )  # fmt: skip
    for referral in (for_it, for_another, for_none):
        await send(scene, referral)
    listed = (await scene.partner.get("/v1/partner/referrals", offer_id=offer["id"])).json()["items"]
    assert [each["id"] for each in listed] == [for_it]
    feed = (await scene.partner.get("/v1/partner/referrals", since="", offer_id=offer["id"])).json()
    assert [(each["id"], each["offer"]["name"]) for each in feed["items"]] == [(for_it, offer["name"])]
    for referral in (for_it, for_another):
        await step(scene, referral, "accept")
    gone = await scene.manager.post(f"/v1/referrals/{for_none}/enter-in-error")
    assert gone.status_code == 200, gone.text
    again = await scene.partner.get("/v1/partner/referrals", since=feed["next"], offer_id=offer["id"])
    told = {each["id"]: each.get("lost", False) for each in again.json()["items"]}
    assert told == {for_it: False, for_none: True}
    elsewhere = await scene.partner.get("/v1/partner/referrals", since=feed["next"])
    assert elsewhere.status_code == 410, elsewhere.text


async def test_offer_of_another_institution_or_of_nobody_is_refused(world: World) -> None:
    scene, keeper, _ = await with_offer(world)
    foreign = await an_offer(world, keeper, "vhs", funding_ends_on=None)
    for offer_id in (foreign["id"], "00000000-0000-7000-8000-000000000000"):
        answer = await drafted(scene, offer_id=offer_id)
        assert places(answer) == [{"place": "body.offer_id", "kind": "not_of_the_institution"}]


async def test_offer_of_a_womens_shelter_is_named_in_no_referral(world: World) -> None:
    scene, _, offer = await with_offer(world, "frauenhaus")
    answer = await drafted(scene, offer_id=offer["id"])
    assert places(answer) == [{"place": "body.offer_id", "kind": "of_a_shelter"}]


async def test_authority_with_a_coded_concern_gets_no_offer(world: World) -> None:
    scene, _, offer = await with_offer(world, "auslaenderbehoerde")
    answer = await drafted(scene, offer_id=offer["id"], concern_text=None, concern_code="extension")
    assert places(answer) == [{"place": "body.offer_id", "kind": "coded_only"}]


YESTERDAY = str(local_date(utc_now()) - timedelta(days=2))


@pytest.mark.parametrize(("changes", "why"), [
    ({"status": "ended"}, "ended"), ({"status": "paused"}, "paused"),
    ({"funding_ends_on": YESTERDAY}, "funding_ended"),
])  # fmt: skip
async def test_offer_that_is_over_can_neither_be_drafted_nor_sent(
    world: World, changes: dict[str, str], why: str
) -> None:
    scene, keeper, offer = await with_offer(world)
    await agreed(scene)
    before = await draft(scene, offer_id=offer["id"])
    await end(keeper, offer, **changes)
    refusals = (
        await drafted(scene, offer_id=offer["id"]),
        await scene.manager.post(f"/v1/referrals/{before}/send"),
    )
    for answer in refusals:
        said = answer.json()
        assert (answer.status_code, said["code"], said["why"]) == (409, "offer_not_open", why)
    preview = (await scene.manager.get(f"/v1/referrals/{before}/preview")).json()
    assert preview["missing"] == ["offer_not_open"]
    listed = (await scene.manager.get("/v1/offers", is_open=True)).json()["items"]
    assert offer["id"] not in {each["id"] for each in listed}


async def test_offer_whose_last_site_was_given_up_is_not_open(world: World) -> None:
    scene, keeper, _ = await with_offer(world)
    site = await a_site(keeper, scene.institution_id)
    offer = await an_offer(world, keeper, institution_id=scene.institution_id, name="Vor Ort",
                           site_ids=[site["id"]], funding_ends_on=None)  # fmt: skip
    assert (await drafted(scene, offer_id=offer["id"])).status_code == 201
    path = f"/v1/institutions/{scene.institution_id}/sites/{site['id']}"
    assert (await keeper.patch(path, {"is_active": False}, if_match='"1"')).status_code == 200
    assert (await drafted(scene, offer_id=offer["id"])).json()["why"] == "no_open_site"


async def test_full_offer_needs_a_word_on_the_waiting_list(world: World) -> None:
    scene, _, offer = await with_offer(world)
    await tell(scene.partner, offer, 0)
    full = await drafted(scene, offer_id=offer["id"])
    assert (full.status_code, full.json()["code"]) == (409, "no_free_place")
    waits = await drafted(scene, offer_id=offer["id"], waiting_list_ok=True)
    assert (waits.status_code, waits.json()["waiting_list_ok"]) == (201, True)
    await agreed(scene)
    await send(scene, waits.json()["id"])


async def test_offer_that_filled_up_since_the_draft_is_not_sent_unasked(world: World) -> None:
    scene, _, offer = await with_offer(world)
    await agreed(scene)
    referral = await draft(scene, offer_id=offer["id"])
    await tell(scene.partner, offer, 0)
    preview = (await scene.manager.get(f"/v1/referrals/{referral}/preview")).json()
    assert preview["missing"] == ["no_free_place"]
    answer = await scene.manager.post(f"/v1/referrals/{referral}/send")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_free_place")
    await tell(scene.partner, offer, 1)
    await send(scene, referral)


async def test_waiting_list_without_an_offer_is_refused(world: World) -> None:
    scene = await a_scene(world)
    assert places(await drafted(scene, waiting_list_ok=True)) == [
        {"place": "body", "kind": "waits_for_nothing"}
    ]


async def test_accepting_takes_no_place_and_the_institution_tells_capacity_itself(world: World) -> None:
    scene, _, offer = await with_offer(world)
    await tell(scene.partner, offer, 4)
    referral = await sent(scene, offer_id=offer["id"])
    await step(scene, referral, "accept")
    seen = (await scene.manager.get(f"/v1/offers/{offer['id']}")).json()
    assert seen["capacity"]["free_places"] == 4


async def rejected(scene: Scene, offer: dict[str, Any]) -> str:
    referral = await sent(scene, offer_id=offer["id"])
    await step(scene, referral, "reject", reason="no_capacity")
    return referral


async def test_referred_anew_to_the_same_institution_it_keeps_its_offer(world: World) -> None:
    scene, keeper, offer = await with_offer(world)
    path = f"/v1/referrals/{await rejected(scene, offer)}/re-referral"
    body = {"institution_id": scene.institution_id, "channel": "platform"}
    again = await scene.manager.post(path, body)
    assert again.json()["referral"]["offer"]["id"] == offer["id"]
    without = await scene.manager.post(path, {**body, "offer_id": None})
    assert without.json()["referral"]["offer"] is None
    await end(keeper, offer, status="ended")
    assert (await scene.manager.post(path, body)).json()["code"] == "offer_not_open"
    assert (await scene.manager.post(path, {**body, "offer_id": None})).status_code == 201


async def test_another_institution_means_another_offer_or_none(world: World) -> None:
    scene, keeper, offer = await with_offer(world)
    path = f"/v1/referrals/{await rejected(scene, offer)}/re-referral"
    elsewhere = str(await world.institution("jmd"))
    body = {"institution_id": elsewhere, "channel": "phone"}
    assert (await scene.manager.post(path, body)).json()["referral"]["offer"] is None
    theirs = await an_offer(world, keeper, institution_id=elsewhere, funding_ends_on=None)
    made = await scene.manager.post(path, {**body, "offer_id": theirs["id"]})
    assert made.json()["referral"]["offer"]["id"] == theirs["id"]
    wrong = await scene.manager.post(path, {**body, "offer_id": offer["id"]})
    assert places(wrong) == [{"place": "body.offer_id", "kind": "not_of_the_institution"}]


async def test_sent_back_only_while_the_offer_is_open(world: World) -> None:
    scene, keeper, offer = await with_offer(world)
    referral = await rejected(scene, offer)
    await end(keeper, offer, status="ended")
    answer = await scene.manager.post(f"/v1/referrals/{referral}/send-back")
    assert (answer.status_code, answer.json()["code"]) == (409, "offer_not_open")


async def test_what_is_shut_tells_no_offer(world: World) -> None:
    scene, _, offer = await with_offer(world)
    seen = (await scene.partner.get(f"/v1/partner/referrals/{await rejected(scene, offer)}")).json()
    assert "offer" not in seen


async def test_search_for_an_offer_goes_by_topic_language_town_and_free_places(world: World) -> None:
    scene, keeper, offer = await with_offer(world)
    site = await a_site(keeper, scene.institution_id)
    here = await an_offer(world, keeper, institution_id=scene.institution_id, name="Vor Ort", topics=["work"],
                          languages=["ron"], site_ids=[site["id"]], funding_ends_on=None)  # fmt: skip
    await tell(scene.partner, here, 3)
    asked = {"topic": "work", "language": "ron", "municipality": "05170048", "is_free": True, "is_open": True}
    found = (await scene.manager.get("/v1/offers", **asked)).json()["items"]
    assert [(each["id"], each["capacity"]["free_places"]) for each in found] == [(here["id"], 3)]
    assert (await scene.manager.get("/v1/offers", is_open=False)).json()["items"] == []
    assert offer["id"] in {
        each["id"] for each in (await scene.manager.get("/v1/offers", is_open=True)).json()["items"]
    }
