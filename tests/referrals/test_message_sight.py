"""Whose eyes a thread is for: the team of the case and the addressed institution, over HTTP and in SQL."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from app.kit.ids import new_id
from tests.clients.test_restrictions import restrict
from tests.referrals.arrange import a_scene, assign, step
from tests.referrals.talking import TEXT, a_document, asked, own, said, theirs, thread, wide
from tests.referrals.test_transitions import cast_of
from tests.work.arrange import group
from tests.world import Person, World

_ADD = """INSERT INTO referral_messages (municipal_area_id, id, referral_id, institution_id, at, side, kind,
    code) VALUES (ctx_area(), $1, $2, $3, now(), $4, 'message', 'please_call')"""
_READ = "UPDATE referral_messages SET read_at = now() WHERE referral_id = $1 AND side = $2"
_END = "UPDATE referral_messages SET state = $2, closed_at = now(), decline_reason = $3 WHERE id = $1"


async def test_thread_is_read_by_the_team_and_the_institution_alone(world: World) -> None:
    scene = await a_scene(world)
    referral_id, cast = await wide(scene), await cast_of(scene)
    await said(scene.manager, own(referral_id), TEXT)
    deputy = await world.case_manager()
    await assign(world, deputy, scene.client_id, scene.case_id, "deputy")
    for person in (*cast.team, deputy):
        assert len(await thread(person, own(referral_id))) == 1
        await said(person, own(referral_id), {"code": "please_call"})
        await world.admin.execute(
            "DELETE FROM referral_messages WHERE referral_id = $1 AND code IS NOT NULL", UUID(referral_id)
        )
    for person in cast.institution:
        assert len(await thread(person, theirs(referral_id))) == 1
    for person in cast.other_institutions:
        assert (await person.get(theirs(referral_id))).status_code == 404
        body = {"kind": "message", "code": "please_call"}
        assert (await person.post(theirs(referral_id), body)).status_code == 404
    for person in cast.other_managers:
        assert (await person.get(own(referral_id))).status_code == 404
        assert (await person.post(own(referral_id), TEXT)).status_code == 404
    for person in (*cast.others, *cast.institution):
        breaks_the_glass = Role.TEAM_LEAD in person.roles
        assert (await person.get(own(referral_id))).status_code == (404 if breaks_the_glass else 403)
        assert (await person.post(own(referral_id), TEXT)).status_code == 403
    for person in (*cast.others, *cast.team):
        assert (await person.get(theirs(referral_id))).status_code == 403


async def test_message_is_found_under_its_own_referral_only(world: World) -> None:
    scene = await a_scene(world)
    first, second = await wide(scene), await wide(scene)
    request_id = await asked(scene, first)
    for person, path, body in (
        (scene.manager, own(second, request_id, "answer"), TEXT),
        (scene.manager, own(second, request_id, "decline"), {"reason": "not_known"}),
        (scene.manager, own(second, request_id, "read"), None),
        (scene.partner, theirs(second, request_id, "withdraw"), None),
        (scene.partner, theirs(second, request_id, "read"), None),
        (scene.partner, theirs(first, str(new_id()), "read"), None),
    ):
        assert (await person.post(path, body)).status_code == 404, path


async def _try(world: World, person: Person, sql: str, *values: Any) -> int:
    """Return how many rows somebody would change; -1 where the database refuses. Nothing is changed."""
    async with world.sql(person) as db:
        driver = await db.driver()
        trial = driver.transaction()
        await trial.start()
        try:
            return int(str(await driver.execute(sql, *values)).split()[-1])
        except (asyncpg.InsufficientPrivilegeError, asyncpg.CheckViolationError):
            return -1
        finally:
            await trial.rollback()


async def test_database_lets_each_side_write_its_own_and_only_while_it_is_read(world: World) -> None:
    scene = await a_scene(world)
    referral_id = UUID(await wide(scene))
    institution = UUID(scene.institution_id)
    stranger = await world.person(Role.PARTNER_USER, institution="sozialamt")
    other_manager = await world.case_manager()
    people = (scene.manager, scene.partner, stranger, other_manager)

    async def adding(side: str) -> list[int]:
        return [await _try(world, each, _ADD, new_id(), referral_id, institution, side) for each in people]

    assert await adding("sender") == [1, -1, -1, -1]
    assert await adding("recipient") == [-1, 1, -1, -1]
    await step(scene, str(referral_id), "reject", reason="no_capacity")
    assert await adding("sender") == await adding("recipient") == [-1, -1, -1, -1]


async def test_database_keeps_marks_and_ends_with_the_side_whose_they_are(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    await said(scene.manager, own(referral_id), TEXT)
    request_id = UUID(await asked(scene, referral_id))
    both = (scene.manager, scene.partner)
    assert [await _try(world, each, _READ, UUID(referral_id), "sender") for each in both] == [-1, 1]
    assert [await _try(world, each, _READ, UUID(referral_id), "recipient") for each in both] == [1, -1]
    reasons = {"answered": None, "declined": "not_known", "withdrawn": None}
    ends = {
        state: [await _try(world, each, _END, request_id, state, reason) for each in both]
        for state, reason in reasons.items()
    }
    assert ends == {"answered": [1, -1], "declined": [1, -1], "withdrawn": [-1, 1]}
    await said(scene.manager, own(referral_id, str(request_id), "decline"), {"reason": "not_known"}, 200)
    assert [await _try(world, each, _END, request_id, "open", None) for each in both] == [-1, -1]


async def test_database_attaches_no_document_that_one_does_not_see(world: World) -> None:
    scene, other = await a_scene(world), await a_scene(world)
    referral_id = await wide(scene)
    message = await said(scene.manager, own(referral_id), TEXT)
    add = """INSERT INTO referral_attachments (municipal_area_id, id, referral_id, institution_id, message_id,
            document_id, category, kind, size_bytes, sha256)
        VALUES (ctx_area(), $1, $2, $3, $4, $5, 'notice', 'text', 1, 'x')"""
    seen = []
    for owner in (scene, other):
        document_id = UUID(await a_document(owner, "notice"))
        ids = (UUID(referral_id), UUID(scene.institution_id), UUID(message["id"]))
        both = (scene.manager, scene.partner)
        seen += [await _try(world, each, add, new_id(), *ids, document_id) for each in both]
    assert seen == [1, -1, -1, -1]


@pytest.mark.parametrize("answer", ["answer", "decline", "withdraw"])
async def test_working_list_shows_what_waits_for_an_answer_until_it_has_one(
    world: World, answer: str
) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    assert await group(scene.manager, "information_requested") == []
    request_id = await asked(scene, referral_id)
    (item,) = await group(scene.manager, "information_requested")
    assert (item["reason"], item["target"]) == ("to_answer", {"type": "referral", "id": referral_id})
    assert item["institution"]["id"] == scene.institution_id
    if answer == "withdraw":
        await said(scene.partner, theirs(referral_id, request_id, answer), None, 200)
    elif answer == "decline":
        await said(scene.manager, own(referral_id, request_id, answer), {"reason": "not_known"}, 200)
    else:
        await said(scene.manager, own(referral_id, request_id, answer), TEXT)
    assert await group(scene.manager, "information_requested") == []


async def test_working_list_shows_nothing_of_a_referral_that_is_over(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    await asked(scene, referral_id)
    await world.admin.execute(
        "UPDATE referral_messages SET due_at = now() - interval '1 hour' WHERE state = 'open'"
    )
    (item,) = await group(scene.manager, "information_requested")
    assert item["reason"] == "deadline_passed"
    await step(scene, referral_id, "reject", reason="no_capacity")
    assert await group(scene.manager, "information_requested") == []


async def test_timeline_shows_that_something_was_said_and_not_what(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    await said(scene.partner, theirs(referral_id), {"kind": "message", "text": "Geheim vom Amt"})
    first, second = await asked(scene, referral_id), await asked(scene, referral_id)
    await said(scene.manager, own(referral_id, first, "answer"), TEXT)
    await said(scene.manager, own(referral_id, second, "decline"), {"reason": "not_known"}, 200)
    answer = await scene.manager.get(f"/v1/cases/{scene.case_id}/timeline", kinds="message")
    assert answer.status_code == 200, answer.text
    lines = [(each["what"], each["details"]["side"]) for each in reversed(answer.json()["items"])]
    assert lines == [
        ("said", "recipient"), ("asked", "recipient"), ("asked", "recipient"), ("answered", "sender"),
        ("declined", "recipient"),
    ]  # fmt: skip
    assert "Geheim" not in answer.text
    assert "Bescheid" not in answer.text


async def test_database_takes_no_word_of_the_sender_about_whose_data_are_only_kept(world: World) -> None:
    scene = await a_scene(world)
    referral_id = UUID(await wide(scene))
    await restrict(scene.manager, scene.client_id)
    adding = [
        await _try(world, person, _ADD, new_id(), referral_id, UUID(scene.institution_id), side)
        for person, side in ((scene.manager, "sender"), (scene.partner, "recipient"))
    ]
    assert adding == [-1, 1]
