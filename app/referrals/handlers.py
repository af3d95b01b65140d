"""What referrals do when they hear of something."""

from app.access.context import Context
from app.audit import journal
from app.consents.events import ConsentWithdrawn
from app.referrals.events import ReferralRevoked
from app.referrals.rules import SENT_AND_OPEN

_REVOKE = "SELECT * FROM revoke_referrals($1, $2, $3)"


async def revoke_referrals(ctx: Context, event: ConsentWithdrawn) -> None:
    """Revoke every open referral that rests on a withdrawn consent, within the withdrawal's transaction.

    The recipients lose sight of the packages at once; what was disclosed stays in the log.
    """
    driver = await ctx.db.driver()
    open_states = [str(state) for state in SENT_AND_OPEN]
    for row in await driver.fetch(_REVOKE, event.consent_id, open_states, ctx.now):
        await journal.record(
            ctx.db, "referral.revoke", "referral", row["referral_id"], clients=[row["client_pseudonym"]]
        )
        await ctx.publish(ReferralRevoked(row["referral_id"], row["institution_id"], row["from_state"]))
