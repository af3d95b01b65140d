"""Arrangement for tests about interpreting: a case, a need, a service that can be asked."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from tests.cases.arrange import a_client, open_case
from tests.world import Person, World

NEED = {"language": "ara", "mode": "on_site", "starts_at": "2030-03-05T09:30:00Z"}


@dataclass
class Desk:
    """A case of Amina Haddad, its lead, and an interpreting service."""

    world: World
    lead: Person
    client_id: str
    case_id: str
    service: str

    @property
    def path(self) -> str:
        return f"/v1/cases/{self.case_id}/interpretings"

    async def need(self, **fields: Any) -> dict[str, Any]:
        """Write down what is needed."""
        answer = await self.lead.post(self.path, {**NEED, **fields})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def step(self, row: dict[str, Any], step: str, **more: Any) -> httpx.Response:
        """Take a step; what comes of it is only said when the day has come."""
        if step in ("hold", "miss"):
            await self.world.admin.execute(
                "UPDATE interpretings SET starts_at = now() WHERE id = $1", UUID(row["id"])
            )
        return await self.lead.post(f"{self.path}/{row['id']}/step", {"step": step, **more})

    async def requested(self, **fields: Any) -> dict[str, Any]:
        """Write down a need and ask the service."""
        row = await self.need(**fields)
        answer = await self.step(row, "request", provider_id=self.service)
        assert answer.status_code == 200, answer.text
        return row

    async def safe_contact(self, assignment: str) -> None:
        """Change what is known of the client's safe contact."""
        await self.world.admin.execute(f"UPDATE clients SET {assignment} WHERE id = $1", UUID(self.client_id))


async def a_desk(world: World) -> Desk:
    """Return a case and a service."""
    lead = await world.case_manager()
    client_id = await a_client(world, lead)
    case_id = await open_case(lead, client_id)
    service = await world.institution("sprachmittlung", "Sprachmittlung Nord")
    return Desk(world, lead, client_id, case_id, str(service))
