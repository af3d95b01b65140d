"""Arrangement for tests about conferences: a case, an institution that is to sit in it, a consent."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from app.kit.clock import utc_now
from tests.consents.arrange import give_consent
from tests.referrals.arrange import Scene, a_scene
from tests.world import World

PLAN = {
    "occasion": "Übergang in die Schule", "mode": "on_site", "starts_at": "2030-03-05T09:30:00Z",
    "client_takes_part": True,
}  # fmt: skip


@dataclass
class Table:
    """A conference table: whoever is to sit at it stands in the scene."""

    scene: Scene

    @property
    def path(self) -> str:
        return f"/v1/cases/{self.scene.case_id}/conferences"

    async def plan(self, **fields: Any) -> dict[str, Any]:
        """Plan a conference."""
        answer = await self.scene.manager.post(self.path, {**PLAN, **fields})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def planned_today(self, **fields: Any) -> dict[str, Any]:
        """Plan a conference that can be held at once."""
        return await self.plan(starts_at=utc_now().isoformat(), **fields)

    async def agreed(self, **fields: Any) -> str:
        """Record the client's consent to case conferences with the institution."""
        scene = self.scene
        fields = {"purpose": "case_conference", **fields}
        return await give_consent(scene.manager, scene.client_id, scene.institution_id, **fields)

    async def invite(self, row: dict[str, Any], **fields: Any) -> httpx.Response:
        """Invite somebody of the institution on a consent, with these changes."""
        body = {
            "institution_id": self.scene.institution_id, "name": "Herr Kaya", "function": "Fallmanagement",
            "legal_basis": "consent", "data_categories": ["master_data"], **fields,
        }  # fmt: skip
        return await self.scene.manager.post(f"{self.path}/{row['id']}/participants", body)

    async def invited(self, row: dict[str, Any], **fields: Any) -> str:
        """Invite somebody of the institution and return the id of the participant."""
        answer = await self.invite(row, **fields)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["participants"][-1]["id"])

    async def colleague(self, row: dict[str, Any], user_id: UUID) -> httpx.Response:
        """Invite a colleague."""
        body = {"user_id": str(user_id)}
        return await self.scene.manager.post(f"{self.path}/{row['id']}/participants", body)

    async def step(self, row: dict[str, Any], step: str, **more: Any) -> httpx.Response:
        """Take a step."""
        return await self.scene.manager.post(f"{self.path}/{row['id']}/step", {"step": step, **more})

    async def held(self, row: dict[str, Any]) -> httpx.Response:
        """Hold it with the case manager at the table."""
        await self.colleague(row, self.scene.manager.user_id)
        me, at_table = str(self.scene.manager.user_id), (await self.read(row))["participants"]
        there = [each["id"] for each in at_table if each["user"] and each["user"]["id"] == me]
        return await self.step(row, "hold", attended=there)

    async def hand_out(self, row: dict[str, Any], participant_id: str) -> httpx.Response:
        """Give somebody the record."""
        body = {"participant_id": participant_id, "channel": "letter"}
        return await self.scene.manager.post(f"{self.path}/{row['id']}/hand-out", body)

    async def agree(self, row: dict[str, Any], **fields: Any) -> httpx.Response:
        """Write down what was agreed."""
        body = {"wording": "Platz suchen", "responsible": "case_manager", "due_on": "2030-04-01", **fields}
        return await self.scene.manager.post(f"{self.path}/{row['id']}/agreements", body)

    async def read(self, row: dict[str, Any]) -> dict[str, Any]:
        """Read the conference."""
        seen: dict[str, Any] = (await self.scene.manager.get(f"{self.path}/{row['id']}")).json()
        return seen

    async def logged(self) -> list[dict[str, Any]]:
        """Return what the disclosure log says of the world."""
        rows = await self.scene.world.admin.fetch(
            """SELECT institution_id::text, legal_basis, purpose, data_categories, channel FROM disclosure_log
            WHERE municipal_area_id = $1 ORDER BY id""",
            self.scene.world.area,
        )
        return [dict(row) for row in rows]


async def a_table(world: World, institution_type: str = "jobcenter") -> Table:
    """Return a case with an institution that is to sit in a conference about it."""
    return Table(await a_scene(world, institution_type))
