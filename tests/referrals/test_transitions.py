"""Every state, every step, every actor over HTTP, against a table that is written here a second time."""

from dataclasses import dataclass
from typing import Any

import pytest

from app.access.roles import Role
from app.kit.database import Database
from app.kit.machine import Machine, Transition
from app.referrals import steps
from app.referrals.deadlines import expire_due
from app.referrals.rules import DELIVERY, TASK, Side, Step, Task
from tests.referrals.arrange import Scene, a_scene, assign, put_in_state, sent
from tests.referrals.test_deadlines import Worker
from tests.world import Person, World

STATES = (
    "draft", "requested", "accepted", "rejected", "in_progress", "on_hold", "completed", "failed",
    "cancelled", "revoked", "expired", "entered_in_error",
)  # fmt: skip
OPEN = ("requested", "accepted", "in_progress", "on_hold", "expired")
READABLE = ("requested", "accepted", "in_progress", "on_hold", "completed", "failed")

# From DOMAIN: who may take which step from where, and where it leads.
SENDER: dict[str, dict[str, str]] = {
    "send": {"draft": "requested"},
    "send-back": {"rejected": "requested"},
    "cancel": dict.fromkeys(("draft", "requested", "accepted", "in_progress", "on_hold"), "cancelled"),
    "enter-in-error": dict.fromkeys(("draft", *OPEN), "entered_in_error"),
}
RECIPIENT: dict[str, dict[str, str]] = {
    "accept": {"requested": "accepted", "expired": "accepted"},
    "reject": {"requested": "rejected", "expired": "rejected"},
    "start": {"accepted": "in_progress"},
    "resume": {"on_hold": "in_progress"},
    "hold": {"in_progress": "on_hold"},
    "complete": dict.fromkeys(("accepted", "in_progress", "on_hold"), "completed"),
    "fail": dict.fromkeys(("accepted", "in_progress", "on_hold"), "failed"),
    "cancel": dict.fromkeys(("requested", "accepted", "in_progress", "on_hold"), "cancelled"),
    # What the institution notes about a state leaves it as it is.
    "fetched": {state: state for state in READABLE},
    "acknowledge-revocation": {"revoked": "revoked"},
}
SYSTEM = {"expire": {"requested": "expired"}, "revoke": dict.fromkeys(OPEN, "revoked")}
NOTED = {"fetched"}
"""Possible where it is, and not among the steps that lead on."""
BODIES: dict[str, dict[str, str]] = {
    "reject": {"reason": "no_capacity"},
    "hold": {"reason": "waiting_for_client"},
    "cancel": {"reason": "no_longer_wanted"},
    "complete": {"outcome": "helped"},
    "fail": {"outcome": "not_eligible"},
}


@dataclass
class Cast:
    """Everybody who could try, by what the table says about them."""

    team: list[Person]
    institution: list[Person]
    other_institutions: list[Person]
    other_managers: list[Person]
    others: list[Person]
    """Of these, who have no verb here whatever the state, one in each state: all of them in twelve."""

    def other(self, number: int) -> Person:
        return self.others[number % len(self.others)]


async def cast_of(scene: Scene) -> Cast:
    world = scene.world
    member, colleague = await world.case_manager(), await world.person(Role.PARTNER_USER)
    await assign(world, member, scene.client_id, scene.case_id)
    roles = (
        Role.TEAM_LEAD, Role.COORDINATOR, Role.ASSISTANT, Role.STEERING_MEMBER, Role.ADMIN,
        Role.PRIVACY_OFFICER, Role.STATE_VIEWER,
    )  # fmt: skip
    neighbour = await world.neighbour()
    return Cast(
        team=[scene.manager, member],
        institution=[scene.partner, colleague],
        other_institutions=[
            await world.person(Role.PARTNER_USER, institution="sozialamt"),
            await world.person(Role.PARTNER_USER, institution_name="Jobcenter Nord"),
            await world.person(Role.AUTHORITY_OFFICER, institution="auslaenderbehoerde"),
            await neighbour.person(Role.PARTNER_USER),
        ],
        other_managers=[await world.case_manager(), await neighbour.case_manager()],
        others=[await world.person(role) for role in roles],
    )


async def take(person: Person, path: str, name: str) -> Any:
    return await person.post(f"{path}/{name}", BODIES.get(name))


