"""The import that an action is about, locked: one request works on it at a time."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.imports.models import Import
from app.kit.changes import locked
from app.kit.errors import Unavailable, WrongState
from app.kit.sealing import FieldKeys

_ALLOWED = {
    "announced": ["sheet"],
    "read": ["take", "rows"],
    "taking": ["take", "undo", "rows"],
    "taken": ["undo", "rows"],
    "undoing": ["undo", "rows"],
    "undone": ["undo", "rows"],
}


async def locked_import(ctx: Context, import_id: UUID, states: Collection[str]) -> Import:
    """Return an import for a change; 404 for another's, 409 in a state from which this does not lead."""
    found = await locked(ctx.db, Import, import_id)
    if found.state not in states:
        raise WrongState(
            "This is not possible in the present state of the import.",
            state=found.state,
            allowed=_ALLOWED[found.state],
        )
    return found


async def seen_import(ctx: Context, import_id: UUID) -> Import | None:
    """Return an import of the actor's own; none for another's."""
    found: Import | None = await ctx.db.scalar(select(Import).where(Import.id == import_id))
    return found


def require_keys(keys: FieldKeys | None) -> FieldKeys:
    """Return the keys that mark rows. Raises 503 where the operator gave none."""
    if keys is None:
        raise Unavailable("This server was given no keys to mark rows with.", retry_after=3600)
    return keys
