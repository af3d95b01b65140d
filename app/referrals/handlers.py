"""What referrals do when they hear of something."""

from app.access.context import Context
from app.audit import journal
from app.cases.actions.settling import note_left
from app.cases.events import CaseClosed
from app.consents.events import ConsentRenewed, ConsentWithdrawn
from app.kit.versions import Expected
from app.referrals.actions.finish import cancel_referral
from app.referrals.events import ReferralNotRenewed, ReferralRecalled, ReferralRevoked
from app.referrals.rules import CANCELLABLE, RECALL_DAYS, SENT_AND_OPEN
from app.referrals.schemas import ReferralCancel

_REVOKE = "SELECT * FROM revoke_referrals($1, $2, $3)"
_RECALL = "SELECT * FROM recall_referrals($1, $2, $3)"
_RENEW = "SELECT * FROM renew_referrals($1, $2)"
_UNDER_WAY = """FROM referrals r
JOIN referral_requests q ON q.municipal_area_id = r.municipal_area_id AND q.id = r.id
WHERE r.case_id = $1 AND q.state = ANY ($2)"""
_COUNT = f"SELECT count(*) {_UNDER_WAY}"
# Every other step locks the request before the case, which the closing holds: so it never waits for one.
_FREE = f"SELECT q.id {_UNDER_WAY} ORDER BY q.id FOR UPDATE OF q SKIP LOCKED"


async def end_with_case(ctx: Context, event: CaseClosed) -> None:
    """Cancel what is under way when the case's closing says so, within it, and count the rest.

    What cannot be cancelled is left: an expired referral still waits for a late answer, and somebody may be
    answering at this very moment.
    """
    driver = await ctx.db.driver()
    if "referrals" in event.settled:
        body = ReferralCancel(reason="no_longer_wanted")
        for row in await driver.fetch(_FREE, event.case_id, list(map(str, CANCELLABLE))):
            await cancel_referral(ctx, row["id"], body, Expected(None))
        await ctx.db.flush()
    under_way = list(map(str, (*CANCELLABLE, *SENT_AND_OPEN)))
    await note_left(ctx, event.case_id, "referrals", await driver.fetchval(_COUNT, event.case_id, under_way))


async def revoke_referrals(ctx: Context, event: ConsentWithdrawn) -> None:
    """Revoke every open referral that rests on a withdrawn consent, within the withdrawal's transaction.

    The recipients lose sight of the packages at once; what was disclosed stays in the log. Each of them is
    asked what becomes of the data, also of a referral that has ended.
    """
    driver = await ctx.db.driver()
    open_states = [str(state) for state in SENT_AND_OPEN]
    for row in await driver.fetch(_REVOKE, event.consent_id, open_states, ctx.now):
        await journal.record(
            ctx.db, "referral.revoke", "referral", row["referral_id"], clients=[row["client_pseudonym"]]
        )
        await ctx.publish(ReferralRevoked(row["referral_id"], row["institution_id"], row["from_state"]))
    for row in await driver.fetch(_RECALL, event.consent_id, RECALL_DAYS, ctx.now):
        await journal.record(
            ctx.db, "referral.recall", "referral", row["referral_id"], clients=[row["client_pseudonym"]]
        )
        await ctx.publish(ReferralRecalled(row["referral_id"], row["institution_id"], row["channel"]))


async def renew_referrals(ctx: Context, event: ConsentRenewed) -> None:
    """Let what rested on a consent rest on its renewal; the team is told of what that leaves out."""
    driver = await ctx.db.driver()
    for row in await driver.fetch(_RENEW, event.consent_id, list(map(str, SENT_AND_OPEN))):
        if not row["is_covered"]:
            await ctx.publish(ReferralNotRenewed(row["referral_id"]))
            continue
        await journal.record(
            ctx.db, "referral.renew", "referral", row["referral_id"], clients=[row["client_pseudonym"]]
        )
