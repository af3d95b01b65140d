"""Sites and offers over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.directory.offers import actions, queries
from app.directory.offers.schemas import (
    CapacityTell,
    OfferChange,
    OfferCreate,
    OfferRead,
    SiteChange,
    SiteCreate,
    SiteRead,
)
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Code, Page
from app.kit.versions import IfMatch

router = Router(prefix="/v1", tags=["directory"])
Reading = Annotated[Context, allow(Permission.DIRECTORY_READ)]
Keeping = Annotated[Context, allow(Permission.OFFER_KEEP)]
Telling = Annotated[Context, allow(Permission.CAPACITY_TELL)]


@router.get("/offers", response_model=Page[OfferRead])
async def list_offers(
    ctx: Reading,
    page: Paging,
    topic: Annotated[Code | None, Query(description="a life domain")] = None,
    language: Annotated[Code | None, Query(description="spoken there (ISO 639-3)")] = None,
    municipality: Annotated[Code | None, Query(description="in this town")] = None,
    institution_id: Annotated[UUID | None, Query(description="of this institution")] = None,
    is_free: Annotated[bool | None, Query(description="with free places, as was told last")] = None,
    is_open: Annotated[bool | None, Query(description="that somebody can be referred to today")] = None,
) -> JsonBytes:
    """List what is offered in the area, by name."""
    return await queries.list_offers(
        ctx,
        page,
        topic=topic,
        language=language,
        municipality=municipality,
        institution_id=institution_id,
        is_free=is_free,
        is_open=is_open,
    )


@router.post("/offers", status_code=201, response_model=OfferRead)
async def create_offer(ctx: Keeping, once: Idempotent, body: OfferCreate) -> JsonBytes:
    """Write down an offer."""
    offer_id = await once.run(ctx.db, actions.create_offer(ctx, body))
    return await queries.read_offer(ctx, offer_id, status=201)


@router.get("/offers/{offer_id}", response_model=OfferRead)
async def read_offer(ctx: Reading, offer_id: UUID) -> JsonBytes:
    """Read an offer."""
    return await queries.read_offer(ctx, offer_id)


@router.patch("/offers/{offer_id}", response_model=OfferRead)
async def change_offer(ctx: Keeping, expected: IfMatch, offer_id: UUID, body: OfferChange) -> JsonBytes:
    """Change an offer."""
    await actions.change_offer(ctx, offer_id, body, expected)
    return await queries.read_offer(ctx, offer_id)


@router.post("/offers/{offer_id}/capacity", response_model=OfferRead)
async def tell_offer_capacity(
    ctx: Telling, once: Idempotent, offer_id: UUID, body: CapacityTell
) -> JsonBytes:
    """Tell how many places are free now; what was told last counts."""
    await once.run(ctx.db, actions.tell_capacity(ctx, offer_id, body))
    return await queries.read_offer(ctx, offer_id)


@router.get("/institutions/{institution_id}/sites", response_model=Page[SiteRead])
async def list_sites(ctx: Reading, page: Paging, institution_id: UUID) -> JsonBytes:
    """List where an institution is found."""
    return await queries.list_sites(ctx, page, institution_id)


@router.post("/institutions/{institution_id}/sites", status_code=201, response_model=SiteRead)
async def create_site(ctx: Keeping, once: Idempotent, institution_id: UUID, body: SiteCreate) -> JsonBytes:
    """Write down where an institution is found."""
    site_id = await once.run(ctx.db, actions.create_site(ctx, institution_id, body))
    return await queries.read_site(ctx, institution_id, site_id, status=201)


@router.get("/institutions/{institution_id}/sites/{site_id}", response_model=SiteRead)
async def read_site(ctx: Reading, institution_id: UUID, site_id: UUID) -> JsonBytes:
    """Read one site."""
    return await queries.read_site(ctx, institution_id, site_id)


@router.patch("/institutions/{institution_id}/sites/{site_id}", response_model=SiteRead)
async def change_site(
    ctx: Keeping, expected: IfMatch, institution_id: UUID, site_id: UUID, body: SiteChange
) -> JsonBytes:
    """Change a site."""
    await actions.change_site(ctx, institution_id, site_id, body, expected)
    return await queries.read_site(ctx, institution_id, site_id)
