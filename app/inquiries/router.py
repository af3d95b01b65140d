"""Inquiries over HTTP, in the order in which they are worked on."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.inquiries import actions, becoming, queries
from app.inquiries.schemas import (
    InquiryChange,
    InquiryFinish,
    InquiryRead,
    InquiryRecord,
    InquiryToCase,
    InquiryWait,
    State,
    WaitingRead,
)
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatch, IfMatchOptional

router = Router(prefix="/v1/inquiries", tags=["inquiries"])
Worker = Annotated[Context, allow(Permission.INQUIRY_WORK)]


@router.get("", response_model=Page[InquiryRead])
async def list_inquiries(
    ctx: Worker,
    page: Paging,
    state: Annotated[State | None, Query(description="only those in this state")] = None,
) -> JsonBytes:
    """List the inquiries for which one is responsible, the newest first."""
    return await queries.list_inquiries(ctx, page, state=state)


@router.post("", status_code=201, response_model=InquiryRead)
async def record_inquiry(ctx: Worker, once: Idempotent, body: InquiryRecord) -> JsonBytes:
    """Write down that somebody asks, with a name or without."""
    inquiry_id = await once.run(ctx.db, actions.record_inquiry(ctx, body))
    return await queries.read_inquiry(ctx, inquiry_id, status=201)


@router.get("/waiting", response_model=Page[WaitingRead])
async def list_waiting(ctx: Worker, page: Paging) -> JsonBytes:
    """List who waits at one's units: those with a reason first, then who has waited longest."""
    return await queries.list_waiting(ctx, page)


@router.get("/{inquiry_id:uuid}", response_model=InquiryRead)
async def read_inquiry(ctx: Worker, inquiry_id: UUID) -> JsonBytes:
    """Read an inquiry for which one is responsible."""
    return await queries.read_inquiry(ctx, inquiry_id)


@router.patch("/{inquiry_id:uuid}", response_model=InquiryRead)
async def change_inquiry(ctx: Worker, expected: IfMatch, inquiry_id: UUID, body: InquiryChange) -> JsonBytes:
    """Change what was written down about an inquiry that is not finished."""
    await actions.change_inquiry(ctx, inquiry_id, body, expected)
    return await queries.read_inquiry(ctx, inquiry_id)


@router.post("/{inquiry_id}/wait", response_model=WaitingRead)
async def put_on_waiting_list(
    ctx: Worker, once: Idempotent, expected: IfMatchOptional, inquiry_id: UUID, body: InquiryWait
) -> JsonBytes:
    """Put an inquiry on the unit's waiting list; who waits must be reachable.

    Whoever took it from the list and puts it back is not responsible for it any more.
    """
    await once.run(ctx.db, actions.put_on_waiting_list(ctx, inquiry_id, body, expected))
    return await queries.read_waiting(ctx, inquiry_id)


@router.post("/{inquiry_id}/take", response_model=InquiryRead)
async def take_from_waiting_list(
    ctx: Worker, once: Idempotent, expected: IfMatchOptional, inquiry_id: UUID
) -> JsonBytes:
    """Take an inquiry from the waiting list and become responsible for it; the one before is told."""
    await once.run(ctx.db, actions.take_from_waiting_list(ctx, inquiry_id, expected))
    return await queries.read_inquiry(ctx, inquiry_id)


@router.post("/{inquiry_id}/finish", response_model=InquiryRead)
async def finish_inquiry(
    ctx: Worker, once: Idempotent, expected: IfMatchOptional, inquiry_id: UUID, body: InquiryFinish
) -> JsonBytes:
    """Say what became of an inquiry: advised, passed on, declined, removed from the list."""
    await once.run(ctx.db, actions.finish_inquiry(ctx, inquiry_id, body, expected))
    return await queries.read_inquiry(ctx, inquiry_id)


@router.post("/{inquiry_id}/case", response_model=InquiryRead)
async def become_case(
    ctx: Worker, once: Idempotent, expected: IfMatchOptional, inquiry_id: UUID, body: InquiryToCase
) -> JsonBytes:
    """Link an inquiry to the case that it became; what tells of the person is kept there only."""
    await once.run(ctx.db, becoming.become_case(ctx, inquiry_id, body, expected))
    return await queries.read_inquiry(ctx, inquiry_id)
