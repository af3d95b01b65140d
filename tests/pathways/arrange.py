"""Arrangement for tests about pathways: a case, its lead, a pathway, and what no answer may say."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from tests.cases.arrange import a_client, open_case
from tests.world import Person, World

NOTICES = {"von der Behörde zu prüfen", "to be examined by the authority"}
VERDICTS = ("eligible", "entitled", "fulfilled", "may_apply", "is_met", "chance", "prognosis", "berechtigt")
"""Words by which an answer would begin to decide."""


@dataclass
class Desk:
    """A case of Amina Haddad and its lead."""

    world: World
    lead: Person
    client_id: str
    case_id: str

    @property
    def path(self) -> str:
        return f"/v1/cases/{self.case_id}/pathways"

    async def start(self, pathway: str = "naturalisation", **fields: Any) -> dict[str, Any]:
        """Start a pathway."""
        answer = await self.lead.post(self.path, {"pathway": pathway, **fields})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def step(self, row: dict[str, Any], step: str, **more: Any) -> httpx.Response:
        """Take a step."""
        return await self.lead.post(f"{self.path}/{row['id']}/step", {"step": step, **more})

    async def say(self, row: dict[str, Any], requirement: str, **fields: Any) -> httpx.Response:
        """Write down what is known of a requirement, having read the pathway."""
        path = f"{self.path}/{row['id']}"
        seen = (await self.lead.get(path)).headers["etag"]
        return await self.lead.patch(f"{path}/requirements/{requirement}", fields, if_match=seen)

    async def member(self, **fields: Any) -> str:
        """Add somebody to the household and return the entry's id."""
        answer = await self.lead.post(f"/v1/clients/{self.client_id}/household", fields)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["items"][-1]["id"])


async def a_desk(world: World) -> Desk:
    """Return a case."""
    lead = await world.case_manager()
    client_id = await a_client(world, lead)
    return Desk(world, lead, client_id, await open_case(lead, client_id))


def decisions_in(answer: Any) -> list[str]:
    """Return how an answer decides: what lacks the notice, and every word of a verdict."""
    things = answer.get("items", [answer])
    found = ["no notice" for thing in things if thing.get("notice") not in NOTICES]
    return found + [
        name for thing in things for name in _names(thing) if any(each in name for each in VERDICTS)
    ]


def _names(thing: Any) -> Iterator[str]:
    if isinstance(thing, dict):
        for name, value in thing.items():
            yield name.lower()
            yield from _names(value)
    elif isinstance(thing, list):
        for each in thing:
            yield from _names(each)
