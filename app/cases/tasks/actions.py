"""Writing down what is due and changing it."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from app.access.assignments import TEAM_NOW
from app.access.context import Context
from app.audit import journal
from app.cases.subject import open_case
from app.cases.tasks import series
from app.cases.tasks.models import Task
from app.cases.tasks.rules import State, Step
from app.cases.tasks.schemas import TaskChange, TaskCreate
from app.cases.tasks.steps import begin, locked_task, take
from app.kit.changes import apply
from app.kit.clock import local_date
from app.kit.deadlines import require_not_past
from app.kit.errors import Invalid
from app.kit.ids import new_id
from app.kit.versions import Expected

_DUE = "The day on which a task is due"
_DIRECT = {"title", "note", "due_on", "due_at", "minutes", "place", "remind_minutes"}


async def create_task(ctx: Context, case_id: UUID, body: TaskCreate) -> UUID:
    """Write down what is due, once or again and again.

    Raises 422 for a day that has passed, for an appointment without a moment, and for an assignee or
    participant who is not on the case's team.
    """
    subject = await open_case(ctx, case_id)
    place = "body.due_on" if body.due_at is None else "body.due_at"
    due_on = _day(body)
    require_not_past(due_on, local_date(ctx.now), place, what=_DUE)
    assignee_id = body.assignee_id or ctx.actor.user_id
    await _require_on_team(ctx, case_id, assignee_id, body.participants)
    task = Task(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        case_id=case_id,
        kind=body.kind,
        title=body.title,
        note=body.note,
        due_on=due_on,
        due_at=body.due_at,
        minutes=body.minutes,
        place=body.place,
        participant_ids=_others(body.participants, assignee_id),
        remind_minutes=body.remind_minutes,
        assignee_id=assignee_id,
        created_by=ctx.actor.user_id,
    )
    _require_shape(task)
    if body.recurrence is not None:
        await series.start(ctx, task, body.recurrence)
    await begin(ctx, task)
    await journal.record(ctx.db, "task.create", "task", task.id, clients=[subject.pseudonym])
    return task.id


async def change_task(
    ctx: Context, case_id: UUID, task_id: UUID, body: TaskChange, expected: Expected
) -> None:
    """Change a task, move it, give it to another of the team, take it over, tick it off, let it recur."""
    subject = await open_case(ctx, case_id)
    task = await locked_task(ctx, case_id, task_id, expected)
    sent = body.model_dump(exclude_unset=True)
    changes = {name: value for name, value in sent.items() if name in _DIRECT} | _timing(body, sent)
    if sent.get("participants") is not None:
        changes["participant_ids"] = _others(sent["participants"], body.assignee_id or task.assignee_id)
    due_on: date | None = changes.get("due_on")
    place = "body.due_on" if body.due_at is None else "body.due_at"
    require_not_past(due_on, local_date(ctx.now), place, before=task.due_on, what=_DUE)
    await _require_on_team(ctx, case_id, body.assignee_id, body.participants or ())
    changed = apply(task, changes, required=("title",)) if changes or not sent else []
    _require_shape(task)
    changed += await _hand_on(ctx, task, sent)
    if "recurrence" in sent:  # before the tick, which makes the following occurrence
        await series.change(ctx, task, body.recurrence)
        changed.append("recurrence")
    changed += await _tick(ctx, task, sent)
    await journal.record(ctx.db, "task.change", "task", task_id, clients=[subject.pseudonym], changed=changed)


async def _hand_on(ctx: Context, task: Task, sent: dict[str, Any]) -> list[str]:
    if "assignee_id" not in sent or sent["assignee_id"] == task.assignee_id:
        return []
    if sent["assignee_id"] is None:
        raise Invalid.at("body.assignee_id", "missing", "A task is always somebody's.")
    step = Step.TAKE_OVER if sent["assignee_id"] == ctx.actor.user_id else Step.GIVE
    await take(ctx, task, step, assignee_id=sent["assignee_id"])
    task.participant_ids = _others(task.participant_ids, task.assignee_id)
    return ["assignee_id"]


async def _tick(ctx: Context, task: Task, sent: dict[str, Any]) -> list[str]:
    """Take the step that `done` stands for: none where it is so already, 409 for what was dropped."""
    done = sent.get("done")
    if done is None or (task.state == State.DONE if done else task.done_at is None):
        return []
    await take(ctx, task, Step.FINISH if sent["done"] else Step.REOPEN)
    return ["state"]


def _timing(body: TaskChange, sent: dict[str, Any]) -> dict[str, Any]:
    if body.due_at is not None:
        return {"due_on": _day(body), "due_at": body.due_at}
    if "due_on" in sent:
        return {"due_on": _day(body), "due_at": None}
    return {}


def _day(body: TaskCreate | TaskChange) -> date:
    """Return the day that is meant; 422 unless exactly one of day and moment is given."""
    if body.due_on is not None and body.due_at is None:
        return body.due_on
    if body.due_at is not None and body.due_on is None:
        return local_date(body.due_at)
    raise Invalid.at("body.due_on", "one_of_two", "Send either the day or the moment at which it is due.")


def _require_shape(task: Task) -> None:
    """Raise 422 where an appointment lacks its moment, or a task has what only appointments have."""
    if task.kind == "appointment":
        if task.due_at is None:
            raise Invalid.at("body.due_at", "missing", "An appointment is at a moment.")
        return
    belongings = {"place": task.place, "minutes": task.minutes, "participants": task.participant_ids}
    for name, value in belongings.items():
        if value:
            raise Invalid.at(f"body.{name}", "appointment_only", "This belongs to an appointment.")


def _others(participants: Collection[UUID], assignee_id: UUID) -> list[UUID]:
    return [each for each in dict.fromkeys(participants) if each != assignee_id]


async def _require_on_team(
    ctx: Context, case_id: UUID, assignee_id: UUID | None, participants: Collection[UUID]
) -> None:
    if assignee_id in (None, ctx.actor.user_id) and not participants:
        return
    driver = await ctx.db.driver()
    team = {row["user_id"] for row in await driver.fetch(TEAM_NOW, case_id)}
    if assignee_id is not None and assignee_id not in team:
        raise Invalid.at("body.assignee_id", "not_on_team", "Tasks go to somebody on the case's team.")
    if not team.issuperset(participants):
        raise Invalid.at("body.participants", "not_on_team", "Participants are people of the case's team.")
