"""What cases do when others have news."""

from app.access.context import Context
from app.audit import journal
from app.cases.events import CaseClosed
from app.consents.events import ConsentWithdrawn
from app.kit.clock import local_date

DOCUMENTATION = "case_documentation"

_CLOSE = "SELECT close_cases_on_withdrawal($1, $2, $3, $4)"


async def on_consent_withdrawn(ctx: Context, event: ConsentWithdrawn) -> None:
    """Close what rested on a withdrawn consent to documentation; other purposes close nothing."""
    if event.purpose == DOCUMENTATION:
        await close_on_withdrawal(ctx, event)


async def close_on_withdrawal(ctx: Context, event: ConsentWithdrawn) -> None:
    """Close the case, or every open case of the client, to further entries; retention starts.

    Also cases that the actor does not see: the client's word reaches all of them, in this transaction.
    """
    driver = await ctx.db.driver()
    rows = await driver.fetch(_CLOSE, event.client_id, event.case_id, local_date(ctx.now), ctx.now)
    for row in rows:
        closed = row[0]
        await journal.record(
            ctx.db, "case.close", "case", closed, clients=[event.pseudonym], purpose="consent_withdrawn"
        )
        await ctx.publish(CaseClosed(closed, event.client_id))
