"""What comes of a conference: measures and tasks, and the record that a participant is given."""

from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.audit import journal
from app.cases.actions.plan import add_measure
from app.cases.schemas.plan import MeasureCreate
from app.cases.subject import find_case, open_case, require_usable
from app.cases.tasks.actions import create_task
from app.cases.tasks.schemas import TaskCreate
from app.conferences.actions.planning import grounds_of, locked_conference
from app.conferences.basis import log_disclosure, require_grounds
from app.conferences.models import Conference, ConferenceAgreement, ConferenceParticipant
from app.conferences.rules import WAY, State, is_anonymised
from app.conferences.schemas import ConferenceAgree, RecordHandOut
from app.kit.changes import locked
from app.kit.clock import local_date
from app.kit.errors import Conflict, Invalid, NotFound, WrongState
from app.kit.ids import new_id

_TAKES_PART = """SELECT i.name FROM conference_participants p
JOIN institutions i ON i.municipal_area_id = p.municipal_area_id AND i.id = p.institution_id
WHERE p.conference_id = $1 AND p.institution_id = $2 AND p.removed_at IS NULL LIMIT 1"""


async def agree(ctx: Context, case_id: UUID, conference_id: UUID, body: ConferenceAgree) -> UUID:
    """Write down what was agreed as a measure of the plan or as a task, and return the conference.

    Raises 409 unless the conference was held, 422 for an institution that does not take part, and what
    adding a measure or a task raises.
    """
    subject = await open_case(ctx, case_id)
    conference = await locked_conference(ctx, case_id, conference_id)
    _require_held(conference)
    institution = await _institution(ctx, conference, body)
    measure_id = task_id = None
    if body.goal_id is not None:
        measure = MeasureCreate(
            wording=body.wording,
            responsible=body.responsible,
            responsible_name=institution,
            due_on=body.due_on,
        )
        measure_id = await add_measure(ctx, case_id, body.goal_id, measure)
    else:
        note = institution and f"Übernimmt: {institution}"
        task = TaskCreate(
            title=body.wording, note=note, due_on=body.due_on, participants=[], assignee_id=body.assignee_id
        )
        task_id = await create_task(ctx, case_id, task)
    await ctx.db.flush()
    ctx.db.add(
        ConferenceAgreement(
            municipal_area_id=ctx.actor.municipal_area_id,
            id=new_id(),
            conference_id=conference_id,
            case_id=case_id,
            measure_id=measure_id,
            task_id=task_id,
            institution_id=body.institution_id,
        )
    )
    await journal.record(ctx.db, "conference.agree", "conference", conference_id, clients=[subject.pseudonym])
    return conference_id


async def hand_out_record(ctx: Context, case_id: UUID, conference_id: UUID, body: RecordHandOut) -> UUID:
    """Write down that somebody of an institution gets the record: a disclosure on a basis that holds now.

    Raises 409 for somebody who was removed (`participant_removed`), without a record, after an anonymised
    discussion, without a basis, or while the client's data are only kept. Possible in a closed case too, as
    long as the basis holds.
    """
    subject = await find_case(ctx, case_id)
    require_usable(subject)
    participant = await _participant(ctx, conference_id, body.participant_id)
    grounds = grounds_of(participant)
    if grounds is not None and participant.removed_at is None:
        await require_grounds(ctx, subject, grounds, local_date(ctx.now))
    conference = await locked_conference(ctx, case_id, conference_id)
    _require_held(conference)
    if is_anonymised(conference.form):
        raise Conflict("The record says who it is about.", code="anonymised")
    if conference.record is None:
        raise Conflict("There is no record yet.", code="record_missing")
    participant = await locked(ctx.db, ConferenceParticipant, body.participant_id)
    if participant.removed_at is not None or grounds is None:
        raise Conflict("They get no record.", code="participant_removed")
    participant.handed_out_at = ctx.now
    await log_disclosure(ctx, subject, grounds, body.channel)
    await journal.record(
        ctx.db, "conference.hand_out", "conference", conference_id, clients=[subject.pseudonym],
        purpose="case_conference", legal_basis=grounds.legal_basis,
    )  # fmt: skip
    return conference_id


async def _participant(ctx: Context, conference_id: UUID, participant_id: UUID) -> ConferenceParticipant:
    found = await ctx.db.scalar(
        select(ConferenceParticipant).where(
            ConferenceParticipant.id == participant_id,
            ConferenceParticipant.conference_id == conference_id,
        )
    )
    if not isinstance(found, ConferenceParticipant):
        raise NotFound
    if found.institution_id is None:
        raise Invalid.at("body.participant_id", "colleague", "Colleagues of the team read the record here.")
    return found


async def _institution(ctx: Context, conference: Conference, body: ConferenceAgree) -> str | None:
    if (body.responsible == "institution") != (body.institution_id is not None):
        raise Invalid.at("body.institution_id", "institution", "Name the institution that takes it on.")
    if body.institution_id is None:
        return None
    driver = await ctx.db.driver()
    name: str | None = await driver.fetchval(_TAKES_PART, conference.id, body.institution_id)
    if name is None:
        raise Invalid.at("body.institution_id", "no_participant", "Nobody of this institution takes part.")
    return name


def _require_held(row: Conference) -> None:
    if row.state != State.HELD:
        raise WrongState("The conference was not held.", state=row.state, allowed=WAY.steps_from(row.state))
