"""What may be told in a message: never more than the basis of the referral covers, and all of it logged."""

from typing import Any
from uuid import UUID

import pytest

from app.catalogues.source import allowed_categories, load_entries
from app.referrals.messages import covering
from tests.clients.arrange import add_period
from tests.consents.arrange import give_consent
from tests.referrals.arrange import AUTHORITIES, a_scene, draft, send, sent
from tests.referrals.talking import ASK, TEXT, asked, disclosed, own, said, theirs, thread, wide
from tests.world import World

CATEGORIES = sorted(entry.code for entry in load_entries() if entry.vocabulary == "data_category")


async def test_text_within_the_consent_is_a_disclosure_with_basis_purpose_and_categories(
    world: World,
) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    await said(scene.manager, own(referral_id), {**TEXT, "data_categories": ["contact", "benefits"]})
    request_id = await asked(scene, referral_id)
    await said(scene.manager, own(referral_id, request_id, "answer"), TEXT)
    log = await disclosed(scene, referral_id)
    assert [entry["data_categories"] for entry in log] == [["benefits", "contact"], ["benefits"]]
    for entry in log:
        assert (entry["legal_basis"], entry["purpose"], entry["channel"]) == (
            "consent",
            "referral",
            "platform",
        )
        assert (entry["institution_id"], entry["document_ids"]) == (UUID(scene.institution_id), [])


