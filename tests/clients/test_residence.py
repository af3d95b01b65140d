"""Documents, benefits and addresses: what the law and safety ask of each."""

import pytest

from app.clients.events import LegalDomainChanged
from tests.cases.arrange import travel
from tests.clients.arrange import add_period, new_client
from tests.conftest import Clock
from tests.refusals import places
from tests.world import World


async def test_expired_title_says_nothing_but_check_continued_effect(world: World, clock: Clock) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    travel(world, clock, manager, 2026, 3, 31, 12)
    for status, end in (("AE-24", "2026-03-31"), ("FIK-81.4", "2026-03-30")):
        await add_period(
            manager,
            client_id,
            "residence-documents",
            residence_status=status,
            valid_from="2024-03-01",
            printed_end=end,
        )

    async def hints() -> dict[str, str | None]:
        documents = (await manager.get(f"/v1/clients/{client_id}")).json()["residence_documents"]
        return {each["residence_status"]: each["hint"] for each in documents}

    expired = "expired: check continued effect"
    assert await hints() == {"AE-24": None, "FIK-81.4": expired}
    travel(world, clock, manager, 2026, 3, 31, 22, 30)  # the first of April in Berlin
    assert await hints() == {"AE-24": expired, "FIK-81.4": expired}


async def test_printed_end_before_the_beginning_is_refused(world: World) -> None:
    manager = await world.case_manager()
    path = f"/v1/clients/{await new_client(manager)}/residence-documents"
    body = {"residence_status": "AE-24", "valid_from": "2024-01-01", "printed_end": "2023-12-31"}
    refused = await manager.post(path, body)
    assert (refused.status_code, refused.json()["errors"][0]["kind"]) == (422, "printed_end_backwards")
    assert (await manager.post(path, {**body, "printed_end": "2024-01-01"})).status_code == 201


async def test_hint_is_for_what_holds_now_and_not_for_what_is_past(world: World, clock: Clock) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    travel(world, clock, manager, 2026, 3, 31, 12)
    body = {"residence_status": "GEST", "valid_from": "2022-01-01", "printed_end": "2022-06-30"}
    await add_period(manager, client_id, "residence-documents", **body, valid_until="2022-12-31")
    documents = (await manager.get(f"/v1/clients/{client_id}")).json()["residence_documents"]
    assert documents[0]["hint"] is None


async def test_continued_effect_stands_beside_the_printed_end(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    path = f"/v1/clients/{client_id}/residence-documents"
    body = {"residence_status": "AE-24", "printed_end": "2026-03-04", "continued_until": "2027-03-04"}
    unfounded = await manager.post(path, body)
    founded = await manager.post(path, {**body, "continued_effect": "ordinance"})
    assert places(unfounded) == [{"place": "body.continued_effect", "kind": "missing"}]
    assert (founded.json()["printed_end"], founded.json()["continued_until"]) == ("2026-03-04", "2027-03-04")


@pytest.mark.parametrize(
    ("body", "place", "kind"),
    [
        ({"residence_status": "AE-104A"}, "body.residence_status", "code_not_valid"),
        ({"residence_status": "illegal"}, "body.residence_status", "unknown_code"),
        ({"residence_status": "EU-UB", "eu_ground": "tourist"}, "body.eu_ground", "unknown_code"),
        ({"residence_status": "AE-24", "evidence": "hearsay"}, "body.evidence", "literal_error"),
        ({"printed_end": "2026-01-01"}, "body.residence_status", "missing"),
    ],
)
async def test_document_that_does_not_exist_is_refused(
    world: World, body: dict[str, str], place: str, kind: str
) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    answer = await manager.post(f"/v1/clients/{client_id}/residence-documents", body)
    assert places(answer) == [{"place": place, "kind": kind}]


async def test_one_livelihood_at_a_time_but_family_benefits_side_by_side(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    path = f"/v1/clients/{client_id}/legal-domains"

    async def add(**body: str) -> int:
        return (await manager.post(path, {"valid_from": "2024-01-01", **body})).status_code

    assert await add(strand="livelihood", legal_domain="ASYLBLG") == 201
    assert await add(strand="livelihood", livelihood="work") == 409
    assert await add(strand="health", legal_domain="SGB_V") == 201
    assert await add(strand="health", legal_domain="ASYLBLG") == 409
    assert await add(strand="family", legal_domain="BKGG") == 201
    assert await add(strand="family", legal_domain="UHVORSCHG") == 201
    assert await add(strand="family", legal_domain="BKGG") == 409


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"strand": "livelihood"}, "body.legal_domain"),
        ({"strand": "livelihood", "legal_domain": "SGB_II", "livelihood": "work"}, "body.legal_domain"),
        ({"strand": "health", "livelihood": "work"}, "body.strand"),
        ({"strand": "castle", "legal_domain": "SGB_II"}, "body.strand"),
    ],
)
async def test_benefit_that_contradicts_itself_is_refused(
    world: World, body: dict[str, str], place: str
) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    answer = await manager.post(f"/v1/clients/{client_id}/legal-domains", body)
    assert answer.json()["errors"][0]["place"] == place


async def test_change_of_legal_domain_is_told_with_the_days_between(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    heard: list[LegalDomainChanged] = []

    async def listen(_: object, event: LegalDomainChanged) -> None:
        heard.append(event)

    handlers = world.app.state.gate.wiring.within[LegalDomainChanged]
    handlers.append(listen)
    try:
        old = {"strand": "livelihood", "legal_domain": "ASYLBLG", "valid_from": "2024-01-01"}
        await add_period(manager, client_id, "legal-domains", **old, valid_until="2026-05-31")
        assert heard == []
        new = {"strand": "livelihood", "legal_domain": "SGB_II", "valid_from": "2026-06-11"}
        await add_period(manager, client_id, "legal-domains", **new)
        await add_period(manager, client_id, "legal-domains", strand="health", legal_domain="SGB_V")
    finally:
        handlers.remove(listen)
    assert [(each.before, each.after, each.days_without) for each in heard] == [("ASYLBLG", "SGB_II", 10)]


async def test_place_of_a_shelter_is_never_stored_and_the_person_becomes_restricted(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    path = f"/v1/clients/{client_id}"
    shelter = {"strand": "actual", "housing_type": "womens_shelter", "valid_from": "2026-01-01"}
    told = await manager.post(f"{path}/addresses", {**shelter, "town": "Moers"})
    assert places(told) == [{"place": "body.housing_type", "kind": "address_not_stored"}]
    assert (await manager.get(path)).json()["is_restricted"] is False
    await add_period(manager, client_id, "addresses", **shelter)
    seen = (await manager.get(path)).json()
    assert seen["is_restricted"] is True
    assert (seen["addresses"][0]["hint"], seen["addresses"][0]["town"]) == ("address hidden", None)
    with pytest.raises(Exception, match="ck_addresses_shelter_hidden"):
        await world.admin.execute("UPDATE addresses SET town = 'Moers' WHERE client_id = $1", client_id)


async def test_stay_in_a_shelter_that_is_over_restricts_nobody(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    past = {"housing_type": "womens_shelter", "valid_from": "2020-01-01", "valid_until": "2020-03-01"}
    await add_period(manager, client_id, "addresses", strand="actual", **past)
    assert (await manager.get(f"/v1/clients/{client_id}")).json()["is_restricted"] is False
