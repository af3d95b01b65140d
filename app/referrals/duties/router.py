"""Duties over HTTP: asked for one by one, decided one by one."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatchOptional
from app.referrals.duties import actions, deciding, queries
from app.referrals.duties.schemas import (
    DutyApprove,
    DutyPackageRead,
    DutyRead,
    DutyRefuse,
    DutyRequest,
    DutySummary,
)

router = Router(prefix="/v1/duties", tags=["duties"])

Reading = Annotated[Context, allow(Permission.DUTY_READ)]
Requesting = Annotated[Context, allow(Permission.DUTY_REQUEST)]
Deciding = Annotated[Context, allow(Permission.DUTY_DECIDE)]


@router.post("", status_code=201, response_model=DutyRead)
async def request_duty(ctx: Requesting, once: Idempotent, body: DutyRequest) -> JsonBytes:
    """Ask a second person to approve one draft that shall go out without consent."""
    duty_id = await once.run(ctx.db, actions.request_duty(ctx, body))
    return await queries.read_duty(ctx, duty_id, status=201)


@router.get("", response_model=Page[DutySummary])
async def list_duties(
    ctx: Reading,
    page: Paging,
    case_id: UUID | None = None,
    is_open: Annotated[bool | None, Query(description="requested or approved, or ended")] = None,
) -> JsonBytes:
    """List the duties of one's cases; for a team lead those of the unit, without a person."""
    return await queries.list_duties(ctx, page, case_id=case_id, is_open=is_open)


@router.get("/{duty_id}", response_model=DutyRead)
async def read_duty(ctx: Reading, duty_id: UUID) -> JsonBytes:
    """Read one with norm, necessity and the answers."""
    return await queries.read_duty(ctx, duty_id)


@router.get("/{duty_id}/package", response_model=DutyPackageRead)
async def read_duty_package(ctx: Reading, duty_id: UUID) -> JsonBytes:
    """See exactly what would leave; for the second person only while it is to be decided."""
    return await queries.read_duty_package(ctx, duty_id)


@router.post("/{duty_id}/approve", response_model=DutyRead)
async def approve_duty(
    ctx: Deciding, once: Idempotent, expected: IfMatchOptional, duty_id: UUID, body: DutyApprove
) -> JsonBytes:
    """Approve it as the second person, for 72 hours and for this package only."""
    await once.run(ctx.db, deciding.approve_duty(ctx, duty_id, body, expected))
    return await queries.read_duty(ctx, duty_id)


@router.post("/{duty_id}/refuse", response_model=DutyRead)
async def refuse_duty(
    ctx: Deciding, once: Idempotent, expected: IfMatchOptional, duty_id: UUID, body: DutyRefuse
) -> JsonBytes:
    """Refuse it as the second person, with a reason."""
    await once.run(ctx.db, deciding.refuse_duty(ctx, duty_id, body, expected))
    return await queries.read_duty(ctx, duty_id)


@router.post("/{duty_id}/withdraw", response_model=DutyRead)
async def withdraw_duty(
    ctx: Requesting, once: Idempotent, expected: IfMatchOptional, duty_id: UUID
) -> JsonBytes:
    """Take the request back, or an approval that was not used."""
    await once.run(ctx.db, actions.withdraw_duty(ctx, duty_id, expected))
    return await queries.read_duty(ctx, duty_id)
