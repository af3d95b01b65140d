"""What both sides say on a referral: who reads it, when it was read, and who is told."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.access.roles import Role
from app.kit.database import Database
from tests.clients.test_restrictions import lifted, restrict
from tests.conftest import Clock
from tests.notifications.test_telling import deliver, told
from tests.referrals.arrange import a_scene, draft, sent, step
from tests.referrals.talking import TEXT, asked, ends, own, said, theirs, thread, wide
from tests.world import World

WORD = {"code": "how_does_it_stand"}
PARTNERS_WORD = {"kind": "message", "code": "takes_longer"}


async def test_both_sides_read_one_thread_in_its_order(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    await said(scene.manager, own(referral_id), WORD)
    await said(scene.partner, theirs(referral_id), PARTNERS_WORD)
    await said(scene.manager, own(referral_id), TEXT)
    ours = await thread(scene.manager, own(referral_id))
    assert [(each["side"], each["code"], each["text"]) for each in ours] == [
        ("sender", "how_does_it_stand", None),
        ("recipient", "takes_longer", None),
        ("sender", None, TEXT["text"]),
    ]
    assert await thread(scene.partner, theirs(referral_id)) == ours
    page = (await scene.partner.get(theirs(referral_id), limit=2)).json()
    assert [each["id"] for each in page["items"]] == [each["id"] for each in ours[:2]]
    rest = (await scene.partner.get(theirs(referral_id), limit=2, cursor=page["next"])).json()
    assert ([each["id"] for each in rest["items"]], rest["next"]) == ([ours[2]["id"]], None)


async def test_machine_of_the_institution_reads_and_writes(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    machine = await world.person(Role.PARTNER_SYSTEM, institution="jobcenter")
    made = await said(machine, theirs(referral_id), PARTNERS_WORD)
    assert (await thread(machine, theirs(referral_id)))[0]["id"] == made["id"]
    assert (await scene.partner.post(theirs(referral_id, made["id"], "read"))).status_code == 200


async def test_same_key_says_it_once_and_a_partner_needs_one(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    for person, path, body in (
        (scene.manager, own(referral_id), WORD),
        (scene.partner, theirs(referral_id), PARTNERS_WORD),
    ):
        first = await person.post(path, body, idempotency_key="einmal-123")
        again = await person.post(path, body, idempotency_key="einmal-123")
        assert (again.status_code, again.json()) == (201, first.json())
    assert len(await thread(scene.manager, own(referral_id))) == 2
    bare = await scene.partner.http.post(theirs(referral_id), json=PARTNERS_WORD)
    assert (bare.status_code, bare.json()["code"]) == (400, "idempotency_key_missing")


async def test_reading_is_marked_by_the_other_side_once_and_up_to_a_message(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    ids = [(await said(scene.manager, own(referral_id), WORD))["id"] for _ in range(3)]
    theirs_id = (await said(scene.partner, theirs(referral_id), PARTNERS_WORD))["id"]
    await said(scene.manager, own(referral_id, theirs_id, "read"), None, 200)
    await said(scene.partner, theirs(referral_id, ids[1], "read"), None, 200)
    first = {each["id"]: each["read_at"] for each in await thread(scene.manager, own(referral_id))}
    assert [first[each] is not None for each in (*ids, theirs_id)] == [True, True, False, True]
    colleague = await world.person(Role.PARTNER_USER)
    await said(colleague, theirs(referral_id, ids[2], "read"), None, 200)
    later = {each["id"]: each["read_at"] for each in await thread(scene.manager, own(referral_id))}
    assert {each: later[each] for each in ids[:2]} == {each: first[each] for each in ids[:2]}
    assert later[ids[2]] is not None


async def test_marking_moves_no_version_and_saying_does(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    path = f"/v1/partner/referrals/{referral_id}"
    before = (await scene.partner.get(path)).json()
    made = await said(scene.manager, own(referral_id), WORD)
    said_at = (await scene.partner.get(path)).json()
    assert (before["last_message_at"], said_at["version"] > before["version"]) == (None, True)
    assert said_at["last_message_at"] is not None
    await said(scene.partner, theirs(referral_id, made["id"], "read"), None, 200)
    assert (await scene.partner.get(path)).json()["version"] == said_at["version"]


async def test_feed_shows_a_referral_again_when_something_was_said(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    feed = (await scene.partner.get("/v1/partner/referrals", since="")).json()
    assert [each["id"] for each in feed["items"]] == [referral_id]
    await said(scene.manager, own(referral_id), WORD)
    again = (await scene.partner.get("/v1/partner/referrals", since=feed["next"])).json()
    newest = max(again["items"], key=lambda each: each["version"])
    assert (newest["id"], newest["last_message_at"] is not None) == (referral_id, True)


@pytest.mark.parametrize(("state", "readable"), [("completed", True), ("rejected", False)])
async def test_nothing_is_said_once_there_is_nothing_to_do(world: World, state: str, readable: bool) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    made = await said(scene.manager, own(referral_id), WORD)
    if state == "completed":
        await step(scene, referral_id, "accept")
        await step(scene, referral_id, "complete", outcome="helped")
    else:
        await step(scene, referral_id, "reject", reason="no_capacity")
    for person, path, body in (
        (scene.manager, own(referral_id), TEXT),
        (scene.manager, own(referral_id), WORD),
        (scene.partner, theirs(referral_id), PARTNERS_WORD),
    ):
        refused = await person.post(path, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state"), refused.text
    assert len(await thread(scene.manager, own(referral_id))) == 1
    assert len(await thread(scene.partner, theirs(referral_id))) == (1 if readable else 0)
    marked = await scene.partner.post(theirs(referral_id, made["id"], "read"))
    assert marked.status_code == (200 if readable else 404)


async def test_withdrawal_ends_the_thread_for_the_recipient_at_once(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    await said(scene.manager, own(referral_id), TEXT)
    (consent,) = (await scene.manager.get("/v1/consents", client_id=scene.client_id)).json()["items"]
    await scene.manager.post(f"/v1/consents/{consent['id']}/withdraw", {"channel": "phone"})
    assert await thread(scene.partner, theirs(referral_id)) == []
    assert len(await thread(scene.manager, own(referral_id))) == 1
    for person, path, body in (
        (scene.manager, own(referral_id), TEXT),
        (scene.partner, theirs(referral_id), PARTNERS_WORD),
    ):
        refused = await person.post(path, body)
        assert (refused.status_code, refused.json()["state"]) == (409, "revoked")


async def test_consent_that_runs_out_ends_the_thread_before_the_worker_comes(
    world: World, clock: Clock
) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    await said(scene.manager, own(referral_id), WORD)
    clock.fixed = datetime.now(UTC) + timedelta(minutes=5)
    await ends(scene, referral_id, clock.fixed)
    assert await thread(scene.partner, theirs(referral_id)) == []
    refused = await scene.partner.post(theirs(referral_id), PARTNERS_WORD)
    assert (refused.status_code, refused.json()["code"]) == (409, "consent_ended")
    ours = await scene.manager.post(own(referral_id), TEXT)
    assert (ours.status_code, ours.json()["code"]) == (409, "consent_ended")


async def test_off_the_platform_and_before_sending_nobody_is_written_to(world: World) -> None:
    scene = await a_scene(world)
    letter = await sent(scene, channel="letter")
    refused = await scene.manager.post(own(letter), WORD)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_on_platform")
    unsent = await draft(scene)
    refused = await scene.manager.post(own(unsent), WORD)
    assert (refused.status_code, refused.json()["state"]) == (409, "draft")
    assert (await scene.partner.post(theirs(unsent), PARTNERS_WORD)).status_code == 404


async def test_closed_case_and_data_that_are_only_kept_take_no_word_of_ours(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    held = await restrict(scene.manager, scene.client_id)
    refused = await scene.manager.post(own(referral_id), TEXT)
    assert (refused.status_code, refused.json()["code"]) == (409, "processing_restricted")
    await said(scene.partner, theirs(referral_id), PARTNERS_WORD)  # decision 0161: of what was sent before
    await lifted(scene.manager, held)
    await said(scene.manager, own(referral_id), TEXT)
    await world.admin.execute(
        "UPDATE cases SET phase = 'closed', closed_on = opened_on WHERE id = $1", UUID(scene.case_id)
    )
    refused = await scene.manager.post(own(referral_id), TEXT)
    assert (refused.status_code, refused.json()["state"]) == (409, "closed")


async def test_thread_that_is_full_takes_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.referrals.messages.thread.MOST_MESSAGES", 2)
    monkeypatch.setattr("app.referrals.messages.asking.MOST_OPEN_REQUESTS", 1)
    scene = await a_scene(world)
    referral_id = await wide(scene)
    await asked(scene, referral_id)
    second = await scene.partner.post(theirs(referral_id), {"kind": "information_request",
                                                            "data_categories": ["contact"]})  # fmt: skip
    assert (second.status_code, second.json()["code"]) == (409, "requests_open")
    await said(scene.manager, own(referral_id), WORD)
    full = await scene.manager.post(own(referral_id), WORD)
    assert (full.status_code, full.json()["code"]) == (409, "thread_full")
    assert len(await thread(scene.manager, own(referral_id))) == 2


async def test_what_was_asked_is_answered_also_in_a_thread_that_is_full(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.referrals.messages.thread.MOST_MESSAGES", 2)
    scene = await a_scene(world)
    referral_id = await wide(scene)
    first, second = await asked(scene, referral_id), await asked(scene, referral_id)
    full = await scene.manager.post(own(referral_id), WORD)
    assert (full.status_code, full.json()["code"]) == (409, "thread_full")
    await said(scene.manager, own(referral_id, first, "answer"), TEXT)
    await said(scene.manager, own(referral_id, second, "answer"), TEXT)
    full = await scene.partner.post(theirs(referral_id), PARTNERS_WORD)
    assert (full.status_code, full.json()["code"]) == (409, "thread_full")


async def test_the_other_side_is_told_by_ids_only(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    await deliver(worker_database, clock)
    request_id = await asked(scene, referral_id)
    await said(scene.manager, own(referral_id, request_id, "answer"), TEXT)
    second = await asked(scene, referral_id)
    await said(scene.partner, theirs(referral_id, second, "withdraw"), None, 200)
    await said(scene.manager, own(referral_id), WORD)
    await deliver(worker_database, clock)
    assert sorted(await told(scene.manager)) == [
        ("information_requested", "referral", referral_id),
        ("information_requested", "referral", referral_id),
        ("information_withdrawn", "referral", referral_id),
    ]
    assert sorted(await told(scene.partner)) == [
        ("information_answered", "referral", referral_id),
        ("referral_message", "referral", referral_id),
        ("referral_received", "referral", referral_id),
    ]


async def test_what_was_said_stands_in_the_journal_without_a_word(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    await said(scene.manager, own(referral_id), TEXT)
    await said(scene.partner, theirs(referral_id), {"kind": "message", "text": "Termin am Montag"})
    rows = await world.admin.fetch(
        """SELECT action, legal_basis, purpose, audit_journal::text AS whole FROM audit_journal
        WHERE object_id = $1 AND action = 'referral.write_message' ORDER BY at""",
        UUID(referral_id),
    )
    assert [(row["legal_basis"], row["purpose"]) for row in rows] == [
        ("consent", "referral"),
        ("consent", None),
    ]
    assert not any("Bescheid" in row["whole"] or "Termin" in row["whole"] for row in rows)
