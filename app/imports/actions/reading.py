"""Reading a sheet into the staging table: the dry run. Nothing of it is taken yet."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any
from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.imports.actions.subject import locked_import
from app.imports.fields import template_mapping
from app.imports.matching import NAMED, StagedRow, effects_of, find_duplicates, mark_of
from app.imports.models import Import
from app.imports.receiving import SECONDS, Sheet, refused, rows_of
from app.imports.rules import BAD, CLIENTS, DUPLICATE, KNOWN, READY
from app.imports.sentences import german
from app.imports.sets import insert_set
from app.kit.errors import Conflict
from app.kit.ids import new_id
from app.kit.sealing import FieldKeys

BATCH = 500


async def read_sheet(ctx: Context, keys: FieldKeys, import_id: UUID, sheet: Sheet) -> UUID:
    """Read a sheet into its import; the same sheet sent again is read once.

    Raises 422 with the reason for a sheet that cannot be read, and 409 for another one.
    """
    subject = await locked_import(
        ctx, import_id, ("announced", "read", "taking", "taken", "undoing", "undone")
    )
    if subject.state != "announced":
        if subject.sheet_sha256 == sheet.sha256:
            return subject.id
        raise Conflict("Another sheet was read for this import: announce a new one.", code="sheet_read")
    try:
        async with asyncio.timeout(SECONDS):
            await _stage_all(ctx, keys, subject, sheet)
    except TimeoutError:
        raise refused("sheet_unreadable") from None
    subject.state, subject.sheet_sha256, subject.read_at = "read", sheet.sha256, ctx.now
    await journal.record(ctx.db, "import.read", "import", subject.id)
    return subject.id


async def _stage_all(ctx: Context, keys: FieldKeys, subject: Import, sheet: Sheet) -> None:
    batch: list[StagedRow] = []
    async with aclosing(rows_of(sheet, subject.kind, _mapping(subject), ctx.now)) as rows:
        async for row in rows:
            batch.append(StagedRow(**row))
            if len(batch) == BATCH:
                await _stage(ctx, keys, subject, batch)
                batch = []
    await _stage(ctx, keys, subject, batch)


def _mapping(subject: Import) -> dict[str, Any]:
    mapping = dict(subject.mapping)
    if mapping.pop("is_template", False):
        return {**template_mapping(subject.kind), "optional": True}
    return mapping


async def _stage(ctx: Context, keys: FieldKeys, subject: Import, rows: Sequence[StagedRow]) -> None:
    if not rows:
        return
    known = await effects_of(
        ctx, keys, subject.unit_id, subject.kind, [row.key for row in rows if row.key is not None]
    )
    await _resolve_named(ctx, keys, subject, rows)
    if subject.kind == CLIENTS:
        await find_duplicates(ctx, [row for row in rows if row.key not in known])
    staged = []
    for row in rows:
        if row.key is not None:
            row.mark = mark_of(ctx, keys, subject.unit_id, subject.kind, row.key)
            row.object_id = known.get(row.key)
        staged.append(_staged(ctx, subject, row))
    await insert_set(ctx.db, "import_rows", staged)


async def _resolve_named(ctx: Context, keys: FieldKeys, subject: Import, rows: Sequence[StagedRow]) -> None:
    """Put in whom or what rows name by its key; a key that leads nowhere is a finding."""
    for name, (kind, unknown) in NAMED.items():
        asked = {row.named[name] for row in rows if name in row.named}
        found = await effects_of(ctx, keys, subject.unit_id, kind, asked)
        for row in rows:
            if name not in row.named:
                continue
            if row.named[name] not in found:
                heading = str(subject.mapping["columns"].get(name, ""))
                row.findings.append(finding(name, unknown, heading))
            elif row.content is not None:
                row.content.setdefault("named", {})[name] = str(found[row.named[name]])


def finding(field: str, kind: str, column: str = "") -> dict[str, str]:
    """Return what is found about a row when it is held against what is there."""
    return {"field": field, "column": column, "kind": kind, "message": german(kind, field)}


def _staged(ctx: Context, subject: Import, row: StagedRow) -> dict[str, Any]:
    state = READY
    if row.object_id is not None:
        state, row.findings = KNOWN, []
    elif row.findings:
        state = BAD
    elif row.duplicates or row.is_twin:
        state = DUPLICATE
        row.findings = [finding("", "possible_duplicate" if row.duplicates else "duplicate_in_sheet")]
    waits = state in (READY, DUPLICATE)
    return {
        "municipal_area_id": ctx.actor.municipal_area_id,
        "id": new_id(),
        "import_id": subject.id,
        "number": row.number,
        "state": state,
        "mark": row.mark,
        "content": row.content if waits else None,
        "findings": row.findings,
        "duplicates": row.duplicates if state == DUPLICATE else [],
        "object_id": row.object_id,
    }
