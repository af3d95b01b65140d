"""What referrals do when they hear of something."""

from app.access.context import Context
from app.audit import journal
from app.cases.actions.settling import note_left
from app.cases.events import CaseClosed
from app.consents.events import ConsentWithdrawn
from app.kit.versions import Expected
from app.referrals.actions.finish import cancel_referral
from app.referrals.events import ReferralRevoked
from app.referrals.rules import CANCELLABLE, SENT_AND_OPEN
from app.referrals.schemas import ReferralCancel

_REVOKE = "SELECT * FROM revoke_referrals($1, $2, $3)"
_UNDER_WAY = """SELECT q.id, q.state FROM referrals r
JOIN referral_requests q ON q.municipal_area_id = r.municipal_area_id AND q.id = r.id
WHERE r.case_id = $1 AND q.state = ANY ($2) ORDER BY q.id"""


async def end_with_case(ctx: Context, event: CaseClosed) -> None:
    """Cancel what is under way when the case's closing says so, within it; otherwise count it.

    A referral that has expired cannot be cancelled and still waits for a late answer: it is counted.
    """
    driver = await ctx.db.driver()
    under_way = await driver.fetch(
        _UNDER_WAY, event.case_id, [str(state) for state in (*CANCELLABLE, *SENT_AND_OPEN)]
    )
    left = under_way
    if "referrals" in event.settled:
        left = [row for row in under_way if row["state"] not in CANCELLABLE]
        for row in under_way:
            if row["state"] in CANCELLABLE:
                body = ReferralCancel(reason="no_longer_wanted")
                await cancel_referral(ctx, row["id"], body, Expected(None))
    await note_left(ctx, event.case_id, "referrals", len(left))


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
