"""News in the outbox, and a handler whose effect can be counted."""

from typing import Any, ClassVar
from uuid import UUID

from app.access.context import SystemContext
from app.kit.events import After, Event, Wiring
from app.kit.ids import new_id, random_id
from tests.world import World

EFFECT = """INSERT INTO notifications
(municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
VALUES (ctx_area(), $1, $2, 'task_assigned', 'task', $3, now())"""


class Happened(Event):
    """Something for a worker to do."""

    name: ClassVar[str] = "test.happened"


async def effect(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Write one row with an id of its own: done twice, it is there twice."""
    driver = await ctx.db.driver()
    await driver.execute(EFFECT, random_id(), UUID(payload["user_id"]), UUID(payload["event_id"]))


def wiring_of(handler: After) -> Wiring:
    """Return a wiring in which one handler hears the news."""
    wiring = Wiring()
    wiring.hear_after(Happened, "act", handler)
    return wiring


async def news(world: World, count: int = 1) -> list[UUID]:
    """Leave so many rows in the outbox, about somebody of the world."""
    user = (await world.case_manager()).user_id
    ids = [new_id() for _ in range(count)]
    await world.admin.executemany(
        """INSERT INTO outbox (municipal_area_id, id, event, handler, payload)
        VALUES ($1, $2, 'test.happened', 'act', jsonb_build_object('user_id', $3::text))""",
        [(world.area, each, str(user)) for each in ids],
    )
    return ids


async def effects(world: World) -> int:
    """Return how often the handler took effect in the world."""
    count: int = await world.admin.fetchval(
        "SELECT count(*) FROM notifications WHERE municipal_area_id = $1", world.area
    )
    return count


async def due_again(world: World) -> None:
    """Let the lease of every row of the world that is not done be over."""
    await world.admin.execute(
        """UPDATE outbox SET available_at = now() - interval '1 second'
        WHERE municipal_area_id = $1 AND done_at IS NULL""",
        world.area,
    )


async def row(world: World, outbox_id: UUID) -> dict[str, Any]:
    """Return a row of the outbox; waits until no worker holds it."""
    found = await world.admin.fetchrow("SELECT * FROM outbox WHERE id = $1 FOR UPDATE", outbox_id)
    return dict(found)
