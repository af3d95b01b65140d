"""News between packages: an event is handled `within` the transaction or `after` it through the outbox.

Who hears what is said in one place, `app/wiring.py`.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import orjson

from app.kit.database import Db
from app.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; carries ids and codes only, so that it may wait in the outbox."""

    name: ClassVar[str]


E = TypeVar("E", bound=Event)
Within = Callable[[Any, Any], Awaitable[None]]
After = Callable[[Any, dict[str, Any]], Awaitable[None]]

_ENQUEUE = """INSERT INTO outbox (municipal_area_id, id, event, handler, payload)
VALUES (ctx_area(), $1, $2, $3, $4)"""


@dataclass(slots=True)
class Wiring:
    """Which handler hears which event."""

    within: dict[type[Event], list[Within]] = field(default_factory=lambda: defaultdict(list))
    after: dict[str, dict[str, After]] = field(default_factory=lambda: defaultdict(dict))

    def hear_within(self, event: type[E], handler: Callable[[Any, E], Awaitable[None]]) -> None:
        """Run the handler in the transaction of the event: it holds or falls with it."""
        self.within[event].append(handler)

    def hear_after(self, event: type[Event], name: str, handler: After) -> None:
        """Run the handler in the worker, at least once, with the event's id as its key."""
        self.after[event.name][name] = handler

    async def publish(self, context: Any, db: Db, event: Event) -> None:
        """Run what must happen at once and write one outbox row for each that may follow."""
        for handler in self.within.get(type(event), ()):
            await handler(context, event)
        names = self.after.get(event.name)
        if names:
            driver = await db.driver()
            payload = orjson.dumps(asdict(event), default=str).decode()
            rows = [(new_id(), event.name, name, payload) for name in names]
            await driver.executemany(_ENQUEUE, rows)


def id_in(payload: dict[str, Any], key: str) -> UUID:
    """Return an id of an event that has waited in the outbox."""
    return UUID(payload[key])
