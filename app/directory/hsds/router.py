"""The directory over HTTP as the Human Services Data Specification 3.0 has it."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query, Request

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.directory.hsds import queries
from app.directory.hsds.queries import Numbered
from app.directory.hsds.schemas import (
    HsdsAtLocation,
    HsdsOrganization,
    HsdsPage,
    HsdsRoot,
    HsdsService,
    HsdsTaxonomy,
    HsdsTerm,
)
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Moment, Name

router = Router(prefix="/v1/hsds", tags=["hsds"])
Reading = Annotated[Context, allow(Permission.DIRECTORY_READ)]
VERSION = "3.0"
PROFILE = "https://docs.openreferral.org/en/3.0/hsds/"
_DEEPEST = 10_000


async def numbered(
    page: Annotated[int, Query(ge=1, le=_DEEPEST, description="from one")] = 1,
    per_page: Annotated[int, Query(ge=1, le=200, description="items on the page")] = 50,
) -> Numbered:
    """Read which page is asked for."""
    return Numbered(page, per_page)


ByNumber = Annotated[Numbered, Depends(numbered)]
Words = Annotated[Name | None, Query(description="words in the name or description")]
Full = Annotated[bool, Query(description="with everything that belongs to it")]


@router.get("")
async def read_hsds_root(_: Reading, request: Request) -> HsdsRoot:
    """Read which version of the standard this is."""
    home = request.app.state.settings.public_url.rstrip("/")
    return HsdsRoot(version=VERSION, profile=PROFILE, openapi_url=f"{home}/openapi.json")


@router.get("/services", response_model=HsdsPage[HsdsService])
async def list_hsds_services(
    ctx: Reading,
    page: ByNumber,
    search: Words = None,
    taxonomy_term_id: Annotated[UUID | None, Query(description="of this topic")] = None,
    taxonomy_id: Annotated[UUID | None, Query(description="with a topic of this vocabulary")] = None,
    organization_id: Annotated[UUID | None, Query(description="of this organization")] = None,
    modified_after: Annotated[Moment | None, Query(description="changed after this moment")] = None,
    minimal: Annotated[bool, Query(description="id and change only")] = False,
    full: Full = False,
) -> JsonBytes:
    """List the services of the area, by name."""
    shape: Literal["minimal", "full", "brief"] = "minimal" if minimal else "full" if full else "brief"
    return await queries.list_services(
        ctx,
        page,
        shape=shape,
        search=search,
        term=taxonomy_term_id,
        taxonomy=taxonomy_id,
        organization=organization_id,
        modified_after=modified_after,
    )


@router.get("/services/{service_id}", response_model=HsdsService)
async def read_hsds_service(ctx: Reading, service_id: UUID) -> JsonBytes:
    """Read a service with everything that belongs to it."""
    return await queries.read_one(ctx, "service", service_id)


@router.get("/organizations", response_model=HsdsPage[HsdsOrganization])
async def list_hsds_organizations(
    ctx: Reading, page: ByNumber, search: Words = None, full: Full = False
) -> JsonBytes:
    """List the organizations of the area, by name."""
    return await queries.list_organizations(ctx, page, full=full, search=search)


@router.get("/organizations/{organization_id}", response_model=HsdsOrganization)
async def read_hsds_organization(ctx: Reading, organization_id: UUID) -> JsonBytes:
    """Read an organization with its locations."""
    return await queries.read_one(ctx, "organization", organization_id)


@router.get("/service_at_locations", response_model=HsdsPage[HsdsAtLocation])
async def list_hsds_service_at_locations(
    ctx: Reading,
    page: ByNumber,
    service_id: Annotated[UUID | None, Query(description="of this service")] = None,
) -> JsonBytes:
    """List which service is where."""
    return await queries.list_at_locations(ctx, page, service_id)


@router.get("/service_at_locations/{at_location_id}", response_model=HsdsAtLocation)
async def read_hsds_service_at_location(ctx: Reading, at_location_id: UUID) -> JsonBytes:
    """Read a service at one of its sites."""
    return await queries.read_one(ctx, "service_at_location", at_location_id)


@router.get("/taxonomies", response_model=HsdsPage[HsdsTaxonomy])
async def list_hsds_taxonomies(ctx: Reading, page: ByNumber) -> JsonBytes:
    """List the vocabularies: topics of services, kinds of organizations."""
    return await queries.list_taxonomies(ctx, page)


@router.get("/taxonomies/{taxonomy_id}", response_model=HsdsTaxonomy)
async def read_hsds_taxonomy(ctx: Reading, taxonomy_id: UUID) -> JsonBytes:
    """Read one vocabulary."""
    return await queries.read_one(ctx, "taxonomy", taxonomy_id)


@router.get("/taxonomy_terms", response_model=HsdsPage[HsdsTerm])
async def list_hsds_taxonomy_terms(
    ctx: Reading,
    page: ByNumber,
    taxonomy_id: Annotated[UUID | None, Query(description="of this vocabulary")] = None,
) -> JsonBytes:
    """List terms."""
    return await queries.list_terms(ctx, page, taxonomy_id)


@router.get("/taxonomy_terms/{term_id}", response_model=HsdsTerm)
async def read_hsds_taxonomy_term(ctx: Reading, term_id: UUID) -> JsonBytes:
    """Read one term."""
    return await queries.read_one(ctx, "taxonomy_term", term_id)
