"""Barriers as institutions report them."""

from typing import Any

import httpx

from app.access.roles import Role
from tests.world import Person, World

FILED = "/v1/partner/barriers"
TEXT = "Seit dem Frühjahr gibt es am Schalter keine Sprachmittlung."
REPORT: dict[str, Any] = {
    "barrier_type": "D1", "institution_type": "sozialamt", "effect": "delay", "since": "2026-01-02",
}  # fmt: skip


async def a_partner(world: World, institution: str = "jobcenter", role: Role = Role.PARTNER_USER) -> Person:
    return await world.person(role, institution=institution)


async def report(person: Person, **changes: Any) -> httpx.Response:
    """Send a report with these changes; None takes a field away."""
    body = {name: value for name, value in {**REPORT, **changes}.items() if value is not None}
    return await person.post(FILED, body)


async def reported(person: Person, **changes: Any) -> dict[str, Any]:
    made = await report(person, **changes)
    assert made.status_code == 201, made.text
    return dict(made.json())
