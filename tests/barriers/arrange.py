"""Barrier reports through the API, and the time at which people work."""

from datetime import timedelta
from typing import Any

from app.identity.tokens import issue
from app.settings import Settings
from tests.conftest import Clock
from tests.world import Person, World


def at(world: World, clock: Clock, moment: tuple[int, ...], *people: Person) -> None:
    """Stop the application's clock at a moment (UTC) and sign these people in then."""
    clock.set(*moment)
    settings: Settings = world.app.state.settings
    for person in people:
        token = issue(
            world.app.state.key_ring,
            subject=person.account_id,
            session_id=person.session_id,
            issuer=settings.public_url,
            audience=settings.public_url,
            now=clock(),
            lifetime=timedelta(minutes=10),
        )
        person.http.headers["Authorization"] = f"Bearer {token}"


async def file_barrier(manager: Person, case_id: Any, **more: Any) -> dict[str, Any]:
    """File a report from a case: an interface between two legal domains, unless something else is said."""
    place = {} if "institution_id" in more or "interface" in more else {"interface": INTERFACE}
    made = await manager.post("/v1/barriers", {**REPORT, **place, "case_id": str(case_id), **more})
    assert made.status_code == 201, made.text
    return dict(made.json())


INTERFACE = {"from_legal_domain": "ASYLBLG", "to_legal_domain": "SGB_II"}
REPORT = {"barrier_type": "B1", "effect": "benefit_gap", "since": "2026-01-02"}
