"""What becomes of interpreting when a case is closed."""

from sqlalchemy import select

from app.access.context import Context
from app.cases.actions.settling import note_left
from app.cases.events import CaseClosed
from app.interpreting.actions import note_step
from app.interpreting.models import Interpreting
from app.interpreting.rules import ENDED, State, Step

WHY = "Fall abgeschlossen"


async def end_with_case(ctx: Context, event: CaseClosed) -> None:
    """Cancel what is agreed when the closing says so, within it; otherwise count it.

    The provider is told by the case manager, as with every step of an interpreting.
    """
    found = (
        await ctx.db.scalars(
            select(Interpreting)
            .where(Interpreting.case_id == event.case_id, Interpreting.state.not_in(ENDED))
            .order_by(Interpreting.id)
            .with_for_update()
        )
    ).all()
    if "interpretings" in event.settled:
        for row in found:
            source, row.state = row.state, State.CANCELLED
            note_step(ctx, row, Step.CANCEL, source, State.CANCELLED, WHY)
        await ctx.db.flush()
        found = []
    await note_left(ctx, event.case_id, "interpretings", len(found))
