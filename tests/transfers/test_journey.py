"""A case moves from Wesel to Hagen: the whole way over HTTP, and what each side is left with."""

from uuid import UUID

import orjson
import pytest

from app.access.roles import Role
from tests.cases.arrange import journal, leave, pseudonym
from tests.clients.arrange import add_period, new_client
from tests.consents.arrange import give_consent
from tests.refusals import places
from tests.transfers.arrange import (
    a_scene,
    accept,
    accepted,
    agree,
    copies,
    draft,
    offer,
    offered,
    receive,
    received,
    receiving_units,
    state_of,
    told,
)
from tests.world import World


async def test_a_case_moves_from_wesel_to_hagen(world: World) -> None:
    scene = await a_scene(world, phone="0281 12345")
    manager, lead, colleague = scene.manager, scene.lead, scene.colleague
    await add_period(manager, scene.client_id, "languages", language="deu", overall="A2")
    await add_period(manager, scene.client_id, "addresses", strand="actual", street="Markt 1")
    case = f"/v1/cases/{scene.case_id}"
    goal = (await manager.post(f"{case}/goals", {"life_domain": "work", "wording": "Arbeit"})).json()
    await manager.post(
        f"{case}/goals/{goal['id']}/measures", {"wording": "Bewerbung schreiben", "responsible": "client"}
    )

    assert scene.unit_id in [unit["id"] for unit in await receiving_units(manager)]
    await agree(
        scene, data_categories=["master_data", "contact", "education_language", "work", "case_record"]
    )
    wanted = ["master_data", "contact", "education_language", "work", "case_record"]
    transfer_id = await draft(scene, data_categories=wanted)
    seen = (await manager.get(f"{scene.path}/{transfer_id}/preview")).json()
    assert (seen["missing"], seen["is_frozen"]) == ([], False)
    await offer(scene, transfer_id)

    (shown,) = (await lead.get("/v1/transfers")).json()["items"]
    assert (shown["reason"], shown["language"], shown["state"]) == ("moved", "ara", "offered")
    assert "Hadi" not in orjson.dumps(shown).decode()
    assert (await lead.get(f"/v1/transfers/{transfer_id}/package")).status_code == 403
    assert (await colleague.get(f"/v1/transfers/{transfer_id}")).status_code == 404

    await accept(scene, transfer_id)
    package = (await colleague.get(f"/v1/transfers/{transfer_id}/package")).json()
    assert package["case_id"] is None
    assert package["content"]["person"]["phone"] == "0281 12345"
    assert set(package["content"]["histories"]) == {"languages"}

    got = await receive(scene, transfer_id)
    there = f"/v1/cases/{got['case_id']}"
    moved = (await colleague.get(there)).json()
    assert (moved["phase"], moved["concern"], moved["closing"]) == ("intake", "Arbeit finden", None)
    person = (await colleague.get(f"/v1/clients/{moved['client']['id']}")).json()
    assert (person["phone"], person["addresses"]) == ("0281 12345", [])
    assert [level["overall"] for level in person["languages"]] == ["A2"]
    (went_on,) = (await colleague.get(f"{there}/goals")).json()["items"]
    assert [went_on["wording"], went_on["measures"][0]["wording"]] == ["Arbeit", "Bewerbung schreiben"]
    assert got["missing_consents"] == ["case_documentation"]
    await give_consent(colleague, moved["client"]["id"])
    later = (await colleague.get(f"/v1/transfers/{transfer_id}/package")).json()
    assert (later["missing_consents"], later["sha256"]) == ([], seen["sha256"])

    left = (await manager.get(case)).json()
    assert (left["phase"], left["closing"]["reason"]) == ("closed", "transferred")
    assert await state_of(scene, transfer_id) == ("received", "received")
    assert await told(world, manager) == ["transfer_answered", "transfer_received"]
    assert await told(scene.hagen, lead) == ["transfer_offered"]
    assert await told(scene.hagen, colleague) == ["transfer_given"]


