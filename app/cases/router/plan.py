"""Assessments, goals and measures of a case."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.cases.actions import plan as actions
from app.cases.queries import comparing
from app.cases.queries import plan as queries
from app.cases.schemas.plan import (
    AssessmentComparison,
    AssessmentCreate,
    AssessmentRead,
    GoalChange,
    GoalCreate,
    GoalRead,
    MeasureChange,
    MeasureCreate,
    MeasureRead,
    PlanChangeRead,
)
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Day, Page
from app.kit.versions import IfMatch

router = Router(prefix="/v1/cases", tags=["cases"])
Reader = Annotated[Context, allow(Permission.CASE_READ)]
Worker = Annotated[Context, allow(Permission.CASE_WORK)]


@router.get("/{case_id}/assessments", response_model=Page[AssessmentRead])
async def list_assessments(ctx: Reader, page: Paging, case_id: UUID) -> JsonBytes:
    """List the assessments of a case, the newest first."""
    return await queries.list_assessments(ctx, case_id, page)


@router.post("/{case_id}/assessments", status_code=201, response_model=AssessmentRead)
async def record_assessment(
    ctx: Worker, once: Idempotent, case_id: UUID, body: AssessmentCreate
) -> JsonBytes:
    """Record needs and resources at a date."""
    assessment_id = await once.run(ctx.db, actions.record_assessment(ctx, case_id, body))
    return await queries.read_assessment(ctx, case_id, assessment_id, status=201)


@router.get("/{case_id}/assessments/latest", response_model=AssessmentRead)
async def read_latest_assessment(ctx: Reader, case_id: UUID) -> JsonBytes:
    """Read the assessment that was made last; 404 before the first."""
    return await comparing.read_latest(ctx, case_id)


@router.get("/{case_id}/assessments/compare", response_model=AssessmentComparison)
async def compare_assessments(
    ctx: Reader,
    case_id: UUID,
    first_day: Annotated[Day, Query(alias="from", description="the last assessment up to this day")],
    last_day: Annotated[Day, Query(alias="to", description="set beside the last one up to this day")],
) -> JsonBytes:
    """See per life domain how it stood, how it stands, and what changed."""
    return await comparing.compare(ctx, case_id, first_day, last_day)


@router.get("/{case_id}/assessments/{assessment_id}", response_model=AssessmentRead)
async def read_assessment(ctx: Reader, case_id: UUID, assessment_id: UUID) -> JsonBytes:
    """Read one assessment."""
    return await queries.read_assessment(ctx, case_id, assessment_id)


@router.get("/{case_id}/goals", response_model=Page[GoalRead])
async def list_goals(ctx: Reader, page: Paging, case_id: UUID) -> JsonBytes:
    """List the goals of a case with their measures."""
    return await queries.list_goals(ctx, case_id, page)


@router.post("/{case_id}/goals", status_code=201, response_model=GoalRead)
async def set_goal(ctx: Worker, once: Idempotent, case_id: UUID, body: GoalCreate) -> JsonBytes:
    """Set a goal in the client's words."""
    goal_id = await once.run(ctx.db, actions.set_goal(ctx, case_id, body))
    return await queries.read_goal(ctx, case_id, goal_id, status=201)


@router.get("/{case_id}/goals/{goal_id}", response_model=GoalRead)
async def read_goal(ctx: Reader, case_id: UUID, goal_id: UUID) -> JsonBytes:
    """Read one goal with its measures."""
    return await queries.read_goal(ctx, case_id, goal_id)


@router.patch("/{case_id}/goals/{goal_id}", response_model=GoalRead)
async def change_goal(
    ctx: Worker, expected: IfMatch, case_id: UUID, goal_id: UUID, body: GoalChange
) -> JsonBytes:
    """Change a goal, note its progress, say how far it was reached."""
    await actions.change_goal(ctx, case_id, goal_id, body, expected)
    return await queries.read_goal(ctx, case_id, goal_id)


@router.get("/{case_id}/goals/{goal_id}/history", response_model=Page[PlanChangeRead])
async def list_goal_history(ctx: Reader, page: Paging, case_id: UUID, goal_id: UUID) -> JsonBytes:
    """List what a goal and its measures said before each change: progress notes too."""
    return await queries.list_goal_history(ctx, case_id, goal_id, page)


@router.post("/{case_id}/goals/{goal_id}/measures", status_code=201, response_model=MeasureRead)
async def add_measure(
    ctx: Worker, once: Idempotent, case_id: UUID, goal_id: UUID, body: MeasureCreate
) -> JsonBytes:
    """Add who does what until when."""
    measure_id = await once.run(ctx.db, actions.add_measure(ctx, case_id, goal_id, body))
    return await queries.read_measure(ctx, case_id, measure_id, status=201)


@router.get("/{case_id}/measures/{measure_id}", response_model=MeasureRead)
async def read_measure(ctx: Reader, case_id: UUID, measure_id: UUID) -> JsonBytes:
    """Read one measure."""
    return await queries.read_measure(ctx, case_id, measure_id)


@router.patch("/{case_id}/measures/{measure_id}", response_model=MeasureRead)
async def change_measure(
    ctx: Worker, expected: IfMatch, case_id: UUID, measure_id: UUID, body: MeasureChange
) -> JsonBytes:
    """Change a measure or say that it is done."""
    await actions.change_measure(ctx, case_id, measure_id, body, expected)
    return await queries.read_measure(ctx, case_id, measure_id)
