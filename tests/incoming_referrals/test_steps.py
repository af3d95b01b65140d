"""Every step from every state by everybody, over HTTP, against a table written apart from the rules."""

from typing import Any

import pytest

from app.access.roles import Role
from app.incoming_referrals.rules import WAY, State
from tests.incoming_referrals.arrange import HERE, SENT, Desk, a_desk, send, state_of
from tests.world import Person, World

INSTITUTION, UNIT = "institution", "unit"
EXPECTED: dict[tuple[str, str, str], str] = {
    ("requested", "ask", UNIT): "asked",
    ("requested", "accept", UNIT): "accepted",
    ("requested", "reject", UNIT): "rejected",
    ("requested", "withdraw", INSTITUTION): "withdrawn",
    ("requested", "withdraw-consent", INSTITUTION): "revoked",
    ("requested", "enter-in-error", INSTITUTION): "entered_in_error",
    ("asked", "reply", INSTITUTION): "requested",
    ("asked", "accept", UNIT): "accepted",
    ("asked", "reject", UNIT): "rejected",
    ("asked", "withdraw", INSTITUTION): "withdrawn",
    ("asked", "withdraw-consent", INSTITUTION): "revoked",
    ("asked", "enter-in-error", INSTITUTION): "entered_in_error",
    ("accepted", "withdraw-consent", INSTITUTION): "revoked",
    ("accepted", "enter-in-error", INSTITUTION): "entered_in_error",
}
"""Whatever is not here is refused: 409 to whose step it is, 403 to everybody else's role."""

BODIES: dict[str, Any] = {
    "ask": {"question": "language"},
    "accept": {"confirm_new": True},
    "reject": {"reason": "no_capacity"},
    "reply": {"text": "Ja"},
    "withdraw": {"reason": "no_longer_wanted"},
    "withdraw-consent": None,
    "enter-in-error": None,
}
OF = {
    "ask": UNIT, "accept": UNIT, "reject": UNIT, "reply": INSTITUTION, "withdraw": INSTITUTION,
    "withdraw-consent": INSTITUTION, "enter-in-error": INSTITUTION,
}  # fmt: skip
WAYS: dict[str, tuple[str, ...]] = {
    "requested": (),
    "asked": ("ask",),
    "accepted": ("accept",),
    "rejected": ("reject",),
    "withdrawn": ("withdraw",),
    "revoked": ("withdraw-consent",),
    "entered_in_error": ("enter-in-error",),
}
"""How a referral that was taken comes to each state."""


def _path(incoming_id: str, step: str) -> str:
    return f"{SENT if OF[step] == INSTITUTION else HERE}/{incoming_id}/{step}"


async def _step(person: Person, incoming_id: str, step: str) -> Any:
    return await send(person, _path(incoming_id, step), BODIES[step])


async def _at(desk: Desk, state: str) -> str:
    incoming_id = await desk.taken()
    for step in WAYS[state]:
        person = desk.manager if OF[step] == UNIT else desk.partner
        answer = await _step(person, incoming_id, step)
        assert answer.status_code == 200, answer.text
    return incoming_id


@pytest.mark.parametrize("state", WAYS)
async def test_each_step_from_each_state_by_each_side(world: World, state: str) -> None:
    desk = await a_desk(world)
    for step, side in OF.items():
        incoming_id = await _at(desk, state)
        ours, others = (desk.manager, desk.partner) if side == UNIT else (desk.partner, desk.manager)
        for stranger in (others, desk.lead):
            assert (await _step(stranger, incoming_id, step)).status_code == 403, (step, stranger.roles)
        answer = await _step(ours, incoming_id, step)
        expected = EXPECTED.get((state, step, side))
        now = (await state_of(world, incoming_id))[0]
        if expected is not None:
            assert (answer.status_code, now) == (200, expected), (state, step, answer.text)
            continue
        body = answer.json()
        assert (answer.status_code, body["code"], now) == (409, "wrong_state", state), (state, step)
        allowed = sorted(name for from_, name, by in EXPECTED if (from_, by) == (state, side))
        assert (body["state"], body["allowed"]) == (state, allowed)


@pytest.mark.parametrize("step", OF)
async def test_other_institution_and_other_colleagues_find_nothing(world: World, step: str) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    outsiders = {
        INSTITUTION: [await world.person(Role.PARTNER_USER, institution="schule")],
        UNIT: [await world.case_manager(), await world.case_manager("Caritas")],
    }
    for person in outsiders[OF[step]]:
        assert (await _step(person, incoming_id, step)).status_code == 404
    assert (await state_of(world, incoming_id))[0] == "requested"


def test_rules_say_the_same_as_this_table() -> None:
    said = {(str(row.source), str(row.step), str(row.by)): str(row.target) for row in WAY if row.source}
    assert said == EXPECTED
    assert set(WAYS) == {str(state) for state in State}
