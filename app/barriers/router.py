"""Barrier reports, proposals and observations over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Query

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.barriers import queries
from app.barriers.actions import correcting, filing, observing, proposals
from app.barriers.schemas import (
    BarrierChange,
    BarrierFile,
    BarrierRead,
    BarrierResolve,
    ObservationRead,
    ObservationWrite,
    ProposalConfirm,
    ProposalRead,
)
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatch, IfMatchOptional

router = Router(prefix="/v1", tags=["barriers"])

Report = Annotated[Context, allow(Permission.BARRIER_REPORT)]
Reader = Annotated[Context, allow(Permission.BARRIER_READ)]
Resolved = Annotated[BarrierResolve, Body(default_factory=BarrierResolve)]
OfCase = Annotated[UUID, Query(description="the case")]


@router.get("/barriers", response_model=Page[BarrierRead])
async def list_barriers(ctx: Reader, page: Paging, case_id: OfCase) -> JsonBytes:
    """List the barrier reports of a case, newest first."""
    return await queries.list_barriers(ctx, case_id, page)


@router.post("/barriers", status_code=201, response_model=BarrierRead)
async def file_barrier(ctx: Report, once: Idempotent, body: BarrierFile) -> JsonBytes:
    """File a barrier report from a case."""
    report_id = await once.run(ctx.db, filing.file_barrier(ctx, body))
    return await queries.read_barrier(ctx, report_id, status=201)


@router.get("/barriers/proposals", response_model=Page[ProposalRead])
async def list_barrier_proposals(ctx: Reader, page: Paging, case_id: OfCase) -> JsonBytes:
    """List the reports that failed referrals of a case propose."""
    return await queries.list_proposals(ctx, case_id, page)


@router.get("/barriers/proposals/{proposal_id:uuid}", response_model=ProposalRead)
async def read_barrier_proposal(ctx: Reader, proposal_id: UUID) -> JsonBytes:
    """Read one proposal."""
    return await queries.read_proposal(ctx, proposal_id)


@router.post("/barriers/proposals/{proposal_id}/confirm", status_code=201, response_model=BarrierRead)
async def confirm_barrier_proposal(
    ctx: Report, once: Idempotent, expected: IfMatchOptional, proposal_id: UUID, body: ProposalConfirm
) -> JsonBytes:
    """File the proposed report, with what only the team knows."""
    report_id = await once.run(ctx.db, proposals.confirm_proposal(ctx, proposal_id, body, expected))
    return await queries.read_barrier(ctx, report_id, status=201)


@router.post("/barriers/proposals/{proposal_id}/drop", response_model=ProposalRead)
async def drop_barrier_proposal(
    ctx: Report, once: Idempotent, expected: IfMatchOptional, proposal_id: UUID
) -> JsonBytes:
    """Say that nothing stood in the way."""
    await once.run(ctx.db, proposals.drop_proposal(ctx, proposal_id, expected))
    return await queries.read_proposal(ctx, proposal_id)


@router.get("/barriers/{report_id:uuid}", response_model=BarrierRead)
async def read_barrier(ctx: Reader, report_id: UUID) -> JsonBytes:
    """Read one barrier report."""
    return await queries.read_barrier(ctx, report_id)


@router.patch("/barriers/{report_id:uuid}", response_model=BarrierRead)
async def change_barrier(ctx: Report, expected: IfMatch, report_id: UUID, body: BarrierChange) -> JsonBytes:
    """Correct a barrier report."""
    await correcting.change_barrier(ctx, report_id, body, expected)
    return await queries.read_barrier(ctx, report_id)


@router.post("/barriers/{report_id}/resolve", response_model=BarrierRead)
async def resolve_barrier(
    ctx: Report, once: Idempotent, expected: IfMatchOptional, report_id: UUID, body: Resolved
) -> JsonBytes:
    """Write down that a barrier has gone; without a body, today."""
    await once.run(ctx.db, correcting.resolve_barrier(ctx, report_id, body, expected))
    return await queries.read_barrier(ctx, report_id)


@router.post("/observations", status_code=201, response_model=ObservationRead)
async def write_observation(
    ctx: Annotated[Context, allow(Permission.OBSERVATION_WRITE)], once: Idempotent, body: ObservationWrite
) -> JsonBytes:
    """Write a sentence about the system; refused with the places that tell of a person."""
    observation_id = await once.run(ctx.db, observing.write_observation(ctx, body))
    return await queries.read_observation(ctx, observation_id, status=201)


@router.get("/observations", response_model=Page[ObservationRead])
async def list_observations(
    ctx: Annotated[Context, allow(Permission.OBSERVATION_READ)], page: Paging
) -> JsonBytes:
    """List what was observed about the system; new ones appear together each Monday."""
    return await queries.list_observations(ctx, page)
