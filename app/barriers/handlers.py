"""What the end of a referral means for barriers, run by the worker; what becomes of proposals with a case."""

from typing import Any

from app.access.context import Context, SystemContext
from app.barriers.actions.proposals import propose_after_referral
from app.barriers.rules import NO_ANSWER
from app.cases.events import CaseClosed

# Whoever confirms a proposal locks it before the case, which the closing holds: so it never waits for one.
_DROP = """UPDATE barrier_proposals SET state = 'dropped' WHERE id IN (
    SELECT id FROM barrier_proposals WHERE case_id = $1 AND state = 'open'
    ORDER BY id FOR UPDATE SKIP LOCKED)"""


async def propose_after_completion(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Look at the outcome that the recipient gave."""
    await propose_after_referral(ctx, payload, str(payload["outcome"]))


async def propose_after_rejection(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Look at the reason of a rejection: two of them are outcomes too (no capacity, not responsible)."""
    if payload["reason"] is not None:
        await propose_after_referral(ctx, payload, str(payload["reason"]))


async def propose_after_silence(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Nobody answered on the platform."""
    await propose_after_referral(ctx, payload, NO_ANSWER)


async def end_with_case(ctx: Context, event: CaseClosed) -> None:
    """Drop the open proposals when the case's closing says so, within it.

    They can be confirmed in a closed case, too, so what is kept is not lost.
    """
    if "barrier_proposals" in event.settled:
        await (await ctx.db.driver()).execute(_DROP, event.case_id)