async def state_of(scene: Scene, referral_id: str) -> str:
    return str((await scene.manager.get(f"/v1/referrals/{referral_id}")).json()["state"])


async def refused(people: list[Person], path: str, name: str, status: int) -> None:
    for person in people:
        answer = await take(person, path, name)
        assert answer.status_code == status, (person.roles, answer.text)


@pytest.mark.parametrize("name", SENDER)
async def test_senders_step_is_taken_exactly_where_and_by_whom_the_table_says(
    world: World, name: str
) -> None:
    scene = await a_scene(world)
    referral_id, cast = await sent(scene), await cast_of(scene)
    path = f"/v1/referrals/{referral_id}"
    for number, state in enumerate(STATES):
        await put_in_state(world, referral_id, state)
        await refused(cast.other_managers, path, name, 404)
        await refused([*cast.institution, *cast.other_institutions, cast.other(number)], path, name, 403)
        assert await state_of(scene, referral_id) == state
        answer = await take(cast.team[number % 2], path, name)
        leads_to = SENDER[name].get(state)
        assert answer.status_code == (200 if leads_to else 409), (state, answer.text)
        assert await state_of(scene, referral_id) == (leads_to or state)
        if not leads_to:
            assert answer.json()["state"] == state
            assert answer.json()["allowed"] == sorted(step for step in SENDER if state in SENDER[step])


@pytest.mark.parametrize("name", RECIPIENT)
async def test_recipients_step_is_taken_exactly_where_and_by_whom_the_table_says(
    world: World, name: str
) -> None:
    scene = await a_scene(world)
    referral_id, cast = await sent(scene), await cast_of(scene)
    path = f"/v1/partner/referrals/{referral_id}"
    for number, state in enumerate(STATES):
        await put_in_state(world, referral_id, state)
        await refused(cast.other_institutions, path, name, 404)
        await refused([*cast.team, *cast.other_managers, cast.other(number)], path, name, 403)
        assert await state_of(scene, referral_id) == state
        answer = await take(cast.institution[number % 2], path, name)
        leads_to = RECIPIENT[name].get(state)
        if state == "draft":
            assert answer.status_code == 404
            continue
        assert answer.status_code == (200 if leads_to else 409), (state, answer.text)
        assert await state_of(scene, referral_id) == (leads_to or state)
        if not leads_to:
            leading = (step for step in RECIPIENT if state in RECIPIENT[step])
            assert answer.json()["allowed"] == sorted(set(leading) - NOTED)


@pytest.mark.parametrize("state", STATES)
async def test_deadline_expires_exactly_what_the_table_says(
    world: World, worker_database: Database, state: str
) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await put_in_state(world, referral_id, state)
    await Worker(worker_database, world).run(expire_due, days=15)
    assert await state_of(scene, referral_id) == SYSTEM["expire"].get(state, state)


async def test_withdrawal_revokes_exactly_what_the_table_says(world: World) -> None:
    for state in STATES:
        scene = await a_scene(world)
        referral_id = await sent(scene)
        await put_in_state(world, referral_id, state)
        (consent,) = (await scene.manager.get("/v1/consents", client_id=scene.client_id)).json()["items"]
        answer = await scene.manager.post(f"/v1/consents/{consent['id']}/withdraw", {"channel": "phone"})
        assert answer.status_code == 200
        assert await state_of(scene, referral_id) == SYSTEM["revoke"].get(state, state)


def test_this_table_and_that_of_the_application_agree() -> None:
    ours = {
        (step, source, target, side)
        for side, table in ((Side.SENDER, SENDER), (Side.RECIPIENT, RECIPIENT), (Side.SYSTEM, SYSTEM))
        for step, ways in table.items()
        for source, target in ways.items()
        if source != target
    }
    theirs = {(row.step, row.source, row.target, row.by) for row in TASK if row.source is not None}
    assert ours == theirs
    assert {row.step for row in DELIVERY} == {"send", "record-delivery", "fetched", "expire"}


async def test_rejection_off_the_table_would_be_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planted fault: somebody lets an ended referral be accepted."""
    wrong = Machine(*TASK, Transition(Step.ACCEPT, Task.COMPLETED, Task.ACCEPTED, Side.RECIPIENT))
    monkeypatch.setattr(steps, "TASK", wrong)
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await put_in_state(world, referral_id, "completed")
    answer = await take(scene.partner, f"/v1/partner/referrals/{referral_id}", "accept")
    assert answer.status_code != 409
