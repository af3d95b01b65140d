"""The latest assessment, and two days of a case set beside each other per life domain."""

from datetime import date
from uuid import UUID

from sqlalchemy import Date, ScalarSelect, Subquery, and_, bindparam, case, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import reading
from app.cases.models import Assessment, AssessmentDomain
from app.cases.queries.plan import ASSESSMENT, PSEUDONYM
from app.cases.queries.shapes import json_list, json_object
from app.kit.errors import Invalid
from app.kit.reading import JsonBytes


def _last_up_to(day: str) -> ScalarSelect[UUID]:
    """Return the assessment that held on a day: the last one made until then."""
    made = aliased(Assessment)
    return (
        select(made.id)
        .where(made.case_id == bindparam("case_id"), made.assessed_on <= bindparam(day, type_=Date))
        .order_by(made.assessed_on.desc(), made.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _domains(day: str, name: str) -> Subquery:
    columns = (
        AssessmentDomain.life_domain,
        AssessmentDomain.state,
        AssessmentDomain.scale,
        AssessmentDomain.note,
    )
    return select(*columns).where(AssessmentDomain.assessment_id == _last_up_to(day)).subquery(name)


def _reference(day: str) -> ScalarSelect[object]:
    return (
        select(json_object(id=Assessment.id, assessed_on=Assessment.assessed_on))
        .where(Assessment.id == _last_up_to(day))
        .scalar_subquery()
    )


_B, _A = _domains("first_day", "before"), _domains("last_day", "after")
_CHANGE = case(
    (
        and_(_B.c.state == "need", or_(_A.c.state == "none", _A.c.state == "resource")),
        literal_column("'resolved'"),
    ),
    (and_(func.coalesce(_B.c.state, "") != "need", _A.c.state == "need"), literal_column("'new_need'")),
    (_A.c.scale > _B.c.scale, literal_column("'improved'")),
    (_A.c.scale < _B.c.scale, literal_column("'worse'")),
    (
        and_(
            _A.c.state == _B.c.state,
            _A.c.state != "not_discussed",
            _A.c.scale.is_not_distinct_from(_B.c.scale),
        ),
        literal_column("'unchanged'"),
    ),
    else_=literal_column("'not_comparable'"),
)
_DOMAIN = func.coalesce(_A.c.life_domain, _B.c.life_domain)


def _standing(side: Subquery) -> object:
    said = json_object(state=side.c.state, scale=side.c.scale, note=side.c.note)
    return case((side.c.state.is_not(None), said))


_COMPARED = json_object(
    life_domain=_DOMAIN,
    before=_standing(_B),
    after=_standing(_A),
    difference=_A.c.scale - _B.c.scale,
    change=_CHANGE,
)
COMPARISON = reading.one(
    "assessment.compare",
    "assessment",
    select(
        _last_up_to("last_day").label("id"),
        _reference("first_day").label("before"),
        _reference("last_day").label("after"),
        select(json_list(_COMPARED, by=_DOMAIN))
        .select_from(_B.outerjoin(_A, _A.c.life_domain == _B.c.life_domain, full=True))
        .scalar_subquery()
        .label("domains"),
        PSEUDONYM,
    ).where(_last_up_to("first_day").is_not(None)),
)
LATEST = reading.one(
    "assessment.read",
    "assessment",
    ASSESSMENT.order_by(Assessment.assessed_on.desc(), Assessment.id.desc()).limit(1),
)


async def read_latest(ctx: Context, case_id: UUID) -> JsonBytes:
    """Return the assessment that was made last; 404 before the first."""
    await require_relation(ctx, case_id=case_id)
    return await LATEST.answer(ctx.db, case_id=case_id)


async def compare(ctx: Context, case_id: UUID, first_day: date, last_day: date) -> JsonBytes:
    """Return per life domain what was found up to two days; 404 without an assessment up to the first."""
    if first_day > last_day:
        raise Invalid.at("query.from", "after_to", "The first day lies before the last one.")
    await require_relation(ctx, case_id=case_id)
    return await COMPARISON.answer(ctx.db, case_id=case_id, first_day=first_day, last_day=last_day)
