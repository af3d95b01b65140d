"""Working lists for tests: asked for through the API, with what is due laid behind it."""

from typing import Any
from uuid import UUID

from tests.barriers.arrange import at
from tests.clients.arrange import add_period
from tests.conftest import Clock
from tests.world import Person, World

NOON = (2026, 6, 15, 10, 0)
"""The day on which these tests play: 15 June 2026."""


async def work(person: Person, **query: Any) -> dict[str, Any]:
    """Return the working list."""
    answer = await person.get("/v1/me/work", **query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def group(person: Person, name: str, **query: Any) -> list[dict[str, Any]]:
    """Return the items of one group."""
    (found,) = (each for each in (await work(person, **query))["groups"] if each["group"] == name)
    assert found["count"] >= len(found["items"])
    return list(found["items"])


async def due(person: Person, name: str, **query: Any) -> list[tuple[str, str]]:
    """Return day and reason of each item of a group."""
    return [(item["due_on"], item["reason"]) for item in await group(person, name, **query)]


async def behind(world: World, sql: str, row: str, *values: Any) -> None:
    """Change a row behind the API: what only time would bring about."""
    await world.admin.execute(sql, UUID(row), *values)


async def a_task(world: World, person: Person, case_id: str, due_on: str, **more: Any) -> str:
    """Return a task that has become due on a day."""
    made = await person.post(
        f"/v1/cases/{case_id}/tasks", {"title": "Anrufen", "due_on": "2199-01-01", **more}
    )
    assert made.status_code == 201, made.text
    sql = "UPDATE tasks SET due_on = $2::text::date WHERE id = $1"
    await behind(world, sql, made.json()["id"], due_on)
    return str(made.json()["id"])


async def a_document(person: Person, client_id: str, **fields: Any) -> str:
    """Return a residence title of the client."""
    return await add_period(
        person,
        client_id,
        "residence-documents",
        **{"residence_status": "AE-25.2B", "valid_from": "2025-06-01", **fields},
    )


def on_the_day(world: World, clock: Clock, *people: Person) -> None:
    """Let the application's clock stand at noon of 15 June 2026."""
    at(world, clock, NOON, *people)
