"""Planning a conference, changing it, and writing down what came of it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from app.access.context import Context
from app.audit import journal
from app.cases.rules import CLOSED
from app.cases.subject import Subject, closed, find_case, open_case
from app.clients.touch import processing_restricted
from app.conferences.basis import Grounds, log_disclosure, require_grounds
from app.conferences.events import ConferenceCancelled, ConferenceMoved
from app.conferences.models import Conference, ConferenceParticipant
from app.conferences.rules import WAY, Removal, State, Step
from app.conferences.schemas import ConferenceChange, ConferencePlan, ConferenceStepTake
from app.interpreting.rules import NEVER_A_PLACE
from app.kit.changes import apply, locked
from app.kit.clock import local_date
from app.kit.deadlines import require_not_past, require_recent
from app.kit.errors import Conflict, Invalid, NotFound, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected

_PLACE = "SELECT institution_type FROM institutions WHERE id = $1 AND is_active"
_DAY = "SELECT starts_at FROM conferences WHERE id = $1 AND case_id = $2"
_HAD_BEGUN = """SELECT f.starts_at < least(k.processing_restricted_at,
    CASE WHEN c.phase = 'closed' THEN (SELECT max(s.at) FROM case_phases s
        WHERE s.municipal_area_id = c.municipal_area_id AND s.case_id = c.id AND s.target = 'closed') END)
