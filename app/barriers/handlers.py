"""What the end of a referral means for barriers; run by the worker."""

from typing import Any

from app.access.context import SystemContext
from app.barriers.actions.proposals import propose_after_referral
from app.barriers.rules import NO_ANSWER


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