async def test_the_sender_keeps_what_it_must(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await received(scene)
    admin = world.admin
    kept = await admin.fetchrow(
        "SELECT municipal_area_id, reason FROM retentions WHERE object_id = $1", UUID(scene.case_id)
    )
    assert tuple(kept) == (world.area, "closed")
    officer = await world.person(Role.PRIVACY_OFFICER)
    (entry,) = (await officer.get("/v1/disclosures")).json()["items"]
    assert entry["client_pseudonym"] == await pseudonym(world, scene.client_id)
    assert (entry["purpose"], entry["legal_basis"], entry["channel"]) == ("transfer", "consent", "transfer")
    assert (entry["institution_id"], entry["receiving_unit_id"]) == (None, scene.unit_id)
    assert (entry["receiving_area_id"], entry["transfer_id"]) == (scene.hagen.area, transfer_id)
    assert entry["disclosed_by"] == str(scene.manager.user_id)
    assert (await scene.manager.get(f"{scene.path}/{transfer_id}/preview")).json()["is_frozen"]


async def test_both_sides_write_it_down_and_nobody_stands_in_the_journal_of_the_other(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await received(scene)
    actions = "SELECT action, user_id FROM audit_journal WHERE municipal_area_id = $1 AND object_id = $2"
    here = {tuple(row) for row in await world.admin.fetch(actions, world.area, UUID(transfer_id))}
    there = {tuple(row) for row in await world.admin.fetch(actions, scene.hagen.area, UUID(transfer_id))}
    assert {("transfer.offer", scene.manager.user_id), ("transfer.accepted", None),
            ("transfer.received", None)} <= here  # fmt: skip
    assert {("transfer.arrive", None), ("transfer.accept", scene.lead.user_id),
            ("transfer.receive", scene.colleague.user_id)} <= there  # fmt: skip
    people = {scene.lead.user_id, scene.colleague.user_id}
    assert not people & {user for _, user in here}
    assert scene.manager.user_id not in {user for _, user in there}
    (entry,) = await journal(world, "transfer.accepted")
    assert list(map(str, entry["client_pseudonyms"])) == [await pseudonym(world, scene.client_id)]


async def test_what_the_receipt_left_open_is_settled_as_when_closing(world: World) -> None:
    scene = await a_scene(world)
    manager, case = scene.manager, f"/v1/cases/{scene.case_id}"
    task = (await manager.post(f"{case}/tasks", {"title": "Anrufen", "due_on": "2090-01-01"})).json()
    institution = str(await world.institution())
    body = {
        "case_id": scene.case_id, "institution_id": institution, "channel": "platform",
        "concern_text": "Hilfe", "data_categories": ["master_data"],
    }  # fmt: skip
    referral = (await manager.post("/v1/referrals", body)).json()
    transfer_id = await received(scene)
    before = (await manager.get(f"{case}/open-items")).json()
    assert {group["kind"] for group in before["kinds"] if group["count"]} >= {"task", "referral"}
    path = f"{scene.path}/{transfer_id}/settle"
    settled = await manager.post(path, {"tasks": "drop", "referrals": "cancel"})
    assert settled.status_code == 200, settled.text
    assert settled.json()["settled_at"]
    assert (await manager.get(f"{case}/tasks/{task['id']}")).json()["state"] == "dropped"
    assert (await manager.get(f"/v1/referrals/{referral['id']}")).json()["state"] == "cancelled"
    again = await manager.post(path, {})
    assert (again.status_code, again.json()["state"]) == (409, "settled")


async def test_between_two_units_of_one_area_it_is_the_same_way(world: World) -> None:
    scene = await a_scene(world, world, unit="Caritas")
    transfer_id = await accepted(scene)
    got = await receive(scene, transfer_id)
    moved = (await scene.colleague.get(f"/v1/cases/{got['case_id']}")).json()
    assert moved["client"]["id"] != scene.client_id
    assert moved["unit"]["name"] == "Caritas"
    assert (await scene.colleague.get(f"/v1/clients/{scene.client_id}")).status_code == 404
    assert (await scene.manager.get(f"/v1/cases/{scene.case_id}")).json()["phase"] == "closed"


async def test_a_person_whom_the_receiver_knows_is_not_registered_again(world: World) -> None:
    scene = await a_scene(world)
    known = (await scene.colleague.post("/v1/clients", {"given_name": "Amina", "family_name": "Al-Hadi",
        "birth_date": "1990-05-17"})).json()  # fmt: skip
    transfer_id = await accepted(scene)
    path = f"/v1/transfers/{transfer_id}/receive"
    refused = await scene.colleague.post(path, {})
    if refused.status_code == 409:
        assert refused.json()["code"] == "possible_duplicate"
        assert await state_of(scene, transfer_id) == ("accepted", "accepted")
    got = await receive(scene, transfer_id, client_id=known["id"])
    moved = (await scene.colleague.get(f"/v1/cases/{got['case_id']}")).json()
    assert moved["client"]["id"] == known["id"]


async def test_a_receiver_who_works_at_the_sending_unit_too_brings_none_of_its_clients(world: World) -> None:
    scene = await a_scene(world, world)
    await world.also_at(scene.colleague, "KI")
    known = await new_client(scene.colleague, given_name="Amina", unit_id=str(await world.unit()))
    transfer_id = await accepted(scene)
    refused = await scene.colleague.post(f"/v1/transfers/{transfer_id}/receive", {"client_id": known})
    assert places(refused) == [{"place": "body.client_id", "kind": "other_unit"}]
    assert await state_of(scene, transfer_id) == ("accepted", "accepted")


async def test_a_restricted_person_stays_one_and_takes_no_address_along(world: World) -> None:
    scene = await a_scene(world, is_restricted=True, must_not_learn="Der Bruder")
    await add_period(scene.manager, scene.client_id, "addresses", strand="actual", street="Am Wald 7")
    everything = ["master_data", "contact", "housing"]
    await agree(scene, data_categories=everything)
    transfer_id = await draft(scene, data_categories=everything)
    await offer(scene, transfer_id)
    await accept(scene, transfer_id)
    got = await receive(scene, transfer_id)
    assert "Am Wald" not in orjson.dumps(got["content"]).decode()
    moved = (await scene.colleague.get(f"/v1/cases/{got['case_id']}")).json()
    assert moved["is_restricted"]
    person = (await scene.colleague.get(f"/v1/clients/{moved['client']['id']}")).json()
    assert person["must_not_learn"] == "Der Bruder"
    assert scene.case_id not in (await scene.lead.get("/v1/cases")).text
    assert got["case_id"] not in (await scene.lead.get("/v1/cases")).text


async def test_the_package_is_there_once_and_gone_when_it_is_declined_after_all(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted(scene)
    assert await copies(scene, transfer_id) == 1
    answer = await scene.lead.post(f"/v1/transfers/{transfer_id}/decline", {"reason": "conflict_of_interest"})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["language"], answer.json()["data_categories"]) == (None, [])
    assert await copies(scene, transfer_id) == 0
    assert (await scene.colleague.get(f"/v1/transfers/{transfer_id}/package")).status_code == 404
    sent = (await scene.manager.get(f"{scene.path}/{transfer_id}")).json()
    assert (sent["state"], sent["decline_reason"]) == ("declined", "conflict_of_interest")
    assert (await scene.manager.get(f"/v1/cases/{scene.case_id}")).json()["phase"] == "intake"


async def test_a_declined_transfer_can_be_offered_elsewhere(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await offered(scene)
    await scene.lead.post(f"/v1/transfers/{transfer_id}/decline", {"reason": "no_capacity"})
    assert await draft(scene) != transfer_id


@pytest.mark.parametrize("how", ["membership ended", "disabled"])
async def test_team_lead_declines_what_was_given_to_somebody_who_has_left(world: World, how: str) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted(scene)
    await leave(scene.hagen, scene.colleague, how)
    declined = await scene.lead.post(f"/v1/transfers/{transfer_id}/decline", {"reason": "no_capacity"})
    assert declined.status_code == 200, declined.text
    assert (await scene.manager.get(f"{scene.path}/{transfer_id}")).json()["state"] == "declined"
