"""School entries over HTTP."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatch, IfMatchOptional
from app.school_entries import actions, queries
from app.school_entries.schemas import (
    SchoolEntryChange,
    SchoolEntryRead,
    SchoolEntryRegister,
    SchoolStepCorrect,
    SchoolStepTake,
    SchoolWaitingRead,
    WaitingChild,
)

router = Router(prefix="/v1", tags=["school entries"])
Reader = Annotated[Context, allow(Permission.CASE_READ)]
Worker = Annotated[Context, allow(Permission.CASE_WORK)]
_OF_CASE = "/cases/{case_id}/school-entries"


@router.get(_OF_CASE, response_model=Page[SchoolEntryRead])
async def list_school_entries(ctx: Reader, page: Paging, case_id: UUID) -> JsonBytes:
    """List the school entries of a case, the latest first."""
    return await queries.list_school_entries(ctx, case_id, page)


@router.post(_OF_CASE, status_code=201, response_model=SchoolEntryRead)
async def register_pupil(
    ctx: Worker, once: Idempotent, case_id: UUID, body: SchoolEntryRegister
) -> JsonBytes:
    """Register a child that looks for a school."""
    made = await once.run(ctx.db, actions.register_pupil(ctx, case_id, body))
    return await queries.read_school_entry(ctx, case_id, made, status=201)


@router.get(_OF_CASE + "/{entry_id}", response_model=SchoolEntryRead)
async def read_school_entry(ctx: Reader, case_id: UUID, entry_id: UUID) -> JsonBytes:
    """Read a child's way into school with its steps."""
    return await queries.read_school_entry(ctx, case_id, entry_id)


@router.patch(_OF_CASE + "/{entry_id}", response_model=SchoolEntryRead)
async def change_school_entry(
    ctx: Worker, expected: IfMatch, case_id: UUID, entry_id: UUID, body: SchoolEntryChange
) -> JsonBytes:
    """Change details of an entry; what they said before is kept."""
    await actions.change_school_entry(ctx, case_id, entry_id, body, expected)
    return await queries.read_school_entry(ctx, case_id, entry_id)


@router.post(_OF_CASE + "/{entry_id}/step", response_model=SchoolEntryRead)
async def take_school_step(
    ctx: Worker,
    once: Idempotent,
    expected: IfMatchOptional,
    case_id: UUID,
    entry_id: UUID,
    body: SchoolStepTake,
) -> JsonBytes:
    """Write down a step: counselling, allocation, waiting, a place and what became of it, the first day."""
    await once.run(ctx.db, actions.take_school_step(ctx, case_id, entry_id, body, expected))
    return await queries.read_school_entry(ctx, case_id, entry_id)


@router.post(_OF_CASE + "/{entry_id}/steps/{step_id}/correct", response_model=SchoolEntryRead)
async def correct_school_step(
    ctx: Worker,
    once: Idempotent,
    expected: IfMatchOptional,
    case_id: UUID,
    entry_id: UUID,
    step_id: UUID,
    body: SchoolStepCorrect,
) -> JsonBytes:
    """Say on which day a step really happened."""
    act = actions.correct_school_step(ctx, case_id, entry_id, step_id, body, expected)
    await once.run(ctx.db, act)
    return await queries.read_school_entry(ctx, case_id, entry_id)


@router.get("/me/school-waiting", response_model=Page[WaitingChild])
async def list_school_waiting(
    ctx: Annotated[Context, allow(Permission.CASE_WORK)], page: Paging
) -> JsonBytes:
    """List the children of one's own cases that wait for a school, who has waited longest first."""
    return await queries.list_waiting(ctx, page)


@router.get("/units/{unit_id}/school-waiting", response_model=SchoolWaitingRead)
async def read_school_waiting(
    ctx: Annotated[Context, allow(Permission.CASELOAD_READ)], unit_id: UUID
) -> JsonBytes:
    """Read how many children of a unit's cases wait how many weeks: bands from three children on."""
    return await queries.read_unit_waiting(ctx, unit_id)
