"""Whether what was offered may be used now: asked by the receiver before every step and every look."""

from uuid import UUID

from app.access.context import Context
from app.kit.clock import local_date
from app.kit.errors import Conflict

_HOLD = "SELECT hold_transfer($1, $2)"


async def hold(ctx: Context, offer_id: UUID) -> str | None:
    """Hold consent and transfer behind an offer until the transaction ends, and return how they stand.

    `holds`, `withdrawn`, `expired` or `on_hold`; None for whoever has no business with the offer.
    """
    found: str | None = await (await ctx.db.driver()).fetchval(_HOLD, offer_id, local_date(ctx.now))
    return found


def require_usable(held: str | None) -> None:
    """Raise 409 after the last day of the consent, and while the sender's side is on hold."""
    if held == "expired":
        raise Conflict("The consent behind it has run out.", code="consent_missing", missing=["expired"])
    if held == "on_hold":
        raise Conflict("What was offered may not be used now.", code="transfer_on_hold")
