"""Letters over HTTP: written into a case, where they are documents like others."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.documents import queries
from app.documents.schemas import DocumentRead
from app.documents.shelf import Shelf, shelf_at
from app.kit.idempotency import Idempotent
from app.kit.places import place_before
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.letters import actions
from app.letters.schemas import LetterWrite

router = Router(prefix="/v1/cases/{case_id}/letters", tags=["letters"])
Writing = Annotated[Context, allow(Permission.DOCUMENT_KEEP)]
TheShelf = Annotated[Shelf, Depends(shelf_at)]
_IN_TURN = place_before("letter_places", 30.0, "Many letters are being written: ask again.")


@router.post("", status_code=201, response_model=DocumentRead, dependencies=[_IN_TURN])
async def write_letter(
    ctx: Writing, shelf: TheShelf, once: Idempotent, case_id: UUID, body: LetterWrite
) -> JsonBytes:
    """Write a letter from a template as PDF, German or bilingual; it is kept as a document of the case."""
    made = await once.run(ctx.db, actions.write_letter(ctx, shelf, case_id, body))
    return await queries.read_document(ctx, made, status=201)
