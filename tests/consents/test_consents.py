"""Consents: what must be said, who sees them, and how they end."""

from typing import Any
from uuid import uuid4

import pytest

from app.access.roles import Role
from app.consents.texts import digest_of
from tests.cases.arrange import open_case
from tests.clients.arrange import new_client
from tests.consents.arrange import consent_body, give_consent, withdraw
from tests.referrals.arrange import assign
from tests.refusals import places
from tests.world import World


async def test_consent_is_read_as_it_was_recorded(world: World) -> None:
    manager = await world.case_manager()
    client_id, institution_id = await new_client(manager), await world.institution()
    body = consent_body(
        client_id,
        institution_id,
        data_categories=["master_data", "health"],
        special_categories=["health"],
        interpreter_used=True,
        interpreter="Sprachmittlungspool, Frau B., Tigrinya",
        valid_until="2027-03-01",
    )
    answer = await manager.post("/v1/consents", body)
    assert answer.status_code == 201, answer.text
    consent = answer.json()
    said = {name: consent[name] for name in body if name != "given_at"}
    assert said == {name: value for name, value in body.items() if name != "given_at"}
    assert (consent["state"], consent["unit_id"], consent["withdrawn_at"]) == ("valid", None, None)
    assert consent["recorded_by"] == str(manager.user_id)
    assert (await manager.get(f"/v1/consents/{consent['id']}")).json() == consent


async def test_consent_lasts_twelve_months_unless_said_otherwise(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    body = consent_body(client_id, None, given_at="2024-02-29T08:00:00Z")
    consent = (await manager.post("/v1/consents", body)).json()
    assert (consent["valid_until"], consent["state"]) == ("2025-02-28", "expired")


async def test_consent_lasts_ten_years_at_the_most(world: World) -> None:
    manager = await world.case_manager()
    body = consent_body(await new_client(manager), None, given_at="2024-02-29T08:00:00Z")
    late = await manager.post("/v1/consents", {**body, "valid_until": "2034-03-01"})
    assert (late.status_code, places(late)) == (422, [{"place": "body.valid_until", "kind": "too_long"}])
    kept = await manager.post("/v1/consents", {**body, "valid_until": "2034-02-28"})
    assert kept.status_code == 201, kept.text


async def test_consent_to_documentation_names_the_unit_itself(world: World) -> None:
    manager = await world.case_manager()
    consent_id = await give_consent(manager, await new_client(manager))
    consent = (await manager.get(f"/v1/consents/{consent_id}")).json()
    assert (consent["unit_id"], consent["institution_id"]) == (str(await world.unit()), None)


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"purpose": "unheard_of"}, "body.purpose", "unknown_code"),
    ({"institution_id": None}, "body.institution_id", "exact_recipient"),
    ({"purpose": "case_documentation"}, "body.institution_id", "exact_recipient"),
    ({"data_categories": ["master_data", "shoe_size"]}, "body.data_categories.1", "unknown_code"),
    ({"data_categories": ["contact", "contact"]}, "body.data_categories", "repeated"),
    ({"data_categories": []}, "body.data_categories", "too_short"),
    ({"data_categories": ["health"]}, "body.special_categories", "special_categories_not_named"),
    ({"special_categories": ["health"]}, "body.special_categories", "special_categories_not_named"),
    ({"form": "spoken"}, "body.special_circumstance", "special_circumstance"),
    ({"special_circumstance": "am Telefon"}, "body.special_circumstance", "special_circumstance"),
    ({"interpreter_used": True}, "body.interpreter", "interpreter"),
    ({"interpreter": "Frau B."}, "body.interpreter", "interpreter"),
    ({"consequences_explained": False}, "body.consequences_explained", "literal_error"),
    ({"revocability_explained": False}, "body.revocability_explained", "literal_error"),
    ({"text_version": "0"}, "body.text_version", "unknown_text"),
    ({"purpose": "evaluation"}, "body.text_version", "unknown_text"),
    ({"text_language": "xxx"}, "body.text_language", "unknown_code"),
    ({"text_language": "fra"}, "body.text_language", "no_text"),
    ({"given_at": "2199-01-01T08:00:00Z"}, "body.given_at", "in_the_future"),
    ({"valid_until": "2020-01-01"}, "body.valid_until", "before_start"),
    ({"valid_until": "2199-12-31"}, "body.valid_until", "too_long"),
    ({"given_by": "guardian"}, "body.guardian", "guardian"),
    ({"guardian": "Mutter"}, "body.guardian", "guardian"),
    ({"given_by": "minor_with_capacity"}, "body.capacity_note", "capacity_note"),
    ({"capacity_note": "reif"}, "body.capacity_note", "capacity_note"),
    ({"evidence": " "}, "body.evidence", "text_empty"),
    ({"purpose": "feedback", "direction": "to"}, "body.direction", "nothing_told_back"),
]


