"""Deciding about a row that may be somebody who is registered already."""

from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.audit import journal
from app.clients.models import Client
from app.clients.warnings import keep_warnings
from app.imports.actions.subject import locked_import
from app.imports.models import ImportEffect, ImportRow
from app.imports.rules import DUPLICATE, LINKED, READY, SKIPPED
from app.imports.schemas import RowDecide
from app.kit.errors import Invalid, NotFound, WrongState
from app.kit.ids import new_id


async def decide_row(ctx: Context, import_id: UUID, number: int, body: RowDecide) -> UUID:
    """Take a row as somebody else, link it to a person who is there, or leave it out.

    Whom it is linked to keeps the warnings of the row as well; nothing else of it is taken. Raises 409 for a
    row that waits for no decision, and 422 for a link to anybody but its duplicates, and to one of another
    unit (`other_unit`).
    """
    subject = await locked_import(ctx, import_id, ("read", "taking", "taken"))
    row = await _row(ctx, import_id, number)
    if (body.decision == "link") != (body.client_id is not None):
        raise Invalid.at("body.client_id", "one_of", "Name a person with `link`, and only then.")
    clients: list[UUID] = []
    if body.decision == "take":
        row.state, row.findings = READY, []
        if subject.state == "taken":
            subject.state = "taking"
    elif body.decision == "skip":
        row.state, row.content = SKIPPED, None
    else:
        client_id, pseudonym = await _linked(ctx, row, body.client_id, subject.unit_id)
        clients.append(pseudonym)
        version = await ctx.db.scalar(select(Client.version).where(Client.id == client_id))
        ctx.db.add(
            ImportEffect(
                municipal_area_id=subject.municipal_area_id, id=new_id(), import_id=subject.id,
                user_id=subject.user_id, unit_id=subject.unit_id, kind=subject.kind, mark=row.mark,
                object_id=client_id, client_id=client_id, is_linked=True, version=version,
                row_number=row.number,
            )
        )  # fmt: skip
        row.state, row.content, row.object_id = LINKED, None, client_id
    row.duplicates = []
    await journal.record(
        ctx.db, "import.decide", "import", subject.id, clients=clients, changed=[body.decision]
    )
    return subject.id


async def _row(ctx: Context, import_id: UUID, number: int) -> ImportRow:
    statement = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.number == number)
    row: ImportRow | None = await ctx.db.scalar(statement.with_for_update())
    if row is None:
        raise NotFound
    if row.state != DUPLICATE:
        raise WrongState("This row waits for no decision.", state=row.state, allowed=[])
    return row


async def _linked(ctx: Context, row: ImportRow, client_id: UUID | None, unit_id: UUID) -> tuple[UUID, UUID]:
    """Let the row's warnings hold for whom it is linked to; return id and pseudonym."""
    found: Client | None = None
    if client_id in row.duplicates:
        found = await ctx.db.scalar(select(Client).where(Client.id == client_id))
    if found is None or found.merged_into is not None:
        raise Invalid.at("body.client_id", "unknown_reference", "Link the row to one of its duplicates.")
    if found.unit_id != unit_id:
        raise Invalid.at(
            "body.client_id", "other_unit", "They are of another unit, a controller of its own: take or skip."
        )
    return found.id, await keep_warnings(ctx, found.id, (row.content or {}).get("clients", {}))
