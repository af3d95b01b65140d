"""Whether a decision can have been taken at a meeting."""

from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.context import Context
from app.kit.errors import Invalid, WrongState
from app.obstacles.meetings.models import SteeringAgendaItem, SteeringMeeting
from app.obstacles.meetings.rules import following
from app.obstacles.models import Obstacle

_MEETING = select(
    SteeringMeeting.state,
    SteeringMeeting.meets_on,
    select(SteeringAgendaItem.id)
    .where(
        SteeringAgendaItem.meeting_id == bindparam("id"),
        SteeringAgendaItem.obstacle_id.in_(bindparam("about", expanding=True)),
    )
    .exists()
    .label("is_on_agenda"),
).where(SteeringMeeting.id == bindparam("id"))


async def require_on_agenda(
    ctx: Context, meeting_id: UUID | None, obstacle: Obstacle, decided_on: date | None
) -> None:
    """Raise 409 unless the meeting was held, 422 unless on that day and with the obstacle on its agenda.

    One that was merged into it since stood there for it.
    """
    if meeting_id is None:
        return
    about = [obstacle.id, *obstacle.absorbed_ids]
    meeting = (await ctx.db.execute(_MEETING, {"id": meeting_id, "about": about})).one_or_none()
    if meeting is None:
        raise Invalid.at("body.meeting_id", "unknown_reference", "The meeting is not known.")
    if meeting.state != "held":
        raise WrongState(
            "A decision is taken at a meeting that was held.",
            state=meeting.state,
            allowed=following(meeting.state),
        )
    if meeting.meets_on != decided_on:
        raise Invalid.at("body.decided_on", "not_its_day", "The meeting was on another day.")
    if not meeting.is_on_agenda:
        raise Invalid.at("body.meeting_id", "not_on_agenda", "The obstacle was not on its agenda.")
