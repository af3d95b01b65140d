"""The acknowledgement of a hand-over; the hand-over itself is written where a case gets a new lead."""

from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.cases.events import HandoverAcknowledged
from app.cases.models import CaseHandover
from app.cases.schemas.team import HandoverAcknowledge
from app.cases.subject import find_case
from app.kit.changes import locked
from app.kit.errors import Forbidden, NotFound, WrongState

_LATEST = "SELECT id, to_user_id FROM case_handovers WHERE case_id = $1 ORDER BY at DESC, id DESC LIMIT 1"


async def acknowledge_handover(ctx: Context, case_id: UUID, body: HandoverAcknowledge) -> UUID:
    """Say that one has taken over what is open; the one who assigned the case is told.

    Raises 404 where there was no hand-over, 403 for anybody but the new lead, 409 the second time.
    """
    subject = await find_case(ctx, case_id)
    latest = await (await ctx.db.driver()).fetchrow(_LATEST, case_id)
    if latest is None:
        raise NotFound
    if latest["to_user_id"] != ctx.actor.user_id:
        raise Forbidden("Only the new lead acknowledges.", code="not_given_to_you")
    handover = await locked(ctx.db, CaseHandover, latest["id"])
    if handover.acknowledged_at is not None:
        raise WrongState("The hand-over is acknowledged.", state="acknowledged", allowed=[])
    handover.acknowledged_at, handover.note = ctx.now, body.note
    await journal.record(ctx.db, "case.acknowledge_handover", "case", case_id, clients=[subject.pseudonym])
    await ctx.publish(HandoverAcknowledged(handover.id, case_id, handover.assigned_by))
    return handover.id
