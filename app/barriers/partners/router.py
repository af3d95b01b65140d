"""Barriers that institutions report, over HTTP: their own desk, and the numbers for the coordination."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.barriers.partners import actions, queries
from app.barriers.partners.schemas import PartnerBarrierFigureRead, PartnerBarrierFile, PartnerBarrierRead
from app.kit.idempotency import IdempotentForSure
from app.kit.pages import Paging
from app.kit.quarters import QuarterCode
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatchOptional

router = Router(tags=["barriers"])
FILED = "/v1/partner/barriers"

Filing = Annotated[Context, allow(Permission.PARTNER_BARRIER_FILE)]
Quarter = Annotated[QuarterCode | None, Query(description="one quarter only, as 2026Q3")]


@router.get(FILED, response_model=Page[PartnerBarrierRead])
async def list_partner_barriers(ctx: Filing, page: Paging) -> JsonBytes:
    """List the barriers that one's institution reported, newest first."""
    return await queries.list_filed(ctx, page)


@router.post(FILED, status_code=201, response_model=PartnerBarrierRead)
async def file_partner_barrier(ctx: Filing, once: IdempotentForSure, body: PartnerBarrierFile) -> JsonBytes:
    """Report what stands in the way, without any person; a sentence that tells of one is refused."""
    report_id = await once.run(ctx.db, actions.file_partner_barrier(ctx, body))
    return await queries.read_filed(ctx, report_id, status=201)


@router.get(FILED + "/{partner_barrier_id}", response_model=PartnerBarrierRead)
async def read_partner_barrier(ctx: Filing, partner_barrier_id: UUID) -> JsonBytes:
    """Read one report of one's institution."""
    return await queries.read_filed(ctx, partner_barrier_id)


@router.post(FILED + "/{partner_barrier_id}/withdraw", response_model=PartnerBarrierRead)
async def withdraw_partner_barrier(
    ctx: Filing, once: IdempotentForSure, expected: IfMatchOptional, partner_barrier_id: UUID
) -> JsonBytes:
    """Take a report back: its sentence is removed, an open proposal dropped."""
    await once.run(ctx.db, actions.withdraw_partner_barrier(ctx, partner_barrier_id, expected))
    return await queries.read_filed(ctx, partner_barrier_id)


@router.get("/v1/partner-barriers/figures", response_model=Page[PartnerBarrierFigureRead])
async def list_partner_barrier_figures(
    ctx: Annotated[Context, allow(Permission.SIGNAL_READ)], page: Paging, quarter: Quarter = None
) -> JsonBytes:
    """List by how many institutions a type was reported in ended quarters; beside the statistics of cases."""
    return await queries.list_figures(ctx, page, quarter)