async def test_coded_words_and_a_refusal_disclose_nothing(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    await said(scene.manager, own(referral_id), {"code": "please_call"})
    first, second = await asked(scene, referral_id), await asked(scene, referral_id)
    await said(scene.manager, own(referral_id, first, "answer"), {"code": "new_referral_follows"})
    await said(scene.manager, own(referral_id, second, "decline"), {"reason": "not_covered"}, 200)
    assert await disclosed(scene, referral_id) == []


@pytest.mark.parametrize("verb", ["write", "answer"])
async def test_what_the_consent_does_not_name_is_refused_by_name_with_the_way_out(
    world: World, verb: str
) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    request_id = await asked(scene, referral_id)
    path = own(referral_id) if verb == "write" else own(referral_id, request_id, "answer")
    body = {"text": "Mehr als vereinbart.", "data_categories": ["contact", "work", "benefits"]}
    refused = await scene.manager.post(path, body)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_covered"), refused.text
    assert refused.json()["missing"] == ["category:benefits", "category:work"]
    assert refused.json()["detail"] == (
        "The basis of this referral does not cover this: without Benefits, without Work."
        " Tell only what it covers, or record a consent that does and refer anew with it."
    )
    assert await disclosed(scene, referral_id) == []
    assert [each["state"] for each in await thread(scene.manager, own(referral_id))] == ["open"]


async def test_another_consent_to_the_same_institution_widens_nothing(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await give_consent(
        scene.manager, scene.client_id, scene.institution_id,
        data_categories=["master_data", "contact", "benefits"],
    )  # fmt: skip
    refused = await scene.manager.post(own(referral_id), TEXT)
    assert (refused.status_code, refused.json()["missing"]) == (409, ["category:benefits"])


@pytest.mark.parametrize("kind", ["jobcenter", "schule", "jugendamt", "krankenkasse"])
async def test_each_category_is_told_exactly_where_the_kind_of_institution_may_have_it(
    world: World, kind: str
) -> None:
    scene = await a_scene(world, kind)
    allowed = set(allowed_categories(kind)) - {"protection_from_violence"}
    referral_id = await sent(scene, data_categories=["master_data"])
    await world.admin.execute(
        "UPDATE consents SET data_categories = $2 WHERE client_id = $1", UUID(scene.client_id), CATEGORIES
    )
    told = []
    for category in CATEGORIES:
        body = {"text": "Ein Satz.", "data_categories": [category]}
        answer = await scene.manager.post(own(referral_id), body)
        assert answer.status_code in (201, 409), answer.text
        if answer.status_code == 201:
            told.append(category)
        else:
            assert (answer.json()["code"], answer.json()["category"]) == ("category_not_allowed", category)
        question = {"kind": "information_request", "data_categories": [category]}
        question_answer = await scene.partner.post(theirs(referral_id), question)
        assert question_answer.json().get("code") in (
            (None, "requests_open") if category in allowed else ("category_not_allowed",)
        )
    assert set(told) == allowed


@pytest.mark.parametrize("kind", AUTHORITIES)
async def test_authorities_of_residence_law_get_coded_words_only(world: World, kind: str) -> None:
    scene = await a_scene(world, kind)
    referral_id = await sent(scene, consent={"data_categories": ["master_data"]})
    request_id = await asked(scene, referral_id, "master_data")
    body = {"text": "Geboren in Homs.", "data_categories": ["master_data"]}
    for path in (own(referral_id), own(referral_id, request_id, "answer")):
        refused = await scene.manager.post(path, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "coded_only")
    await said(scene.manager, own(referral_id, request_id, "answer"), {"code": "new_referral_follows"})
    assert await disclosed(scene, referral_id) == []


async def test_without_consent_only_what_the_basis_was_examined_for_is_told(world: World) -> None:
    scene = await a_scene(world, "sozialamt")
    referral_id = await draft(
        scene, legal_basis="vital_interest", necessity="Akute Obdachlosigkeit", data_categories=["contact"]
    )
    await send(scene, referral_id)
    refused = await scene.manager.post(own(referral_id), TEXT)
    assert (refused.status_code, refused.json()["missing"]) == (409, ["category:benefits"])
    await said(scene.manager, own(referral_id), {"text": "Neue Nummer.", "data_categories": ["contact"]})
    (entry,) = await disclosed(scene, referral_id)
    assert (entry["legal_basis"], entry["data_categories"]) == ("vital_interest", ["contact"])


async def test_what_went_by_duty_takes_no_text_afterwards(world: World) -> None:
    scene = await a_scene(world, "jugendamt")
    referral_id = await sent(scene, data_categories=["master_data"])
    await world.admin.execute("UPDATE referrals SET legal_basis = 'kkg_4' WHERE id = $1", UUID(referral_id))
    refused = await scene.manager.post(own(referral_id), {"text": "Nachtrag", "data_categories": ["contact"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "duty_workflow_required")
    await said(scene.manager, own(referral_id), {"code": "please_call"})


BAD: list[dict[str, Any]] = [
    {},
    {"code": "please_call", "text": "beides", "data_categories": ["contact"]},
    {"text": "ohne Kategorie"},
    {"code": "please_call", "data_categories": ["contact"]},
    {"code": "takes_longer"},
    {"text": "x", "data_categories": ["no_such"]},
    {"text": "x" * 4001, "data_categories": ["contact"]},
]


@pytest.mark.parametrize("body", BAD)
async def test_text_without_categories_and_what_cannot_be_meant_is_refused(
    world: World, body: dict[str, Any]
) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    assert (await scene.manager.post(own(referral_id), body)).status_code == 422
    request_id = await asked(scene, referral_id)
    assert (await scene.manager.post(own(referral_id, request_id, "answer"), body)).status_code == 422


@pytest.mark.parametrize("said_with", [{}, {"code": "please_call", "text": "beides"}])
async def test_neither_word_nor_text_or_both_is_refused_at_the_body_on_both_sides(
    world: World, said_with: dict[str, str]
) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    ours = await scene.manager.post(own(referral_id), said_with)
    partners = await scene.partner.post(theirs(referral_id), {"kind": "message", **said_with})
    for refused in (ours, partners):
        (error,) = refused.json()["errors"]
        assert (refused.status_code, error["place"], error["kind"]) == (422, "body", "one_of")


async def test_without_consent_to_feedback_the_recipient_asks_by_name_and_says_no_word(
    world: World,
) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent={"direction": "to"})
    for body in (
        {"kind": "message", "text": "Kam nicht zum Termin"},
        {**ASK, "text": "Er arbeitet schwarz?"},
    ):
        refused = await scene.partner.post(theirs(referral_id), body)
        assert (refused.status_code, refused.json()["code"]) == (409, "feedback_not_agreed")
    assert await thread(scene.manager, own(referral_id)) == []
    await said(scene.partner, theirs(referral_id), ASK)
    await said(scene.partner, theirs(referral_id), {"kind": "message", "code": "takes_longer"})
    await give_consent(
        scene.manager, scene.client_id, scene.institution_id, purpose="feedback", direction="from"
    )
    await said(scene.partner, theirs(referral_id), {**ASK, "text": "Seit wann?"})
    await said(scene.partner, theirs(referral_id), {"kind": "message", "text": "Termin am Montag"})
    texts = [each["text"] for each in await thread(scene.manager, own(referral_id))]
    assert texts == [None, None, "Seit wann?", "Termin am Montag"]


async def test_widening_would_be_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted fault: what the consent lacks is not asked for."""
    monkeypatch.setattr(covering, "lacking", lambda *_args, **_kwargs: ())
    scene = await a_scene(world)
    referral_id = await sent(scene)
    assert (await scene.manager.post(own(referral_id), TEXT)).status_code == 201


async def test_what_tells_of_a_shelter_is_told_in_no_message(world: World) -> None:
    scene = await a_scene(world)
    where = {"strand": "actual", "housing_type": "womens_shelter", "valid_from": "2025-01-01"}
    await add_period(scene.manager, scene.client_id, "addresses", **where)
    referral_id = await sent(scene, consent={"data_categories": ["master_data", "contact", "housing"]})
    body = {"text": "Sie sucht eine Wohnung.", "data_categories": ["housing"]}
    refused = await scene.manager.post(own(referral_id), body)
    assert (refused.status_code, refused.json()["missing"]) == (409, ["category:housing"]), refused.text
    assert await disclosed(scene, referral_id) == []
