"""Arrangement for tests about school entries: a family's case, a child of the household, a school."""

from dataclasses import dataclass
from typing import Any

import httpx

from tests.cases.arrange import a_client, open_case
from tests.world import Person, World


@dataclass
class Desk:
    """A case, its lead, and a school of the directory."""

    world: World
    lead: Person
    client_id: str
    case_id: str
    school: str

    @property
    def path(self) -> str:
        return f"/v1/cases/{self.case_id}/school-entries"

    async def register(self, **fields: Any) -> dict[str, Any]:
        """Register the case's client, or whom the fields say."""
        answer = await self.lead.post(self.path, {"stage": "lower_secondary", **fields})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def step(self, row: dict[str, Any], step: str, **more: Any) -> httpx.Response:
        """Take a step."""
        return await self.lead.post(f"{self.path}/{row['id']}/step", {"step": step, **more})

    async def offered(self, **fields: Any) -> dict[str, Any]:
        """Register a child that is offered a place after some waiting."""
        row = await self.register(registered_on="2026-01-12", **fields)
        for step, more in (
            ("counsel", {"on": "2026-01-20"}),
            ("wait", {"on": "2026-01-21"}),
            ("offer", {"on": "2026-03-02", "school_id": self.school}),
        ):
            answer = await self.step(row, step, **more)
            assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def member(self, **fields: Any) -> str:
        """Add somebody to the household and return the entry's id."""
        answer = await self.lead.post(f"/v1/clients/{self.client_id}/household", fields)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["items"][-1]["id"])

    async def schooling(self, client_id: str | None = None) -> list[tuple[str, str | None, str, str | None]]:
        """Return the believed periods of a child's schooling, the earliest first."""
        answer = await self.lead.get(f"/v1/clients/{client_id or self.client_id}/schooling")
        return sorted(
            (each["school_step"], each["school"], each["valid_from"], each["valid_until"])
            for each in answer.json()["items"]
        )


async def a_desk(world: World, *, restricted: bool = False) -> Desk:
    """Return a case and a school."""
    lead = await world.case_manager()
    client_id = await a_client(world, lead, restricted=restricted)
    await world.admin.execute(
        "UPDATE clients SET birth_date = '2012-04-01' WHERE id = $1::text::uuid", client_id
    )
    case_id = await open_case(lead, client_id)
    school = await world.institution("schule", "Gesamtschule Haspe")
    return Desk(world, lead, client_id, case_id, str(school))


async def born(world: World, client_id: str, day: str, precision: str) -> None:
    """Say when a client was born, and how well that is known."""
    await world.admin.execute(
        """UPDATE clients SET birth_date = $2::text::date, birth_precision = $3
        WHERE id = $1::text::uuid""",
        client_id, day, precision,
    )  # fmt: skip
