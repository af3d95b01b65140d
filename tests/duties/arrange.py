"""Duties for tests, through the API: a draft to an authority, the request, the second person."""

from dataclasses import dataclass
from typing import Any

import httpx

from app.access.roles import Role
from tests.referrals.arrange import Scene, a_scene, draft
from tests.refusals import places as refused_places
from tests.world import Person, World

NORM = "aufenthg_87_2_1_1"
ANSWERS = {
    "own_tasks": True,
    "special_rule": False,
    "entrusted": False,
    "milder_way": False,
    "client_told": True,
}
"""For a norm without a request: nothing stands against it."""


@dataclass
class Office:
    """A case with a draft to the foreigners authority, and the unit's team lead."""

    scene: Scene
    lead: Person
    referral_id: str

    @property
    def manager(self) -> Person:
        return self.scene.manager

    @property
    def world(self) -> World:
        return self.scene.world


async def an_office(
    world: World,
    kind: str = "auslaenderbehoerde",
    basis: str = "aufenthg_87",
    concern: str = "notification",
    **client: Any,
) -> Office:
    """Return a case whose draft shall go out on a duty."""
    scene = await a_scene(world, kind, **client)
    lead = await world.person(Role.TEAM_LEAD)
    return Office(scene, lead, await draft(scene, legal_basis=basis, concern_code=concern))


def asking(referral_id: str, **fields: Any) -> dict[str, Any]:
    """Return a request that the law carries, with these changes; `answers` by question."""
    answers = {**ANSWERS, **fields.pop("answers", {})}
    notes = fields.pop("notes", {})
    return {
        "referral_id": referral_id,
        "norm": NORM,
        "occasion": "Bei der Beratung am 3. März bekannt geworden",
        "necessity": [{"data_category": "master_data", "why": "Zuordnung der Person"}],
        "answers": [
            {"question": name, "answer": answer, "note": notes.get(name)}
            for name, answer in answers.items()
            if answer is not None
        ],
        **fields,
    }


async def request(office: Office, person: Person | None = None, **fields: Any) -> httpx.Response:
    """Ask the second person."""
    asker = person or office.manager
    return await asker.post("/v1/duties", asking(fields.pop("referral_id", office.referral_id), **fields))


async def requested(office: Office, **fields: Any) -> dict[str, Any]:
    """Return a duty that waits for its decision."""
    answer = await request(office, **fields)
    assert answer.status_code == 201, answer.text
    duty: dict[str, Any] = answer.json()
    return duty


async def approve(person: Person, duty: dict[str, Any], **fields: Any) -> httpx.Response:
    """Approve what the duty shows."""
    return await person.post(f"/v1/duties/{duty['id']}/approve", {"sha256": duty["sha256"], **fields})


async def approved(office: Office, **fields: Any) -> dict[str, Any]:
    """Return a duty that may be sent."""
    answer = await approve(office.lead, await requested(office, **fields))
    assert answer.status_code == 200, answer.text
    duty: dict[str, Any] = answer.json()
    return duty


async def refuse(person: Person, duty: dict[str, Any]) -> httpx.Response:
    return await person.post(f"/v1/duties/{duty['id']}/refuse", {"reason": "Nicht erforderlich"})


async def withdraw(person: Person, duty: dict[str, Any]) -> httpx.Response:
    return await person.post(f"/v1/duties/{duty['id']}/withdraw")


async def send(office: Office, person: Person | None = None) -> httpx.Response:
    """Send the draft."""
    return await (person or office.manager).post(f"/v1/referrals/{office.referral_id}/send")


async def read(person: Person, duty: dict[str, Any]) -> dict[str, Any]:
    answer = await person.get(f"/v1/duties/{duty['id']}")
    assert answer.status_code == 200, answer.text
    seen: dict[str, Any] = answer.json()
    return seen


async def told(person: Person, kind: str) -> list[str]:
    """Return what somebody was told of, of this kind."""
    items = (await person.get("/v1/me/notifications")).json()["items"]
    return [each["object_id"] for each in items if each["kind"] == kind]


def places(answer: httpx.Response) -> list[str]:
    """Return the places that are refused."""
    return [each["place"] for each in refused_places(answer) or ()]
