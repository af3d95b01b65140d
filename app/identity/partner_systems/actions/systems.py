"""What an administrator does with the machines of the area's institutions."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.access.roles import STATE_DATABASE
from app.access.scopes import OF_STATE_DATABASES
from app.audit import journal
from app.directory.models import Institution
from app.identity.models import User
from app.identity.partner_systems.models import PartnerSystem
from app.identity.partner_systems.schemas import PartnerSystemChange, PartnerSystemCreate
from app.kit.changes import apply, locked
from app.kit.errors import Conflict, Invalid, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected


async def create_partner_system(ctx: Context, body: PartnerSystemCreate) -> UUID:
    """Create a machine of an institution, without credentials; 409 for an inactive institution.

    422 for a scope that machines of such an institution do not get.
    """
    await _require_active(ctx, body.institution_id)
    await _require_own_scopes(ctx, body.institution_id, body.scopes)
    user = User(
        municipal_area_id=ctx.actor.municipal_area_id, id=new_id(), account_id=None, display_name=body.name
    )
    ctx.db.add(user)
    await ctx.db.flush()
    system = PartnerSystem(
        municipal_area_id=user.municipal_area_id,
        id=user.id,
        institution_id=body.institution_id,
        name=body.name,
        scopes=sorted(body.scopes),
        requests_per_minute=body.requests_per_minute,
        created_by=ctx.actor.user_id,
    )
    ctx.db.add(system)
    await ctx.db.flush()
    await journal.record(
        ctx.db, "partner_system.create", "partner_system", system.id, changed=sorted(body.scopes)
    )
    return system.id


async def change_partner_system(
    ctx: Context, system_id: UUID, body: PartnerSystemChange, expected: Expected
) -> None:
    """Change name, scopes or allowance; tokens in use lose a scope that is taken with their next request."""
    system = await living_system(ctx, system_id, expected)
    changes = body.model_dump(exclude_unset=True)
    if changes.get("scopes") is not None:
        await _require_own_scopes(ctx, system.institution_id, changes["scopes"])
        changes["scopes"] = sorted(changes["scopes"])
    changed = apply(system, changes, required=("name", "scopes", "requests_per_minute"))
    if "name" in changed:
        user = await locked(ctx.db, User, system_id)
        user.display_name = system.name
    await journal.record(ctx.db, "partner_system.change", "partner_system", system_id, changed=changed)


async def revoke_partner_system(ctx: Context, system_id: UUID, expected: Expected) -> None:
    """Revoke a machine with all it has: its tokens open nothing with their next request."""
    system = await living_system(ctx, system_id, expected)
    system.revoked_at = ctx.now
    await journal.record(ctx.db, "partner_system.revoke", "partner_system", system_id)


async def living_system(ctx: Context, system_id: UUID, expected: Expected | None = None) -> PartnerSystem:
    """Return a machine locked for update; 404 for an unknown one, 409 for one that is revoked."""
    system = await locked(ctx.db, PartnerSystem, system_id, expected)
    if system.revoked_at is not None:
        raise WrongState("The machine is revoked.", state="revoked", allowed=())
    return system


async def _require_active(ctx: Context, institution_id: UUID) -> None:
    is_active = await ctx.db.scalar(select(Institution.is_active).where(Institution.id == institution_id))
    if is_active is None:
        raise Invalid.at("body.institution_id", "unknown_reference", "There is no such institution.")
    if not is_active:
        raise Conflict("The institution is not active.", code="institution_inactive")


async def _require_own_scopes(ctx: Context, institution_id: UUID, scopes: Collection[str]) -> None:
    if OF_STATE_DATABASES.isdisjoint(scopes):
        return
    kind = await ctx.db.scalar(select(Institution.institution_type).where(Institution.id == institution_id))
    if kind != STATE_DATABASE:
        names = ", ".join(sorted(OF_STATE_DATABASES.intersection(scopes)))
        raise Invalid.at(
            "body.scopes",
            "scope_of_state_database",
            f"Only a machine of a state-wide database (landesdatenbank) gets the scope {names}.",
        )
