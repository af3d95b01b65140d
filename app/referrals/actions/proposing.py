"""Proposing to the administrators that an institution be invited: one refers to it beside the platform."""

from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.kit.errors import Conflict
from app.kit.versions import Expected
from app.referrals.actions.parties import institution_of, own_referral
from app.referrals.events import InvitationProposed


async def propose_invitation(ctx: Context, referral_id: UUID) -> None:
    """Propose it for the recipient of a referral of one's case; who and what is referred is not told.

    Raises 409 for an institution that is on the platform or not active.
    """
    own = await own_referral(ctx, referral_id, Expected(None))
    institution = await institution_of(ctx, own.request.institution_id)
    if institution.on_platform:
        raise Conflict("Somebody there reads referrals here.", code="on_platform_already")
    await journal.record(ctx.db, "invitation.propose", "institution", institution.id)
    await ctx.publish(InvitationProposed(institution.id))
