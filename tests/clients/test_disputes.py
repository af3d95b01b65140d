"""Who says that an entry is wrong is heard: the mark stands wherever the entry is shown (§ 84 SGB X)."""

from typing import Any
from uuid import UUID

import pytest

from tests.cases.arrange import open_case
from tests.clients.arrange import add_period, new_client
from tests.consents.arrange import give_consent
from tests.referrals.arrange import a_scene, sent
from tests.world import Person, World

DAY = "2026-03-02"
SAYS = "Ich bin am 12. Mai geboren"


async def dispute(person: Person, client_id: str, entry: str = "client", **fields: Any) -> dict[str, Any]:
    """Dispute an entry and return the dispute."""
    body = {"entry": entry, "says": SAYS, "disputed_on": DAY, **fields}
    answer = await person.post(f"/v1/clients/{client_id}/disputes", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def resolve(person: Person, made: dict[str, Any], outcome: str) -> Any:
    path = f"/v1/clients/{made['client_id']}/disputes/{made['id']}/resolve"
    return await person.post(path, {"outcome": outcome, "reason": "Geburtsurkunde gesehen"})


async def client_of(person: Person, client_id: str) -> dict[str, Any]:
    return dict((await person.get(f"/v1/clients/{client_id}")).json())


async def test_disputed_field_is_marked_wherever_the_person_is_shown(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    case_id = await open_case(manager, client_id)
    made = await dispute(manager, client_id, field="birth_date")
    person = await client_of(manager, client_id)
    assert [(each["id"], each["field"], each["says"]) for each in person["disputes"]] == [
        (made["id"], "birth_date", SAYS)
    ]
    listed = (await manager.get("/v1/clients")).json()["items"]
    found = (await manager.post("/v1/clients/search", {"name": "Amina"})).json()["items"]
    duplicate = {"given_name": "Amina", "family_name": "Al-Hadi"}
    alike = (await manager.post("/v1/clients/duplicates", duplicate)).json()["items"]
    case = (await manager.get(f"/v1/cases/{case_id}")).json()["client"]
    shown = [person, *listed, *found, *alike, case]
    assert len(shown) == 5
    assert all(each["disputed"] == ["birth_date"] for each in shown)
    assert SAYS not in str([listed, found, alike, case])


async def test_what_nobody_disputes_has_no_mark(world: World) -> None:
    manager = await world.case_manager()
    client_id, other = await new_client(manager), await new_client(manager, given_name="Lena")
    await dispute(manager, client_id, field="sex")
    person = await client_of(manager, other)
    assert (person["disputed"], person["disputes"]) == ([], [])


HISTORIES = {
    "residence-documents": ({"residence_status": "GEST", "valid_from": "2025-01-01"}, "residence_documents"),
    "legal-domains": ({"strand": "health", "legal_domain": "SGB_V"}, "legal_domains"),
    "addresses": ({"strand": "actual", "street": "Markt 1"}, "addresses"),
    "languages": ({"language": "deu", "overall": "A1"}, "languages"),
    "schooling": ({"school_step": "waiting"}, "schooling"),
}


@pytest.mark.parametrize("history", HISTORIES)
async def test_disputed_period_is_marked_in_each_answer_that_shows_it(world: World, history: str) -> None:
    manager = await world.case_manager()
    body, key = HISTORIES[history]
    client_id = await new_client(manager)
    period = await add_period(manager, client_id, history, **body)
    await dispute(manager, client_id, history, entry_id=period)
    person = await client_of(manager, client_id)
    path = f"/v1/clients/{client_id}/{history}"
    page = (await manager.get(path)).json()
    ended = await manager.post(f"{path}/{period}/end", {"valid_until": "2027-01-01"})
    for each in (person[key][0], page["items"][0], ended.json()):
        assert [mark["says"] for mark in each["disputes"]] == [SAYS]


async def test_dispute_follows_a_correction_until_it_is_resolved(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    body = {"strand": "actual", "street": "Markt 1"}
    period = await add_period(manager, client_id, "addresses", **body)
    other = await add_period(manager, client_id, "addresses", **{**body, "strand": "registered"})
    made = await dispute(manager, client_id, "addresses", entry_id=period, field="street")
    path = f"/v1/clients/{client_id}/addresses"
    corrected = (await manager.post(f"{path}/{period}/correct", {**body, "street": "Markt 2"})).json()
    both = (await manager.get(path, superseded="true")).json()["items"]
    marked = {each["id"] for each in both if each["disputes"]}
    assert marked == {period, corrected["id"]}
    assert other not in marked
    assert (await resolve(manager, made, "corrected")).json()["outcome"] == "corrected"
    assert not any(each["disputes"] for each in (await manager.get(path, superseded="true")).json()["items"])


async def test_disputed_member_of_the_household_is_marked(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager, household_members=[{"name": "Sami", "relation": "child"}])
    path = f"/v1/clients/{client_id}/household"
    member = (await manager.get(path)).json()["items"][0]
    await dispute(manager, client_id, "household", entry_id=member["id"], field="relation")
    person = await client_of(manager, client_id)
    for each in ((await manager.get(path)).json()["items"][0], person["household_members"][0]):
        assert [mark["field"] for mark in each["disputes"]] == ["relation"]


@pytest.mark.parametrize("outcome", ["corrected", "confirmed", "retracted"])
async def test_resolved_dispute_marks_nothing_and_stays_readable(world: World, outcome: str) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    made = await dispute(manager, client_id, field="birth_date")
    assert (await resolve(manager, made, outcome)).status_code == 200
    person = await client_of(manager, client_id)
    assert (person["disputed"], person["disputes"]) == ([], [])
    listed = (await manager.get(f"/v1/clients/{client_id}/disputes")).json()["items"]
    assert [(each["outcome"], each["resolved_by"]) for each in listed] == [(outcome, str(manager.user_id))]
    assert (await resolve(manager, made, "confirmed")).status_code == 409


async def test_what_cannot_be_decided_stays_marked(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    made = await dispute(manager, client_id, field="birth_date")
    await resolve(manager, made, "undecidable")
    person = await client_of(manager, client_id)
    assert [each["outcome"] for each in person["disputes"]] == ["undecidable"]
    assert person["disputed"] == ["birth_date"]
    assert (await resolve(manager, made, "confirmed")).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"field": "pseudonym"},
        {"entry": "addresses"},
        {"entry": "addresses", "entry_id": "01900000-0000-7000-8000-000000000000"},
        {"entry": "household", "entry_id": "01900000-0000-7000-8000-000000000000", "field": "street"},
        {"field": "birth_date", "disputed_on": "2190-01-01"},
    ],
)
async def test_what_is_no_entry_cannot_be_disputed(world: World, fields: dict[str, str]) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    body = {"entry": "client", "says": SAYS, "disputed_on": DAY, **fields}
    assert (await manager.post(f"/v1/clients/{client_id}/disputes", body)).status_code == 422


async def test_entry_of_somebody_else_is_no_entry(world: World) -> None:
    manager = await world.case_manager()
    client_id, other = await new_client(manager), await new_client(manager, given_name="Lena")
    period = await add_period(manager, other, "addresses", strand="actual", street="Markt 1")
    body = {"entry": "addresses", "entry_id": period, "says": SAYS, "disputed_on": DAY}
    assert (await manager.post(f"/v1/clients/{client_id}/disputes", body)).status_code == 422
    made = await dispute(manager, other, field="sex")
    made["client_id"] = client_id
    assert (await resolve(manager, made, "confirmed")).status_code == 404


async def test_recipient_of_a_package_sees_the_mark_and_not_what_was_said(world: World) -> None:
    scene = await a_scene(world)
    await dispute(scene.manager, scene.client_id, field="birth_date")
    await dispute(scene.manager, scene.client_id, field="literacy")
    await give_consent(scene.manager, scene.client_id)
    referral = await sent(scene)
    package = (await scene.partner.get(f"/v1/partner/referrals/{referral}")).json()["package"]
    assert package["disputed"] == {"master_data": ["birth_date"]}
    assert SAYS not in str(package)


async def test_dispute_is_journalled_without_what_was_said(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    made = await dispute(manager, client_id, field="birth_date")
    await resolve(manager, made, "confirmed")
    rows = await world.admin.fetch(
        "SELECT action, j::text AS whole FROM audit_journal j WHERE object_id = $1"
        " AND action <> 'dispute.read' ORDER BY position",
        UUID(made["id"]),
    )
    assert [row["action"] for row in rows] == ["dispute.record", "dispute.resolve"]
    assert not any(SAYS in row["whole"] for row in rows)


async def test_what_was_said_cannot_be_rewritten(world: World) -> None:
    granted = await world.admin.fetch(
        "SELECT column_name FROM information_schema.column_privileges WHERE grantee = 'kim_app'"
        " AND table_name = 'disputes' AND privilege_type = 'UPDATE'"
    )
    changeable = {row["column_name"] for row in granted}
    assert changeable == {"entry_ids", "outcome", "reason", "resolved_at", "resolved_by"}
