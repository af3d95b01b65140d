"""Registering a child, the steps into school, and what was written down wrongly."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.audit import journal
from app.cases.subject import find_usable, open_case
from app.catalogues.check import require_code
from app.clients.ages import is_surely_of_full_age
from app.clients.members import member_of, require_member_processing
from app.kit.changes import apply, locked
from app.kit.clock import local_date
from app.kit.errors import Conflict, Invalid, NotFound, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected
from app.school_entries.models import SchoolEntry, SchoolEntryStep
from app.school_entries.periods import end_schooling, move_first_day, open_schooling
from app.school_entries.rules import (
    AFTER_CLOSING,
    CHANGE,
    FIRST_DAYS,
    FOR_ADULTS,
    NEEDS_REASON,
    WAY,
    State,
    Step,
    days_of,
)
from app.school_entries.schemas import (
    SchoolEntryChange,
    SchoolEntryRegister,
    SchoolStepCorrect,
    SchoolStepTake,
)

_RUNS = """SELECT EXISTS (SELECT FROM school_entries WHERE case_id = $1 AND state <> 'ended'
    AND member_client_id IS NOT DISTINCT FROM $2 AND member_name IS NOT DISTINCT FROM $3)"""
_SCHOOL = "SELECT name FROM institutions WHERE id = $1 AND is_active AND institution_type = $2"
SCHOOL = "schule"
_NAMES_A_SCHOOL = frozenset({Step.ALLOCATE, Step.OFFER})


async def register_pupil(ctx: Context, case_id: UUID, body: SchoolEntryRegister) -> UUID:
    """Register a child; 409 `school_entry_runs` for a child that has an entry which has not ended.

    Raises 422 for somebody of full age, except where adults are taught.
    """
    subject = await open_case(ctx, case_id, to_change=True)
    member = await member_of(ctx, subject.client_id, body.member_id, "body.member_id")
    require_code("school_type", body.school_type, "body.school_type")
    day = _day(ctx, body.registered_on, "body.registered_on")
    await _require_age(ctx, subject.client_id, member["member_client_id"], member["member_name"], body.stage)
    driver = await ctx.db.driver()
    if await driver.fetchval(_RUNS, case_id, member["member_client_id"], member["member_name"]):
        raise Conflict("This child has an entry that has not ended.", code="school_entry_runs")
    row = SchoolEntry(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        case_id=case_id,
        stage=body.stage,
        school_type=body.school_type,
        way_note=body.way_note,
        note=body.note,
        state=State.REGISTERED,
        registered_on=day,
        waiting_since=day,
        created_by=ctx.actor.user_id,
        **member,
    )
    ctx.db.add(row)
    await ctx.db.flush()
    note_step(ctx, row, Step.REGISTER, None, State.REGISTERED, day)
    await journal.record(ctx.db, "school_entry.register", "school_entry", row.id, clients=[subject.pseudonym])
    return row.id


async def change_school_entry(
    ctx: Context, case_id: UUID, entry_id: UUID, body: SchoolEntryChange, expected: Expected
) -> None:
    """Change details; what they said before is kept."""
    subject = await open_case(ctx, case_id)
    row = await _locked(ctx, case_id, entry_id, expected)
    changes = body.model_dump(exclude_unset=True)
    require_code("school_type", changes.get("school_type"), "body.school_type")
    if changes.get("stage"):
        await _require_age(ctx, subject.client_id, row.member_client_id, row.member_name, changes["stage"])
    before = {name: getattr(row, name) for name in changes}
    changed = apply(row, changes, required=("stage",))
    if changed:
        said = {name: before[name] for name in changed}
        note_step(ctx, row, CHANGE, row.state, row.state, local_date(ctx.now), before=said)
    await journal.record(
        ctx.db, "school_entry.change", "school_entry", row.id, clients=[subject.pseudonym], changed=changed
    )


async def _require_age(
    ctx: Context, client_id: UUID, member_client_id: UUID | None, member_name: str | None, stage: str
) -> None:
    """Raise 422 for somebody who is surely of full age, where no school of this stage takes them."""
    if stage in FOR_ADULTS:
        return
    if await is_surely_of_full_age(ctx, client_id, member_client_id, member_name):
        raise Invalid.at(
            "body.stage",
            "of_full_age",
            "This person is of full age: schools for adults are of the stage upper_secondary.",
        )


async def take_school_step(
    ctx: Context, case_id: UUID, entry_id: UUID, body: SchoolStepTake, expected: Expected
) -> UUID:
    """Take a step; 409 from a wrong state, 422 for what it lacks, what it does not take, or a day to come.

    The first day opens a period of the child's schooling history, where the child is a client. How it ended
    is written down in a closed case too.
    """
    step = Step(body.step)
    subject = await (find_usable if step in AFTER_CLOSING else open_case)(ctx, case_id, to_change=True)
    row = await _locked(ctx, case_id, entry_id, expected)
    target = WAY.target_of(step, row.state)
    if target is None:
        raise WrongState(
            "The entry does not take this step now.", state=row.state, allowed=WAY.steps_from(row.state)
        )
    day = _day(ctx, body.on, "body.on")
    believed = await _believed(ctx, entry_id)
    if day < believed[-1].happened_on:
        raise Invalid.at("body.on", "before_last_step", "The step before happened later: correct its day.")
    _check_step(step, body)
    school = await _name_school(ctx, row, step, body)
    source, row.state = row.state, target
    note_step(ctx, row, step, source, target, day, refusal=body.refusal, reason=body.reason, school=school)
    if step is Step.START_SUPPORT:
        row.support_form = body.support_form
    elif step is Step.REFUSE:
        row.school_id = row.school_name = None
    _settle(row, [*((each.step, each.happened_on) for each in believed), (step, day)])
    child = row.member_client_id or (subject.client_id if row.relation is None else None)
    if child is not None:
        if step in FIRST_DAYS or step is Step.TRANSFER:
            await open_schooling(ctx, child, target, day, school)
        elif step is Step.END and row.first_day is not None:
            await end_schooling(ctx, child, day)
    await journal.record(ctx.db, f"school_entry.{step}", "school_entry", row.id, clients=[subject.pseudonym])
    return row.id


async def correct_school_step(
    ctx: Context, case_id: UUID, entry_id: UUID, step_id: UUID, body: SchoolStepCorrect, expected: Expected
) -> UUID:
    """Say on which day a step really happened; the wrong day stays readable. Answers the entry's id."""
    subject = await open_case(ctx, case_id, to_change=True)
    row = await _locked(ctx, case_id, entry_id, expected)
    believed = await _believed(ctx, entry_id)
    at = next((place for place, each in enumerate(believed) if each.id == step_id), None)
    if at is None:
        raise NotFound
    day, old = _day(ctx, body.on, "body.on"), believed[at]
    earliest = believed[at - 1].happened_on if at else date.min
    latest = believed[at + 1].happened_on if at + 1 < len(believed) else date.max
    if not earliest <= day <= latest:
        raise Invalid.at("body.on", "out_of_order", "The steps before and after it keep their order.")
    new = note_step(
        ctx, row, old.step, old.source, old.target, day,
        refusal=old.refusal, reason=body.reason, school=old.school,
    )  # fmt: skip
    new.at = old.at
    await ctx.db.flush()
    old.corrected_by_id = new.id
    days = [(each.step, day if each is old else each.happened_on) for each in believed]
    _settle(row, days)
    child = row.member_client_id or (subject.client_id if row.relation is None else None)
    if child is not None and old.step in FIRST_DAYS:
        await move_first_day(ctx, child, old.target, old.happened_on, day)
    await journal.record(
        ctx.db, "school_entry.correct", "school_entry", row.id, clients=[subject.pseudonym],
        changed=["happened_on"],
    )  # fmt: skip
    return row.id


