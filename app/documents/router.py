"""Documents over HTTP. Nothing of a document stands in an address or a header of a request."""

import re
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.documents import actions, queries
from app.documents.download import Attachment, attachment
from app.documents.receiving import BODY, ForCase, ForClient
from app.documents.schemas import DocumentChange, DocumentRead, DocumentRemove
from app.documents.shelf import Shelf, shelf_at
from app.kit.idempotency import Idempotent, IdempotentStream
from app.kit.octets import OCTETS
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatch, IfMatchOptional

router = Router(prefix="/v1", tags=["documents"])
Reading = Annotated[Context, allow(Permission.DOCUMENT_READ)]
Keeping = Annotated[Context, allow(Permission.DOCUMENT_KEEP)]
TheShelf = Annotated[Shelf, Depends(shelf_at)]
UPLOADS = re.compile(r"/v1/(?:cases|clients)/[0-9a-fA-F-]{32,36}/documents")
"""The addresses to which whole files are sent."""
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, to be saved",
        "content": {OCTETS: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/cases/{case_id}/documents", response_model=Page[DocumentRead])
async def list_case_documents(ctx: Reading, page: Paging, case_id: UUID) -> JsonBytes:
    """List the documents of a case, the newest first; what was removed stays as a tombstone."""
    return await queries.list_of_case(ctx, case_id, page)


@router.post("/cases/{case_id}/documents", status_code=201, response_model=DocumentRead, openapi_extra=BODY)
async def add_case_document(
    incoming: ForCase, ctx: Keeping, once: IdempotentStream, case_id: UUID
) -> JsonBytes:
    """Upload a file into a case, at most 25 MiB; then say with PATCH what it is."""
    once = replace(once, digest=bytes.fromhex(incoming.sha256))
    made = await once.run(ctx.db, actions.add_to_case(ctx, case_id, incoming))
    return await queries.read_document(ctx, made, status=201)


@router.get("/clients/{client_id}/documents", response_model=Page[DocumentRead])
async def list_client_documents(ctx: Reading, page: Paging, client_id: UUID) -> JsonBytes:
    """List the documents of a client, of their cases only those that you see."""
    return await queries.list_of_client(ctx, client_id, page)


@router.post(
    "/clients/{client_id}/documents", status_code=201, response_model=DocumentRead, openapi_extra=BODY
)
async def add_client_document(
    incoming: ForClient, ctx: Keeping, once: IdempotentStream, client_id: UUID
) -> JsonBytes:
    """Upload a file for a client beside their cases, for whoever works with them."""
    once = replace(once, digest=bytes.fromhex(incoming.sha256))
    made = await once.run(ctx.db, actions.add_to_client(ctx, client_id, incoming))
    return await queries.read_document(ctx, made, status=201)


@router.get("/documents/{document_id}", response_model=DocumentRead)
async def read_document(ctx: Reading, document_id: UUID) -> JsonBytes:
    """Read what is known of a document."""
    return await queries.read_document(ctx, document_id)


@router.patch("/documents/{document_id}", response_model=DocumentRead)
async def change_document(
    ctx: Keeping, expected: IfMatch, document_id: UUID, body: DocumentChange
) -> JsonBytes:
    """Say what a document is, which day it bears, and how long it is kept."""
    await actions.change_document(ctx, document_id, body, expected)
    return await queries.read_document(ctx, document_id)


@router.get("/documents/{document_id}/content", response_class=Attachment, responses=_FILE)
async def download_document(ctx: Reading, shelf: TheShelf, document_id: UUID) -> Attachment:
    """Download a document, to be saved and never shown; the journal keeps who and when."""
    return attachment(*await actions.open_document(ctx, shelf, document_id))


@router.post("/documents/{document_id}/remove", response_model=DocumentRead)
async def remove_document(
    ctx: Keeping, once: Idempotent, expected: IfMatchOptional, document_id: UUID, body: DocumentRemove
) -> JsonBytes:
    """Remove a document for good, with a reason; a tombstone stays."""
    await once.run(ctx.db, actions.remove_document(ctx, document_id, body, expected))
    return await queries.read_document(ctx, document_id)
