"""Reading meetings: about no client, so no journal."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.access.context import Context
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One
from app.obstacles.meetings.models import SteeringAgendaItem, SteeringMeeting
from app.obstacles.models import Obstacle, ObstacleDecision
from app.obstacles.queries import DECISION, as_object

_NOTHING: ColumnElement[Any] = literal_column("'[]'::json")
_ITEM = select(
    SteeringMeeting.id,
    SteeringMeeting.meets_on,
    SteeringMeeting.place,
    SteeringMeeting.release_id,
    SteeringMeeting.state,
    SteeringMeeting.minute,
    SteeringMeeting.version,
)
_AGENDA_ITEM = (
    SteeringAgendaItem.position,
    SteeringAgendaItem.obstacle_id,
    Obstacle.title,
    SteeringAgendaItem.asked,
)
_AGENDA = (
    select(
        func.coalesce(
            func.json_agg(aggregate_order_by(as_object(_AGENDA_ITEM), SteeringAgendaItem.position)), _NOTHING
        )
    )
    .select_from(SteeringAgendaItem)
    .outerjoin(
        Obstacle,
        and_(
            Obstacle.municipal_area_id == SteeringAgendaItem.municipal_area_id,
            Obstacle.id == SteeringAgendaItem.obstacle_id,
        ),
    )
    .where(
        SteeringAgendaItem.municipal_area_id == SteeringMeeting.municipal_area_id,
        SteeringAgendaItem.meeting_id == SteeringMeeting.id,
    )
    .correlate(SteeringMeeting)
    .scalar_subquery()
)
_DECISIONS = (
    select(
        func.coalesce(func.json_agg(aggregate_order_by(as_object(DECISION), ObstacleDecision.id)), _NOTHING)
    )
    .where(
        ObstacleDecision.municipal_area_id == SteeringMeeting.municipal_area_id,
        ObstacleDecision.meeting_id == SteeringMeeting.id,
    )
    .correlate(SteeringMeeting)
    .scalar_subquery()
)
ONE_MEETING = One(
    _ITEM.add_columns(
        _AGENDA.label("agenda"),
        _DECISIONS.label("decisions"),
        SteeringMeeting.minutes,
        SteeringMeeting.reason,
    ).where(SteeringMeeting.id == bindparam("id"))
)
MEETINGS = Many(_ITEM, order=("meets_on", "id"), descending=True)


async def read_meeting(ctx: Context, meeting_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_MEETING.answer(ctx.db, status=status, id=meeting_id)


async def list_meetings(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return the meetings of the area, the latest first."""
    return await MEETINGS.answer(ctx.db, page)
