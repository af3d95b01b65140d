"""Loading one row for a change and applying what was sent."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import select

from app.kit.database import Db
from app.kit.errors import Invalid, NotFound
from app.kit.tables import OfArea, Table
from app.kit.versions import Expected, HasVersion

Row = TypeVar("Row", bound=OfArea)


async def locked(db: Db, model: type[Row], identity: UUID, expected: Expected | None = None) -> Row:
    """Return a row locked for update.

    Raises 404 for what the caller cannot see and 412 when it has moved on.
    """
    statement = select(model).where(model.id == identity).with_for_update()
    row: Row | None = (await db.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    if expected is not None:
        expected.check(cast("HasVersion", row))
    return row


def apply(row: Table, changes: Mapping[str, Any], *, required: Collection[str] = ()) -> list[str]:
    """Set what was sent and return the names of the fields that changed.

    Raises 422 for nothing to change or for null in a required field.
    """
    if not changes:
        raise Invalid("There is nothing to change.", code="nothing_to_change")
    for name in required:
        if name in changes and changes[name] is None:
            raise Invalid.at(f"body.{name}", "missing", "This cannot be empty.")
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, changes[name])
    return changed
