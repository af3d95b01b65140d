"""Files that an institution brings with its answer: on a consent to feedback, for the team alone, logged."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.access.roles import Role
from app.documents.scanning import scanner_at
from app.kit.ids import new_id
from app.referrals.messages import bringing
from app.referrals.messages.rules import MOST_FILE_BYTES
from tests.cases.arrange import close
from tests.conftest import Clock
from tests.consents.arrange import give_consent, withdraw
from tests.documents.arrange import another_shelf, folder_of
from tests.documents.files import EICAR_LIKE, TEXT
from tests.documents.scanners import clamd, serving
from tests.referrals.arrange import AUTHORITIES, Scene, a_scene, put_in_state, send, sent, step
from tests.referrals.talking import a_document, ends, own, said, theirs, thread, wide
from tests.world import Person, World, fresh_key


def files(referral_id: str) -> str:
    return f"/v1/partner/referrals/{referral_id}/files"


async def bring(
    person: Person, referral_id: str, content: bytes = TEXT, key: str | None = None
) -> httpx.Response:
    """Send a file as the institution."""
    path = files(referral_id)
    headers = {"Content-Type": "application/octet-stream", **fresh_key("POST", path, key)}
    return await person.http.post(path, content=content, headers=headers)


async def brought(scene: Scene, referral_id: str, content: bytes = TEXT) -> dict[str, Any]:
    answer = await bring(scene.partner, referral_id, content)
    assert answer.status_code == 201, answer.text
    message: dict[str, Any] = answer.json()
    return message


async def refusal(person: Person, referral_id: str) -> tuple[int, str]:
    answer = await bring(person, referral_id)
    return answer.status_code, answer.json()["code"]


def kept(world: World) -> list[str]:
    folder = folder_of(world.app) / world.area
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


async def logged(scene: Scene, referral_id: str) -> list[dict[str, Any]]:
    rows = await scene.world.admin.fetch(
        """SELECT legal_basis, purpose, data_categories, institution_id, document_ids, disclosed_by
        FROM disclosure_log WHERE referral_id = $1 AND direction = 'in' ORDER BY at, id""",
        UUID(referral_id),
    )
    return [dict(row) for row in rows]


async def test_file_becomes_a_document_of_the_case_that_nobody_has_sorted(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    message = await brought(scene, referral_id)
    assert (message["kind"], message["side"], message["text"]) == ("file", "recipient", None)
    (ours,) = (await thread(scene.manager, own(referral_id)))[-1]["attachments"]
    document_id = ours.pop("document_id")
    assert message["attachments"] == [ours]
    document = (await scene.manager.get(f"/v1/documents/{document_id}")).json()
    assert (document["source"], document["category"]) == ("recipient", "other")
    assert (document["case_id"], document["created_by"]) == (scene.case_id, str(scene.partner.user_id))
    assert (await scene.manager.get(f"/v1/documents/{document_id}/content")).content == TEXT
    (entry,) = await logged(scene, referral_id)
    assert (entry["legal_basis"], entry["purpose"]) == ("consent", "feedback")
    assert entry["document_ids"] == [UUID(document_id)]
    assert entry["disclosed_by"] == scene.partner.user_id


async def test_privacy_officer_reads_that_it_came_in(world: World) -> None:
    scene = await a_scene(world)
    await brought(scene, await sent(scene))
    officer = await world.person(Role.PRIVACY_OFFICER)
    read = (await officer.get("/v1/disclosures", limit=5)).json()["items"]
    assert Counter(entry["direction"] for entry in read) == {"in": 1, "out": 1}


async def test_without_a_consent_to_feedback_nothing_is_taken_nor_kept(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent={"direction": "to"})
    before = kept(world)
    assert await refusal(scene.partner, referral_id) == (409, "feedback_not_agreed")
    assert (kept(world), await logged(scene, referral_id)) == (before, [])
    await give_consent(
        scene.manager, scene.client_id, scene.institution_id, purpose="feedback", direction="from"
    )
    await brought(scene, referral_id)


@pytest.mark.parametrize("kind", AUTHORITIES)
async def test_authorities_of_residence_law_send_no_file_whatever_was_consented_to(
    world: World, kind: str
) -> None:
    scene = await a_scene(world, kind)
    referral_id = await sent(scene, consent={"data_categories": ["master_data"]})
    assert await refusal(scene.partner, referral_id) == (409, "coded_only")


async def test_institution_does_not_read_its_file_again_nor_does_anybody_else(world: World) -> None:
    scene, other = await a_scene(world), await a_scene(world)
    referral_id = await sent(scene)
    message = await brought(scene, referral_id)
    path = theirs(referral_id, message["id"], "attachments", message["attachments"][0]["id"])
    assert (await scene.partner.get(path)).status_code == 404
    (ours,) = (await thread(scene.manager, own(referral_id)))[-1]["attachments"]
    stranger = await world.case_manager()
    for person in (stranger, other.manager):
        if person is not scene.manager:
            assert (await person.get(f"/v1/documents/{ours['document_id']}/content")).status_code == 404
    assert (await scene.partner.get(f"/v1/documents/{ours['document_id']}")).status_code == 403


async def test_database_gives_the_institution_no_key_of_its_own_file(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    document_id = await a_document(scene, "notice")
    needed = ["documents", "benefits", "residence"]
    body = {"text": "Anbei.", "data_categories": needed, "document_ids": [document_id]}
    theirs_of_us = await said(scene.manager, own(referral_id), body)
    ours_of_them = await brought(scene, referral_id)
    seen = []
    for message in (theirs_of_us, ours_of_them):
        async with world.sql(scene.partner) as db:
            sql = "SELECT count(sealed_key) FROM attached_file($1)"
            seen.append(await (await db.driver()).fetchval(sql, UUID(message["attachments"][0]["id"])))
    assert seen == [1, 0]


async def test_stranger_and_neighbour_find_no_referral_to_send_to(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    for person in (
        await world.person(Role.PARTNER_USER, institution="sozialamt"),
        await (await world.neighbour()).person(Role.PARTNER_USER),
    ):
        assert await refusal(person, referral_id) == (404, "not_found")
    assert await refusal(scene.partner, str(new_id())) == (404, "not_found")
    assert await refusal(scene.manager, referral_id) == (403, "role_missing")


async def test_machine_sends_with_the_scope_to_answer(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    machine = await world.person(Role.PARTNER_SYSTEM)
    assert (await bring(machine, referral_id)).status_code == 201


async def test_nothing_comes_before_the_sending_nor_after_the_end(world: World, clock: Clock) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await step(scene, referral_id, "reject", reason="no_capacity")
    before = kept(world)
    assert await refusal(scene.partner, referral_id) == (409, "wrong_state")
    for state in ("completed", "failed", "cancelled", "revoked", "expired", "entered_in_error"):
        await put_in_state(world, referral_id, state)
        assert await refusal(scene.partner, referral_id) == (409, "wrong_state"), state
    second = await a_scene(world)
    later = await sent(second)
    clock.fixed = datetime.now(UTC) + timedelta(minutes=5)
    await ends(second, later, clock.fixed)
    assert await refusal(second.partner, later) == (409, "consent_ended")
    assert kept(world) == before


async def test_withdrawal_of_the_feedback_ends_it_and_takes_the_thread_out_of_sight(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await give_consent(scene.manager, scene.client_id, scene.institution_id)
    answer = await scene.manager.post(
        "/v1/referrals",
        {"case_id": scene.case_id, "institution_id": scene.institution_id, "channel": "platform",
         "data_categories": ["master_data"], **scene.concern},
    )  # fmt: skip
    referral_id = answer.json()["id"]
    await send(scene, referral_id)
    await brought(scene, referral_id)
    await withdraw(scene.manager, consent_id)
    assert (await refusal(scene.partner, referral_id))[0] == 409
    assert await thread(scene.partner, theirs(referral_id)) == []
    (ours,) = (await thread(scene.manager, own(referral_id)))[-1]["attachments"]
    assert (await scene.manager.get(f"/v1/documents/{ours['document_id']}")).status_code == 200


async def test_closed_case_and_restricted_data_take_no_file_and_do_not_tell_which(world: World) -> None:
    closed, held = await a_scene(world), await a_scene(world)
    first, second = await sent(closed), await sent(held)
    await close(closed.manager, closed.case_id, "client_ended")
    await world.admin.execute(
        "UPDATE referral_requests SET state = 'requested', closed_at = NULL WHERE id = $1", UUID(first)
    )
    await world.admin.execute(
        "UPDATE clients SET processing_restricted_at = now() WHERE id = $1", UUID(held.client_id)
    )
    answers = [await bring(each.partner, which) for each, which in ((closed, first), (held, second))]
    told = [(answer.status_code, answer.json()["code"], answer.json()["detail"]) for answer in answers]
    assert told[0] == told[1]
    assert told[0][:2] == (409, "file_not_taken")
    assert kept(world) == []


async def test_number_and_size_are_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    monkeypatch.setattr(bringing, "MOST_FILES", 2)
    for _ in range(2):
        await brought(scene, referral_id)
    assert await refusal(scene.partner, referral_id) == (409, "too_many_files")
    second = await a_scene(world)
    large = await bring(second.partner, await sent(second), b"a" * (MOST_FILE_BYTES + 1))
    assert (large.status_code, large.json()["code"]) == (413, "too_large")


async def test_what_the_scanner_finds_and_what_carries_programs_is_refused(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    async with serving(clamd()) as port:
        with another_shelf(world.app, scanner=scanner_at(f"clamd://127.0.0.1:{port}")):
            found = await bring(scene.partner, referral_id, EICAR_LIKE)
    assert (found.status_code, found.json()["code"]) == (422, "virus_found")
    page = await bring(scene.partner, referral_id, b"<html><script>alert(1)</script></html>" * 20)
    assert page.status_code == 422
    assert (kept(world), await logged(scene, referral_id)) == ([], [])


async def test_repeat_with_the_same_key_finds_the_file_and_another_file_is_refused(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    key = "confirmation-0001"
    first, again = [await bring(scene.partner, referral_id, key=key) for _ in range(2)]
    assert first.json() == again.json()
    other = await bring(scene.partner, referral_id, TEXT + b"!", key=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    bare = await scene.partner.http.post(
        files(referral_id), content=TEXT, headers={"Content-Type": "application/octet-stream"}
    )
    assert (bare.status_code, bare.json()["code"]) == (400, "idempotency_key_missing")
    assert (len(kept(world)), len(await logged(scene, referral_id))) == (1, 1)


async def test_file_goes_nowhere_until_the_team_says_what_it_tells_of(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    await brought(scene, referral_id)
    (ours,) = (await thread(scene.manager, own(referral_id)))[-1]["attachments"]
    body = {"text": "Zurück.", "data_categories": ["documents"], "document_ids": [ours["document_id"]]}
    refused = await scene.manager.post(own(referral_id), body)
    assert (refused.status_code, refused.json()["code"]) == (409, "document_stays")


async def test_function_takes_a_file_of_ones_own_message_only_and_once(world: World) -> None:
    scene = await a_scene(world)
    message = await brought(scene, await sent(scene))
    stranger = await world.person(Role.PARTNER_USER, institution="sozialamt")
    sql = "SELECT take_recipients_file($1, $2, $3, 'pdf', 1, 'x', true, 'x', 'x', now(), current_date)"
    for person in (scene.partner, stranger, scene.manager):
        async with world.sql(person) as db:
            values = (UUID(message["id"]), new_id(), new_id())
            assert await (await db.driver()).fetchval(sql, *values) is False
