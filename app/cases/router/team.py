"""Who works on a case."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.cases.actions import handing_over, hidden
from app.cases.actions import team as actions
from app.cases.queries import team as queries
from app.cases.schemas.team import (
    BreakGlass,
    CaseAssign,
    CaseHandOver,
    DeputyCreate,
    HandoverAcknowledge,
    HandoverRead,
    RegistrarRead,
    TeamMemberRead,
    VacancyFill,
)
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page

router = Router(prefix="/v1/cases", tags=["cases"])
vacancies = Router(prefix="/v1/vacancies", tags=["cases"])


@router.get("/{case_id}/team", response_model=Page[TeamMemberRead])
async def list_team(
    ctx: Annotated[Context, allow(Permission.CASE_READ)], page: Paging, case_id: UUID
) -> JsonBytes:
    """List who works on a case, for its team and the team lead of its unit."""
    return await queries.list_team(ctx, case_id, page)


@router.post("/{case_id}/assign", status_code=201, response_model=TeamMemberRead)
async def assign_case(
    ctx: Annotated[Context, allow(Permission.CASE_ASSIGN)], once: Idempotent, case_id: UUID, body: CaseAssign
) -> JsonBytes:
    """Hand a case to a new lead, who acknowledges what is open, or add somebody to its team."""
    assignment_id = await once.run(ctx.db, actions.assign(ctx, case_id, body))
    return await queries.read_assignment(ctx, case_id, assignment_id, status=201)


@router.post("/{case_id}/handover", status_code=204)
async def hand_over_case(
    ctx: Annotated[Context, allow(Permission.CASE_HAND_OVER)],
    once: Idempotent,
    case_id: UUID,
    body: CaseHandOver,
) -> None:
    """Hand a restricted case on to a colleague, as its lead; you see it no longer."""
    await once.run(ctx.db, hidden.hand_over(ctx, case_id, body))


@router.post("/{case_id}/take-over", status_code=201, response_model=TeamMemberRead)
async def take_over_case(
    ctx: Annotated[Context, allow(Permission.CASE_TAKE_OVER)], once: Idempotent, case_id: UUID
) -> JsonBytes:
    """Lead a restricted case whose lead has left the unit, as somebody on its team."""
    assignment_id = await once.run(ctx.db, hidden.take_over(ctx, case_id))
    return await queries.read_assignment(ctx, case_id, assignment_id, status=201)


@vacancies.post("/{vacancy_id}/lead", status_code=204)
async def fill_vacancy(
    ctx: Annotated[Context, allow(Permission.VACANCY_FILL)],
    once: Idempotent,
    vacancy_id: UUID,
    body: VacancyFill,
) -> None:
    """Name who has a restricted case or a client for whom nobody is left; you do not learn whose."""
    await once.run(ctx.db, hidden.fill_vacancy(ctx, vacancy_id, body))


@router.delete("/{case_id}/team/{assignment_id}", status_code=204)
async def remove_member(
    ctx: Annotated[Context, allow(Permission.CASE_DEPUTISE)], case_id: UUID, assignment_id: UUID
) -> None:
    """Take a member off the team of a case."""
    await actions.remove_member(ctx, case_id, assignment_id)


@router.post("/{case_id}/deputies", status_code=201, response_model=TeamMemberRead)
async def add_deputy(
    ctx: Annotated[Context, allow(Permission.CASE_DEPUTISE)],
    once: Idempotent,
    case_id: UUID,
    body: DeputyCreate,
) -> JsonBytes:
    """Name who stands in, from one day to another."""
    assignment_id = await once.run(ctx.db, actions.add_deputy(ctx, case_id, body))
    return await queries.read_assignment(ctx, case_id, assignment_id, status=201)


@router.delete("/{case_id}/deputies/{assignment_id}", status_code=204)
async def end_deputyship(
    ctx: Annotated[Context, allow(Permission.CASE_DEPUTISE)], case_id: UUID, assignment_id: UUID
) -> None:
    """End a deputyship now."""
    await actions.end_deputyship(ctx, case_id, assignment_id)


@router.get("/{case_id}/registrars", response_model=Page[RegistrarRead])
async def list_registrars(
    ctx: Annotated[Context, allow(Permission.CASE_END_REGISTRAR)], page: Paging, case_id: UUID
) -> JsonBytes:
    """List who sees the client of a case because they registered them."""
    return await queries.list_registrars(ctx, case_id, page)


@router.delete("/{case_id}/registrars/{assignment_id}", status_code=204)
async def end_registrar(
    ctx: Annotated[Context, allow(Permission.CASE_END_REGISTRAR)], case_id: UUID, assignment_id: UUID
) -> None:
    """End what somebody sees of the client as their registrar; what they do by a case stays."""
    await actions.end_registrars_right(ctx, case_id, assignment_id)


@router.post("/{case_id}/break-glass", status_code=201, response_model=TeamMemberRead)
async def break_glass(
    ctx: Annotated[Context, allow(Permission.CASE_BREAK_GLASS)],
    once: Idempotent,
    case_id: UUID,
    body: BreakGlass,
) -> JsonBytes:
    """See the content of a case of one's unit for three hours, with a reason, recorded."""
    assignment_id = await once.run(ctx.db, actions.break_glass(ctx, case_id, body))
    return await queries.read_assignment(ctx, case_id, assignment_id, status=201)


@router.post("/{case_id}/handover/acknowledge", response_model=HandoverRead)
async def acknowledge_handover(
    ctx: Annotated[Context, allow(Permission.CASE_WORK)],
    once: Idempotent,
    case_id: UUID,
    body: HandoverAcknowledge,
) -> JsonBytes:
    """Say as the new lead that one has taken over what is open."""
    handover_id = await once.run(ctx.db, handing_over.acknowledge_handover(ctx, case_id, body))
    return await queries.read_handover(ctx, case_id, handover_id)
