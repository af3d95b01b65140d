"""What becomes of pathways when a case is closed."""

from sqlalchemy import select

from app.access.context import Context
from app.cases.actions.settling import note_left
from app.cases.events import CaseClosed
from app.kit.clock import local_date
from app.pathways.models import Pathway
from app.pathways.rules import RUNNING, State, Step
from app.pathways.writing import note_step

WHY = "Fall abgeschlossen"


async def end_with_case(ctx: Context, event: CaseClosed) -> None:
    """Withdraw what runs when the closing says so, within it; otherwise count it.

    An application that was made is taken back at the authority by whoever made it: here nothing is sent.
    """
    running = select(Pathway).where(Pathway.case_id == event.case_id, Pathway.state.in_(RUNNING))
    found = (await ctx.db.scalars(running.order_by(Pathway.id).with_for_update())).all()
    if "pathways" in event.settled:
        for row in found:
            source, row.state, row.ended_on = row.state, State.WITHDRAWN, local_date(ctx.now)
            note_step(ctx, row, Step.WITHDRAW, source, State.WITHDRAWN, reason=WHY)
        await ctx.db.flush()
        found = []
    await note_left(ctx, event.case_id, "pathways", len(found))
