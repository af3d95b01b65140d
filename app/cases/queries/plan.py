"""Reading assessments, and goals with their measures."""

from uuid import UUID

from sqlalchemy import bindparam, func, select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import reading
from app.cases.models import Assessment, AssessmentDomain, Goal, Measure
from app.cases.plan_history import PlanChange
from app.cases.queries.shapes import json_list, json_object, person
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes

PSEUDONYM = select(func.case_pseudonym(bindparam("case_id"))).scalar_subquery().label("_client")
_DOMAIN = json_object(
    life_domain=AssessmentDomain.life_domain,
    state=AssessmentDomain.state,
    scale=AssessmentDomain.scale,
    note=AssessmentDomain.note,
)
_DOMAINS = (
    select(json_list(_DOMAIN, by=AssessmentDomain.id))
    .where(
        AssessmentDomain.municipal_area_id == Assessment.municipal_area_id,
        AssessmentDomain.assessment_id == Assessment.id,
    )
    .scalar_subquery()
)
ASSESSMENT = select(
    Assessment.id,
    Assessment.assessed_on,
    Assessment.summary,
    person(Assessment.municipal_area_id, Assessment.author_id).label("author"),
    Assessment.created_at,
    _DOMAINS.label("domains"),
    PSEUDONYM,
).where(Assessment.case_id == bindparam("case_id"))
ONE_ASSESSMENT = reading.one(
    "assessment.read", "assessment", ASSESSMENT.where(Assessment.id == bindparam("id"))
)
ASSESSMENTS = reading.many(
    "assessment.list", "assessment", ASSESSMENT, order=("assessed_on", "id"), descending=True
)

_OF_GOAL = json_object(
    id=Measure.id,
    wording=Measure.wording,
    responsible=Measure.responsible,
    responsible_name=Measure.responsible_name,
    due_on=Measure.due_on,
    state=Measure.state,
    done_on=Measure.done_on,
    note=Measure.note,
    version=Measure.version,
)
_MEASURES = (
    select(json_list(_OF_GOAL, by=Measure.id))
    .where(Measure.municipal_area_id == Goal.municipal_area_id, Measure.goal_id == Goal.id)
    .scalar_subquery()
)
_GOAL = select(
    Goal.id,
    Goal.life_domain,
    Goal.wording,
    Goal.indicator,
    Goal.set_on,
    Goal.target_on,
    Goal.progress,
    Goal.attainment,
    Goal.evaluated_on,
    Goal.client_feedback,
    _MEASURES.label("measures"),
    Goal.version,
    PSEUDONYM,
).where(Goal.case_id == bindparam("case_id"))
ONE_GOAL = reading.one("goal.read", "goal", _GOAL.where(Goal.id == bindparam("id")))
GOALS = reading.many("goal.list", "goal", _GOAL, order=("id",))

HISTORY = reading.many(
    "goal.history",
    "goal",
    select(
        PlanChange.id,
        PlanChange.measure_id,
        PlanChange.at,
        person(PlanChange.municipal_area_id, PlanChange.user_id).label("user"),
        PlanChange.before,
        PSEUDONYM,
    ).where(PlanChange.case_id == bindparam("case_id"), PlanChange.goal_id == bindparam("goal_id")),
    order=("at", "id"),
)

_MEASURE = select(
    Measure.id,
    Measure.wording,
    Measure.responsible,
    Measure.responsible_name,
    Measure.due_on,
    Measure.state,
    Measure.done_on,
    Measure.note,
    Measure.version,
    PSEUDONYM,
).where(Measure.case_id == bindparam("case_id"), Measure.id == bindparam("id"))
ONE_MEASURE = reading.one("measure.read", "measure", _MEASURE)


_HAS_GOAL = "SELECT EXISTS (SELECT FROM goals WHERE case_id = $1 AND id = $2)"


async def read_assessment(
    ctx: Context, case_id: UUID, assessment_id: UUID, *, status: int = 200
) -> JsonBytes:
    return await ONE_ASSESSMENT.answer(ctx.db, status=status, case_id=case_id, id=assessment_id)


async def list_assessments(ctx: Context, case_id: UUID, page: PageRequest) -> JsonBytes:
    await require_relation(ctx, case_id=case_id)
    return await ASSESSMENTS.answer(ctx.db, page, case_id=case_id)


async def read_goal(ctx: Context, case_id: UUID, goal_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_GOAL.answer(ctx.db, status=status, case_id=case_id, id=goal_id)


async def list_goals(ctx: Context, case_id: UUID, page: PageRequest) -> JsonBytes:
    await require_relation(ctx, case_id=case_id)
    return await GOALS.answer(ctx.db, page, case_id=case_id)


async def list_goal_history(ctx: Context, case_id: UUID, goal_id: UUID, page: PageRequest) -> JsonBytes:
    """Return what a goal and its measures said before, the first change first."""
    await require_relation(ctx, case_id=case_id)
    driver = await ctx.db.driver()
    if not await driver.fetchval(_HAS_GOAL, case_id, goal_id):
        raise NotFound
    return await HISTORY.answer(ctx.db, page, case_id=case_id, goal_id=goal_id)


async def read_measure(ctx: Context, case_id: UUID, measure_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_MEASURE.answer(ctx.db, status=status, case_id=case_id, id=measure_id)
