"""Arrangement for tests about tasks: a case with two colleagues, tasks, the worker's hour."""

from dataclasses import dataclass
from typing import Any

import httpx

from app.kit.database import Database
from app.kit.events import Wiring
from app.upkeep import Job
from app.worker import Worker
from tests.cases.arrange import a_case, team_lead
from tests.conftest import Clock
from tests.world import Person, World


@dataclass
class Desk:
    """A case, its lead, a member of its team, the addresses of its tasks."""

    case_id: str
    lead: Person
    member: Person

    @property
    def path(self) -> str:
        return f"/v1/cases/{self.case_id}/tasks"

    async def task(self, **fields: Any) -> dict[str, Any]:
        """Write down a task as the lead and return it."""
        body = {"title": "Bescheid prüfen", **fields}
        if "due_at" not in fields:
            body.setdefault("due_on", "2030-01-31")
        answer = await self.lead.post(self.path, body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def offered(self, **fields: Any) -> dict[str, Any]:
        """Write down a task for the member."""
        return await self.task(assignee_id=str(self.member.user_id), **fields)

    async def step(self, person: Person, task: dict[str, Any], step: str, **more: Any) -> httpx.Response:
        """Take a step of a task."""
        return await person.post(f"{self.path}/{task['id']}/step", {"step": step, **more})

    async def all(self) -> list[dict[str, Any]]:
        """Return every task of the case, the earliest due first."""
        found: list[dict[str, Any]] = (await self.lead.get(self.path)).json()["items"]
        return found

    async def days(self) -> list[str]:
        return [each["due_on"] for each in await self.all()]

    async def steps(self, task: dict[str, Any]) -> list[tuple[str, str]]:
        """Return the history of a task as step and resulting state."""
        answer = await self.lead.get(f"{self.path}/{task['id']}/steps")
        return [(each["step"], each["to_state"]) for each in answer.json()["items"]]


async def a_desk(world: World) -> Desk:
    """Return a case with a member beside its lead."""
    lead, member, chief = await world.case_manager(), await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, lead)
    body = {"user_id": str(member.user_id), "kind": "member"}
    answer = await chief.post(f"/v1/cases/{case_id}/assign", body)
    assert answer.status_code == 201, answer.text
    return Desk(case_id, lead, member)


async def told(person: Person) -> list[str]:
    """Return the kinds of what somebody was told since they joined the case, oldest first."""
    items = (await person.get("/v1/me/notifications")).json()["items"]
    return [each["kind"] for each in reversed(items) if each["kind"] != "case_joined"]


async def work(world: World, database: Database, clock: Clock, job: Job) -> None:
    """Let the worker do one job in this area."""
    await Worker(database, Wiring(), clock).do_job(job, [world.area])
