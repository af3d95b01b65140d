"""A request for more information: every state, step and actor, against a table that is written here again."""

from typing import Any
from uuid import UUID

import pytest

from app.access.roles import Role
from app.kit.machine import Machine, Transition
from app.referrals.messages import thread as shared
from app.referrals.messages.rules import WAY, State, Step
from app.referrals.rules import Side
from tests.referrals.arrange import Scene, a_scene, put_in_state
from tests.referrals.talking import ASK, TEXT, asked, own, said, theirs, thread, wide
from tests.referrals.test_transitions import STATES as OF_REFERRAL
from tests.referrals.test_transitions import cast_of
from tests.world import Person, World

STATES = ("open", "answered", "declined", "withdrawn")
SENDER = {"answer": {"open": "answered"}, "decline": {"open": "declined"}}
RECIPIENT = {"withdraw": {"open": "withdrawn"}}
BODIES: dict[str, Any] = {"answer": TEXT, "decline": {"reason": "not_known"}, "withdraw": None}
DONE = {"answer": 201, "decline": 200, "withdraw": 200}
WRITABLE = ("requested", "accepted", "in_progress", "on_hold")


async def put(scene: Scene, request_id: str, state: str) -> None:
    """Put a request into a state, behind the API, which lets it end once."""
    admin = scene.world.admin
    await admin.execute("ALTER TABLE referral_messages DISABLE TRIGGER keep")
    await admin.execute(
        """UPDATE referral_messages SET state = $2, closed_at = CASE WHEN $2 <> 'open' THEN now() END,
            decline_reason = CASE WHEN $2 = 'declined' THEN 'not_known' END WHERE id = $1""",
        UUID(request_id), state,
    )  # fmt: skip
    await admin.execute(
        "UPDATE referral_messages SET answers_id = NULL, result = NULL WHERE answers_id = $1",
        UUID(request_id),
    )
    await admin.execute("ALTER TABLE referral_messages ENABLE TRIGGER keep")


async def state_of(scene: Scene, request_id: str) -> str:
    state: str = await scene.world.admin.fetchval(
        "SELECT state FROM referral_messages WHERE id = $1", UUID(request_id)
    )
    return state


async def refused(people: list[Person], path: str, step: str, status: int) -> None:
    for person in people:
        answer = await person.post(f"{path}/{step}", BODIES[step])
        assert answer.status_code == status, (person.roles, answer.text)


@pytest.mark.parametrize("step", SENDER)
async def test_senders_step_is_taken_exactly_where_and_by_whom_the_table_says(
    world: World, step: str
) -> None:
    scene = await a_scene(world)
    referral_id, cast = await wide(scene), await cast_of(scene)
    request_id = await asked(scene, referral_id)
    path = own(referral_id, request_id)
    for number, state in enumerate(STATES):
        await put(scene, request_id, state)
        await refused(cast.other_managers, path, step, 404)
        await refused([*cast.institution, *cast.other_institutions, cast.other(number)], path, step, 403)
        assert await state_of(scene, request_id) == state
        answer = await cast.team[number % 2].post(f"{path}/{step}", BODIES[step])
        leads_to = SENDER[step].get(state)
        assert answer.status_code == (DONE[step] if leads_to else 409), (state, answer.text)
        assert await state_of(scene, request_id) == (leads_to or state)
        if not leads_to:
            assert (answer.json()["state"], answer.json()["allowed"]) == (state, [])


async def test_recipients_step_is_taken_exactly_where_and_by_whom_the_table_says(world: World) -> None:
    scene = await a_scene(world)
    referral_id, cast = await wide(scene), await cast_of(scene)
    cast.institution.append(await world.person(Role.PARTNER_SYSTEM))
    request_id = await asked(scene, referral_id)
    path = theirs(referral_id, request_id)
    for number, state in enumerate((*STATES, "open", "open")):
        await put(scene, request_id, state)
        await refused(cast.other_institutions, path, "withdraw", 404)
        await refused([*cast.team, *cast.other_managers, cast.other(number)], path, "withdraw", 403)
        assert await state_of(scene, request_id) == state
        answer = await cast.institution[number % 3].post(f"{path}/withdraw")
        leads_to = RECIPIENT["withdraw"].get(state)
        assert answer.status_code == (200 if leads_to else 409), (state, answer.text)
        assert await state_of(scene, request_id) == (leads_to or state)


