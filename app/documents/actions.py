"""Keeping documents: taking one in, saying what it is, opening it, removing it."""

from collections.abc import AsyncIterator, Collection
from typing import Any
from uuid import UUID

import structlog

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal
from app.catalogues.check import require_code
from app.clients.touch import processing_restricted
from app.documents.envelope import opened, unseal_key
from app.documents.events import DocumentRemoved
from app.documents.models import Document
from app.documents.receiving import Incoming
from app.documents.rules import kept_until
from app.documents.schemas import DocumentChange, DocumentRemove
from app.documents.shelf import Shelf
from app.documents.store import BytesGone, StoreAway, name_in
from app.kit.changes import apply, locked
from app.kit.clock import local_date
from app.kit.errors import Conflict, Invalid, NotFound, WrongState
from app.kit.sealing import Unsealable
from app.kit.versions import Expected

log = structlog.get_logger(__name__)

UNNAMED, UNSORTED = "Dokument", "other"
"""What an upload is called until somebody says what it is: a name must not stand in an address or header."""

# The lock on the case makes an entry and a closing come one after the other, as for every entry.
_CASE = """SELECT c.client_id, c.phase, p.pseudonym, p.processing_restricted_at
FROM cases c JOIN clients p ON p.municipal_area_id = c.municipal_area_id AND p.id = c.client_id
WHERE c.id = $1 FOR KEY SHARE OF c"""
_CLIENT = """SELECT id AS client_id, NULL AS phase, pseudonym, processing_restricted_at
FROM clients WHERE id = $1 FOR KEY SHARE"""
_ONLY_KEPT = "SELECT processing_restricted_at IS NOT NULL FROM clients WHERE id = $1"
_PSEUDONYM = "SELECT pseudonym FROM clients WHERE id = $1"


async def add_to_case(
    ctx: Context, case_id: UUID, incoming: Incoming, *, title: str = UNNAMED, category: str = UNSORTED,
    source: str = "upload",
) -> UUID:  # fmt: skip
    """Take a received file into a case; 409 for a closed one."""
    await require_relation(ctx, case_id=case_id)
    return await _add(ctx, _CASE, case_id, incoming, case_id=case_id, title=title, category=category,
                      source=source)  # fmt: skip


async def add_to_client(ctx: Context, client_id: UUID, incoming: Incoming) -> UUID:
    """Take a received file in for a client, beside their cases."""
    await require_relation(ctx, client_id=client_id)
    return await _add(ctx, _CLIENT, client_id, incoming, case_id=None, title=UNNAMED, category=UNSORTED,
                      source="upload")  # fmt: skip


async def _add(ctx: Context, find: str, whose: UUID, incoming: Incoming, **said: Any) -> UUID:
    driver = await ctx.db.driver()
    subject = await driver.fetchrow(find, whose)
    if subject is None:
        raise NotFound
    if subject["phase"] == "closed":
        raise WrongState("A closed case takes no further entries.", state="closed", allowed=["reopen"])
    if subject["processing_restricted_at"] is not None:
        raise processing_restricted()
    said |= {"client_id": subject["client_id"], "dated_on": local_date(ctx.now)}
    await write_document(ctx, incoming, subject["pseudonym"], **said)
    incoming.is_taken = True
    return incoming.document_id


async def write_document(ctx: Context, incoming: Incoming, pseudonym: UUID, **said: Any) -> None:
    """Write the row of a file that lies sealed; it is kept as long as one of its category that came today."""
    today = local_date(ctx.now)
    document = Document(
        municipal_area_id=incoming.area,
        id=incoming.document_id,
        keep_until=kept_until(said["category"], said["dated_on"], today, today),
        kind=incoming.kind.code,
        size_bytes=incoming.size_bytes,
        sha256=incoming.sha256,
        is_scanned=incoming.is_scanned,
        blob_id=incoming.blob_id,
        sealed_key=incoming.sealed_key,
        created_by=ctx.actor.user_id,
        **said,
    )
    ctx.db.add(document)
    await ctx.db.flush()
    await journal.record(ctx.db, "document.add", "document", document.id, clients=[pseudonym])


