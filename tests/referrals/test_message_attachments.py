"""Documents that go with a message: which may, how the institution gets them, and when it does not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.access.roles import Role
from app.documents.rules import CATEGORIES_OF_DOCUMENT
from app.documents.store import FolderStore
from app.kit.ids import new_id
from app.referrals.messages import covering
from tests.clients.arrange import add_period
from tests.conftest import Clock
from tests.documents.arrange import another_shelf
from tests.documents.files import TEXT as CONTENT
from tests.referrals.arrange import Scene, a_scene, step
from tests.referrals.talking import (
    a_document,
    asked,
    disclosed,
    ends,
    own,
    said,
    theirs,
    thread,
    wide,
)
from tests.world import World

NEEDED = ["documents", "benefits", "residence"]


async def _with_notice(scene: Scene) -> tuple[str, str, dict[str, Any]]:
    """Return a referral, the document, and the message that it went with as the institution sees it."""
    referral_id = await wide(scene)
    document_id = await a_document(scene, "notice")
    request_id = await asked(scene, referral_id)
    body = {"text": "Der Bescheid.", "data_categories": NEEDED, "document_ids": [document_id]}
    await said(scene.manager, own(referral_id, request_id, "answer"), body)
    return referral_id, document_id, (await thread(scene.partner, theirs(referral_id)))[-1]


def _file(referral_id: str, message: dict[str, Any]) -> str:
    return theirs(referral_id, message["id"], "attachments", message["attachments"][0]["id"])


async def test_institution_gets_the_very_file_to_be_saved_and_called_after_what_it_is(world: World) -> None:
    scene = await a_scene(world)
    referral_id, document_id, message = await _with_notice(scene)
    (shown,) = message["attachments"]
    assert (shown["category"], shown["kind"], "document_id" in shown) == ("notice", "text", False)
    (ours,) = (await thread(scene.manager, own(referral_id)))[-1]["attachments"]
    assert ours == {**shown, "document_id": document_id}
    answer = await scene.partner.get(_file(referral_id, message))
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "attachment" in answer.headers["content-disposition"]
    assert "Bescheid.txt" in answer.headers["content-disposition"]
    assert "Diagnose" not in answer.headers["content-disposition"]
    kept = await world.admin.fetchrow(
        "SELECT user_id, client_pseudonyms FROM audit_journal WHERE action = 'partner_referral.download'"
        " AND municipal_area_id = $1", world.area,
    )  # fmt: skip
    assert (kept["user_id"], len(kept["client_pseudonyms"])) == (scene.partner.user_id, 1)
    (entry,) = await disclosed(scene, referral_id)
    assert (entry["document_ids"], entry["data_categories"]) == ([UUID(document_id)], sorted(NEEDED))


@pytest.mark.parametrize("category", [*CATEGORIES_OF_DOCUMENT, "other", "consent"])
async def test_document_goes_only_with_the_categories_that_it_tells_of(world: World, category: str) -> None:
    scene = await a_scene(world)
    referral_id, document_id = await wide(scene), await a_document(scene, category)
    body = {"text": "Anbei.", "data_categories": ["documents"], "document_ids": [document_id]}
    refused = await scene.manager.post(own(referral_id), body)
    code = "document_tells_more" if category in CATEGORIES_OF_DOCUMENT else "document_stays"
    assert (refused.status_code, refused.json()["code"]) == (409, code), refused.text
    if code == "document_stays":
        return
    needed = ["documents", *CATEGORIES_OF_DOCUMENT[category]]
    answer = await scene.manager.post(own(referral_id), {**body, "data_categories": needed})
    covered = {"documents", "master_data", "benefits", "residence"} >= set(needed)
    assert answer.status_code == (201 if covered else 409), answer.text
    assert len(await disclosed(scene, referral_id)) == (1 if covered else 0)


async def test_document_of_another_case_or_named_twice_or_removed_is_not_there(world: World) -> None:
    scene, other = await a_scene(world), await a_scene(world)
    referral_id, document_id = await wide(scene), await a_document(scene, "notice")
    gone, foreign = await a_document(scene, "notice"), await a_document(other, "notice")
    await scene.manager.post(f"/v1/documents/{gone}/remove", {"reason": "not_needed"})
    for ids in ([document_id, document_id], [gone], [foreign], [str(new_id())]):
        body = {"text": "Anbei.", "data_categories": NEEDED, "document_ids": ids}
        refused = await scene.manager.post(own(referral_id), body)
        assert (refused.status_code, refused.json()["errors"][0]["kind"]) == (422, "unknown_reference")
    assert await disclosed(scene, referral_id) == []


async def _hide(scene: Scene, why: str) -> None:
    path = f"/v1/clients/{scene.client_id}"
    if why == "hidden":
        version = (await scene.manager.get(path)).json()["version"]
        answer = await scene.manager.patch(path, {"is_restricted": True}, if_match=f'"{version}"')
        assert answer.status_code == 200, answer.text
        return
    where = {"strand": "actual", "housing_type": "womens_shelter", "valid_from": "2025-01-01"}
    if why == "in a shelter once":
        where["valid_until"] = "2025-06-30"
    await add_period(scene.manager, scene.client_id, "addresses", **where)
    await scene.world.admin.execute(
        "UPDATE clients SET is_restricted = false WHERE id = $1", UUID(scene.client_id)
    )


@pytest.mark.parametrize("why", ["hidden", "in a shelter", "in a shelter once"])
async def test_documents_of_who_is_hidden_or_sheltered_stay(
    world: World, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    referral_id, document_id = await wide(scene), await a_document(scene, "notice")
    request_id = await asked(scene, referral_id)
    await _hide(scene, why)
    body = {"text": "Anbei.", "data_categories": NEEDED, "document_ids": [document_id]}
    for path in (own(referral_id), own(referral_id, request_id, "answer")):
        refused = await scene.manager.post(path, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "document_stays"), refused.text
        assert "Leave them out" in refused.json()["detail"]
    assert await disclosed(scene, referral_id) == []
    await said(scene.manager, own(referral_id), {**body, "document_ids": []})

    async def everybodys(*_: Any) -> bool:
        return True

    monkeypatch.setattr(covering, "may_leave", everybodys)  # a planted fault
    await said(scene.manager, own(referral_id), body)


async def test_shelter_that_was_entered_by_mistake_keeps_no_document(world: World) -> None:
    scene = await a_scene(world)
    referral_id, document_id = await wide(scene), await a_document(scene, "notice")
    await _hide(scene, "in a shelter")
    await world.admin.execute(
        "UPDATE addresses SET superseded_at = now(), superseded_because = 'entered_in_error'"
        " WHERE client_id = $1 AND housing_type = 'womens_shelter'",
        UUID(scene.client_id),
    )
    body = {"text": "Anbei.", "data_categories": NEEDED, "document_ids": [document_id]}
    await said(scene.manager, own(referral_id), body)


async def test_nobody_else_gets_the_file_and_nested_ids_belong_to_their_parents(world: World) -> None:
    scene = await a_scene(world)
    referral_id, _, message = await _with_notice(scene)
    path = _file(referral_id, message)
    for person in (
        await world.person(Role.PARTNER_USER, institution="sozialamt"),
        await world.person(Role.PARTNER_USER, institution_name="Jobcenter Nord"),
        await (await world.neighbour()).person(Role.PARTNER_USER),
    ):
        assert (await person.get(path)).status_code == 404
    for person in (scene.manager, await world.case_manager(), await world.person(Role.PRIVACY_OFFICER)):
        assert (await person.get(path)).status_code == 403
    second = await a_scene(world)
    other_referral, _, other_message = await _with_notice(second)
    attachment_id = message["attachments"][0]["id"]
    for wrong in (
        theirs(other_referral, message["id"], "attachments", attachment_id),
        theirs(referral_id, other_message["id"], "attachments", attachment_id),
        theirs(referral_id, message["id"], "attachments", other_message["attachments"][0]["id"]),
        theirs(referral_id, message["id"], "attachments", str(new_id())),
    ):
        assert (await scene.partner.get(wrong)).status_code == 404
    machine = await world.person(Role.PARTNER_SYSTEM)
    assert (await machine.get(path)).content == CONTENT


async def test_file_goes_out_of_reach_with_its_package(world: World, clock: Clock) -> None:
    scene = await a_scene(world)
    referral_id, _, message = await _with_notice(scene)
    path = _file(referral_id, message)
    await step(scene, referral_id, "reject", reason="no_capacity")
    assert (await scene.partner.get(path)).status_code == 404
    second = await a_scene(world)
    referral_id, _, message = await _with_notice(second)
    clock.fixed = datetime.now(UTC) + timedelta(minutes=5)
    await ends(second, referral_id, clock.fixed)
    assert (await second.partner.get(_file(referral_id, message))).status_code == 404


async def test_removed_document_is_gone_and_the_message_stays(world: World) -> None:
    scene = await a_scene(world)
    referral_id, document_id, message = await _with_notice(scene)
    removed = await scene.manager.post(f"/v1/documents/{document_id}/remove", {"reason": "wrong_person"})
    assert removed.status_code == 200
    gone = await scene.partner.get(_file(referral_id, message))
    assert (gone.status_code, gone.json()["code"]) == (410, "document_removed")
    assert (await thread(scene.partner, theirs(referral_id)))[-1] == message


async def test_database_gives_the_key_to_the_institution_alone_and_only_while_it_may_read(
    world: World,
) -> None:
    scene = await a_scene(world)
    referral_id, _, message = await _with_notice(scene)
    attachment_id = UUID(message["attachments"][0]["id"])

    async def keys(person: Any) -> int:
        async with world.sql(person) as db:
            sql = "SELECT count(sealed_key) FROM attached_file($1)"
            return int(await (await db.driver()).fetchval(sql, attachment_id))

    stranger = await world.person(Role.PARTNER_USER, institution="sozialamt")
    assert [await keys(each) for each in (scene.partner, stranger, scene.manager)] == [1, 0, 0]
    await world.admin.execute(
        "UPDATE referral_packages SET withheld_at = now() WHERE id = $1", UUID(referral_id)
    )
    assert await keys(scene.partner) == 0


async def test_bytes_that_are_away_are_said_to_be(world: World, tmp_path: Path) -> None:
    scene = await a_scene(world)
    referral_id, _, message = await _with_notice(scene)
    with another_shelf(world.app, store=FolderStore(tmp_path)):
        answer = await scene.partner.get(_file(referral_id, message))
    assert answer.status_code == 503
