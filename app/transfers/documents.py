"""Documents that go along with a case: which may, what is told of them, and their content at the receipt.

Nothing of a content crosses before the receipt. Then it is opened and sealed anew, piece by piece, before the
request's transaction begins, one file at a time and with the room of an upload. A receipt that fails deletes
what was copied; what that leaves behind has no row, so it has no key and is swept (`documents/clearing.py`).
"""

from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from app.access.context import Context
from app.access.guard import PERMISSION, entered
from app.access.permissions import Permission
from app.cases.subject import Subject
from app.documents.actions import write_document
from app.documents.carrying import Source, sealed_for
from app.documents.leaving import LEAVES
from app.documents.receiving import Incoming
from app.documents.shelf import shelf_at
from app.documents.store import StoreAway, name_in
from app.kit.clock import local_date
from app.kit.errors import Invalid
from app.transfers.models import CaseTransfer
from app.transfers.rules import MOST_BYTES, needed_for_document
from app.transfers.schemas import TransferDraft

SOURCE = "transfer"
_PLACE = "body.document_ids"

_CHOSEN = f"""SELECT d.id, d.title, d.category, d.dated_on, d.kind, d.size_bytes, d.sha256 FROM documents d
JOIN clients k ON k.municipal_area_id = d.municipal_area_id AND k.id = d.client_id
WHERE d.id = ANY ($1) AND d.client_id = $2 AND (d.case_id IS NULL OR d.case_id = $3) AND d.removed_at IS NULL
    AND {LEAVES}
ORDER BY d.dated_on, d.id"""
_FILES = "SELECT * FROM files_of_transfer($1, $2)"


async def require_carried(ctx: Context, subject: Subject, body: TransferDraft) -> None:
    """Raise 422 for a document that does not go along with this case and these categories."""
    ids = body.document_ids
    if len(set(ids)) < len(ids):
        raise Invalid.at(_PLACE, "repeated", "Each document is named once.")
    found = {row["id"]: row for row in await _chosen(ctx, ids, subject.client_id, subject.case_id)}
    for number, each in enumerate(ids):
        place = f"{_PLACE}.{number}"
        if each not in found:
            raise Invalid.at(
                place, "unknown_reference", "There is no such document of case or client that may go along."
            )
        needed = needed_for_document(found[each]["category"])
        if not needed:
            raise Invalid.at(place, "stays", "A document of this category does not go along.")
        if missing := set(needed) - set(body.data_categories):
            raise Invalid.at(place, "category_missing", f"It needs the category {min(missing)}.")
    if sum(row["size_bytes"] for row in found.values()) > MOST_BYTES:
        raise Invalid.at(_PLACE, "too_large", "Together they are larger than one transfer carries.")


async def told_of(ctx: Context, transfer: CaseTransfer, client_id: UUID) -> list[dict[str, Any]]:
    """Return what the package tells of the chosen documents that may go along now."""
    rows = await _chosen(ctx, transfer.document_ids, client_id, transfer.case_id)
    told = [{**row, "data_categories": needed_for_document(row["category"])} for row in rows]
    return [
        each
        for each in told
        if each["data_categories"] and set(each["data_categories"]) <= set(transfer.data_categories)
    ]


async def _chosen(ctx: Context, ids: Collection[UUID], client_id: UUID, case_id: UUID) -> list[Any]:
    driver = await ctx.db.driver()
    return list(await driver.fetch(_CHOSEN, ids, client_id, case_id)) if ids else []


@dataclass(frozen=True, slots=True)
class Copy:
    """A file of the sender, and its copy that lies sealed at the receiver and waits for its row."""

    title: str
    category: str
    dated_on: date
    source_id: UUID
    incoming: Incoming


@dataclass(slots=True)
class Carried:
    """The copies of a receipt that is under way."""

    copies: list[Copy] = field(default_factory=list)
    are_taken: bool = False
    """Their rows were written, and so was everything else of the receipt."""


async def _copied(request: Request, transfer_id: UUID) -> AsyncIterator[Carried]:
    async with entered(request, Permission.TRANSFER_RECEIVE) as ctx:
        files = await _files(ctx, transfer_id)
        area = ctx.actor.municipal_area_id
    carried = Carried()
    if not files:
        yield carried
        return
    shelf = await shelf_at(request)
    try:
        for file in files:
            incoming = await sealed_for(shelf, area, _source(file))
            carried.copies.append(
                Copy(file["title"], file["category"], file["dated_on"], file["document_id"], incoming)
            )
        yield carried
    finally:
        if not carried.are_taken:
            for each in carried.copies:
                with suppress(StoreAway):
                    await shelf.store.delete(name_in(area, str(each.incoming.blob_id)))


setattr(_copied, PERMISSION, Permission.TRANSFER_RECEIVE)
Copied = Annotated[Carried, Depends(_copied, scope="function")]
"""Stands before the guard of its operation: copied outside of the request's transaction."""


async def _files(ctx: Context, transfer_id: UUID) -> list[Any]:
    """Return where the sender's files lie: for who was named, while the transfer may be received."""
    driver = await ctx.db.driver()
    return list(await driver.fetch(_FILES, transfer_id, local_date(ctx.now)))


def _source(file: Any) -> Source:
    names = ("area", "document_id", "blob_id", "sealed_key", "kind", "sha256", "is_scanned")
    return Source(**{name: file[name] for name in names})


async def keep_copies(
    ctx: Context, transfer_id: UUID, carried: Carried, *, client_id: UUID, case_id: UUID, pseudonym: UUID
) -> list[UUID]:
    """Write the rows of what may still be received and return the sender's ids of it.

    What was removed while it was being copied is not among it, and its copy is swept.
    """
    if not carried.copies:
        return []
    left = {row["document_id"] for row in await _files(ctx, transfer_id)}
    kept = [each for each in carried.copies if each.source_id in left]
    for each in kept:
        await write_document(
            ctx, each.incoming, pseudonym, client_id=client_id, case_id=case_id, title=each.title,
            category=each.category, dated_on=each.dated_on, source=SOURCE,
        )  # fmt: skip
    return [each.source_id for each in kept]