@pytest.mark.parametrize(("fault", "place", "kind"), FAULTS)
async def test_consent_that_lacks_something_is_refused(
    world: World, fault: dict[str, Any], place: str, kind: str
) -> None:
    manager = await world.case_manager()
    body = {**consent_body(await new_client(manager), await world.institution()), **fault}
    answer = await manager.post("/v1/consents", body)
    assert answer.status_code == 422, answer.text
    assert places(answer) == [{"place": place, "kind": kind}]


@pytest.mark.parametrize(
    "category", ["health", "religion", "criminal", "protection_from_violence", "child_welfare"]
)
async def test_spoken_consent_never_covers_what_is_specially_protected(world: World, category: str) -> None:
    manager = await world.case_manager()
    client_id, institution_id = await new_client(manager), await world.institution()
    spoken = {"form": "spoken", "special_circumstance": "Krankenhaus, Besuch nicht möglich"}
    special = [] if category in ("protection_from_violence", "child_welfare") else [category]
    refused = consent_body(
        client_id, institution_id, data_categories=[category], special_categories=special, **spoken
    )
    answer = await manager.post("/v1/consents", refused)
    assert places(answer) == [{"place": "body.form", "kind": "not_spoken"}]
    await give_consent(manager, client_id, institution_id, **spoken)


async def test_minor_consents_through_a_guardian_or_with_noted_capacity(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager, given_name="Samir", birth_date="2012-05-01")
    alone = await manager.post("/v1/consents", consent_body(client_id, None))
    assert places(alone) == [{"place": "body.given_by", "kind": "guardian_or_capacity"}]
    await give_consent(manager, client_id, given_by="guardian", guardian="Mutter, Frau A.")
    await give_consent(
        manager, client_id, given_by="minor_with_capacity", capacity_note="14 Jahre, versteht es"
    )


