"""What is refused on either side, and that a refused step leaves no half."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.access.roles import Role
from tests.cases.arrange import close
from tests.consents.arrange import consent_body
from tests.transfers.arrange import (
    a_scene,
    accepted,
    agree,
    copies,
    draft,
    draft_body,
    offered,
    received,
    receiving_units,
    state_of,
)
from tests.world import World


@pytest.mark.parametrize(
    ("fields", "status", "place"),
    [
        ({"receiving_unit_id": str(uuid4())}, 422, "body.receiving_unit_id"),
        ({"data_categories": ["contact"]}, 422, "body.data_categories"),
        ({"data_categories": ["master_data", "master_data"]}, 422, "body.data_categories"),
        ({"data_categories": ["master_data", "nonsense"]}, 422, "body.data_categories.1"),
        ({"language": "xxx"}, 422, "body.language"),
        ({"contact_ids": [str(uuid4())]}, 422, "body.contact_ids"),
        ({"data_categories": ["master_data"], "contact_ids": [str(uuid4())]}, 422, "body.contact_ids"),
    ],
)
async def test_draft_that_is_wrong(world: World, fields: dict[str, Any], status: int, place: str) -> None:
    scene = await a_scene(world)
    answer = await scene.manager.post(scene.path, draft_body(scene, **fields))
    assert (answer.status_code, answer.json()["errors"][0]["place"]) == (status, place)


@pytest.mark.parametrize("category", ["protection_from_violence", "child_welfare", "religion"])
async def test_category_that_never_goes_along(world: World, category: str) -> None:
    scene = await a_scene(world)
    body = draft_body(scene, data_categories=["master_data", category])
    answer = await scene.manager.post(scene.path, body)
    assert (answer.status_code, answer.json()["code"]) == (409, "category_not_allowed")


async def test_ones_own_unit_takes_nothing_over(world: World) -> None:
    scene = await a_scene(world)
    await world.person(Role.TEAM_LEAD)
    own = str(await world.unit())
    answer = await scene.manager.post(scene.path, draft_body(scene, receiving_unit_id=own))
    assert answer.status_code == 422


async def test_one_transfer_of_a_case_at_a_time(world: World) -> None:
    scene = await a_scene(world)
    await draft(scene)
    answer = await scene.manager.post(scene.path, draft_body(scene))
    assert (answer.status_code, answer.json()["state"]) == (409, "drafted")
    assert answer.json()["allowed"] == ["offer", "withdraw"]


@pytest.mark.parametrize(
    ("consent", "missing"),
    [
        (None, ["recipient"]),
        ({"data_categories": ["master_data"]}, ["category:case_record"]),
        ({"direction": "from"}, ["direction"]),
    ],
)
async def test_without_a_consent_that_covers_it_nothing_is_offered(
    world: World, consent: dict[str, Any] | None, missing: list[str]
) -> None:
    scene = await a_scene(world)
    if consent is not None:
        await agree(scene, **{"data_categories": ["master_data", "case_record"], **consent})
    transfer_id = await draft(scene, data_categories=["master_data", "case_record"])
    answer = await scene.manager.post(f"{scene.path}/{transfer_id}/offer")
    assert (answer.status_code, answer.json()["code"]) == (409, "consent_missing")
    assert answer.json()["missing"] == missing
    assert await state_of(scene, transfer_id) == ("drafted", None)


async def test_consent_to_another_unit_carries_nothing(world: World) -> None:
    scene = await a_scene(world)
    await scene.hagen.person(Role.TEAM_LEAD, unit="Caritas Hagen")
    await agree(scene, receiving_unit_id=str(await scene.hagen.unit("Caritas Hagen")))
    transfer_id = await draft(scene)
    answer = await scene.manager.post(f"{scene.path}/{transfer_id}/offer")
    assert answer.json()["missing"] == ["recipient"]


@pytest.mark.parametrize("how", ["institution_id", "receiving_unit_id", "unknown unit"])
async def test_consent_names_exactly_the_recipient_of_its_purpose(world: World, how: str) -> None:
    scene = await a_scene(world)
    recipient = {
        "institution_id": {"institution_id": str(await world.institution())},
        "receiving_unit_id": {"purpose": "referral", "receiving_unit_id": scene.unit_id},
        "unknown unit": {"receiving_unit_id": str(uuid4())},
    }[how]
    body = {**consent_body(scene.client_id, None, purpose="transfer", direction="to"), **recipient}
    assert (await scene.manager.post("/v1/consents", body)).status_code == 422


async def test_unit_without_a_team_lead_takes_nothing_over_any_more(world: World) -> None:
    scene = await a_scene(world)
    await agree(scene)
    transfer_id = await draft(scene)
    await world.admin.execute(
        "UPDATE memberships SET ended_at = now() WHERE user_id = $1", scene.lead.user_id
    )
    answer = await scene.manager.post(f"{scene.path}/{transfer_id}/offer")
    assert (answer.status_code, answer.json()["code"]) == (409, "unit_not_receiving")
    assert await state_of(scene, transfer_id) == ("drafted", None)
    assert scene.unit_id not in [unit["id"] for unit in await receiving_units(scene.manager)]


async def test_closed_case_is_not_transferred(world: World) -> None:
    scene = await a_scene(world)
    await close(scene.manager, scene.case_id)
    answer = await scene.manager.post(scene.path, draft_body(scene))
    assert (answer.status_code, answer.json()["state"]) == (409, "closed")


async def test_closing_a_case_withdraws_its_transfer(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted(scene)
    await close(scene.manager, scene.case_id)
    assert await state_of(scene, transfer_id) == ("withdrawn", "withdrawn")
    assert await copies(scene, transfer_id) == 0
    read = (await scene.manager.get(f"{scene.path}/{transfer_id}")).json()
    assert read["withdraw_reason"] == "case_closed"


@pytest.mark.parametrize("verb", ["accept", "decline"])
async def test_offer_is_unknown_to_team_leads_of_other_units_and_areas(world: World, verb: str) -> None:
    scene = await a_scene(world)
    transfer_id = await offered(scene)
    body = {"accept": {"case_manager_id": str(scene.colleague.user_id)}, "decline": {"reason": "other"}}[verb]
    for person in (
        await scene.hagen.person(Role.TEAM_LEAD, unit="Caritas Hagen"),
        await world.person(Role.TEAM_LEAD),
    ):
        assert (await person.get("/v1/transfers")).json()["items"] == []
        assert (await person.get(f"/v1/transfers/{transfer_id}")).status_code == 404
        assert (await person.post(f"/v1/transfers/{transfer_id}/{verb}", body)).status_code == 404
    assert await state_of(scene, transfer_id) == ("offered", "offered")


async def test_only_the_one_who_was_named_reads_and_receives(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted(scene)
    other = await scene.hagen.case_manager("KI Hagen")
    assert (await other.get(f"/v1/transfers/{transfer_id}/package")).status_code == 404
    assert (await other.post(f"/v1/transfers/{transfer_id}/receive", {})).status_code == 404
    assert (await scene.manager.get(f"/v1/transfers/{transfer_id}/package")).status_code == 404


async def test_nobody_of_another_unit_is_named(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await offered(scene)
    for stranger in (await scene.hagen.case_manager("Caritas Hagen"), scene.manager, scene.lead):
        body = {"case_manager_id": str(stranger.user_id)}
        answer = await scene.lead.post(f"/v1/transfers/{transfer_id}/accept", body)
        assert (answer.status_code, answer.json()["errors"][0]["place"]) == (422, "body.case_manager_id")
    assert await state_of(scene, transfer_id) == ("offered", "offered")
    assert await copies(scene, transfer_id) == 0


async def test_who_left_the_unit_reads_nothing_more(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted(scene)
    await world.admin.execute(
        "UPDATE memberships SET ended_at = now() WHERE user_id = $1", scene.colleague.user_id
    )
    assert (await scene.colleague.get(f"/v1/transfers/{transfer_id}/package")).status_code == 403


async def test_old_version_is_refused_on_both_sides(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await offered(scene)
    body = {"reason": "no_longer_wanted"}
    answer = await scene.manager.post(f"{scene.path}/{transfer_id}/withdraw", body, if_match='"1"')
    assert answer.status_code == 412
    answer = await scene.lead.post(
        f"/v1/transfers/{transfer_id}/decline", {"reason": "other"}, if_match='"7"'
    )
    assert answer.status_code == 412


async def test_the_same_key_receives_once(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted(scene)
    path = f"/v1/transfers/{transfer_id}/receive"
    first = await scene.colleague.post(path, {}, idempotency_key="received-once")
    again = await scene.colleague.post(path, {}, idempotency_key="received-once")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["case_id"] == again.json()["case_id"]
    count = "SELECT count(*) FROM cases WHERE municipal_area_id = $1"
    assert await world.admin.fetchval(count, scene.hagen.area) == 1


@pytest.mark.parametrize("state", ["drafted", "declined", "withdrawn", "revoked", "expired", "received"])
async def test_what_is_over_or_not_there_yet_is_neither_accepted_nor_received(
    world: World, state: str
) -> None:
    scene = await a_scene(world)
    transfer_id = await received(scene)
    if state != "received":
        ended = "NULL" if state == "drafted" else "now()"
        await world.admin.execute(
            f"UPDATE case_transfers SET state = $2, ended_at = {ended} WHERE id = $1",
            UUID(transfer_id), state,
        )  # fmt: skip
    path = f"/v1/transfers/{transfer_id}"
    body = {"case_manager_id": str(scene.colleague.user_id)}
    assert (await scene.lead.post(f"{path}/accept", body)).status_code == 409
    assert (await scene.lead.post(f"{path}/decline", {"reason": "other"})).status_code == 409
    assert (await scene.colleague.post(f"{path}/receive", {})).status_code == 409


async def test_a_receipt_that_fails_leaves_no_half(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted(scene)
    # The sender's side has moved on behind the back of the receiver's.
    await world.admin.execute(
        "UPDATE case_transfers SET state = 'expired', ended_at = now() WHERE id = $1", UUID(transfer_id)
    )
    answer = await scene.colleague.post(f"/v1/transfers/{transfer_id}/receive", {})
    assert answer.status_code >= 400
    for table in ("clients", "cases"):
        count = f"SELECT count(*) FROM {table} WHERE municipal_area_id = $1"
        assert await world.admin.fetchval(count, scene.hagen.area) == 0
    assert await state_of(scene, transfer_id) == ("expired", "accepted")


async def test_deputy_transfers_and_member_does_not(world: World) -> None:
    scene = await a_scene(world)
    member = await world.case_manager()
    lead = await world.person(Role.TEAM_LEAD)
    joined = {"user_id": str(member.user_id), "kind": "member"}
    assert (await lead.post(f"/v1/cases/{scene.case_id}/assign", joined)).status_code == 201
    answer = await member.post(scene.path, draft_body(scene))
    assert (answer.status_code, answer.json()["code"]) == (403, "relation_missing")
    assert (await member.get(scene.path)).status_code == 200
