"""The disclosure log over HTTP."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.disclosures import queries
from app.disclosures.schemas import DisclosureRead
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page

router = Router(prefix="/v1", tags=["disclosures"])


@router.get("/disclosures", response_model=Page[DisclosureRead])
async def list_disclosures(
    ctx: Annotated[Context, allow(Permission.DISCLOSURE_READ)],
    page: Paging,
    client_pseudonym: UUID | None = None,
) -> JsonBytes:
    """List what left the house, newest first."""
    return await queries.list_disclosures(ctx, client_pseudonym, page)
