"""Reading who works on a case, for those on it and for the unit's team lead."""

from uuid import UUID

from sqlalchemy import Boolean, DateTime, Text, Uuid, bindparam, column, func, select

from app.access.context import Context
from app.audit import reading
from app.cases.actions.team import require_ends_registrars
from app.cases.models import CaseHandover
from app.cases.queries.plan import PSEUDONYM
from app.cases.queries.shapes import json_object, person
from app.cases.subject import sees_shell
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes

_MEMBER = (
    func.case_team(bindparam("case_id", type_=Uuid))
    .table_valued(
        column("id", Uuid),
        column("user_id", Uuid),
        column("display_name", Text),
        column("kind", Text),
        column("active_from", DateTime(timezone=True)),
        column("active_until", DateTime(timezone=True)),
        column("is_active", Boolean),
    )
    .alias("member")
)
_MEMBERSHIP = select(
    _MEMBER.c.id,
    json_object(id=_MEMBER.c.user_id, name=_MEMBER.c.display_name, is_active=_MEMBER.c.is_active).label(
        "user"
    ),
    _MEMBER.c.kind,
    _MEMBER.c.active_from,
    _MEMBER.c.active_until,
    select(func.case_pseudonym(bindparam("case_id", type_=Uuid))).scalar_subquery().label("_client"),
)
TEAM = reading.many("case_team.list", "case", _MEMBERSHIP, order=("active_from", "id"))
ONE_ASSIGNMENT = reading.one(
    "case_team.read", "assignment", _MEMBERSHIP.where(_MEMBER.c.id == bindparam("id", type_=Uuid))
)

_REGISTRAR = (
    func.case_registrars(bindparam("case_id", type_=Uuid))
    .table_valued(
        column("id", Uuid),
        column("user_id", Uuid),
        column("display_name", Text),
        column("active_from", DateTime(timezone=True)),
    )
    .alias("registrar")
)
REGISTRARS = reading.many(
    "case_registrars.list",
    "case",
    select(
        _REGISTRAR.c.id,
        json_object(id=_REGISTRAR.c.user_id, name=_REGISTRAR.c.display_name).label("user"),
        _REGISTRAR.c.active_from,
        select(func.case_pseudonym(bindparam("case_id", type_=Uuid))).scalar_subquery().label("_client"),
    ),
    order=("active_from", "id"),
)

ONE_HANDOVER = reading.one(
    "case_handover.read",
    "case_handover",
    select(
        CaseHandover.id,
        CaseHandover.at,
        person(CaseHandover.municipal_area_id, CaseHandover.from_user_id).label("from_user"),
        person(CaseHandover.municipal_area_id, CaseHandover.to_user_id).label("to_user"),
        CaseHandover.acknowledged_at,
        CaseHandover.note,
        PSEUDONYM,
    ).where(CaseHandover.case_id == bindparam("case_id"), CaseHandover.id == bindparam("id")),
)


async def list_team(ctx: Context, case_id: UUID, page: PageRequest) -> JsonBytes:
    """Return who works on a case now or from a later day on."""
    if not await sees_shell(ctx, case_id):
        raise NotFound
    return await TEAM.answer(ctx.db, page, case_id=case_id)


async def list_registrars(ctx: Context, case_id: UUID, page: PageRequest) -> JsonBytes:
    """Return who sees the case's client because they registered them."""
    await require_ends_registrars(ctx, case_id)
    return await REGISTRARS.answer(ctx.db, page, case_id=case_id)


async def read_assignment(
    ctx: Context, case_id: UUID, assignment_id: UUID, *, status: int = 200
) -> JsonBytes:
    return await ONE_ASSIGNMENT.answer(ctx.db, status=status, case_id=case_id, id=assignment_id)


async def read_handover(ctx: Context, case_id: UUID, handover_id: UUID) -> JsonBytes:
    return await ONE_HANDOVER.answer(ctx.db, case_id=case_id, id=handover_id)
