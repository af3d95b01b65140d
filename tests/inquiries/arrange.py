"""Arrangement for tests about inquiries."""

from typing import Any

from tests.world import Person, World

PATH = "/v1/inquiries"
ASKS = {"access_route": "self", "concerns": ["work", "housing"], "language": "ara"}
NAMED = {**ASKS, "name": "Nadia Karim", "reachable": "0151 2345678", "note": "Sucht eine Wohnung"}


async def ask(person: Person, **fields: Any) -> str:
    """Record an inquiry and return its path."""
    made = await person.post(PATH, {**ASKS, **fields})
    assert made.status_code == 201, made.text
    return f"{PATH}/{made.json()['id']}"


async def waiting(person: Person, **fields: Any) -> str:
    """Record an inquiry that goes on the waiting list and return its path."""
    path = await ask(person, **{**NAMED, **fields})
    answer = await person.post(f"{path}/wait", {})
    assert answer.status_code == 200, answer.text
    return path


async def figures(world: World) -> list[tuple[str, bool, str | None]]:
    """Return what was counted, in the order of the words."""
    rows = await world.admin.fetch(
        """SELECT event, is_anonymous, reason FROM inquiry_figures WHERE municipal_area_id = $1
        ORDER BY event, reason""",
        world.area,
    )
    return [tuple(row) for row in rows]
