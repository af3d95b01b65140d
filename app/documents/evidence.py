"""A document that something else rests on: written down here by what rests on it."""

from collections.abc import Container
from uuid import UUID

from app.access.context import Context
from app.documents.models import Document
from app.kit.changes import locked
from app.kit.errors import Invalid, NotFound


async def rest_on(ctx: Context, document_id: UUID, *, clients: Container[UUID | None], place: str) -> None:
    """Keep a document of one of these clients as evidence, for good. Raises 422 at the place for another."""
    try:
        document = await locked(ctx.db, Document, document_id)
    except NotFound:
        raise Invalid.at(place, "unknown_document", "There is no such document of this client.") from None
    if document.client_id not in clients or document.removed_at is not None:
        raise Invalid.at(place, "unknown_document", "There is no such document of this client.")
    if not document.is_evidence:
        document.is_evidence = True
    await ctx.db.flush()
