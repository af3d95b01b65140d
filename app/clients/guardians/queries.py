"""Reading guardians: of a person, one, and the mandates that run on a day."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, bindparam, case, func, literal_column, null, select
from sqlalchemy.orm import aliased

from app.access.context import Context
from app.audit import reading
from app.clients.guardians.models import Guardian
from app.clients.guardians.rules import Mandate, of_age_on
from app.clients.models import Client, HouseholdMember
from app.directory.models import Institution
from app.kit.clock import local_date
from app.kit.reading import JsonBytes

_TODAY = bindparam("today", type_=Date)
_Member = aliased(Client)
_LAST_MINOR: ColumnElement[Any] = literal_column(
    "((clients.birth_date + interval '18 years')::date - 1)", Date
)
_ENDS = func.least(
    Guardian.valid_until,
    case((Guardian.kind != literal_column("'legal_adviser'"), _LAST_MINOR), else_=null()),
)
_NAME = func.coalesce(
    Guardian.name,
    HouseholdMember.name,
    _Member.given_name + literal_column("' '") + _Member.family_name,
    Institution.name,
)
_READ = (
    select(
        Guardian.id,
        Guardian.client_id,
        Guardian.kind,
        Guardian.member_id,
        Guardian.institution_id,
        _NAME.label("name"),
        Guardian.reachable,
        Guardian.scope,
        Guardian.is_joint,
        Guardian.must_not_learn,
        Guardian.valid_from,
        Guardian.valid_until,
        _ENDS.label("ends_on"),
        _TODAY.between(func.coalesce(Guardian.valid_from, _TODAY), func.coalesce(_ENDS, _TODAY)).label(
            "is_current"
        ),
        Guardian.evidence,
        Guardian.version,
        Client.pseudonym.label("_client"),
    )
    .join_from(
        Guardian,
        Client,
        (Client.municipal_area_id == Guardian.municipal_area_id) & (Client.id == Guardian.client_id),
    )
    .outerjoin(
        HouseholdMember,
        (HouseholdMember.municipal_area_id == Guardian.municipal_area_id)
        & (HouseholdMember.id == Guardian.member_id),
    )
    .outerjoin(
        _Member,
        (_Member.municipal_area_id == Guardian.municipal_area_id)
        & (_Member.id == HouseholdMember.member_client_id),
    )
    .outerjoin(
        Institution,
        (Institution.municipal_area_id == Guardian.municipal_area_id)
        & (Institution.id == Guardian.institution_id),
    )
)
GUARDIANS = reading.many(
    "client.list_guardians",
    "guardian",
    _READ.where(Guardian.client_id == bindparam("of_client")),
    order=("id",),
)
ONE = reading.one("client.read_guardian", "guardian", _READ.where(Guardian.id == bindparam("of_id")))


async def list_guardians(ctx: Context, client_id: UUID, page: Any) -> JsonBytes:
    """Return a page of those who decide or decided for a person."""
    return await GUARDIANS.answer(ctx.db, page, of_client=client_id, today=local_date(ctx.now))


async def read_guardian(ctx: Context, guardian_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE.answer(ctx.db, status=status, of_id=guardian_id, today=local_date(ctx.now))


async def guardians_as_members(ctx: Context, member_ids: Sequence[UUID]) -> list[UUID]:
    """Return the guardians who are one of these members of a household and whose time is not over."""
    today = local_date(ctx.now)
    rows = await ctx.db.execute(
        _READ.where(Guardian.member_id.in_(member_ids)).order_by(Guardian.id), {"today": today}
    )
    return [row.id for row in rows if row.ends_on is None or row.ends_on >= today]


async def running_mandates(
    ctx: Context, client_id: UUID, birth_date: date | None, on: date
) -> Sequence[tuple[Mandate, str]]:
    """Return who decides for a person on a day, with their names."""
    rows = await ctx.db.execute(_READ.where(Guardian.client_id == client_id), {"today": on})
    found = [
        (
            Mandate(
                row.id,
                row.kind,
                frozenset(row.scope),
                row.is_joint,
                row.must_not_learn,
                row.valid_from,
                row.valid_until,
            ),
            str(row.name),
        )
        for row in rows
    ]
    return [each for each in found if each[0].runs(on, of_age_on(birth_date))]