FROM conferences f
JOIN cases c ON c.municipal_area_id = f.municipal_area_id AND c.id = f.case_id
JOIN clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
WHERE f.id = $1 AND f.case_id = $2 AND f.state = 'planned'"""
_WITHDRAWN_BETWEEN = """SELECT EXISTS (SELECT FROM conference_participants p
WHERE p.conference_id = $1 AND p.removed_because = 'consent_withdrawn'
    AND p.removed_at > $2 AND p.removed_at <= $3)"""
_LOG_PAST = "SELECT log_past_conference($1, $2)"
_WHERE_AND_WHEN = frozenset({"starts_at", "mode", "place_id"})
_WHAT = "A conference"
_REQUIRED = ("occasion", "mode", "starts_at", "minutes", "client_takes_part")


async def plan_conference(ctx: Context, case_id: UUID, body: ConferencePlan) -> UUID:
    """Plan a conference, or write down one that came about unplanned; 422 for a place that nobody is told.

    One that lies back is written down within 30 days (422 afterwards).
    """
    subject = await open_case(ctx, case_id)
    row = Conference(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        case_id=case_id,
        created_by=ctx.actor.user_id,
        **body.model_dump(),
    )
    require_recent(local_date(row.starts_at), local_date(ctx.now), "body.starts_at", what=_WHAT)
    await _check_place(ctx, row)
    ctx.db.add(row)
    await journal.record(ctx.db, "conference.plan", "conference", row.id, clients=[subject.pseudonym])
    return row.id


async def change_conference(
    ctx: Context, case_id: UUID, conference_id: UUID, body: ConferenceChange, expected: Expected
) -> None:
    """Change what is planned, or write the record of what was held; 409 for either in another state."""
    subject = await open_case(ctx, case_id)
    row = await locked_conference(ctx, case_id, conference_id, expected)
    changes: dict[str, Any] = body.model_dump(exclude_unset=True)
    if "record" in changes and row.state != State.HELD:
        raise Conflict("A record is of a conference that was held.", code="not_held")
    if changes.keys() - {"record"}:
        require_planned(row)
    before = row.starts_at
    if body.starts_at is not None:
        await _require_after_withdrawals(ctx, row, body.starts_at)
    changed = apply(row, changes, required=_REQUIRED)
    if changes.keys() - {"record"}:
        _check_day(ctx, row, local_date(before))
        await _check_place(ctx, row)
    if _WHERE_AND_WHEN & set(changed):
        await ctx.publish(ConferenceMoved(row.id, await _colleagues(ctx, row)))
    await journal.record(
        ctx.db, "conference.change", "conference", row.id, clients=[subject.pseudonym], changed=changed
    )


async def take_conference_step(
    ctx: Context, case_id: UUID, conference_id: UUID, body: ConferenceStepTake, expected: Expected
) -> UUID:
    """Write down that a conference was held, and who was there, or that it is cancelled.

    Whoever was there from an institution learned of the person: their basis must hold on that day (409
    `consent_missing`), and the disclosure log keeps it. A withdrawal that was told after the beginning does
    not change that; it takes them out all the same. What had begun before the case was closed, or before the
    data came to be only kept, is still written down, without a record.
    """
    subject = await _case_of(ctx, case_id, conference_id, body)
    present = await _with_grounds(ctx, subject, conference_id, body) if body.step == "hold" else []
    row = await locked_conference(ctx, case_id, conference_id, expected)
    step = Step(body.step)
    target = WAY.target_of(step, row.state)
    if target is None:
        raise WrongState(
            "The conference does not take this step now.", state=row.state, allowed=WAY.steps_from(row.state)
        )
    if step is Step.HOLD:
        await _hold(ctx, subject, row, body, present)
    else:
        if body.reason is None:
            raise Invalid.at("body.reason", "missing", "Say why.")
        await cancel(ctx, row, body.reason)
    await journal.record(ctx.db, f"conference.{step}", "conference", row.id, clients=[subject.pseudonym])
    return row.id


async def cancel(ctx: Context, row: Conference, reason: str) -> None:
    """Cancel a locked conference and tell the colleagues who would have come: whom it was planned with."""
    row.state, row.cancel_reason = State.CANCELLED, reason
    row.ended_at, row.ended_by = ctx.now, ctx.actor.user_id
    await ctx.db.flush()
    await ctx.publish(ConferenceCancelled(row.id, await _colleagues(ctx, row)))


async def _colleagues(ctx: Context, row: Conference) -> tuple[UUID, ...]:
    """Return the colleagues who were invited and take part, without who acts."""
    rows = (await ctx.db.scalars(_remaining(row.id))).all()
    invited = [each.user_id for each in rows if each.invited_at < row.starts_at]
    return tuple(user for user in invited if user is not None and user != ctx.actor.user_id)


async def locked_conference(
    ctx: Context, case_id: UUID, conference_id: UUID, expected: Expected | None = None
) -> Conference:
    """Return a conference of this case, locked; 404 for one of another case."""
    row = await locked(ctx.db, Conference, conference_id)
    if row.case_id != case_id:
        raise NotFound
    if expected is not None:
        expected.check(row)
    return row


def require_planned(row: Conference) -> None:
    """Raise 409 once it was held or cancelled."""
    if row.state != State.PLANNED:
        raise WrongState("The conference is over.", state=row.state, allowed=WAY.steps_from(row.state))


def grounds_of(row: ConferenceParticipant) -> Grounds | None:
    """Return the basis of somebody of an institution; None for colleagues and in an anonymised discussion."""
    if row.institution_id is None or row.legal_basis is None:
        return None
    return Grounds(row.institution_id, row.legal_basis, row.data_categories, row.necessity)


async def _with_grounds(
    ctx: Context, subject: Subject, conference_id: UUID, body: ConferenceStepTake
) -> list[ConferenceParticipant]:
    """Return who was there, their consents locked; 422 for somebody who does not take part."""
    driver = await ctx.db.driver()
    starts_at = await driver.fetchval(_DAY, conference_id, subject.case_id)
    if starts_at is None:
        raise NotFound
    on = local_date(starts_at)
    present = [each for each in await _invited(ctx, conference_id) if each.id in body.attended]
    for each in present:
        grounds = grounds_of(each)
        if grounds is not None:
            await require_grounds(ctx, subject, grounds, on, starts_at)
    return present


async def _hold(
    ctx: Context,
    subject: Subject,
    row: Conference,
    body: ConferenceStepTake,
    present: Collection[ConferenceParticipant],
) -> None:
    if local_date(row.starts_at) > local_date(ctx.now):
        raise Invalid.at("body.step", "in_the_future", "It is written down after it was held.")
    if not body.attended:
        raise Invalid.at(
            "body.attended", "nobody_there", "Name who was there of those who take part, or cancel it."
        )
    invited = await _invited(ctx, row.id)
    there = {each.id for each in invited} & {each.id for each in present}
    if there != set(body.attended):
        raise Invalid.at("body.attended", "no_participant", "Somebody named does not take part.")
    learned = []
    for each in invited:
        each.attended = each.id in there
        grounds = grounds_of(each)
        if each.attended and grounds is not None:
            learned.append(each.id)
            if subject.may_process:
                await log_disclosure(ctx, subject, grounds)
    row.state, row.record = State.HELD, body.record
    row.ended_at, row.ended_by = ctx.now, ctx.actor.user_id
    if not subject.may_process:
        await _log_past(ctx, learned)


async def _log_past(ctx: Context, learned: Collection[UUID]) -> None:
    await ctx.db.flush()  # the database logs only who was written down as there
    driver = await ctx.db.driver()
    for participant_id in learned:
        if not await driver.fetchval(_LOG_PAST, participant_id, ctx.now):
            raise processing_restricted()


async def _case_of(ctx: Context, case_id: UUID, conference_id: UUID, body: ConferenceStepTake) -> Subject:
    subject = await find_case(ctx, case_id)
    is_open = subject.phase != CLOSED and subject.may_process
    if is_open or await _still_written(ctx, case_id, conference_id, body):
        return subject
    raise closed() if subject.phase == CLOSED else processing_restricted()


async def _still_written(ctx: Context, case_id: UUID, conference_id: UUID, body: ConferenceStepTake) -> bool:
    if body.record is not None:
        return False
    driver = await ctx.db.driver()
    return bool(await driver.fetchval(_HAD_BEGUN, conference_id, case_id))


async def _invited(ctx: Context, conference_id: UUID) -> Collection[ConferenceParticipant]:
    """Return who may have been there: who takes part, and whom a withdrawal took out after the beginning."""
    of_it = and_(
        Conference.municipal_area_id == ConferenceParticipant.municipal_area_id,
        Conference.id == ConferenceParticipant.conference_id,
    )
    statement = (
        select(ConferenceParticipant)
        .join(Conference, of_it)
        .where(
            ConferenceParticipant.conference_id == conference_id,
            or_(
                ConferenceParticipant.removed_at.is_(None),
                and_(
                    ConferenceParticipant.removed_because == Removal.CONSENT_WITHDRAWN,
                    ConferenceParticipant.removed_at > Conference.starts_at,
                ),
            ),
        )
        .order_by(ConferenceParticipant.id)
        .execution_options(populate_existing=True)
    )
    return (await ctx.db.scalars(statement)).all()


def _remaining(conference_id: UUID) -> Any:
    return (
        select(ConferenceParticipant)
        .where(
            ConferenceParticipant.conference_id == conference_id,
            ConferenceParticipant.removed_at.is_(None),
        )
        .order_by(ConferenceParticipant.id)
        .execution_options(populate_existing=True)
    )


async def _require_after_withdrawals(ctx: Context, row: Conference, starts_at: datetime) -> None:
    """Raise 422 where the conference would begin before a withdrawal after which it was to begin."""
    driver = await ctx.db.driver()
    if await driver.fetchval(_WITHDRAWN_BETWEEN, row.id, starts_at, row.starts_at):
        raise Invalid.at(
            "body.starts_at", "in_the_past", "Somebody's consent was withdrawn after this moment."
        )


def _check_day(ctx: Context, row: Conference, before: date) -> None:
    """Raise 422 for what is to come and is moved into the past; what lies back may be corrected."""
    today = local_date(ctx.now)
    require = require_recent if before < today else require_not_past
    require(local_date(row.starts_at), today, "body.starts_at", before=before, what=_WHAT)


async def _check_place(ctx: Context, row: Conference) -> None:
    """Raise 422 for a place that is told to nobody."""
    if row.place_id is not None:
        kind = await (await ctx.db.driver()).fetchval(_PLACE, row.place_id)
        if kind is None or kind == NEVER_A_PLACE:
            raise Invalid.at("body.place_id", "no_place", "This is no place that others can be told.")
