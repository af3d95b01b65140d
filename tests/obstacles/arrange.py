"""Obstacles through the API, as far as a test needs them."""

from typing import Any
from uuid import UUID, uuid4

from app.kit.ids import new_id
from tests.world import Person, World

OBSTACLE = {
    "title": "Kein Termin ohne Online-Zugang",
    "description": "Drei Behörden vergeben Termine nur noch online.",
    "barrier_types": ["K1", "A1"],
    "institution_types": ["jobcenter", "auslaenderbehoerde"],
}
MINUTE = {"decided_on": "2026-05-20", "minute": "LG 2/2026 TOP 4"}
WHY = {"reason": "Die Zahlen tragen es nicht."}


async def new_obstacle(coordinator: Person, **more: Any) -> dict[str, Any]:
    """Bundle an obstacle."""
    made = await coordinator.post("/v1/obstacles", {**OBSTACLE, **more})
    assert made.status_code == 201, made.text
    return dict(made.json())


async def moved(coordinator: Person, obstacle_id: str, *steps: str, **what: Any) -> dict[str, Any]:
    """Take steps one after the other, each with the same extras."""
    answer: dict[str, Any] = {}
    for step in steps:
        taken = await coordinator.post(f"/v1/obstacles/{obstacle_id}/status", {"to": step, **what})
        assert taken.status_code == 200, taken.text
        answer = taken.json()
    return answer


async def bundled(coordinator: Person, **more: Any) -> dict[str, Any]:
    """Bundle an obstacle that the steering group reads."""
    obstacle = await new_obstacle(coordinator, **more)
    return await moved(coordinator, obstacle["id"], "under_review", "bundled")


async def in_project_group(world: World, coordinator: Person) -> dict[str, Any]:
    """Bundle an obstacle on which a project group works, with one measure."""
    obstacle = await bundled(coordinator)
    unit = str(await world.unit("Stadt Voerde", kind="town"))
    await coordinator.post(f"/v1/obstacles/{obstacle['id']}/measures", {"title": "Schalter", "unit_id": unit})
    owner = {"responsible_unit_id": unit, "due_on": "2099-12-01"}
    return await moved(coordinator, obstacle["id"], "in_project_group", **owner)


async def visible_observation(world: World, text: str = "Am Schalter spricht niemand Englisch.") -> UUID:
    """Place an observation that coordinators can see."""
    observation_id = uuid4()
    await world.admin.execute(
        """INSERT INTO observations
        (municipal_area_id, id, institution_type, barrier_type, quarter, text, visible_from)
        VALUES ($1, $2, 'jobcenter', 'D1', '2026Q1', $3, '2026-04-06')""",
        world.area,
        observation_id,
        text,
    )
    return observation_id


async def compared(world: World, obstacle_id: str) -> None:
    """Lay a check of the effect behind the API: the quarters of both sides overlap."""
    await world.admin.execute(
        """INSERT INTO obstacle_effect_checks (municipal_area_id, id, obstacle_id, made_on, before, after,
            conclusion, no_conclusion_reason)
        VALUES ($1, $2, $3, '2026-06-01', '{}', '{}', 'no_conclusion', 'intervals_overlap')""",
        world.area, new_id(), UUID(obstacle_id),
    )  # fmt: skip