async def test_language_without_a_text_is_told_those_that_have_one(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    refused = await manager.post("/v1/consents", consent_body(client_id, None, text_language="fra"))
    said = refused.json()["errors"][0]["message"]
    assert said.startswith("The text exists in these languages: deu, ara, bul, eng, ron, tur, ukr.")
    assert "interpreter" in said
    assert "fra" not in said


async def test_text_translated_aloud_is_recorded_with_its_own_language_and_the_interpreter(
    world: World,
) -> None:
    manager = await world.case_manager()
    spoken = {"interpreter_used": True, "interpreter": "Sprachmittlungspool, Herr K., Ukrainisch"}
    consent_id = await give_consent(manager, await new_client(manager), **spoken)
    consent = (await manager.get(f"/v1/consents/{consent_id}")).json()
    assert consent["text_sha256"] == digest_of("case_documentation", "deu", "1")
    assert (consent["text_language"], consent["interpreter"]) == ("deu", spoken["interpreter"])


async def test_unknown_version_is_told_those_that_exist(world: World) -> None:
    manager = await world.case_manager()
    body = consent_body(await new_client(manager), None, text_version="99")
    refused = await manager.post("/v1/consents", body)
    assert refused.json()["errors"][0]["message"].endswith("Versions: 1.")


async def test_list_of_somebody_elses_client_is_not_found(world: World) -> None:
    manager, colleague = await world.case_manager(), await world.case_manager()
    client_id = await new_client(manager)
    assert (await manager.get("/v1/consents", client_id=client_id)).json()["items"] == []
    assert (await colleague.get("/v1/consents", client_id=client_id)).status_code == 404


async def test_case_of_another_client_is_refused(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    other = await new_client(manager, given_name="Yusuf", family_name="Demir", birth_date="1971-01-01")
    case_id = await open_case(manager, other)
    answer = await manager.post("/v1/consents", consent_body(client_id, None, case_id=case_id))
    assert places(answer) == [{"place": "body.case_id", "kind": "of_another_client"}]
    await give_consent(manager, other, case_id=case_id)


async def test_consents_are_seen_by_the_clients_team_only(world: World) -> None:
    manager, colleague = await world.case_manager(), await world.case_manager()
    client_id = await new_client(manager)
    consent_id = await give_consent(manager, client_id)
    assert (await colleague.get(f"/v1/consents/{consent_id}")).status_code == 404
    assert (await colleague.get("/v1/consents", client_id=client_id)).status_code == 404
    assert (await colleague.post("/v1/consents", consent_body(client_id, None))).status_code == 404
    withdrawal = {"channel": "phone"}
    assert (await colleague.post(f"/v1/consents/{consent_id}/withdraw", withdrawal)).status_code == 404
    seen = (await manager.get("/v1/consents", client_id=client_id)).json()["items"]
    assert [each["id"] for each in seen] == [consent_id]


async def test_team_lead_reads_by_break_glass_and_records_nothing(world: World) -> None:
    manager, lead = await world.case_manager(), await world.person(Role.TEAM_LEAD)
    client_id = await new_client(manager)
    consent_id = await give_consent(manager, client_id)
    assert (await lead.get(f"/v1/consents/{consent_id}")).status_code == 404
    await assign(world, lead, client_id, await open_case(manager, client_id), "break_glass")
    assert (await lead.get(f"/v1/consents/{consent_id}")).status_code == 200
    assert (await lead.post("/v1/consents", consent_body(client_id, None))).status_code == 403


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PRIVACY_OFFICER, Role.ADMIN, Role.PARTNER_USER])
async def test_consents_are_nothing_for_other_roles(world: World, role: Role) -> None:
    manager, other = await world.case_manager(), await world.person(role)
    consent_id = await give_consent(manager, await new_client(manager))
    assert (await other.get(f"/v1/consents/{consent_id}")).status_code == 403


async def test_anybody_on_the_team_takes_down_a_withdrawal_at_once(world: World) -> None:
    manager, deputy = await world.case_manager(), await world.case_manager()
    client_id = await new_client(manager)
    consent_id = await give_consent(manager, client_id)
    await assign(world, deputy, client_id, await open_case(manager, client_id), "deputy")
    body = {"channel": "in_person", "note": "sagt es an der Tür"}
    answer = await deputy.post(f"/v1/consents/{consent_id}/withdraw", body)
    assert answer.status_code == 200, answer.text
    consent = answer.json()
    assert (consent["state"], consent["withdrawn_by"]) == ("withdrawn", str(deputy.user_id))
    assert (consent["withdrawal_channel"], consent["withdrawal_note"]) == ("in_person", "sagt es an der Tür")


async def test_withdrawal_is_final(world: World) -> None:
    manager = await world.case_manager()
    consent_id = await give_consent(manager, await new_client(manager))
    await withdraw(manager, consent_id)
    again = await manager.post(f"/v1/consents/{consent_id}/withdraw", {"channel": "letter"})
    assert (again.status_code, again.json()["state"], again.json()["allowed"]) == (409, "withdrawn", [])


async def test_acts_and_reads_are_journalled_by_pseudonym(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    consent_id = await give_consent(manager, client_id)
    await manager.get(f"/v1/consents/{consent_id}")
    await withdraw(manager, consent_id)
    rows = await world.admin.fetch(
        """SELECT action, object_id::text, client_pseudonyms = ARRAY[c.pseudonym] AS right_client
        FROM audit_journal j, clients c
        WHERE c.id = $1::uuid AND j.municipal_area_id = $2 AND action LIKE 'consent.%' ORDER BY position""",
        client_id,
        world.area,
    )
    assert {(row["action"], row["object_id"], row["right_client"]) for row in rows} == {
        (f"consent.{verb}", consent_id, True) for verb in ("record", "read", "withdraw")
    }


async def test_unknown_client_and_unknown_consent_look_like_foreign_ones(world: World) -> None:
    manager = await world.case_manager()
    assert (await manager.post("/v1/consents", consent_body(uuid4(), None))).status_code == 404
    assert (await manager.get(f"/v1/consents/{uuid4()}")).status_code == 404