async def change_document(ctx: Context, document_id: UUID, body: DocumentChange, expected: Expected) -> None:
    """Say what a document is; 409 for a tombstone."""
    document = await _kept(ctx, document_id, expected)
    changes = body.model_dump(exclude_unset=True)
    require_code("document_category", changes.get("category"), "body.category")
    changed = apply(document, changes, required=("title", "category", "dated_on"))
    if "keep_until" not in changes and {"category", "dated_on"} & set(changed):
        came_on = local_date(document.created_at)
        document.keep_until = kept_until(document.category, document.dated_on, came_on, local_date(ctx.now))
    _check_days(document, ctx, changed)
    await _record(ctx, "document.change", document, changed=changed)


async def remove_document(ctx: Context, document_id: UUID, body: DocumentRemove, expected: Expected) -> UUID:
    """Make a document a tombstone: key, title and digest go now, the bytes next. 409 for evidence."""
    document = await _kept(ctx, document_id, expected)
    if document.is_evidence:
        raise Conflict(
            "A consent rests on this document: it stays as long as the client.", code="document_is_evidence"
        )
    document.removed_at, document.removed_by = ctx.now, ctx.actor.user_id
    document.removal_reason = body.reason
    document.title = document.sealed_key = document.sha256 = None
    await _record(ctx, "document.remove", document, changed=["removed_at"])
    await ctx.publish(DocumentRemoved(document.id, document.blob_id))
    return document_id


async def open_document(
    ctx: Context, shelf: Shelf, document_id: UUID
) -> tuple[Document, AsyncIterator[bytes]]:
    """Return a document with its content, proven piece by piece; who and when stands in the journal.

    Raises 409 for a tombstone and 503 when the bytes are away or do not open: the key is missing, or they
    were changed behind the application.
    """
    document = await _kept(ctx, document_id, Expected(None), to_change=False)
    assert document.sealed_key is not None
    pieces = await unsealed(
        shelf, document.municipal_area_id, document.id, document.blob_id, document.sealed_key
    )
    await _record(ctx, "document.download", document)
    return document, pieces


async def unsealed(
    shelf: Shelf, area: str, document_id: UUID, blob_id: UUID, sealed_key: str
) -> AsyncIterator[bytes]:
    """Return what lies sealed for a document, its first piece proven already.

    Raises 503 when the bytes are away or do not open.
    """
    identity = str(document_id)
    try:
        key = unseal_key(shelf.keys, sealed_key, area, identity)
        stored = await shelf.store.open(name_in(area, str(blob_id)))
        pieces = opened(stored, key, area, identity)
        first = await anext(pieces)
    except (Unsealable, BytesGone) as error:
        log.error("document_unreadable", document_id=identity, kind=type(error).__name__)  # noqa: TRY400
        raise StoreAway("The document cannot be opened with what this server has.") from None
    return _from(first, pieces)


async def _from(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


async def _kept(ctx: Context, document_id: UUID, expected: Expected, *, to_change: bool = True) -> Document:
    """Return a document that is no tombstone, and may be used by this permission."""
    if to_change:
        document = await locked(ctx.db, Document, document_id)
    else:
        found = await ctx.db.session.get(Document, (ctx.actor.municipal_area_id, document_id))
        if found is None:
            raise NotFound
        document = found
    if document.case_id is not None:
        await require_relation(ctx, case_id=document.case_id)
    else:
        await require_relation(ctx, client_id=document.client_id)
    expected.check(document)
    if to_change and await _only_kept(ctx, document.client_id):
        raise processing_restricted()
    if document.removed_at is not None:
        raise WrongState("The document was removed.", state="removed", allowed=[])
    return document


async def _only_kept(ctx: Context, client_id: UUID) -> bool:
    driver = await ctx.db.driver()
    return bool(await driver.fetchval(_ONLY_KEPT, client_id))


def _check_days(document: Document, ctx: Context, changed: Collection[str]) -> None:
    today = local_date(ctx.now)
    if document.dated_on > today:
        raise Invalid.at("body.dated_on", "in_the_future", "A document bears no day that is still to come.")
    if document.keep_until is not None and document.keep_until < document.dated_on:
        raise Invalid.at("body.keep_until", "before_start", "A document is kept at least until its day.")
    if "keep_until" in changed and document.keep_until is not None and document.keep_until < today:
        raise Invalid.at(
            "body.keep_until",
            "in_the_past",
            "A document ends today or later. Remove it with a reason instead.",
        )


async def _record(ctx: Context, action: str, document: Document, *, changed: list[str] | None = None) -> None:
    driver = await ctx.db.driver()
    pseudonym = await driver.fetchval(_PSEUDONYM, document.client_id)
    await journal.record(ctx.db, action, "document", document.id, clients=[pseudonym], changed=changed or ())
