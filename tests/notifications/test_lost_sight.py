"""Who has lost sight of a case is not told that something goes on with somebody hidden."""

from dataclasses import dataclass
from typing import Any

import pytest

from app.kit.database import Database
from tests.cases.arrange import open_case, team_lead
from tests.clients.arrange import etag_of, new_client
from tests.conferences.arrange import PLAN
from tests.conftest import Clock
from tests.notifications.test_telling import deliver, told
from tests.world import Person, World

ON_CASE = "works_on_case(uuid,uuid)"


@dataclass
class Scene:
    """A case with its lead, a member who is to be taken off, and the team lead who put them on it."""

    lead: Person
    member: Person
    chief: Person
    client_id: str
    case_id: str
    assignment_id: str

    @property
    def path(self) -> str:
        return f"/v1/cases/{self.case_id}"

    async def hide(self, person: Person) -> None:
        """Hide the client."""
        path = f"/v1/clients/{self.client_id}"
        answer = await person.patch(path, {"is_restricted": True}, if_match=await etag_of(person, path))
        assert answer.status_code == 200, answer.text

    async def take_off(self) -> None:
        """Take the member off the case."""
        answer = await self.lead.delete(f"{self.path}/team/{self.assignment_id}")
        assert answer.status_code == 204, answer.text
        assert (await self.member.get(f"/v1/clients/{self.client_id}")).status_code == 404

    async def give(self, kind: str, person: Person) -> str:
        """Put somebody on the case as the team lead."""
        body = {"user_id": str(person.user_id), "kind": kind}
        answer = await self.chief.post(f"{self.path}/assign", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def acknowledge(self, person: Person) -> None:
        """Take over what is open."""
        answer = await person.post(f"{self.path}/handover/acknowledge", {})
        assert answer.status_code == 200, answer.text


@pytest.fixture
async def scene(world: World) -> Scene:
    lead, member = await world.case_manager(), await world.case_manager()
    client_id = await new_client(lead)
    made = Scene(lead, member, await team_lead(world), client_id, await open_case(lead, client_id), "")
    made.assignment_id = await made.give("member", member)
    return made


async def kinds(person: Person) -> list[str]:
    return [kind for kind, _, _ in await told(person)]


async def _given_task(scene: Scene) -> str:
    body = {"title": "x", "due_on": "2099-12-01", "assignee_id": str(scene.lead.user_id)}
    answer = await scene.member.post(f"{scene.path}/tasks", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def _answer(scene: Scene, task_id: str, step: dict[str, Any]) -> None:
    answer = await scene.lead.post(f"{scene.path}/tasks/{task_id}/step", step)
    assert answer.status_code == 200, answer.text


ANSWERS = {"task_accepted": {"step": "accept"}, "task_declined": {"step": "decline", "reason": "Urlaub"}}


async def test_whoever_gave_a_task_and_was_taken_off_does_not_hear_of_its_answer(scene: Scene) -> None:
    task_id = await _given_task(scene)
    await scene.take_off()
    before = await told(scene.member)
    await _answer(scene, task_id, ANSWERS["task_accepted"])
    assert await told(scene.member) == before


@pytest.mark.parametrize("kind", ANSWERS)
async def test_whoever_gave_a_task_and_is_on_the_case_hears_of_its_answer(scene: Scene, kind: str) -> None:
    task_id = await _given_task(scene)
    await _answer(scene, task_id, ANSWERS[kind])
    assert (await kinds(scene.member))[-1] == kind


async def _planned(scene: Scene, worker_database: Database, clock: Clock, form: str) -> str:
    """Plan a conference at which the member, who may be off the case, is to be."""
    planned = await scene.lead.post(f"{scene.path}/conferences", {**PLAN, "form": form})
    assert planned.status_code == 201, planned.text
    conference_id = str(planned.json()["id"])
    path = f"{scene.path}/conferences/{conference_id}/participants"
    invited = await scene.lead.post(path, {"user_id": str(scene.member.user_id)})
    assert invited.status_code == 200, invited.text
    await deliver(worker_database, clock)
    return conference_id


async def _cancelled(scene: Scene, conference_id: str, worker_database: Database, clock: Clock) -> bool:
    """Cancel it, and say whether the member was told."""
    path = f"{scene.path}/conferences/{conference_id}/step"
    answer = await scene.lead.post(path, {"step": "cancel", "reason": "Krank"})
    assert answer.status_code == 200, answer.text
    await deliver(worker_database, clock)
    return "conference_cancelled" in await kinds(scene.member)


MEETING, ANONYMISED = "case_conference", "anonymised_discussion"


@pytest.mark.parametrize("form", [MEETING, ANONYMISED])
@pytest.mark.parametrize("is_off", [False, True], ids=["on the case", "taken off"])
@pytest.mark.parametrize("is_hidden", [False, True], ids=["seen", "hidden"])
async def test_cancellation_is_told_to_those_on_the_case(
    scene: Scene, worker_database: Database, clock: Clock, *, form: str, is_off: bool, is_hidden: bool
) -> None:
    conference_id = await _planned(scene, worker_database, clock, form)
    if is_hidden:
        await scene.hide(scene.lead)
    if is_off:
        await scene.take_off()
    may_hear = not is_off or (form == ANONYMISED and not is_hidden)
    assert await _cancelled(scene, conference_id, worker_database, clock) is may_hear


@pytest.mark.parametrize("is_hidden", [False, True])
async def test_team_lead_does_not_hear_that_the_case_of_somebody_hidden_was_taken_over(
    scene: Scene, worker_database: Database, clock: Clock, *, is_hidden: bool
) -> None:
    await scene.give("lead", scene.member)
    if is_hidden:
        await scene.hide(scene.member)
    await scene.acknowledge(scene.member)
    await deliver(worker_database, clock)
    assert await kinds(scene.chief) == ([] if is_hidden else ["handover_acknowledged"])


async def test_whoever_gave_the_case_of_somebody_hidden_and_works_on_it_hears_of_it(
    world: World, scene: Scene, worker_database: Database, clock: Clock
) -> None:
    await scene.give("lead", scene.member)
    await scene.give("member", scene.lead)
    await scene.hide(scene.member)
    await world.admin.execute(
        "UPDATE case_handovers SET assigned_by = $1 WHERE to_user_id = $2",
        scene.lead.user_id, scene.member.user_id,
    )  # fmt: skip
    await scene.acknowledge(scene.member)
    await deliver(worker_database, clock)
    assert "handover_acknowledged" in await kinds(scene.lead)


async def test_if_everybody_counted_as_on_the_case_they_would_be_told(
    world: World, scene: Scene, worker_database: Database, clock: Clock
) -> None:
    conference_id = await _planned(scene, worker_database, clock, MEETING)
    await scene.hide(scene.lead)
    await scene.take_off()
    definition = await world.admin.fetchval(f"SELECT pg_get_functiondef('{ON_CASE}'::regprocedure)")
    careless = definition.replace("SELECT (EXISTS", "SELECT (true OR EXISTS")
    assert careless != definition
    await world.admin.execute(careless)
    try:
        assert await _cancelled(scene, conference_id, worker_database, clock)
    finally:
        await world.admin.execute(definition)
