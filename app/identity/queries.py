"""Reading sessions, oneself, users and colleagues."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    DateTime,
    Text,
    Uuid,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    true,
)

from app.access.context import Context
from app.access.models import Membership
from app.access.policy import POLICY
from app.access.roles import Role
from app.audit.reading import many, one
from app.directory.models import Institution
from app.identity.models import MembershipSite, User
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One
from app.organisations.models import MunicipalArea, Unit


def _current() -> ColumnElement[bool]:
    return or_(Membership.ended_at.is_(None), Membership.ended_at > func.now())


_SITES = func.array(
    select(MembershipSite.site_id)
    .where(MembershipSite.membership_id == Membership.id)
    .order_by(MembershipSite.site_id)
    .correlate(Membership)
    .scalar_subquery()
)
_MEMBERSHIP = (
    select(
        Membership.id,
        Membership.role,
        Membership.unit_id,
        Membership.institution_id,
        func.coalesce(Unit.name, Institution.name).label("place_name"),
        _SITES.label("site_ids"),
        Membership.started_at,
        Membership.ended_at,
        Membership.version,
    )
    .outerjoin(Unit, Unit.id == Membership.unit_id)
    .outerjoin(Institution, Institution.id == Membership.institution_id)
)


def _memberships_of_user() -> ColumnElement[Any]:
    part = (
        _MEMBERSHIP.where(Membership.user_id == User.id, _current())
        .order_by(Membership.started_at, Membership.id)
        .correlate(User)
        .subquery("membership")
    )
    rows = func.coalesce(func.json_agg(part.table_valued()), func.json_build_array())
    return select(rows).scalar_subquery()


_OWN = func.own_account().table_valued(
    column("email", Text), column("must_change_password", Boolean), name="own"
)
_EMAILS = func.user_emails().table_valued(column("user_id", Uuid), column("email", Text), name="address")
_SESSIONS = func.own_sessions().table_valued(
    column("id", Uuid),
    column("municipal_area_id", Text),
    column("area_name", Text),
    column("started_at", DateTime(timezone=True)),
    column("expires_at", DateTime(timezone=True)),
    column("is_current", Boolean),
    name="open",
)

ME = One(
    select(
        User.id,
        User.display_name,
        _OWN.c.email,
        User.language,
        func.json_build_object(
            literal_column("'id'"), MunicipalArea.id, literal_column("'name'"), MunicipalArea.name
        ).label("area"),
        _memberships_of_user().label("memberships"),
        cast(bindparam("permissions"), ARRAY(Text)).label("permissions"),
        _OWN.c.must_change_password,
        User.version,
    )
    .join(MunicipalArea, MunicipalArea.id == User.municipal_area_id)
    .join(_OWN, true())
    .where(User.id == bindparam("user_id"))
)

OWN_SESSIONS = Many(select(_SESSIONS), order=("started_at", "id"), descending=True)

_USER = select(
    User.id,
    User.display_name,
    _EMAILS.c.email,
    User.language,
    User.disabled_at.is_not(None).label("is_disabled"),
    _memberships_of_user().label("memberships"),
    User.version,
).join(_EMAILS, _EMAILS.c.user_id == User.id)

ONE_USER = one("user.read", "user", _USER.where(User.id == bindparam("id")))
USERS = many("user.list", "user", _USER, order=("display_name", "id"), unsaid=("display_name",))
ONE_MEMBERSHIP = One(
    _MEMBERSHIP.where(Membership.id == bindparam("id"), Membership.user_id == bindparam("user_id"))
)

COLLEAGUES = Many(
    select(User.id, User.display_name, Membership.unit_id)
    .join(Membership, Membership.user_id == User.id)
    .where(
        Membership.role == bindparam("role", Role.CASE_MANAGER),
        Membership.unit_id == func.any(cast(bindparam("units"), ARRAY(Uuid))),
        User.disabled_at.is_(None),
        Membership.started_at <= func.now(),
        _current(),
    ),
    order=("display_name", "id", "unit_id"),
    unsaid=("display_name",),
)

_NAMED = User.id == func.any(cast(bindparam("ids"), ARRAY(Uuid)))
NAMES = Many(select(User.id, User.display_name.label("name")).where(_NAMED), order=("id",))


async def read_me(ctx: Context) -> JsonBytes:
    """Return oneself with every permission that one's roles grant."""
    granted = sorted(permission for permission, rule in POLICY.items() if rule.roles & ctx.actor.roles)
    return await ME.answer(ctx.db, user_id=ctx.actor.user_id, permissions=granted)


async def list_own_sessions(ctx: Context, page: PageRequest) -> JsonBytes:
    return await OWN_SESSIONS.answer(ctx.db, page)


async def read_user(ctx: Context, user_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_USER.answer(ctx.db, status=status, id=user_id)


async def list_users(ctx: Context, page: PageRequest) -> JsonBytes:
    return await USERS.answer(ctx.db, page)


async def read_membership(
    ctx: Context, user_id: UUID, membership_id: UUID, *, status: int = 200
) -> JsonBytes:
    return await ONE_MEMBERSHIP.answer(ctx.db, status=status, id=membership_id, user_id=user_id)


async def list_colleagues(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return the case managers of the units where one works or leads."""
    units = ctx.actor.places(Role.CASE_MANAGER) | ctx.actor.places(Role.TEAM_LEAD)
    return await COLLEAGUES.answer(ctx.db, page, units=sorted(units))


async def list_names(ctx: Context, page: PageRequest, user_ids: Sequence[UUID]) -> JsonBytes:
    """Return who these are; ids of nobody of the area are not among them."""
    return await NAMES.answer(ctx.db, page, ids=list(user_ids))
