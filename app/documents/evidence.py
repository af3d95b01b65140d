"""A document that something else rests on: written down here by what rests on it."""

from uuid import UUID

from app.access.context import Context
from app.documents.models import Document
from app.kit.changes import locked
from app.kit.errors import Invalid, NotFound


async def rest_on(ctx: Context, document_id: UUID, *, client_id: UUID, place: str) -> None:
    """Keep a document of this client as evidence, for good. Raises 422 at the place for any other."""
    try:
        document = await locked(ctx.db, Document, document_id)
    except NotFound:
        raise Invalid.at(place, "unknown_document", "There is no such document of this client.") from None
    if document.client_id != client_id or document.removed_at is not None:
        raise Invalid.at(place, "unknown_document", "There is no such document of this client.")
    if not document.is_evidence:
        document.is_evidence = True
    await ctx.db.flush()
