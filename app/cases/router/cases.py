"""Cases: opening, reading, intake, phases, closing."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.cases.actions import closing, intake, opening, phase, taking_along
from app.cases.queries import cases
from app.cases.schemas.cases import (
    CaseChange,
    CaseClose,
    CaseIntake,
    CaseListed,
    CaseOpen,
    CasePhaseRead,
    CaseRead,
    CaseReopen,
    CaseShell,
    PhaseStep,
    TakeAlong,
    TakenAlong,
)
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatch, IfMatchOptional

router = Router(prefix="/v1/cases", tags=["cases"])


@router.get("", response_model=Page[CaseListed] | Page[CaseShell])
async def list_cases(
    ctx: Annotated[Context, allow(Permission.CASE_LIST)],
    page: Paging,
    of: Annotated[
        Literal["mine", "team"] | None,
        Query(description="own cases with the client, or shells of the units whose team one leads"),
    ] = None,
    is_closed: Annotated[bool | None, Query(description="only closed or only open ones")] = None,
) -> JsonBytes:
    """List cases, the newest first. Team leads get shells without the client."""
    return await cases.list_cases(ctx, page, of=of, is_closed=is_closed)


@router.post("", status_code=201, response_model=CaseRead)
async def open_case(
    ctx: Annotated[Context, allow(Permission.CASE_OPEN)], once: Idempotent, body: CaseOpen
) -> JsonBytes:
    """Open a case of a client; whoever opens it leads it."""
    case_id = await once.run(ctx.db, opening.open_new(ctx, body))
    return await cases.read_case(ctx, case_id, status=201)


@router.get("/{case_id}", response_model=CaseRead)
async def read_case(ctx: Annotated[Context, allow(Permission.CASE_READ)], case_id: UUID) -> JsonBytes:
    """Read a case with its content."""
    return await cases.read_case(ctx, case_id)


@router.patch("/{case_id}", response_model=CaseRead)
async def change_case(
    ctx: Annotated[Context, allow(Permission.CASE_WORK)], expected: IfMatch, case_id: UUID, body: CaseChange
) -> JsonBytes:
    """Change what was written down about a case."""
    await opening.change_case(ctx, case_id, body, expected)
    return await cases.read_case(ctx, case_id)


@router.patch("/{case_id}/intake", response_model=CaseRead)
async def record_intake(
    ctx: Annotated[Context, allow(Permission.CASE_WORK)], expected: IfMatch, case_id: UUID, body: CaseIntake
) -> JsonBytes:
    """Record criteria C1 to C7, the privacy notice, the legal basis and the outcome of intake."""
    await intake.record_intake(ctx, case_id, body, expected)
    return await cases.read_case(ctx, case_id)


@router.post("/{case_id}/phase", response_model=CaseRead)
async def take_phase(
    ctx: Annotated[Context, allow(Permission.CASE_WORK)],
    once: Idempotent,
    expected: IfMatchOptional,
    case_id: UUID,
    body: PhaseStep,
) -> JsonBytes:
    """Take a case to another phase; 409 names what is missing or which phases can be reached."""
    await once.run(ctx.db, phase.take_phase(ctx, case_id, body, expected))
    return await cases.read_case(ctx, case_id)


@router.get("/{case_id}/phases", response_model=Page[CasePhaseRead])
async def list_phases(
    ctx: Annotated[Context, allow(Permission.CASE_READ)], page: Paging, case_id: UUID
) -> JsonBytes:
    """List how a case has come through its phases."""
    return await cases.list_phases(ctx, case_id, page)


@router.post("/{case_id}/close", response_model=CaseRead)
async def close_case(
    ctx: Annotated[Context, allow(Permission.CASE_CLOSE)],
    once: Idempotent,
    expected: IfMatchOptional,
    case_id: UUID,
    body: CaseClose,
) -> JsonBytes:
    """Close a case; its retention starts. What is open ends as `settle` says, or is counted."""
    await once.run(ctx.db, closing.close_case(ctx, case_id, body, expected))
    return await cases.read_case(ctx, case_id)


@router.post("/{case_id}/reopen", response_model=CaseRead)
async def reopen_case(
    ctx: Annotated[Context, allow(Permission.CASE_REOPEN)],
    once: Idempotent,
    expected: IfMatchOptional,
    case_id: UUID,
    body: CaseReopen,
) -> JsonBytes:
    """Let a closed case go on, within its retention."""
    await once.run(ctx.db, closing.reopen_case(ctx, case_id, body, expected))
    return await cases.read_case(ctx, case_id)


@router.post("/{case_id}/take-along", response_model=TakenAlong)
async def take_along(
    ctx: Annotated[Context, allow(Permission.CASE_WORK)], once: Idempotent, case_id: UUID, body: TakeAlong
) -> JsonBytes:
    """Go on in this case with what an earlier, closed case of the client left open; each once."""
    await once.run(ctx.db, taking_along.take_along(ctx, case_id, body.from_case_id))
    return await cases.read_taken_along(ctx, case_id, body.from_case_id)
