"""Making an invitation and taking it back, as an administrator."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, update

from app.access.context import Context
from app.audit import journal
from app.directory.models import Institution
from app.directory.offers.models import InstitutionSite
from app.identity.invitations.models import Invitation
from app.identity.invitations.rules import LASTS, code_digest, new_code
from app.identity.invitations.schemas import InvitationCreate, InvitationMade
from app.kit.changes import locked
from app.kit.errors import Conflict, Forbidden, Invalid, WrongState
from app.kit.ids import new_id

_OWN_EMAIL = "SELECT email FROM own_account()"


async def create_invitation(ctx: Context, body: InvitationCreate) -> InvitationMade:
    """Invite a person to an institution; an open invitation of theirs to it ends.

    Raises 422 for an unknown institution or site, 409 for an inactive institution, 403 for one's own address.
    """
    await _require_somebody_else(ctx, body.email)
    await _require_active(ctx, body.institution_id)
    await require_sites(ctx, body.institution_id, body.site_ids)
    await ctx.db.execute(
        update(Invitation)
        .where(
            Invitation.institution_id == body.institution_id,
            Invitation.email == body.email,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=ctx.now)
    )
    code = new_code()
    invitation = Invitation(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        code_sha256=code_digest(code),
        created_by=ctx.actor.user_id,
        created_at=ctx.now,
        expires_at=ctx.now + LASTS,
        **body.model_dump(),
    )
    ctx.db.add(invitation)
    await ctx.db.flush()
    await journal.record(ctx.db, "invitation.create", "invitation", invitation.id, changed=(body.role,))
    return InvitationMade(id=invitation.id, invitation_code=code, expires_at=invitation.expires_at)


async def revoke_invitation(ctx: Context, invitation_id: UUID) -> None:
    """Take an invitation back at once; 409 for one that was taken up or taken back."""
    invitation = await locked(ctx.db, Invitation, invitation_id)
    if invitation.accepted_at is not None or invitation.revoked_at is not None:
        state = "accepted" if invitation.accepted_at else "revoked"
        raise WrongState("The invitation is not open any more.", state=state, allowed=())
    invitation.revoked_at = ctx.now
    await journal.record(ctx.db, "invitation.revoke", "invitation", invitation_id)


async def require_sites(ctx: Context, institution_id: UUID, site_ids: Sequence[UUID]) -> None:
    """Raise 422 unless these are different sites of the institution."""
    found = await ctx.db.scalar(
        select(func.count()).where(
            InstitutionSite.institution_id == institution_id, InstitutionSite.id.in_(site_ids)
        )
    )
    if found != len(site_ids):
        raise Invalid.at("body.site_ids", "unknown_reference", "These are not all sites of the institution.")


async def _require_somebody_else(ctx: Context, email: str) -> None:
    if email == await (await ctx.db.driver()).fetchval(_OWN_EMAIL):
        raise Forbidden("Another administrator does this for you.", code="own_rights")


async def _require_active(ctx: Context, institution_id: UUID) -> None:
    is_active = await ctx.db.scalar(select(Institution.is_active).where(Institution.id == institution_id))
    if is_active is None:
        raise Invalid.at("body.institution_id", "unknown_reference", "There is no such institution.")
    if not is_active:
        raise Conflict("Nobody is invited to an institution that is not active.", code="institution_inactive")