def _check_step(step: Step, body: SchoolStepTake) -> None:
    """Raise 422 for what a step lacks, or has and does not take."""
    if step in NEEDS_REASON and body.reason is None and body.refusal is None:
        place = "body.refusal" if step is Step.REFUSE else "body.reason"
        raise Invalid.at(place, "missing", "Say why.")
    if (step is Step.REFUSE) != (body.refusal is not None):
        raise Invalid.at("body.refusal", "refuse_only", "Say with `refuse` why by a code, and only there.")
    if (step is Step.START_SUPPORT) != (body.support_form is not None):
        raise Invalid.at("body.support_form", "support_only", "Say the form with `start_support` only.")
    if step not in _NAMES_A_SCHOOL and (body.school_id or body.school_name):
        raise Invalid.at("body.school_id", "offer_only", "A school is named when it is allocated or offered.")


async def _name_school(ctx: Context, row: SchoolEntry, step: Step, body: SchoolStepTake) -> str | None:
    """Take over the school that a step names, and return the name of the entry's school."""
    if body.school_id is not None and body.school_name is not None:
        raise Invalid.at("body.school_name", "one_of_two", "Name a school of the directory or another one.")
    named = body.school_id is not None or body.school_name is not None
    if step is Step.OFFER and not named and row.school_id is None and row.school_name is None:
        raise Invalid.at("body.school_id", "missing", "Say which school offers the place.")
    if not named:
        return row.school_name or await _school(ctx, row.school_id)
    name = body.school_name or await _school(ctx, body.school_id)
    if name is None:
        raise Invalid.at("body.school_id", "no_school", "This is no school of the directory.")
    row.school_id, row.school_name = body.school_id, body.school_name
    return name