@pytest.mark.parametrize("state", OF_REFERRAL[1:])
async def test_steps_are_taken_only_while_the_referral_is_with_the_recipient(
    world: World, state: str
) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    requests = {step: await asked(scene, referral_id) for step in BODIES}
    await put_in_state(world, referral_id, state)
    possible = state in WRITABLE
    tries = [
        (scene.partner, theirs(referral_id), ASK, 201),
        (scene.manager, own(referral_id, requests["answer"], "answer"), BODIES["answer"], 201),
        (scene.manager, own(referral_id, requests["decline"], "decline"), BODIES["decline"], 200),
        (scene.partner, theirs(referral_id, requests["withdraw"], "withdraw"), None, 200),
    ]
    for person, path, body, status in tries:
        answer = await person.post(path, body)
        assert answer.status_code == (status if possible else 409), (path, answer.text)
    ends = {step: await state_of(scene, request_id) for step, request_id in requests.items()}
    assert ends == (
        {"answer": "answered", "decline": "declined", "withdraw": "withdrawn"}
        if possible
        else dict.fromkeys(BODIES, "open")
    )


async def test_only_a_request_is_answered_declined_or_withdrawn(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    word = await said(scene.partner, theirs(referral_id), {"kind": "message", "code": "please_call"})
    for person, path, step in (
        (scene.manager, own(referral_id, word["id"]), "answer"),
        (scene.manager, own(referral_id, word["id"]), "decline"),
        (scene.partner, theirs(referral_id, word["id"]), "withdraw"),
    ):
        await refused([person], path, step, 404)


async def test_answer_names_its_request_and_both_sides_see_where_it_stands(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    request_id = await asked(scene, referral_id)
    other = await asked(scene, referral_id, "contact")
    answer = await said(scene.manager, own(referral_id, request_id, "answer"), TEXT)
    await said(scene.manager, own(referral_id, other, "decline"), {"reason": "ask_the_client"}, 200)
    for person, path in ((scene.manager, own(referral_id)), (scene.partner, theirs(referral_id))):
        seen = {each["id"]: each for each in await thread(person, path)}
        assert answer["answers_id"] == seen[answer["id"]]["answers_id"] == request_id
        assert (seen[request_id]["state"], seen[request_id]["decline_reason"]) == ("answered", None)
        assert (seen[other]["state"], seen[other]["decline_reason"]) == ("declined", "ask_the_client")
        assert seen[request_id]["closed_at"] is not None


def test_this_table_and_that_of_the_application_agree() -> None:
    ours = {("ask", None, "open", Side.RECIPIENT)} | {
        (step, source, target, side)
        for side, table in ((Side.SENDER, SENDER), (Side.RECIPIENT, RECIPIENT))
        for step, ways in table.items()
        for source, target in ways.items()
    }
    assert ours == {(row.step, row.source, row.target, row.by) for row in WAY}


async def test_answer_off_the_table_would_be_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted fault: somebody lets a request that was taken back be declined; the database refuses it."""
    wrong = Machine(*WAY, Transition(Step.DECLINE, State.WITHDRAWN, State.DECLINED, Side.SENDER))
    monkeypatch.setattr(shared, "WAY", wrong)
    scene = await a_scene(world)
    referral_id = await wide(scene)
    request_id = await asked(scene, referral_id)
    await said(scene.partner, theirs(referral_id, request_id, "withdraw"), None, 200)
    answer = await scene.manager.post(own(referral_id, request_id, "decline"), BODIES["decline"])
    assert answer.status_code not in (200, 409)
    assert await state_of(scene, request_id) == "withdrawn"
