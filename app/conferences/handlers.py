"""What conferences do when a consent is withdrawn or a case closed, in the transaction of either."""

from sqlalchemy import select

from app.access.context import Context
from app.audit import journal
from app.cases.events import CaseClosed
from app.conferences.actions.planning import cancel
from app.conferences.models import Conference
from app.conferences.rules import State
from app.consents.events import ConsentWithdrawn

_LEAVE = "SELECT * FROM leave_conferences($1, $2)"
WHY = "Fall abgeschlossen"


async def leave_conferences(ctx: Context, event: ConsentWithdrawn) -> None:
    """Take whoever rests on a withdrawn consent out of every conference; the teams are told."""
    driver = await ctx.db.driver()
    for row in await driver.fetch(_LEAVE, event.consent_id, ctx.now):
        await journal.record(
            ctx.db, "conference.leave", "conference", row["conference_id"], clients=[row["client_pseudonym"]]
        )


async def end_with_case(ctx: Context, event: CaseClosed) -> None:
    """Cancel what is planned when the case's closing says so."""
    if "conferences" not in event.settled:
        return
    planned = select(Conference).where(Conference.case_id == event.case_id, Conference.state == State.PLANNED)
    for row in (await ctx.db.scalars(planned.order_by(Conference.id).with_for_update())).all():
        await cancel(ctx, row, WHY)
