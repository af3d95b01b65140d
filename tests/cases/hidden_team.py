"""The running case of somebody hidden, with a lead, a member and whoever else is around."""

from dataclasses import dataclass
from uuid import UUID

import httpx

from tests.cases.arrange import deputy, open_case, team_lead
from tests.clients.arrange import new_client
from tests.clients.earlier_teams import hide, put_on
from tests.work.arrange import group
from tests.world import Person, World

WHY = "Kennt die Sprache und hat Zeit"
IS_LED = "AND public.belongs_to(v_case.lead_user_id, v_case.unit_id, '{case_manager}')"
"""Where `assign_case` looks whether the lead is there."""


@dataclass
class Hidden:
    """A restricted case: who leads it, who is a member, a colleague of the unit, and the unit's team lead."""

    world: World
    client_id: str
    case_id: str
    lead: Person
    member: Person
    colleague: Person
    chief: Person

    @property
    def path(self) -> str:
        return f"/v1/cases/{self.case_id}"

    async def stand_in(self) -> Person:
        """Let the lead name another colleague as deputy."""
        person = await self.world.case_manager()
        answer = await self.lead.post(f"{self.path}/deputies", deputy(person))
        assert answer.status_code == 201, answer.text
        return person

    async def hand_over(self, by: Person, to: Person) -> httpx.Response:
        return await by.post(f"{self.path}/handover", {"user_id": str(to.user_id)})

    async def take_over(self, by: Person) -> httpx.Response:
        return await by.post(f"{self.path}/take-over")

    async def vacancies(self, person: Person) -> list[str]:
        """Return the ids of what waits for a lead, of which nothing else is said."""
        found = [
            each for each in await group(person, "cases_without_lead") if each["target"]["type"] == "vacancy"
        ]
        for each in found:
            assert each["reason"] == "nobody_left"
            assert not any(
                value for key, value in each.items() if key not in ("reason", "due_on", "target")
            ), each
        return [each["target"]["id"] for each in found]

    async def fill(self, by: Person, vacancy: str, to: Person, reason: str = WHY) -> httpx.Response:
        body = {"user_id": str(to.user_id), "reason": reason}
        return await by.post(f"/v1/vacancies/{vacancy}/lead", body)

    async def leads(self) -> UUID:
        """Return who leads the case; there is one assignment as lead, and it is theirs."""
        user_id: UUID = await self.world.admin.fetchval(
            "SELECT lead_user_id FROM cases WHERE id = $1", UUID(self.case_id)
        )
        held = await self.world.admin.fetch(
            """SELECT user_id FROM assignments WHERE case_id = $1 AND kind = 'lead'
            AND active_from <= now() AND (active_until IS NULL OR active_until > now())""",
            UUID(self.case_id),
        )
        assert [each["user_id"] for each in held] == [user_id]
        return user_id


async def a_hidden_case(world: World) -> Hidden:
    """Return the scene, as it comes about: the client is hidden once the team is there."""
    lead, member, colleague = [await world.case_manager() for _ in range(3)]
    client_id = await new_client(lead)
    case_id = await open_case(lead, client_id)
    await put_on(world, case_id, member, "member")
    await hide(lead, client_id)
    await world.admin.execute("DELETE FROM notifications WHERE municipal_area_id = $1", world.area)
    return Hidden(world, client_id, case_id, lead, member, colleague, await team_lead(world))
