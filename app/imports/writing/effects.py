"""What a chunk has made, row by row, and what of it could not be made after all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.access.context import Context
from app.imports.models import Import
from app.imports.sets import insert_set
from app.kit.ids import new_id

# Only of what nobody has touched since the import that made it: a change before stays visible to undoing.
_FOLLOW = """UPDATE import_effects e SET version = c.version FROM clients c,
    unnest($1::uuid[], $2::int[]) AS before(id, version)
WHERE e.kind = 'clients' AND e.object_id = before.id AND c.id = before.id AND e.version = before.version"""


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A row of the staging table that is to be taken."""

    id: UUID
    number: int
    mark: str
    content: dict[str, Any]
    named: Mapping[str, UUID]


@dataclass(frozen=True, slots=True)
class Effect:
    """What came of one row."""

    row: WaitingRow
    object_id: UUID
    client_id: UUID
    case_id: UUID | None = None
    version: int = 1


@dataclass(slots=True)
class Written:
    """What came of a chunk: effects, and findings of rows that cannot be taken any more."""

    effects: list[Effect] = field(default_factory=list)
    refused: list[tuple[WaitingRow, str, str]] = field(default_factory=list)
    """Row, field, kind of finding."""


async def keep_effects(ctx: Context, subject: Import, effects: Sequence[Effect]) -> None:
    """Keep what came of rows, so that none is taken twice and all can be undone."""
    rows = [
        {
            "municipal_area_id": ctx.actor.municipal_area_id,
            "id": new_id(),
            "import_id": subject.id,
            "user_id": ctx.actor.user_id,
            "unit_id": subject.unit_id,
            "kind": subject.kind,
            "mark": each.row.mark,
            "object_id": each.object_id,
            "client_id": each.client_id,
            "case_id": each.case_id,
            "is_linked": False,
            "version": each.version,
            "row_number": each.row.number,
        }
        for each in effects
    ]
    await insert_set(ctx.db, "import_effects", rows)


async def follow_versions(ctx: Context, before: Mapping[UUID, int]) -> None:
    """Let the effects of clients follow a version that an import itself has moved on."""
    driver = await ctx.db.driver()
    await driver.execute(_FOLLOW, list(before), list(before.values()))
