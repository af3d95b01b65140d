"""Reading cases: own ones with the client's name, those of a unit as shells, one with its content."""

from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ScalarSelect,
    Uuid,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from app.access.context import Context
from app.access.relations import require_relation
from app.access.roles import Role
from app.audit import reading
from app.cases.models import Case, CaseContent, CasePhase, Goal, Measure
from app.cases.queries.shapes import colleague, json_object, person
from app.cases.subject import sees_shell
from app.cases.tasks.models import Task
from app.clients.disputes.marks import disputed_fields
from app.clients.models import Client
from app.kit.errors import Forbidden, NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, One
from app.organisations.models import Unit

ListOf = Literal["mine", "team"]


_LEAD = person(Case.municipal_area_id, Case.lead_user_id)
_CLIENT = json_object(
    id=Client.id,
    given_name=Client.given_name,
    family_name=Client.family_name,
    disputed=disputed_fields(Client),
)
_OF_CLIENT = (Client.municipal_area_id == Case.municipal_area_id) & (Client.id == Case.client_id)
_IS_CLOSED = bindparam("is_closed", type_=Boolean)
_SHELL = select(
    Case.id,
    Case.number,
    Case.kind,
    Case.phase,
    Case.opened_on,
    Case.closed_on,
    Case.unit_id,
    colleague(Case.municipal_area_id, Case.lead_user_id, Case.unit_id).label("lead"),
).where(or_(_IS_CLOSED.is_(None), Case.closed_on.is_not(None) == _IS_CLOSED))

# Said again beside row-level security, which would show a team lead who is also a case manager both. The
# client is looked up for the rows of the page only: for 200 cases a join costs a sixth more.
_MINE = _SHELL.add_columns(
    select(_CLIENT).where(_OF_CLIENT).scalar_subquery().label("client"),
    select(Client.pseudonym).where(_OF_CLIENT).scalar_subquery().label("_client"),
).where(text("cases.id = ANY ((SELECT my_cases())::uuid[])"))
_TEAM = _SHELL.where(
    text("cases.unit_id = ANY ((SELECT ctx_places('team_lead'))::uuid[])"), Case.is_restricted.is_(False)
)
_NEWEST = ("opened_on", "id")
MY_CASES = reading.many("case.list", "case", _MINE, order=_NEWEST, descending=True)
TEAM_CASES = reading.many("case.list", "case", _TEAM, order=_NEWEST, descending=True)

_INTAKE = json_object(
    criteria=CaseContent.intake_criteria,
    outcome=CaseContent.intake_outcome,
    note=CaseContent.intake_note,
    privacy_notice_version=CaseContent.privacy_notice_version,
    privacy_notice_language=CaseContent.privacy_notice_language,
    privacy_notice_on=CaseContent.privacy_notice_on,
    documentation_basis=CaseContent.documentation_basis,
)
_UNFINISHED = json_object(
    tasks=func.coalesce(CaseContent.unfinished_tasks, literal_column("0")),
    measures=func.coalesce(CaseContent.unfinished_measures, literal_column("0")),
    referrals=func.coalesce(CaseContent.unfinished_referrals, literal_column("0")),
    interpretings=func.coalesce(CaseContent.unfinished_interpretings, literal_column("0")),
    pathways=func.coalesce(CaseContent.unfinished_pathways, literal_column("0")),
    school_entries=func.coalesce(CaseContent.unfinished_school_entries, literal_column("0")),
)
_CLOSING = json_object(
    reason=CaseContent.closing_reason,
    outcomes=CaseContent.closing_outcomes,
    note=CaseContent.closing_note,
    unfinished=_UNFINISHED,
)
_UNIT = select(json_object(id=Unit.id, name=Unit.name)).where(
    Unit.municipal_area_id == Case.municipal_area_id, Unit.id == Case.unit_id
)
ONE_CASE = reading.one(
    "case.read",
    "case",
    select(
        Case.id,
        Case.number,
        Case.kind,
        Case.phase,
        Case.opened_on,
        Case.closed_on,
        Case.is_restricted,
        _UNIT.scalar_subquery().label("unit"),
        _LEAD.label("lead"),
        _CLIENT.label("client"),
        CaseContent.access_route,
        CaseContent.concern,
        CaseContent.summary,
        _INTAKE.label("intake"),
        CaseContent.plan_agreed_on,
        CaseContent.plan_agreement,
        CaseContent.next_review_on,
        CaseContent.client_feedback,
        CaseContent.client_feedback_code,
        CaseContent.client_feedback_language,
        case((CaseContent.closing_reason.is_not(None), _CLOSING)).label("closing"),
        (Case.version + CaseContent.version).label("version"),
        Client.pseudonym.label("_client"),
    )
    .join(
        CaseContent,
        (CaseContent.municipal_area_id == Case.municipal_area_id) & (CaseContent.id == Case.id),
    )
    .join(Client, _OF_CLIENT)
    .where(Case.id == bindparam("id")),
)


