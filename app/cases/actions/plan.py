"""Assessments, goals and measures."""

from typing import Any
from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.cases.models import Assessment, AssessmentDomain, Goal, Measure
from app.cases.plan_history import keep_before, values_of
from app.cases.schemas.plan import (
    AssessmentCreate,
    DomainInput,
    GoalChange,
    GoalCreate,
    MeasureChange,
    MeasureCreate,
)
from app.cases.subject import open_case
from app.catalogues.check import require_code
from app.clients.lifetime import require_born
from app.kit.changes import apply, locked
from app.kit.clock import local_date
from app.kit.deadlines import require_not_past
from app.kit.errors import Invalid, NotFound
from app.kit.ids import new_id
from app.kit.versions import Expected

_TARGET, _DEADLINE = "The day by which a goal is to be reached", "The deadline of a measure"


async def record_assessment(ctx: Context, case_id: UUID, body: AssessmentCreate) -> UUID:
    """Record needs and resources.

    422 without any need, for a domain named twice, for a day to come or before the client's birth.
    """
    subject = await open_case(ctx, case_id)
    _check_domains(body.domains)
    if body.assessed_on > local_date(ctx.now):
        raise Invalid.at("body.assessed_on", "in_the_future", "An assessment is recorded after it was made.")
    require_born(subject.birth_date, body.assessed_on, "body.assessed_on")
    area, assessment_id = ctx.actor.municipal_area_id, new_id()
    ctx.db.add(
        Assessment(
            municipal_area_id=area,
            id=assessment_id,
            case_id=case_id,
            assessed_on=body.assessed_on,
            summary=body.summary,
            author_id=ctx.actor.user_id,
            created_at=ctx.now,
        )
    )
    await ctx.db.flush()
    ctx.db.add_all(
        AssessmentDomain(
            municipal_area_id=area,
            id=new_id(),
            assessment_id=assessment_id,
            case_id=case_id,
            **each.model_dump(),
        )
        for each in body.domains
    )
    await journal.record(
        ctx.db, "assessment.create", "assessment", assessment_id, clients=[subject.pseudonym]
    )
    return assessment_id


def _check_domains(domains: list[DomainInput]) -> None:
    for place, each in enumerate(domains):
        require_code("life_domain", each.life_domain, f"body.domains.{place}.life_domain")
        if each.state == "not_discussed" and (each.scale is not None or each.note is not None):
            raise Invalid.at(
                f"body.domains.{place}.state",
                "said_something",
                "What was not discussed has no scale and note.",
            )
    if len({each.life_domain for each in domains}) < len(domains):
        raise Invalid.at("body.domains", "repeated", "Each life domain is assessed once.")
    if not any(each.state == "need" for each in domains):
        raise Invalid.at("body.domains", "need_missing", "An assessment names at least one need.")


async def set_goal(ctx: Context, case_id: UUID, body: GoalCreate) -> UUID:
    """Set a goal in the client's words; 422 for a day that has passed."""
    require_code("life_domain", body.life_domain, "body.life_domain")
    subject = await open_case(ctx, case_id)
    require_not_past(body.target_on, local_date(ctx.now), "body.target_on", what=_TARGET)
    goal = Goal(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        case_id=case_id,
        set_on=local_date(ctx.now),
        **body.model_dump(),
    )
    ctx.db.add(goal)
    await journal.record(ctx.db, "goal.create", "goal", goal.id, clients=[subject.pseudonym])
    return goal.id


async def change_goal(
    ctx: Context, case_id: UUID, goal_id: UUID, body: GoalChange, expected: Expected
) -> None:
    """Change a goal: its words, progress, attainment (dated today), what the client says; the old is kept."""
    subject = await open_case(ctx, case_id)
    goal = await locked(ctx.db, Goal, goal_id)
    if goal.case_id != case_id:
        raise NotFound
    expected.check(goal)
    require_not_past(
        body.target_on, local_date(ctx.now), "body.target_on", before=goal.target_on, what=_TARGET
    )
    changes: dict[str, Any] = body.model_dump(exclude_unset=True)
    if "attainment" in changes and body.attainment != goal.attainment:
        changes["evaluated_on"] = None if body.attainment is None else local_date(ctx.now)
    before = values_of(goal, changes)
    changed = apply(goal, changes, required=("wording",))
    keep_before(ctx, goal, before, changed)
    await journal.record(ctx.db, "goal.change", "goal", goal_id, clients=[subject.pseudonym], changed=changed)


async def add_measure(ctx: Context, case_id: UUID, goal_id: UUID, body: MeasureCreate) -> UUID:
    """Add who does what until when towards a goal; 422 for a day that has passed."""
    subject = await open_case(ctx, case_id)
    goal = await locked(ctx.db, Goal, goal_id)
    if goal.case_id != case_id:
        raise NotFound
    require_not_past(body.due_on, local_date(ctx.now), "body.due_on", what=_DEADLINE)
    measure = Measure(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        case_id=case_id,
        goal_id=goal_id,
        **body.model_dump(),
    )
    ctx.db.add(measure)
    await journal.record(ctx.db, "measure.create", "measure", measure.id, clients=[subject.pseudonym])
    return measure.id


async def change_measure(
    ctx: Context, case_id: UUID, measure_id: UUID, body: MeasureChange, expected: Expected
) -> None:
    """Change a measure; what becomes done is dated today."""
    subject = await open_case(ctx, case_id)
    measure = await locked(ctx.db, Measure, measure_id)
    if measure.case_id != case_id:
        raise NotFound
    expected.check(measure)
    require_not_past(body.due_on, local_date(ctx.now), "body.due_on", before=measure.due_on, what=_DEADLINE)
    changes: dict[str, Any] = body.model_dump(exclude_unset=True)
    if body.state is not None and body.state != measure.state:
        changes["done_on"] = local_date(ctx.now) if body.state == "done" else None
    before = values_of(measure, changes)
    changed = apply(measure, changes, required=("wording", "responsible", "state"))
    keep_before(ctx, measure, before, changed)
    await journal.record(
        ctx.db, "measure.change", "measure", measure_id, clients=[subject.pseudonym], changed=changed
    )
