"""Planning a meeting, changing its plan, and closing it as held or cancelled."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm.attributes import flag_modified

from app.access.context import Context
from app.audit import journal
from app.kit.changes import apply, locked
from app.kit.clock import local_date
from app.kit.deadlines import require_not_past, require_recent
from app.kit.errors import Conflict, Invalid, NotFound, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected
from app.obstacles.meetings.models import SteeringAgendaItem, SteeringMeeting
from app.obstacles.meetings.rules import CLOSED, following
from app.obstacles.meetings.schemas import AgendaItem, MeetingCancel, MeetingChange, MeetingHold, MeetingPlan
from app.obstacles.models import Obstacle
from app.obstacles.wording import require_impersonal

_WHAT = "The meeting"
_STATE = select(SteeringMeeting.state).where(SteeringMeeting.id == bindparam("id"))
_KNOWN = select(Obstacle.id, Obstacle.bundled_on).where(Obstacle.id.in_(bindparam("ids", expanding=True)))


async def plan_meeting(ctx: Context, body: MeetingPlan) -> UUID:
    """Plan a meeting, or write down one of the last 30 days that came about unplanned.

    Raises 409 for an obstacle on the agenda that the steering group does not read yet.
    """
    require_recent(body.meets_on, local_date(ctx.now), "body.meets_on", what=_WHAT)
    meeting = SteeringMeeting(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        planned_by=ctx.actor.user_id,
        **body.model_dump(exclude={"agenda"}),
    )
    ctx.db.add(meeting)
    await ctx.db.flush()
    await _put_agenda(ctx, meeting.id, body.agenda)
    await journal.record(ctx.db, "steering_meeting.plan", "steering_meeting", meeting.id)
    return meeting.id


async def change_meeting(ctx: Context, meeting_id: UUID, body: MeetingChange, expected: Expected) -> None:
    """Change the plan of a meeting; 409 once it was held or cancelled."""
    meeting = await _planned(ctx, meeting_id, expected)
    today = local_date(ctx.now)
    require = require_recent if meeting.meets_on < today else require_not_past
    require(body.meets_on, today, "body.meets_on", before=meeting.meets_on, what=_WHAT)
    changes = body.model_dump(exclude_unset=True, exclude={"agenda"})
    if body.agenda is None and "agenda" in body.model_fields_set:
        raise Invalid.at("body.agenda", "missing", "A list cannot be null.")
    changed = (
        apply(meeting, changes, required=("meets_on", "place")) if changes or body.agenda is None else []
    )
    if body.agenda is not None:
        flag_modified(meeting, "place")  # another agenda makes another version of the meeting
        await ctx.db.execute(
            delete(SteeringAgendaItem)
            .where(SteeringAgendaItem.meeting_id == meeting_id)
            .execution_options(synchronize_session=False)
        )
        await _put_agenda(ctx, meeting_id, body.agenda)
        changed = [*changed, "agenda"]
    await journal.record(ctx.db, "steering_meeting.change", "steering_meeting", meeting_id, changed=changed)


async def hold_meeting(ctx: Context, meeting_id: UUID, body: MeetingHold, expected: Expected) -> UUID:
    """Close a meeting that took place, with its minutes; 409 before its day."""
    meeting = await _planned(ctx, meeting_id, expected)
    if meeting.meets_on > local_date(ctx.now):
        raise Conflict("Its day has not come yet.", code="meeting_to_come")
    require_impersonal({}, decisions={"minute": body.minute, "minutes": body.minutes})
    meeting.state, meeting.minute, meeting.minutes = "held", body.minute, body.minutes
    await journal.record(ctx.db, "steering_meeting.hold", "steering_meeting", meeting_id, changed=["state"])
    return meeting_id


async def cancel_meeting(ctx: Context, meeting_id: UUID, body: MeetingCancel, expected: Expected) -> UUID:
    """Close a meeting that does not take place."""
    meeting = await _planned(ctx, meeting_id, expected)
    require_impersonal({}, decisions={"reason": body.reason})
    meeting.state, meeting.reason = "cancelled", body.reason
    await journal.record(ctx.db, "steering_meeting.cancel", "steering_meeting", meeting_id, changed=["state"])
    return meeting_id


async def _planned(ctx: Context, meeting_id: UUID, expected: Expected) -> SteeringMeeting:
    """Return a meeting that is still planned, locked; 409 for one that is closed."""
    state = (await ctx.db.execute(_STATE, {"id": meeting_id})).scalar_one_or_none()
    if state in CLOSED:  # which nobody may change, nor lock
        raise _closed(state)
    try:
        return await locked(ctx.db, SteeringMeeting, meeting_id, expected)
    except NotFound:
        if state is None:
            raise
        now = (await ctx.db.execute(_STATE, {"id": meeting_id})).scalar_one()
        raise _closed(now) from None  # somebody else was faster


def _closed(state: str) -> WrongState:
    return WrongState("What was held or cancelled stays so.", state=state, allowed=following(state))


async def _put_agenda(ctx: Context, meeting_id: UUID, agenda: Sequence[AgendaItem]) -> None:
    texts = {f"agenda.{place}.asked": item.asked for place, item in enumerate(agenda)}
    require_impersonal({}, decisions=texts)
    about = {item.obstacle_id for item in agenda if item.obstacle_id is not None}
    known = {row.id: row.bundled_on for row in (await ctx.db.execute(_KNOWN, {"ids": sorted(about)})).all()}
    for place, item in enumerate(agenda):
        if item.obstacle_id is None:
            continue
        if item.obstacle_id not in known:
            where = f"body.agenda.{place}.obstacle_id"
            raise Invalid.at(where, "unknown_reference", "The obstacle is not known.")
        if known[item.obstacle_id] is None:
            raise Conflict("The steering group reads an obstacle once it is bundled.", code="not_bundled")
    ctx.db.add_all(
        SteeringAgendaItem(
            municipal_area_id=ctx.actor.municipal_area_id,
            id=new_id(),
            meeting_id=meeting_id,
            position=place,
            obstacle_id=item.obstacle_id,
            asked=item.asked,
        )
        for place, item in enumerate(agenda, 1)
    )
