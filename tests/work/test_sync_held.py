"""All of a case is on the phone: told with a version, read as at its own address, gone with the right."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.work.sync import queries
from tests.cases.arrange import deputy, etag, team_lead
from tests.cases.test_team import to
from tests.clients.arrange import new_client
from tests.consents.arrange import give_consent
from tests.documents.arrange import upload
from tests.work.arrange import behind
from tests.work.holding import CHANGES, KINDS, PARTS, Full, a_full_case
from tests.work.syncing import Phone, told
from tests.world import World


@pytest.fixture
async def full(world: World) -> Full:
    return await a_full_case(world)


@pytest.fixture
async def phone(full: Full) -> Phone:
    phone = Phone(full.anna, limit=7)
    await phone.catch_up()
    return phone


async def fetched(full: Full, *kinds: str, **headers: str) -> Any:
    items = [{"kind": kind, "id": full.ids[kind]} for kind in kinds]
    return (await full.anna.post("/v1/sync/fetch", {"items": items}, **headers)).json()


async def test_phone_holds_each_as_its_own_address_answers(full: Full, phone: Phone) -> None:
    for kind in KINDS:
        assert phone.held[kind, full.ids[kind]] == await full.read(kind), kind
    for kind in ("document", *PARTS.keys() - {"domain_change"}):
        answer = await full.anna.get(full.address(kind))
        assert phone.etags[kind, full.ids[kind]] == answer.headers.get("etag"), kind


async def test_each_says_what_it_belongs_to(full: Full, phone: Phone) -> None:
    of_both = {"document": (full.case_id, full.client_id), "guardian": (None, full.client_id)}
    for kind in KINDS:
        assert phone.belongs[kind, full.ids[kind]] == of_both.get(kind, (full.case_id, None)), kind


@pytest.mark.parametrize("kind", KINDS)
async def test_change_of_it_or_of_a_part_moves_its_version(full: Full, phone: Phone, kind: str) -> None:
    before = phone.versions[kind, full.ids[kind]]
    await CHANGES[kind](full)
    assert ("changed", kind, full.ids[kind]) in told(await phone.catch_up())
    assert phone.versions[kind, full.ids[kind]] > before
    assert phone.held[kind, full.ids[kind]] == await full.read(kind)
    assert await phone.catch_up() == []


PARTS_THAT_MOVE = {"conference": "conference_participants", "school_entry": "school_entry_steps"}


@pytest.mark.parametrize("kind", PARTS_THAT_MOVE)
async def test_part_that_moves_nothing_is_noticed(full: Full, phone: Phone, kind: str) -> None:
    trigger = "ALTER TABLE {} {} TRIGGER move_whole"
    await full.world.admin.execute(trigger.format(PARTS_THAT_MOVE[kind], "DISABLE"))
    try:
        await CHANGES[kind](full)
    finally:
        await full.world.admin.execute(trigger.format(PARTS_THAT_MOVE[kind], "ENABLE"))
    assert ("changed", kind, full.ids[kind]) not in told(await phone.catch_up())


async def test_change_with_several_parts_moves_the_version_once(full: Full) -> None:
    before = (await full.read("conference"))["version"]
    await CHANGES["conference"](full)
    assert (await full.read("conference"))["version"] == before + 1


async def test_version_of_a_whole_is_asked_for_after_a_part_was_written(full: Full) -> None:
    path = full.address("conference")
    before = await etag(full.anna, path)
    await CHANGES["conference"](full)
    assert (await full.anna.patch(path, {"minutes": 45}, if_match=before)).status_code == 412


async def test_participant_who_leaves_with_a_consent_moves_the_conference(full: Full, phone: Phone) -> None:
    school = str(await full.world.institution("schule", "Gesamtschule Haspe"))
    consent = await give_consent(full.anna, full.client_id, school, purpose="case_conference")
    await full.step(
        "conference", "participants", institution_id=school, name="Herr Kaya", legal_basis="consent",
        data_categories=["master_data"],
    )  # fmt: skip
    await phone.catch_up()
    withdrawn = await full.anna.post(f"/v1/consents/{consent}/withdraw", {"channel": "in_person"})
    assert withdrawn.status_code == 200, withdrawn.text
    assert ("changed", "conference", full.ids["conference"]) in told(await phone.catch_up())
    (participant,) = phone.held["conference", full.ids["conference"]]["participants"]
    assert participant["removed_because"] == "consent_withdrawn"


async def test_partner_of_a_pathway_learns_that_it_goes_together_with_another(
    full: Full, phone: Phone
) -> None:
    listed = await full.anna.post(f"{full.client}/household", {"name": "Samir", "relation": "spouse"})
    member = listed.json()["items"][0]["id"]
    other = await full.made(
        f"{full.case}/pathways", pathway="naturalisation", member_id=member,
        together_with_id=full.ids["pathway"],
    )  # fmt: skip
    await phone.catch_up()
    assert phone.held["pathway", full.ids["pathway"]]["together"] == [other]


async def test_removed_document_leaves_the_phone_and_comes_to_no_other(full: Full, phone: Phone) -> None:
    path, document = full.address("document"), full.ids["document"]
    removed = await full.anna.post(
        f"{path}/remove", {"reason": "wrong_file"}, if_match=await etag(full.anna, path)
    )
    assert removed.status_code == 200, removed.text
    assert told(await phone.catch_up()) == {("removed", "document", document)}
    assert ("document", document) not in phone.held
    new = Phone(full.anna)
    await new.catch_up()
    assert new.held == phone.held
    assert [each["id"] for each in (await fetched(full, "document"))["missing"]] == [document]


async def test_document_whose_time_is_over_leaves_the_phone(full: Full, phone: Phone) -> None:
    await behind(
        full.world,
        """UPDATE documents SET removed_at = now(), removal_reason = 'retention', title = NULL,
            sealed_key = NULL, sha256 = NULL WHERE id = $1""",
        full.ids["document"],
    )
    assert told(await phone.catch_up()) == {("removed", "document", full.ids["document"])}


async def test_document_of_a_person_without_a_case_is_held_too(full: Full) -> None:
    anna = full.anna
    client_id = await new_client(anna, given_name="Jamal")
    phone = Phone(anna)
    await phone.catch_up()
    answer = await upload(anna, f"/v1/clients/{client_id}/documents")
    assert answer.status_code == 201, answer.text
    assert told(await phone.catch_up()) == {("changed", "document", answer.json()["id"])}
    assert phone.belongs["document", answer.json()["id"]] == (None, client_id)


async def test_words_of_a_pathway_are_in_the_language_that_is_asked_for(full: Full) -> None:
    asked = {"items": [{"kind": "pathway", "id": full.ids["pathway"]}]}
    for language in ("de", "en"):
        headers = {"Accept-Language": language}
        answer = await full.anna.http.post("/v1/sync/fetch", json=asked, headers=headers)
        own = await full.anna.http.get(full.address("pathway"), headers=headers)
        assert answer.json()["items"][0]["content"] == own.json(), language


async def test_deputy_gains_and_loses_all_of_it(full: Full) -> None:
    ben = await full.world.case_manager()
    made = await full.anna.post(f"{full.case}/deputies", deputy(ben))
    assert made.status_code == 201, made.text
    theirs = Phone(ben, limit=3)
    await theirs.catch_up()
    assert {(kind, full.ids[kind]) for kind in KINDS} <= theirs.held.keys()
    sql = "UPDATE assignments SET active_until = now() WHERE user_id = $1 AND kind = 'deputy'"
    await full.world.admin.execute(sql, ben.user_id)
    assert told(await theirs.catch_up()) == {
        ("lost", "case", full.case_id), ("lost", "client", full.client_id),
    }  # fmt: skip
    assert theirs.held == {}
    items = [{"kind": kind, "id": full.ids[kind]} for kind in KINDS]
    answer = (await ben.post("/v1/sync/fetch", {"items": items})).json()
    assert (answer["items"], len(answer["missing"])) == ([], len(KINDS))


async def test_case_that_is_handed_over_takes_all_of_it_along(full: Full, phone: Phone) -> None:
    ben, lead = await full.world.case_manager(), await team_lead(full.world)
    assert (await lead.post(f"{full.case}/assign", to(ben))).status_code == 201
    await phone.catch_up()
    theirs = Phone(ben)
    await theirs.catch_up()
    assert {(kind, full.ids[kind]) for kind in KINDS} <= theirs.held.keys()
    assert not {(kind, full.ids[kind]) for kind in KINDS if kind != "guardian"} & phone.held.keys()


async def test_colleague_is_told_of_none_of_it(full: Full) -> None:
    ben = await full.world.case_manager()
    theirs = Phone(ben)
    await theirs.catch_up()
    for kind in KINDS:
        await CHANGES[kind](full)
    assert (await theirs.catch_up(), theirs.held) == ([], {})


async def test_person_whose_data_are_only_kept_is_marked_and_still_held(full: Full, phone: Phone) -> None:
    body = {"ground": "accuracy_contested"}
    answer = await full.anna.post(f"{full.client}/restrictions", body)
    assert answer.status_code == 201, answer.text
    await phone.catch_up()
    assert phone.held["client", full.client_id]["processing_restricted_at"] is not None
    for kind in KINDS:
        assert phone.held[kind, full.ids[kind]] == await full.read(kind), kind


async def test_each_content_is_journalled_as_at_its_own_address(full: Full) -> None:
    sql = """SELECT count(*) FROM audit_journal WHERE object_id = ANY ($1) AND action LIKE '%.read%'"""
    ids = [UUID(full.ids[kind]) for kind in KINDS]
    before = await full.world.admin.fetchval(sql, ids)
    assert len((await fetched(full, *KINDS))["items"]) == len(KINDS)
    assert await full.world.admin.fetchval(sql, ids) == before + len(KINDS)


async def test_what_goes_while_it_is_read_is_missing_and_the_rest_is_there(
    full: Full, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, there = str(uuid4()), full.ids["conference"]
    case = f"'{full.case_id}'::uuid AS case_id"
    monkeypatch.setattr(
        queries, "_LOCATE", f"SELECT unnest($1::text[]) AS kind, unnest($2::uuid[]) AS id, {case}"
    )
    items = [{"kind": "guardian", "id": gone}, {"kind": "conference", "id": there}]
    answer = (await full.anna.post("/v1/sync/fetch", {"items": items})).json()
    assert answer["missing"] == items[:1]
    assert [each["id"] for each in answer["items"]] == [there]
