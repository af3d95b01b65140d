"""Giving and taking roles; nobody does so for themselves."""

from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.access.models import Membership
from app.access.roles import Role, conflicting
from app.audit import journal
from app.identity.account_rules import not_of_this_area
from app.identity.models import User
from app.identity.schemas import MembershipGrant
from app.kit.changes import locked
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected


async def grant_membership(ctx: Context, user_id: UUID, body: MembershipGrant) -> UUID:
    """Give a user a role at one place; 409 for a role that must be apart from one they hold."""
    require_somebody_else(ctx, user_id)
    require_possible(ctx, {body.role})
    await person(ctx, user_id)
    held = await ctx.db.scalars(
        select(Membership.role).where(Membership.user_id == user_id, Membership.ended_at.is_(None))
    )
    apart = conflicting({Role(role) for role in held} | {body.role})
    if apart:
        raise Conflict(
            "These roles are never held together in one area.", code="roles_apart", roles=sorted(apart)
        )
    return await grant(ctx, user_id, body)


async def person(ctx: Context, user_id: UUID, expected: Expected | None = None) -> User:
    """Return a person of the area locked for update; 404 for a machine too, which is kept elsewhere."""
    user = await locked(ctx.db, User, user_id, expected)
    if user.account_id is None:
        raise NotFound
    return user


async def end_membership(ctx: Context, user_id: UUID, membership_id: UUID, expected: Expected) -> None:
    """Take a role from a user at once; 409 when it has ended already."""
    require_somebody_else(ctx, user_id)
    # Whoever is just being made the lead of a case is held: their going comes before that, or tells of it.
    await ctx.db.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))
    membership = await locked(ctx.db, Membership, membership_id, expected)
    if membership.user_id != user_id:
        raise NotFound
    if membership.ended_at is not None:
        raise WrongState("The membership has ended already.", state="ended", allowed=())
    membership.ended_at = max(ctx.now, membership.started_at)
    await journal.record(ctx.db, "membership.end", "membership", membership_id, changed=(membership.role,))


async def grant(ctx: Context, user_id: UUID, body: MembershipGrant) -> UUID:
    """Write a membership and its entry in the journal; the caller has checked that the roles go together."""
    membership = Membership(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        user_id=user_id,
        role=body.role,
        unit_id=body.unit_id,
        institution_id=body.institution_id,
    )
    ctx.db.add(membership)
    await ctx.db.flush()
    await journal.record(ctx.db, "membership.grant", "membership", membership.id, changed=(body.role,))
    return membership.id


def require_somebody_else(ctx: Context, user_id: UUID) -> None:
    """Raise 403 for what no administrator does for themselves."""
    if user_id == ctx.actor.user_id:
        raise Forbidden("Another administrator does this for you.", code="own_rights")


def require_possible(ctx: Context, roles: set[Role]) -> None:
    """Raise 422 for roles of the Land elsewhere, of machines, and those that nobody holds together."""
    if Role.PARTNER_SYSTEM in roles:
        raise Invalid("A machine has this role by its credentials.", code="role_of_machines")
    foreign = not_of_this_area(roles, ctx.actor.municipal_area_id)
    if foreign:
        raise Invalid(
            "This role belongs to the area of the Land.", code="role_elsewhere", roles=sorted(foreign)
        )
    apart = conflicting(roles)
    if apart:
        raise Invalid(
            "These roles are never held together in one area.", code="roles_apart", roles=sorted(apart)
        )
