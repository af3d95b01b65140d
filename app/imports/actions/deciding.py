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
    row that waits for no decision, and 422 for a link to anybody but its duplicates.
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
        client_id = _duplicate(row, body.client_id)
        clients.append(await _keep_warnings(ctx, row, client_id))
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


def _duplicate(row: ImportRow, client_id: UUID | None) -> UUID:
    if client_id is None or client_id not in row.duplicates:
        raise _unknown()
    return client_id


async def _keep_warnings(ctx: Context, row: ImportRow, client_id: UUID) -> UUID:
    """Let the row's warnings hold for whom it is linked to, and return the pseudonym."""
    try:
        return await keep_warnings(ctx, client_id, (row.content or {}).get("clients", {}))
    except NotFound:
        raise _unknown() from None


def _unknown() -> Invalid:
    return Invalid.at("body.client_id", "unknown_reference", "Link the row to one of its duplicates.")
