"""Restriction of processing (Art. 18 GDPR): kept, shown as such, and used by nothing and nobody."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.kit.clock import local_date, utc_now
from tests.barriers.arrange import file_barrier
from tests.cases.arrange import open_case
from tests.clients.arrange import add_period, etag_of, look, new_client
from tests.clients.test_merging import merge_body
from tests.clients.test_review import review
from tests.consents.arrange import give_consent, withdraw
from tests.referrals.arrange import a_scene, draft, sent
from tests.world import Person, World

WHY = {"ground": "accuracy_contested", "note": "Bestreitet das Geburtsdatum"}


async def restrict(person: Person, client_id: str, **fields: Any) -> dict[str, Any]:
    answer = await person.post(f"/v1/clients/{client_id}/restrictions", {**WHY, **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def step(person: Person, made: dict[str, Any], name: str, body: dict[str, str]) -> Any:
    return await person.post(f"/v1/clients/{made['client_id']}/restrictions/{made['id']}/{name}", body)


async def lifted(person: Person, made: dict[str, Any]) -> None:
    assert (await step(person, made, "announce", {"how": "Anruf mit Dolmetscherin"})).status_code == 200
    answer = await step(person, made, "lift", {"reason": "Pass gesehen"})
    assert answer.status_code == 200, answer.text


async def use(person: Person, client_id: str, purpose: str = "legal_claims") -> Any:
    body = {"purpose": purpose, "reason": "Frist beim Sozialgericht läuft heute ab"}
    return await person.post(f"/v1/clients/{client_id}/processing-uses", body)


async def test_restricted_person_is_stored_and_shown_as_restricted(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    made = await restrict(manager, client_id)
    shown = [(await manager.get(f"/v1/clients/{client_id}")).json()]
    shown += (await manager.get("/v1/clients")).json()["items"]
    shown += (await manager.post("/v1/clients/search", {"name": "Amina"})).json()["items"]
    assert len(shown) == 3
    assert all(each["processing_restricted_at"] for each in shown)
    listed = (await manager.get(f"/v1/clients/{client_id}/restrictions")).json()["items"]
    assert listed == [made]


async def test_it_is_lifted_only_after_the_person_was_told(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    made = await restrict(manager, client_id)
    early = await step(manager, made, "lift", {"reason": "Pass gesehen"})
    assert (early.status_code, early.json()["allowed"]) == (409, ["announce"])
    await lifted(manager, made)
    assert (await manager.get(f"/v1/clients/{client_id}")).json()["processing_restricted_at"] is None
    again = await step(manager, made, "lift", {"reason": "Pass gesehen"})
    assert (again.status_code, again.json()["state"]) == (409, "lifted")


async def test_second_ground_keeps_the_person_restricted(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    first = await restrict(manager, client_id)
    await restrict(manager, client_id, ground="objection")
    twice = await manager.post(f"/v1/clients/{client_id}/restrictions", WHY)
    assert twice.status_code == 409
    await lifted(manager, first)
    assert (await manager.get(f"/v1/clients/{client_id}")).json()["processing_restricted_at"]


async def test_withdrawn_consent_restricts_by_the_same_table_and_only_a_consent_lifts_it(
    world: World,
) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    await withdraw(manager, await give_consent(manager, client_id))
    listed = (await manager.get(f"/v1/clients/{client_id}/restrictions")).json()["items"]
    assert [(each["ground"], each["lifted_at"]) for each in listed] == [("consent_withdrawn", None)]
    refused = await step(manager, listed[0], "announce", {"how": "Anruf"})
    assert (refused.status_code, refused.json()["state"]) == (409, "consent_withdrawn")
    asked = await restrict(manager, client_id)
    await give_consent(manager, client_id, given_at=str(utc_now()))
    assert (await manager.get(f"/v1/clients/{client_id}")).json()["processing_restricted_at"]
    await lifted(manager, asked)
    assert (await manager.get(f"/v1/clients/{client_id}")).json()["processing_restricted_at"] is None


async def writes(manager: Person, client_id: str, case_id: str) -> dict[str, Any]:
    """Try everything that would use a person's data, and return the answers."""
    case = f"/v1/cases/{case_id}"
    etag = await etag_of(manager, f"/v1/clients/{client_id}")
    return {
        "change": await manager.patch(f"/v1/clients/{client_id}", {"phone": "0201 1"}, if_match=etag),
        "address": await manager.post(f"/v1/clients/{client_id}/addresses", {"strand": "actual"}),
        "number": await manager.post(
            f"/v1/clients/{client_id}/official-numbers", {"kind": "tax", "value": "86095742719"}
        ),
        "contact": await manager.post(
            f"{case}/contacts", {"contact_type": "phone", "happened_at": "2026-03-02T09:00:00Z"}
        ),
        "phase": await manager.post(f"{case}/phase", {"to": "monitoring", "skip_reason": "x"}),
        "goal": await manager.post(f"{case}/goals", {"life_domain": "work", "wording": "Arbeit"}),
        "task": await manager.post(f"{case}/tasks", {"title": "Anrufen", "due_on": "2030-01-01"}),
        "barrier": await manager.post(
            "/v1/barriers",
            {
                "case_id": case_id,
                "barrier_type": "B1",
                "effect": "benefit_gap",
                "since": "2026-01-02",
                "interface": {"from_legal_domain": "ASYLBLG", "to_legal_domain": "SGB_II"},
            },
        ),
    }