def _taken(model: type[Goal] | type[Measure] | type[Task]) -> ScalarSelect[Any]:
    earlier = aliased(model)
    return (
        select(func.coalesce(func.json_agg(aggregate_order_by(model.id, model.id)), literal_column("'[]'")))
        .join(
            earlier,
            (earlier.municipal_area_id == model.municipal_area_id) & (earlier.id == model.taken_from_id),
        )
        .where(
            model.municipal_area_id == Case.municipal_area_id,
            model.case_id == Case.id,
            earlier.case_id == bindparam("from_case_id", type_=Uuid),
        )
        .correlate(Case)
        .scalar_subquery()
    )


TAKEN_ALONG = One(
    select(
        bindparam("from_case_id", type_=Uuid).label("from_case_id"),
        _taken(Goal).label("goals"),
        _taken(Measure).label("measures"),
        _taken(Task).label("tasks"),
    ).where(Case.id == bindparam("id"))
)
"""Ids alone; taking along has written the journal."""

PHASES = reading.many(
    "case_phase.list",
    "case_phase",
    select(
        CasePhase.id,
        CasePhase.at,
        CasePhase.source,
        CasePhase.target,
        person(CasePhase.municipal_area_id, CasePhase.user_id).label("user"),
        CasePhase.reason,
        CasePhase.passed_over,
        select(func.case_pseudonym(bindparam("case_id"))).scalar_subquery().label("_client"),
    ).where(CasePhase.case_id == bindparam("case_id")),
    order=("at", "id"),
)


async def list_cases(
    ctx: Context, page: PageRequest, *, of: ListOf | None, is_closed: bool | None
) -> JsonBytes:
    """Return the cases that the actor works on, or the shells of the units whose team they lead.

    Somebody who is both asks twice, so that each list means one thing. 403 for `team` without the role.
    """
    wanted = of or ("mine" if Role.CASE_MANAGER in ctx.actor.roles else "team")
    if wanted == "mine":
        return await MY_CASES.answer(ctx.db, page, is_closed=is_closed)
    if Role.TEAM_LEAD not in ctx.actor.roles:
        raise Forbidden("The list of a unit is for its team lead.", code="role_missing")
    return await TEAM_CASES.answer(ctx.db, page, is_closed=is_closed)


async def read_case(ctx: Context, case_id: UUID, *, status: int = 200) -> JsonBytes:
    """Return a case with its content; 403 for a team lead who sees no more than the shell."""
    try:
        return await ONE_CASE.answer(ctx.db, status=status, id=case_id)
    except NotFound:
        if await sees_shell(ctx, case_id):
            raise Forbidden(
                "The content is seen by assignment, or by break-glass with a reason.", code="relation_missing"
            ) from None
        raise


async def list_phases(ctx: Context, case_id: UUID, page: PageRequest) -> JsonBytes:
    await require_relation(ctx, case_id=case_id)
    return await PHASES.answer(ctx.db, page, case_id=case_id)


async def read_taken_along(ctx: Context, case_id: UUID, from_case_id: UUID) -> JsonBytes:
    """Return what of an earlier case goes on in this one."""
    return await TAKEN_ALONG.answer(ctx.db, id=case_id, from_case_id=from_case_id)
