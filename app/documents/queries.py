"""Reading what is known of documents; each read writes its journal entry."""

from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import reading
from app.clients.models import Client
from app.documents.models import Document
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes

_DOCUMENT = select(
    Document.id,
    Document.client_id,
    Document.case_id,
    Document.title,
    Document.category,
    Document.dated_on,
    Document.keep_until,
    Document.source,
    Document.kind,
    Document.size_bytes,
    Document.sha256,
    Document.is_scanned,
    Document.is_evidence,
    Document.created_at,
    Document.created_by,
    Document.removed_at,
    Document.removed_by,
    Document.removal_reason,
    Document.version,
    Client.pseudonym.label("_client"),
).join(Client, (Client.municipal_area_id == Document.municipal_area_id) & (Client.id == Document.client_id))

ONE = reading.one("document.read", "document", _DOCUMENT.where(Document.id == bindparam("id")))
OF_CASE = reading.many(
    "document.list",
    "document",
    _DOCUMENT.where(Document.case_id == bindparam("case_id")),
    order=("id",),
    descending=True,
)
OF_CLIENT = reading.many(
    "document.list",
    "document",
    _DOCUMENT.where(Document.client_id == bindparam("client_id")),
    order=("id",),
    descending=True,
)


async def read_document(ctx: Context, document_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE.answer(ctx.db, status=status, id=document_id)


async def list_of_case(ctx: Context, case_id: UUID, page: PageRequest) -> JsonBytes:
    """Return the documents of a case, tombstones among them, the newest first."""
    await require_relation(ctx, case_id=case_id)
    return await OF_CASE.answer(ctx.db, page, case_id=case_id)


async def list_of_client(ctx: Context, client_id: UUID, page: PageRequest) -> JsonBytes:
    """Return the documents of a client that the actor sees: their own, and those of the actor's cases."""
    await require_relation(ctx, client_id=client_id)
    return await OF_CLIENT.answer(ctx.db, page, client_id=client_id)