async def _school(ctx: Context, school_id: UUID | None) -> str | None:
    if school_id is None:
        return None
    name: str | None = await (await ctx.db.driver()).fetchval(_SCHOOL, school_id, SCHOOL)
    return name


def _day(ctx: Context, sent: date | None, place: str) -> date:
    today = local_date(ctx.now)
    if sent is not None and sent > today:
        raise Invalid.at(place, "in_the_future", "A step is written down when it has happened.")
    return sent or today


def _settle(row: SchoolEntry, steps: list[tuple[str, date]]) -> None:
    days = days_of(steps)
    row.registered_on, row.waiting_since = days.registered_on, days.waiting_since
    row.listed_on = days.listed_on
    row.first_day, row.ended_on = days.first_day, days.ended_on


async def _believed(ctx: Context, entry_id: UUID) -> list[SchoolEntryStep]:
    statement = (
        select(SchoolEntryStep)
        .where(
            SchoolEntryStep.school_entry_id == entry_id,
            SchoolEntryStep.corrected_by_id.is_(None),
            SchoolEntryStep.step != CHANGE,
        )
        .order_by(SchoolEntryStep.at, SchoolEntryStep.id)
    )
    return list(await ctx.db.scalars(statement))


async def _locked(ctx: Context, case_id: UUID, entry_id: UUID, expected: Expected) -> SchoolEntry:
    row = await locked(ctx.db, SchoolEntry, entry_id)
    if row.case_id != case_id:
        raise NotFound
    expected.check(row)
    await require_member_processing(ctx, row.member_client_id)
    return row


def note_step(
    ctx: Context,
    row: SchoolEntry,
    step: str,
    source: str | None,
    target: str,
    day: date,
    **said: Any,
) -> SchoolEntryStep:
    """Write one line of the history."""
    made = SchoolEntryStep(
        municipal_area_id=row.municipal_area_id,
        id=new_id(),
        school_entry_id=row.id,
        case_id=row.case_id,
        at=ctx.now,
        step=step,
        source=source,
        target=target,
        happened_on=day,
        user_id=ctx.actor.user_id,
        **said,
    )
    ctx.db.add(made)
    return made
