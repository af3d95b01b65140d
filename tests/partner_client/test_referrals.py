"""What a partner does with a referral, by the client: the feed, the package, each step, many steps."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from kim_partner import Changes, Conflict, Forbidden, Gone, Invalid, Kim, NotFound, VersionStale, WrongState
from kim_partner.shapes import BatchStep
from tests.documents.files import TEXT as CONTENT
from tests.partner_client.stage import run
from tests.referrals.arrange import Scene, sent, step
from tests.referrals.following import many
from tests.referrals.talking import a_document, own, said, thread, wide


def followed(kim: Kim, since: str = "", limit: int = 100) -> list[Changes]:
    return list(kim.referrals.changes(since, limit=limit))


async def withdraw(scene: Scene) -> None:
    consents = (await scene.manager.get("/v1/consents", client_id=scene.client_id)).json()["items"]
    for each in consents:
        answer = await scene.manager.post(
            f"/v1/consents/{each['id']}/withdraw", {"channel": "phone", "only_this": True}
        )
        assert answer.status_code == 200, answer.text


async def test_feed_is_followed_without_gaps_over_its_pages(kim: Kim, scene: Scene) -> None:
    await many(scene.world, scene.partner.place_id, 23)
    pages = await run(followed, kim, limit=5)
    assert [len(each.changed) for each in pages] == [5, 5, 5, 5, 3]
    assert [each.more for each in pages] == [True] * 4 + [False]
    assert len({item["id"] for page in pages for item in page.changed}) == 23


async def test_stored_cursor_goes_on_where_the_page_ended(kim: Kim, scene: Scene) -> None:
    await many(scene.world, scene.partner.place_id, 7)
    first = await run(lambda: next(iter(kim.referrals.changes(limit=4))))
    rest = await run(followed, kim, first.cursor)
    told = [item["id"] for page in (first, *rest) for item in page.changed]
    assert sorted(told) == sorted({each["id"] for each in await run(lambda: list(kim.referrals.listed()))})
    referral_id = await sent(scene)
    then = await run(followed, kim, rest[-1].cursor)
    assert [item["id"] for page in then for item in page.changed] == [referral_id]


async def test_what_went_out_of_sight_is_told_as_lost(kim: Kim, scene: Scene) -> None:
    referral_id = await sent(scene)
    cursor = (await run(followed, kim))[-1].cursor
    await withdraw(scene)
    pages = await run(followed, kim, cursor)
    assert [page.lost for page in pages] == [[referral_id]]
    assert pages[0].changed == []


async def test_cursor_of_somebody_else_is_gone(kim: Kim, scene: Scene) -> None:
    cursor = (await scene.partner.get("/v1/partner/referrals", since="")).json()["next"]
    with pytest.raises(Gone, match="with an empty `since`, and compare"):
        await run(followed, kim, cursor)


async def test_package_is_read_and_its_fetching_acknowledged(kim: Kim, scene: Scene) -> None:
    referral_id = await sent(scene)
    read = await run(kim.referrals.read, referral_id)
    assert read["package"]["concern"]["text"] == "Hilfe beim Antrag"
    assert read["delivery"] == "offered"
    taken = await run(kim.referrals.fetched, referral_id, version=read["version"])
    assert (taken["delivery"], taken["state"]) == ("fetched", "requested")
    assert taken["package_sha256"] == read["package_sha256"]


async def test_each_step_is_taken_with_its_receipt(kim: Kim, scene: Scene) -> None:
    referral_id = await sent(scene)
    referrals = kim.referrals
    steps: list[tuple[Callable[..., Any], tuple[str, ...], str]] = [
        (referrals.accept, (), "accepted"),
        (referrals.start, (), "in_progress"),
        (referrals.hold, ("waiting_for_documents",), "on_hold"),
        (referrals.resume, (), "in_progress"),
        (referrals.complete, ("helped", "Antrag bewilligt"), "completed"),
    ]
    for do, given, state in steps:
        taken = await run(do, referral_id, *given)
        assert taken["state"] == state
        assert taken["receipt"].count(".") == 2
    kept = await run(lambda: list(referrals.receipts(referral_id)))
    assert [each["step"] for each in kept] == ["send", "accept", "start", "hold", "resume", "complete"]


async def test_referral_is_rejected_failed_cancelled_or_sent_back(kim: Kim, scene: Scene) -> None:
    rejected, failed, cancelled, returned = [await sent(scene) for _ in range(4)]
    referrals = kim.referrals
    assert (await run(referrals.reject, rejected, "no_capacity", "Im Mai"))["state"] == "rejected"
    await run(referrals.accept, failed)
    assert (await run(referrals.fail, failed, "did_not_come"))["state"] == "failed"
    assert (await run(referrals.cancel, cancelled, "wrong_recipient"))["state"] == "cancelled"
    sent_back = await run(referrals.send_back, returned, suggested_type="jugendamt")
    assert (sent_back["state"], sent_back["rejection_reason"]) == ("rejected", "not_responsible")
    assert sent_back["receipt"].count(".") == 2


async def test_end_of_a_consent_is_acknowledged_and_accounted_for(kim: Kim, scene: Scene) -> None:
    deleted, kept = [await sent(scene) for _ in range(2)]
    await withdraw(scene)
    acknowledged = await run(kim.referrals.acknowledge_revocation, deleted)
    assert acknowledged["revocation_acknowledged_at"]
    day = acknowledged["revocation_acknowledged_at"][:10]
    asked = {each["id"]: each for each in await run(lambda: list(kim.referrals.recalls()))}
    assert asked.keys() == {deleted, kept}
    told = await run(kim.referrals.data_deleted, deleted, day, version=asked[deleted]["version"])
    assert told["account"] == "deleted"
    told = await run(kim.referrals.data_kept, kept, "statutory_retention", "§ 84 SGB X")
    assert told["account"] == "kept"


async def test_many_steps_are_taken_each_by_itself(kim: Kim, scene: Scene) -> None:
    good, stale, strange = await sent(scene), await sent(scene), scene.case_id
    versions = {each["id"]: each["version"] for each in await run(lambda: list(kim.referrals.listed()))}
    steps: list[BatchStep] = [
        {"id": stale, "version": versions[stale] + 1, "step": "accept"},
        {"id": good, "version": versions[good], "step": "reject", "reason": "no_capacity"},
        {"id": strange, "version": 1, "step": "accept"},
    ]
    results = await run(kim.referrals.take_steps, steps, key="night-run-1")
    assert [each.id for each in results] == [stale, good, strange]
    assert isinstance(results[0].refusal, VersionStale)
    assert results[0].refusal.current_version == versions[stale]
    assert (results[1].state, results[1].refusal) == ("rejected", None)
    assert isinstance(results[2].refusal, NotFound)
    again = await run(kim.referrals.take_steps, steps, key="night-run-1")
    assert [(each.state, each.version) for each in again] == [(each.state, each.version) for each in results]


async def test_more_steps_than_fit_a_request_go_in_several(kim: Kim, scene: Scene) -> None:
    await many(scene.world, scene.partner.place_id, 51)
    listed = await run(lambda: list(kim.referrals.listed()))
    steps: list[BatchStep] = [
        {"id": each["id"], "version": each["version"], "step": "fetched"} for each in listed
    ]
    results = await run(kim.referrals.take_steps, steps)
    assert len(results) == 51
    assert all(each.receipt for each in results)


async def test_refusals_are_exceptions_that_say_what_is_possible(kim: Kim, scene: Scene) -> None:
    referral_id = await sent(scene)
    with pytest.raises(WrongState) as wrong:
        await run(kim.referrals.start, referral_id)
    assert (wrong.value.state, wrong.value.allowed) == ("requested", ["accept", "cancel", "reject"])
    with pytest.raises(VersionStale) as stale:
        await run(kim.referrals.accept, referral_id, version=99)
    assert stale.value.current_version == (await run(kim.referrals.read, referral_id))["version"]
    with pytest.raises(Invalid) as invalid:
        await run(kim.referrals.reject, referral_id, "too tired!")
    assert [each["place"] for each in invalid.value.errors] == ["body.reason"]
    with pytest.raises(NotFound):
        await run(kim.referrals.read, scene.case_id)
    with pytest.raises(Forbidden):
        await run(lambda: list(kim.webhooks.listed()))


async def test_more_is_asked_for_answered_with_a_file_and_marked_read(kim: Kim, scene: Scene) -> None:
    referral_id = await wide(scene)
    asked = await run(kim.messages.ask, referral_id, ["benefits"])
    notice = await a_document(scene, "notice")
    categories = ["documents", "benefits", "residence"]
    body = {"text": "Der Bescheid.", "data_categories": categories, "document_ids": [notice]}
    await said(scene.manager, own(referral_id, asked["id"], "answer"), body)
    answer = (await run(lambda: list(kim.messages.listed(referral_id))))[-1]
    assert (answer["answers_id"], answer["result"]) == (asked["id"], "answered")
    (file,) = answer["attachments"]
    content = await run(kim.messages.attachment, referral_id, answer["id"], file["id"])
    assert (content, hashlib.sha256(content).hexdigest()) == (CONTENT, file["sha256"])
    await run(kim.messages.mark_read, referral_id, answer["id"])
    assert (await thread(scene.manager, own(referral_id)))[-1]["read_at"] is not None
    word = await run(kim.messages.say, referral_id, "taken_note")
    text = await run(kim.messages.write, referral_id, "Danke, Antrag liegt vor.")
    taken_back = await run(kim.messages.ask, referral_id, ["residence"])
    await run(kim.messages.take_back, referral_id, taken_back["id"])
    states = {each["id"]: each["state"] for each in await run(lambda: list(kim.messages.listed(referral_id)))}
    assert [states[each["id"]] for each in (asked, word, text, taken_back)] == [
        "answered", None, None, "withdrawn",
    ]  # fmt: skip


async def test_another_hand_in_between_is_noticed_by_the_version(kim: Kim, scene: Scene) -> None:
    referral_id = await sent(scene)
    read = await run(kim.referrals.read, referral_id)
    await step(scene, referral_id, "accept")
    with pytest.raises(VersionStale):
        await run(kim.referrals.reject, referral_id, "no_capacity", version=read["version"])


async def test_file_is_sent_once_with_ones_own_key_and_refused_without_feedback(
    kim: Kim, scene: Scene
) -> None:
    content = "Terminbestätigung\n".encode() * 4
    silent = await sent(scene, consent={"direction": "to"})
    with pytest.raises(Conflict) as refused:
        await run(kim.referrals.send_file, silent, content)
    assert refused.value.code == "feedback_not_agreed"
    referral_id = await sent(scene)
    first, again = [await run(kim.referrals.send_file, referral_id, content, key="file-0001") for _ in "12"]
    assert (first["kind"], first["id"]) == ("file", again["id"])
    (file,) = first["attachments"]
    assert file["size_bytes"] == len(content)
