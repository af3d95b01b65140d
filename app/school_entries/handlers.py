"""What becomes of the ways into school when a case is closed."""

from sqlalchemy import select

from app.access.context import Context
from app.cases.actions.settling import note_left
from app.cases.events import CaseClosed
from app.kit.clock import local_date
from app.school_entries.actions import note_step
from app.school_entries.models import SchoolEntry
from app.school_entries.rules import WITHOUT_A_SCHOOL, State, Step

WHY = "Fall abgeschlossen"


async def end_with_case(ctx: Context, event: CaseClosed) -> None:
    """End what has led to no school yet when the closing says so, within it; otherwise count it."""
    waiting = select(SchoolEntry).where(
        SchoolEntry.case_id == event.case_id, SchoolEntry.state.in_(WITHOUT_A_SCHOOL)
    )
    found = (await ctx.db.scalars(waiting.order_by(SchoolEntry.id).with_for_update())).all()
    if "school_entries" in event.settled:
        today = local_date(ctx.now)
        for row in found:
            source, row.state, row.ended_on = row.state, State.ENDED, today
            note_step(ctx, row, Step.END, source, State.ENDED, today, reason=WHY)
        await ctx.db.flush()
        found = []
    await note_left(ctx, event.case_id, "school_entries", len(found))
