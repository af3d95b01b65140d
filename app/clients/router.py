"""Persons and their households over HTTP."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.clients import actions, duplicates, household, nationalities, queries, registration, review, search
from app.clients.merging import reading
from app.clients.schemas import (
    ClientChange,
    ClientCreate,
    ClientFound,
    ClientLine,
    ClientRead,
    ClientSearch,
    DuplicateLine,
    DuplicateSearch,
    HouseholdMemberChange,
    HouseholdMemberCreate,
    HouseholdRead,
    NationalitiesReplace,
)
from app.kit.idempotency import Idempotent
from app.kit.pages import MAXIMUM, PageRequest, Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatch

EVERYTHING = PageRequest(None, MAXIMUM)

router = Router(prefix="/v1/clients", tags=["clients"])

Reading = Annotated[Context, allow(Permission.CLIENT_READ)]
Changing = Annotated[Context, allow(Permission.CLIENT_CHANGE)]
Creating = Annotated[Context, allow(Permission.CLIENT_CREATE)]
Searching = Annotated[Context, allow(Permission.CLIENT_SEARCH)]


@router.get("", response_model=Page[ClientLine])
async def list_clients(ctx: Reading, page: Paging) -> JsonBytes:
    """List the persons you see, in German order of their names."""
    return await queries.list_clients(ctx, page)


@router.post("", status_code=201, response_model=ClientRead)
async def create_client(ctx: Creating, once: Idempotent, body: ClientCreate) -> JsonBytes:
    """Register a person with what is known; you become their registrar."""
    client_id = await once.run(ctx.db, registration.create_client(ctx, body))
    return await reading.read_client_or_survivor(ctx, client_id, status=201)


@router.post("/search", response_model=Page[ClientFound])
async def search_clients(ctx: Searching, page: Paging, body: ClientSearch) -> JsonBytes:
    """Find persons among those you see, by name in any spelling, birth date or year; best first."""
    return await search.search_clients(ctx, page, body)


@router.post("/duplicates", response_model=Page[ClientFound])
async def search_duplicates(ctx: Creating, body: DuplicateSearch) -> JsonBytes:
    """Look in the whole area for a person before registering them.

    You learn of persons you see. A unit elsewhere that may know the person is told; you are not. With
    `is_restricted` nobody elsewhere is told.
    """
    found = await duplicates.look_for_duplicates(ctx, body, is_registration=False)
    return await search.show_found(ctx, search.DUPLICATES, EVERYTHING, found)


@router.get("/duplicates", response_model=Page[DuplicateLine])
async def review_duplicates(ctx: Searching, page: Paging) -> JsonBytes:
    """List persons whom you see and who may be registered twice, in pairs, the likeliest pair first."""
    return await review.review_duplicates(ctx, page)


@router.get("/{client_id:uuid}", response_model=ClientRead)
async def read_client(ctx: Reading, client_id: UUID) -> JsonBytes:
    """Read everything of a person; the id of a record that was merged answers the person it became.

    `Content-Location` names the address of whom is answered then.
    """
    return await reading.read_client_or_survivor(ctx, client_id)


@router.patch("/{client_id:uuid}", response_model=ClientRead)
async def change_client(ctx: Changing, expected: IfMatch, client_id: UUID, body: ClientChange) -> JsonBytes:
    """Change what is written of a person."""
    await actions.change_client(ctx, client_id, body, expected)
    return await queries.read_client(ctx, client_id)


@router.put("/{client_id}/nationalities", response_model=ClientRead)
async def replace_nationalities(
    ctx: Changing, expected: IfMatch, client_id: UUID, body: NationalitiesReplace
) -> JsonBytes:
    """Replace the nationalities of a person, the most important first."""
    await nationalities.replace_nationalities(ctx, client_id, body, expected)
    return await queries.read_client(ctx, client_id)


@router.get("/{client_id}/household", response_model=HouseholdRead)
async def read_household(ctx: Reading, client_id: UUID) -> JsonBytes:
    """Read the household of a person."""
    return await queries.read_household(ctx, client_id)


@router.post("/{client_id}/household", status_code=201, response_model=HouseholdRead)
async def add_household_member(
    ctx: Changing, once: Idempotent, client_id: UUID, body: HouseholdMemberCreate
) -> JsonBytes:
    """Add a member to the household of a person."""
    await once.run(ctx.db, household.add_member(ctx, client_id, body))
    return await queries.read_household(ctx, client_id, status=201)


@router.patch("/{client_id}/household/{member_id}", response_model=HouseholdRead)
async def change_household_member(
    ctx: Changing, expected: IfMatch, client_id: UUID, member_id: UUID, body: HouseholdMemberChange
) -> JsonBytes:
    """Change a member of the household; the ETag of the answer is the member's, like their `version`."""
    await household.change_member(ctx, client_id, member_id, body, expected)
    return await queries.read_changed_household(ctx, client_id, member_id)


@router.delete("/{client_id}/household/{member_id}", response_model=HouseholdRead)
async def remove_household_member(
    ctx: Changing, expected: IfMatch, client_id: UUID, member_id: UUID
) -> JsonBytes:
    """Take a member out of the household; 409 while one of the two decides for the other as its member."""
    await household.remove_member(ctx, client_id, member_id, expected)
    return await queries.read_household(ctx, client_id)
