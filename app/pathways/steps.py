"""Taking the steps of a pathway, each on its day."""

from datetime import date
from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.cases.subject import Subject, find_usable, open_case
from app.catalogues.check import require_code
from app.clients.members import Member
from app.kit.clock import local_date
from app.kit.errors import Invalid, WrongState
from app.kit.versions import Expected
from app.pathways.models import Pathway
from app.pathways.rules import AFTER_CLOSING, NEEDS_REASON, WAY, Step
from app.pathways.schemas import PathwayStepTake
from app.pathways.writing import begin, entries_of, locked_pathway, note_step, require_none_runs


async def take_pathway_step(
    ctx: Context, case_id: UUID, pathway_id: UUID, body: PathwayStepTake, expected: Expected
) -> UUID:
    """Take a step; 409 from a wrong state, 422 for what it lacks or a day to come.

    A rejection that is challenged is open again; 409 `pathway_runs` where another was begun since. How a
    pathway ended is written down in a closed case too.
    """
    step = Step(body.step)
    subject = await (find_usable if step in AFTER_CLOSING else open_case)(ctx, case_id, to_change=True)
    row = await locked_pathway(ctx, case_id, pathway_id, expected)
    target = WAY.target_of(step, row.state)
    if target is None:
        raise WrongState(
            "The pathway does not take this step now.", state=row.state, allowed=WAY.steps_from(row.state)
        )
    if step in NEEDS_REASON and body.reason is None:
        raise Invalid.at("body.reason", "missing", "Say why.")
    day = _day(ctx, row, step, body)
    if (step is Step.TURN) != (body.into is not None):
        raise Invalid.at("body.into", "turn_only", "Name the other pathway with `turn`, and only there.")
    if body.into is not None:
        row.turned_into_id = await _turn(ctx, subject, row, body.into)
    if step is Step.CHALLENGE:
        await require_none_runs(ctx, case_id, row.pathway, (row.member_client_id, row.member_name))
    source, row.state = row.state, target
    _keep_day(row, step, day)
    note_step(ctx, row, step, source, target, reason=body.reason)
    await journal.record(ctx.db, f"pathway.{step}", "pathway", row.id, clients=[subject.pseudonym])
    return row.id


def _day(ctx: Context, row: Pathway, step: Step, body: PathwayStepTake) -> date:
    """Return the day of a step; 422 for one to come, and for one before what it follows."""
    day = body.on or local_date(ctx.now)
    if day > local_date(ctx.now):
        raise Invalid.at("body.on", "in_the_future", "A step is written down when it has happened.")
    if row.applied_on is not None and day < row.applied_on:
        raise Invalid.at("body.on", "before_application", "The application was made later.")
    if step is Step.CHALLENGE and row.ended_on is not None and day < row.ended_on:
        raise Invalid.at("body.on", "before_rejection", "The application was rejected later.")
    return day


def _keep_day(row: Pathway, step: Step, day: date) -> None:
    if step is Step.APPLY:
        row.applied_on = day
    elif step is Step.CHALLENGE:
        row.ended_on = None
    elif row.ended_on is None:
        row.ended_on = day


async def _turn(ctx: Context, subject: Subject, row: Pathway, into: str) -> UUID:
    """Start the other pathway; evidence for what both ask is brought along, to be looked at again."""
    require_code("pathway", into, "body.into")
    if into == row.pathway:
        raise Invalid.at("body.into", "somewhere_else", "A pathway is turned to another one.")
    person = Member(member_client_id=row.member_client_id, member_name=row.member_name, relation=row.relation)
    other = await begin(ctx, subject, into, person)
    await ctx.db.flush()
    before, entries = await entries_of(ctx, row.id), await entries_of(ctx, other.id)
    for name, entry in entries.items():
        told = before.get(name)
        if told is not None and (told.evidence is not None or told.evidence_document_id is not None):
            entry.evidence, entry.evidence_document_id = told.evidence, told.evidence_document_id
            entry.state = "in_progress"
    return other.id