async def test_nothing_is_written_about_a_restricted_person(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    case_id = await open_case(manager, client_id)
    made = await restrict(manager, client_id)
    answers = await writes(manager, client_id, case_id)
    codes = {name: (each.status_code, each.json().get("code")) for name, each in answers.items()}
    assert codes == dict.fromkeys(answers, (409, "processing_restricted"))
    await lifted(manager, made)
    after = await writes(manager, client_id, case_id)
    assert after.pop("phase").json().get("code") != "processing_restricted"
    assert {each.status_code for each in after.values()} <= {200, 201}


async def test_nothing_of_a_restricted_person_leaves(world: World) -> None:
    scene = await a_scene(world)
    await give_consent(scene.manager, scene.client_id)
    waiting = await draft(scene)
    await restrict(scene.manager, str(scene.client_id))
    refused = await scene.manager.post(f"/v1/referrals/{waiting}/send")
    assert (refused.status_code, refused.json()["code"]) == (409, "processing_restricted")
    preview = await scene.manager.get(f"/v1/referrals/{waiting}/preview")
    assert (preview.status_code, preview.json()["code"]) == (409, "processing_restricted")


async def test_permitted_use_opens_the_data_for_its_user_and_an_hour(world: World, clock: Any) -> None:
    manager, colleague = await world.case_manager(), await world.case_manager()
    client_id = await new_client(manager)
    case_id = await open_case(manager, client_id)
    joined = {
        "user_id": str(colleague.user_id),
        "from": str(local_date(utc_now())),
        "until": str(local_date(utc_now())),
    }
    assert (await manager.post(f"/v1/cases/{case_id}/deputies", joined)).status_code == 201
    await restrict(manager, client_id)
    made = await use(manager, client_id)
    assert made.status_code == 201, made.text
    task = {"title": "Klage einreichen", "due_on": "2030-01-01"}
    assert (await manager.post(f"/v1/cases/{case_id}/tasks", task)).status_code == 201
    assert (await colleague.post(f"/v1/cases/{case_id}/tasks", task)).status_code == 409
    change = await manager.post(f"/v1/clients/{client_id}/addresses", {"strand": "actual"})
    assert (change.status_code, change.json()["code"]) == (409, "processing_restricted")
    await world.admin.execute(
        "UPDATE processing_uses SET used_at = used_at - $2::interval,"
        " allowed_until = allowed_until - $2::interval WHERE client_id = $1",
        UUID(client_id),
        timedelta(hours=1),
    )
    assert (await manager.post(f"/v1/cases/{case_id}/tasks", task)).status_code == 409
    listed = (await colleague.get(f"/v1/clients/{client_id}/processing-uses")).json()["items"]
    assert [(each["purpose"], each["used_by"]) for each in listed] == [("legal_claims", str(manager.user_id))]


async def test_use_is_journalled_with_its_purpose_and_needs_a_restriction(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    assert (await use(manager, client_id)).json()["code"] == "not_restricted"
    await restrict(manager, client_id)
    await use(manager, client_id, "protection_of_another")
    purposes = await world.admin.fetch(
        "SELECT purpose FROM audit_journal WHERE user_id = $1 AND action = 'client.use_restricted'",
        manager.user_id,
    )
    assert [row["purpose"] for row in purposes] == ["protection_of_another"]


async def test_restricted_person_can_still_dispute_what_is_written(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    await restrict(manager, client_id)
    body = {"entry": "client", "field": "sex", "says": "Falsch", "disputed_on": "2026-03-02"}
    answer = await manager.post(f"/v1/clients/{client_id}/disputes", body)
    assert answer.status_code == 201, answer.text


async def test_restricted_person_is_no_duplicate_of_anybody(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await new_client(manager), await new_client(manager)
    assert len(await review(manager)) == 2
    body = await merge_body(manager, kept, merged)
    await restrict(manager, merged)
    assert await review(manager) == []
    assert {each["id"] for each in await look(manager)} == {kept}
    answer = await manager.post(f"/v1/clients/{kept}/merges", {**body, "merged_version": 2})
    assert (answer.status_code, answer.json()["obstacles"]) == (409, ["processing_restricted"])


async def test_restricted_person_enters_no_release_and_comes_back_when_lifted(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    case_id = await open_case(manager, client_id)
    await file_barrier(manager, case_id)

    async def held() -> list[bool]:
        rows = await world.admin.fetch(
            "SELECT is_held FROM barrier_figures WHERE municipal_area_id = $1"
            " UNION ALL SELECT is_held FROM assignments WHERE municipal_area_id = $1",
            world.area,
        )
        return [row["is_held"] for row in rows]

    assert set(await held()) == {False}
    made = await restrict(manager, client_id)
    assert set(await held()) == {True}
    await lifted(manager, made)
    assert set(await held()) == {False}


async def test_restricted_period_is_marked_and_neither_changed_nor_sent(world: World) -> None:
    scene = await a_scene(world)
    manager, client_id = scene.manager, str(scene.client_id)
    period = await add_period(
        manager, client_id, "residence-documents", residence_status="GEST", valid_from="2025-01-01"
    )
    made = await restrict(manager, client_id, entry="residence-documents", entry_id=period)
    path = f"/v1/clients/{client_id}/residence-documents"
    assert [each["is_kept_only"] for each in (await manager.get(path)).json()["items"]] == [True]
    for verb, body in (("end", {"valid_until": "2026-01-01"}), ("withdraw", None)):
        answer = await manager.post(f"{path}/{period}/{verb}", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "processing_restricted")
    assert (await manager.get(f"/v1/clients/{client_id}")).json()["processing_restricted_at"] is None
    await give_consent(manager, client_id)
    referral = await sent(scene)
    package = (await scene.partner.get(f"/v1/partner/referrals/{referral}")).json()["package"]
    assert "GEST" not in str(package)
    await lifted(manager, made)
    assert (await manager.post(f"{path}/{period}/end", {"valid_until": "2026-01-01"})).status_code == 200


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"entry": "addresses"}, 422),
        ({"entry_id": "01900000-0000-7000-8000-000000000000"}, 422),
        ({"entry": "addresses", "entry_id": "01900000-0000-7000-8000-000000000000"}, 422),
        ({"ground": "consent_withdrawn"}, 422),
    ],
)
async def test_what_cannot_be_restricted_is_refused(
    world: World, fields: dict[str, str], status: int
) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    answer = await manager.post(f"/v1/clients/{client_id}/restrictions", {**WHY, **fields})
    assert answer.status_code == status
