"""What an institution and a newcomer read in an answer: results, what was not kept, codes, categories."""

from typing import Any

import pytest

from app.catalogues.source import load_entries
from app.documents.rules import CATEGORIES_OF_DOCUMENT
from app.referrals.messages import sending
from tests.referrals.arrange import Scene, a_scene, sent, step
from tests.referrals.talking import TEXT, asked, own, said, theirs, thread, wide
from tests.refusals import places
from tests.world import World

WORD = {"code": "please_call"}


@pytest.mark.parametrize(
    ("body", "result"),
    [
        (TEXT, "answered"),
        ({**TEXT, "result": "cannot_be_answered"}, "cannot_be_answered"),
        ({**TEXT, "result": "not_allowed"}, "not_allowed"),
        (WORD, "cannot_be_answered"),
        ({**WORD, "result": "not_allowed"}, "not_allowed"),
    ],
)
async def test_answer_says_whether_it_answers(world: World, body: dict[str, Any], result: str) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    request_id = await asked(scene, referral_id)
    answer = await said(scene.manager, own(referral_id, request_id, "answer"), body)
    assert (answer["answers_id"], answer["result"]) == (request_id, result)
    question, shown = await thread(scene.partner, theirs(referral_id))
    assert (question["state"], question["result"], shown["result"]) == ("answered", None, result)


async def test_coded_word_does_not_claim_to_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    request_id = await asked(scene, referral_id)
    path = own(referral_id, request_id, "answer")
    refused = await scene.manager.post(path, {**WORD, "result": "answered"})
    assert (refused.status_code, places(refused)) == (
        422,
        [{"place": "body", "kind": "word_answers_nothing"}],
    )
    monkeypatch.setattr(sending, "result_of", lambda *_, **__: "answered")  # a planted fault
    stopped = await scene.manager.post(path, WORD)
    assert (stopped.status_code, stopped.json()["constraint"]) == (
        422,
        "ck_referral_messages_word_answers_nothing",
    )


async def test_message_that_answers_nothing_has_no_result(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    assert (await said(scene.manager, own(referral_id), WORD))["result"] is None
    refused = await scene.manager.post(own(referral_id), {**WORD, "result": "not_allowed"})
    assert refused.status_code == 422


async def _finished(scene: Scene, **consent: Any) -> tuple[str, dict[str, Any]]:
    referral_id = await sent(scene, consent=consent)
    await step(scene, referral_id, "accept")
    return referral_id, await step(scene, referral_id, "complete", outcome="helped")


async def test_answer_tells_that_an_outcome_was_not_kept_and_why(world: World) -> None:
    scene = await a_scene(world)
    referral_id, done = await _finished(scene, direction="to")
    assert (done["outcome"], done["not_kept"]) == ("not_disclosed", "feedback_not_agreed")
    read = (await scene.partner.get(f"/v1/partner/referrals/{referral_id}")).json()
    assert read["not_kept"] == "feedback_not_agreed"
    _, kept = await _finished(scene)
    assert (kept["outcome"], kept["not_kept"]) == ("helped", None)


async def test_line_of_a_batch_tells_it_too(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent={"direction": "to"})
    version = (await step(scene, referral_id, "accept"))["version"]
    item = {"id": referral_id, "version": version, "step": "complete", "outcome": "helped"}
    answer = await scene.partner.post("/v1/partner/referrals/batch", {"items": [item]})
    (line,) = answer.json()["items"]
    assert (line["status"], line["not_kept"]) == (200, "feedback_not_agreed")


async def test_reason_of_the_institution_itself_is_kept(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent={"direction": "to"})
    seen = await step(scene, referral_id, "reject", reason="no_capacity")
    assert (seen["rejection_reason"], seen["not_kept"]) == ("no_capacity", None)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/offers?topic=astrology", "topic"),
        ("/v1/offers?language=xxx", "language"),
        ("/v1/offers?municipality=99999999", "municipality"),
        ("/v1/institutions?institution_type=circus", "institution_type"),
        ("/v1/receiving-units?municipal_area_id=KIM-00000", "municipal_area_id"),
        ("/v1/inquiries?state=dreaming", "state"),
    ],
)
async def test_code_that_does_not_exist_is_refused_by_the_name_of_its_parameter(
    world: World, path: str, name: str
) -> None:
    manager = await world.case_manager()
    refused = await manager.get(path)
    assert refused.status_code == 422, refused.text
    assert [each["place"] for each in places(refused) or ()] == [f"query.{name}"]


async def test_code_that_exists_and_fits_nothing_finds_nothing(world: World) -> None:
    manager = await world.case_manager()
    found = await manager.get("/v1/offers?topic=housing&language=ara")
    assert (found.status_code, found.json()["items"]) == (200, [])


async def test_catalogue_says_what_a_document_of_each_category_tells_of(world: World) -> None:
    manager = await world.case_manager()
    entries = (await manager.get("/v1/catalogues/document_category", limit=50)).json()["items"]
    told = {entry["code"]: entry["attributes"]["tells_of"] for entry in entries}
    assert told["notice"] == ["documents", "benefits", "residence"]
    assert (told["other"], told["consent"]) == ([], [])
    assert {code for code, of in told.items() if of} == set(CATEGORIES_OF_DOCUMENT)
    known = {entry.code for entry in load_entries() if entry.vocabulary == "data_category"}
    assert all(set(of) <= known for of in told.values())
