"""Histories: periods exclude each other within a strand, and what was believed before stays readable."""

import pytest

from tests.clients.arrange import add_period, etag_of, new_client
from tests.refusals import places
from tests.world import Person, World

TITLE = {"residence_status": "AE-25.2B", "valid_from": "2024-01-01"}
CERTIFICATE = {"residence_status": "FIK-81.4", "valid_from": "2024-06-01"}


async def items(person: Person, client_id: str, history: str, **query: object) -> list[dict[str, object]]:
    answer = await person.get(f"/v1/clients/{client_id}/{history}", **query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["items"]
    return found


@pytest.mark.parametrize(
    ("history", "body"),
    [
        ("residence-documents", {**TITLE, "printed_end": "2027-01-01", "work_permission": "allowed"}),
        ("legal-domains", {"strand": "family", "legal_domain": "BKGG", "valid_from": "2024-01-01"}),
        ("addresses", {"strand": "registered", "street": "Markt 1", "postcode": "47441", "town": "Moers"}),
        ("languages", {"language": "deu", "listening": "B1", "writing": "A2", "evidence": "certificate"}),
        ("schooling", {"school_step": "waiting", "school": "Gesamtschule", "valid_from": "2026-01-07"}),
    ],
)
async def test_period_of_every_history_is_added_ended_corrected_and_withdrawn(
    world: World, history: str, body: dict[str, str]
) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    path = f"/v1/clients/{client_id}/{history}"
    added = await manager.post(path, body)
    assert added.status_code == 201, added.text
    assert {name: added.json()[name] for name in body} == body
    ended = await manager.post(f"{path}/{added.json()['id']}/end", {"valid_until": "2026-03-31"})
    assert (ended.status_code, ended.json()["valid_until"]) == (200, "2026-03-31"), ended.text
    corrected = await manager.post(
        f"{path}/{ended.json()['id']}/correct", {**body, "valid_from": "2023-05-01"}
    )
    assert corrected.json()["valid_from"] == "2023-05-01"
    withdrawn = await manager.post(f"{path}/{corrected.json()['id']}/withdraw")
    assert withdrawn.json()["superseded_because"] == "entered_in_error"
    assert await items(manager, client_id, history) == []
    recorded = await items(manager, client_id, history, superseded=True)
    assert sorted(str(each["superseded_because"]) for each in recorded) == [
        "corrected",
        "ended",
        "entered_in_error",
    ]


async def test_what_was_believed_before_points_to_what_is_believed_now(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    old = await add_period(manager, client_id, "residence-documents", **TITLE)
    path = f"/v1/clients/{client_id}/residence-documents"
    new = (await manager.post(f"{path}/{old}/correct", {**TITLE, "residence_status": "AE-25.3"})).json()
    by_id = {
        each["id"]: each for each in await items(manager, client_id, "residence-documents", superseded=True)
    }
    assert by_id[old]["residence_status"] == "AE-25.2B"
    assert by_id[old]["superseded_by"] == new["id"]
    assert by_id[old]["superseded_at"] == new["recorded_at"]


async def test_step_on_what_is_no_longer_believed_is_a_wrong_state(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    old = await add_period(manager, client_id, "residence-documents", **TITLE)
    path = f"/v1/clients/{client_id}/residence-documents/{old}"
    await manager.post(f"{path}/end", {"valid_until": "2026-03-31"})
    for step, body in (("end", {"valid_until": "2026-04-30"}), ("correct", TITLE), ("withdraw", None)):
        answer = await manager.post(f"{path}/{step}", body)
        assert (answer.status_code, answer.json()["code"], answer.json()["state"]) == (
            409,
            "wrong_state",
            "ended",
        )


async def test_two_titles_at_once_are_refused_and_a_certificate_beside_a_title_is_not(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    first = await add_period(manager, client_id, "residence-documents", **TITLE)
    path = f"/v1/clients/{client_id}/residence-documents"
    second = await manager.post(path, {"residence_status": "NE-9", "valid_from": "2025-01-01"})
    assert (second.status_code, second.json()["code"], second.json()["periods"]) == (409, "overlap", [first])
    certificate = await manager.post(path, CERTIFICATE)
    assert (certificate.status_code, certificate.json()["strand"]) == (201, "certificate")


async def test_new_period_can_end_the_one_that_runs(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    await add_period(manager, client_id, "residence-documents", **TITLE)
    new = {"residence_status": "NE-9", "valid_from": "2025-01-01", "ends_previous": True}
    await add_period(manager, client_id, "residence-documents", **new)
    believed = await items(manager, client_id, "residence-documents")
    assert [(each["residence_status"], each["valid_from"], each["valid_until"]) for each in believed] == [
        ("NE-9", "2025-01-01", None),
        ("AE-25.2B", "2024-01-01", "2024-12-31"),
    ]


async def test_what_begins_later_is_not_ended_by_an_earlier_period(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    later = await add_period(manager, client_id, "residence-documents", **TITLE)
    path = f"/v1/clients/{client_id}/residence-documents"
    body = {"residence_status": "GEST", "ends_previous": True}
    early = await manager.post(path, {**body, "valid_from": "2023-01-01"})
    undated = await manager.post(path, body)
    bounded = await manager.post(path, {**body, "valid_from": "2023-01-01", "valid_until": "2023-12-31"})
    assert (early.json()["code"], early.json()["periods"]) == ("overlap", [later])
    assert places(undated) == [{"place": "body.valid_from", "kind": "missing"}]
    assert bounded.status_code == 201


async def test_ending_or_correcting_into_another_period_is_refused(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    first = await add_period(manager, client_id, "residence-documents", **TITLE, valid_until="2024-12-31")
    second = await add_period(
        manager, client_id, "residence-documents", residence_status="NE-9", valid_from="2025-01-01"
    )
    path = f"/v1/clients/{client_id}/residence-documents"
    longer = await manager.post(f"{path}/{first}/end", {"valid_until": "2025-06-30"})
    wider = await manager.post(f"{path}/{first}/correct", TITLE)
    before = await manager.post(f"{path}/{second}/end", {"valid_until": "2024-06-30"})
    assert (longer.json()["periods"], wider.json()["periods"]) == ([second], [second])
    assert places(before) == [{"place": "body.valid_until", "kind": "period_backwards"}]
    backwards = await manager.post(path, {**TITLE, "valid_until": "2023-01-01"})
    assert places(backwards) == [{"place": "body", "kind": "period_backwards"}]


async def test_strand_excludes_also_past_the_actions(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    await add_period(manager, client_id, "residence-documents", **TITLE)
    copied = """INSERT INTO residence_documents
            (municipal_area_id, id, client_id, strand, residence_status, valid, recorded_at, recorded_by)
        SELECT municipal_area_id, gen_random_uuid(), client_id, $1, residence_status, valid, recorded_at,
            recorded_by FROM residence_documents LIMIT 1"""
    async with world.sql(manager) as db:  # the opposite: another strand
        await (await db.driver()).execute(copied, "certificate")
    with pytest.raises(Exception, match="ex_residence_documents_overlap"):
        async with world.sql(manager) as db:
            await (await db.driver()).execute(copied, "title")


async def test_period_of_another_client_is_not_found(world: World) -> None:
    manager = await world.case_manager()
    one, other = await new_client(manager), await new_client(manager, given_name="Lena")
    period = await add_period(manager, one, "addresses", strand="actual", street="Markt 1")
    foreign = await manager.post(f"/v1/clients/{other}/addresses/{period}/end", {"valid_until": "2026-01-01"})
    mixed = await manager.post(f"/v1/clients/{one}/schooling/{period}/withdraw")
    unknown = await manager.post(f"/v1/clients/{one}/everything/{period}/withdraw")
    assert (foreign.status_code, mixed.status_code, unknown.status_code) == (404, 404, 422)


async def test_every_part_moves_the_version_of_the_person(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    path = f"/v1/clients/{client_id}"
    before = await etag_of(manager, path)
    await add_period(manager, client_id, "schooling", school_step="waiting")
    after = await etag_of(manager, path)
    await manager.post(f"{path}/household", {"name": "Sami", "relation": "child"})
    assert len({before, after, await etag_of(manager, path)}) == 3


async def test_retried_step_finds_its_first_effect(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    period = await add_period(manager, client_id, "residence-documents", **TITLE)
    path = f"/v1/clients/{client_id}/residence-documents/{period}/end"
    first = await manager.post(path, {"valid_until": "2026-03-31"}, idempotency_key="end-of-title")
    again = await manager.post(path, {"valid_until": "2026-03-31"}, idempotency_key="end-of-title")
    assert (first.status_code, first.json()) == (200, again.json())


async def test_address_that_turns_out_to_be_a_shelter_is_forgotten_and_no_other(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    secret = {"street": "Geheimweg 7", "care_of": "Beratung", "town": "Wesel", "postcode": "46483"}
    home = await add_period(manager, client_id, "addresses", strand="registered", street="Markt 1")
    wrong = await add_period(manager, client_id, "addresses", strand="actual", **secret)
    path = f"/v1/clients/{client_id}/addresses"
    moved = await manager.post(f"{path}/{home}/correct", {"strand": "registered", "street": "Markt 2"})
    assert moved.status_code == 200, moved.text
    shelter = {"strand": "actual", "housing_type": "womens_shelter"}
    corrected = await manager.post(f"{path}/{wrong}/correct", shelter)
    assert corrected.status_code == 200, corrected.text
    kept = (await manager.get(path, superseded="true")).text
    assert "Markt 1" in kept
    assert not [each for each in secret.values() if each in kept]
