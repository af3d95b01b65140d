"""What lets a draft go out without consent: an approval, locked in the transaction of the sending.

The lock is what makes a withdrawal or the end of an approval final: either the sending commits first, or it
is refused. The database asks a second time (`guard_package` in `migrations/sql/duties.sql`).
"""

from app.access.context import Context
from app.audit import journal
from app.kit.errors import Conflict, Forbidden
from app.referrals.actions.parties import Own
from app.referrals.duties.actions import consent_is_there, move
from app.referrals.duties.deciding import approved_for
from app.referrals.duties.models import Duty
from app.referrals.duties.rules import Side, Step


async def use_approval(ctx: Context, own: Own, sha256: str) -> Duty:
    """Return the duty behind a draft, used up by this sending.

    Raises 409 without an approval that holds now for this very package, or when the client has agreed
    meanwhile; 403 for anybody but whoever prepared it.
    """
    duty = await approved_for(ctx, own.request.id)
    if duty is None:
        raise Conflict(
            "A disclosure like this takes the duty workflow: norm, necessity, two persons.",
            code="duty_workflow_required",
        )
    if duty.prepared_by != ctx.actor.user_id:
        raise Forbidden("Only whoever prepared it sends it: ask for it anew.", code="other_preparer")
    if duty.is_restricted:
        raise Conflict("Nothing of a restricted person leaves without consent.", code="restricted_person")
    if duty.valid_until <= ctx.now:
        raise Conflict("The approval has run out: ask for it anew.", code="approval_expired")
    if duty.sha256 != sha256:
        raise Conflict("The data have changed since it was approved: ask anew.", code="package_changed")
    if await consent_is_there(ctx, own.referral, own.request.institution_id):
        raise Conflict("The client has agreed: draft it on the consent.", code="consent_given")
    move(ctx, duty, Step.SEND, Side.PREPARER)
    await journal.record(
        ctx.db, "duty.send", "duty", duty.id,
        clients=[duty.client_pseudonym], legal_basis=duty.legal_basis,
    )  # fmt: skip
    return duty
