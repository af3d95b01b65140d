"""What transfers do within a withdrawal and the closing of a case, and when their deadline has passed."""

from datetime import timedelta

from sqlalchemy import bindparam, select

from app.access.context import Context, SystemContext
from app.audit import journal
from app.cases.events import CaseClosed
from app.cases.models import CaseContent
from app.consents.events import ConsentWithdrawn
from app.kit.errors import Conflict, Invalid
from app.transfers.models import CaseTransfer
from app.transfers.rules import CASE_CLOSED, CROSSED, TRANSFERRED, UNDER_WAY
from app.transfers.sending import end

BATCH = 100  # transfers a transaction

_REVOKE = "SELECT * FROM revoke_transfers($1, $2, $3)"
_EXPIRE = "SELECT * FROM expire_transfers($1, $2)"
_REMIND = "SELECT * FROM remind_to_settle($1, $2, $3)"
_REASON = select(CaseContent.closing_reason).where(CaseContent.id == bindparam("case_id"))
_UNDER_WAY = select(CaseTransfer.id).where(
    CaseTransfer.case_id == bindparam("case_id"), CaseTransfer.state.in_(list(map(str, UNDER_WAY)))
)
_PSEUDONYM = "SELECT case_pseudonym($1)"


async def revoke_transfers(ctx: Context, event: ConsentWithdrawn) -> None:
    """Revoke what rests on a withdrawn consent and was not received yet; tell the receiver of what was."""
    driver = await ctx.db.driver()
    crossed = [str(state) for state in CROSSED]
    for row in await driver.fetch(_REVOKE, event.consent_id, crossed, ctx.now):
        await journal.record(
            ctx.db, "transfer.revoke", "transfer", row["transfer_id"], clients=[row["client_pseudonym"]]
        )


async def refuse_by_hand(ctx: Context, event: CaseClosed) -> None:
    """Refuse a closing that says of itself that the case was transferred: only the receipt closes it so.

    Raises 409 `transfer_under_way` naming the transfer that is not received yet, 422 where there is none.
    """
    if await ctx.db.scalar(_REASON.params(case_id=event.case_id)) != TRANSFERRED:
        return
    transfer_id = await ctx.db.scalar(_UNDER_WAY.params(case_id=event.case_id))
    if transfer_id is None:
        raise Invalid.at(
            "body.reason", "code_not_valid", "This reason is written by the system only: begin a transfer."
        )
    raise Conflict(
        "A transfer is under way: the case is closed when the other unit receives it.",
        code="transfer_under_way",
        transfer_id=str(transfer_id),
    )


async def end_with_case(ctx: Context, event: CaseClosed) -> None:
    """Withdraw what is under way when the case is closed. What is being answered at this moment is left."""
    under_way = select(CaseTransfer).where(CaseTransfer.id.in_(_UNDER_WAY.params(case_id=event.case_id)))
    for transfer in (await ctx.db.scalars(under_way.with_for_update(skip_locked=True))).all():
        pseudonym = await (await ctx.db.driver()).fetchval(_PSEUDONYM, event.case_id)
        await end(ctx, transfer, CASE_CLOSED, pseudonym)


async def expire_due(ctx: SystemContext) -> int:
    """Expire what was not answered or received in time; call again while it returns `BATCH`."""
    driver = await ctx.db.driver()
    rows = await driver.fetch(_EXPIRE, ctx.now, BATCH)
    for row in rows:
        await journal.record(
            ctx.db, "transfer.expire", "transfer", row["transfer_id"], clients=[row["client_pseudonym"]]
        )
    return len(rows)


async def remind_to_settle(ctx: SystemContext, days: int) -> int:
    """Remind the teams of what was received so many days ago and is not settled, once; repeat as above."""
    driver = await ctx.db.driver()
    rows = await driver.fetch(_REMIND, ctx.now, ctx.now - timedelta(days=days), BATCH)
    for row in rows:
        await journal.record(
            ctx.db, "transfer.remind", "transfer", row["transfer_id"], clients=[row["client_pseudonym"]]
        )
    return len(rows)
