"""Starting a pathway, writing down what is known of it, its steps, and another version of the law."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.audit import journal
from app.cases.subject import Subject, find_usable, open_case
from app.catalogues.check import require_code
from app.clients.members import Member, member_of, require_member_processing
from app.documents.evidence import rest_on
from app.kit.changes import apply, locked
from app.kit.clock import local_date
from app.kit.deadlines import require_not_past
from app.kit.errors import Conflict, Invalid, NotFound, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected
from app.pathways.models import Pathway, PathwayRequirement, PathwayStep
from app.pathways.rules import (
    AFTER_CLOSING,
    MOVE,
    NEEDS_REASON,
    REQUIREMENT,
    RUNNING,
    TOGETHER,
    WAY,
    State,
    Step,
    newer_version,
    requirements_of,
    version_on,
    versions_of,
)
from app.pathways.schemas import (
    PathwayChange,
    PathwayMove,
    PathwayStart,
    PathwayStepTake,
    RequirementChange,
)

_RUNS = """SELECT EXISTS (SELECT FROM pathways WHERE case_id = $1 AND pathway = $2
    AND member_client_id IS NOT DISTINCT FROM $3 AND member_name IS NOT DISTINCT FROM $4
    AND state = ANY ($5::text[]))"""
_PARTNER = "SELECT pathway, state FROM pathways WHERE id = $1 AND case_id = $2"
_SAID = ("evidence", "evidence_document_id", "note", "next_on")
_TOUCH = "UPDATE pathways SET version = version WHERE id = $1"


async def start_pathway(ctx: Context, case_id: UUID, body: PathwayStart) -> UUID:
    """Start a pathway by the law of today.

    409 `pathway_ended` where the law has run out, naming what follows, and `pathway_runs` where the same one
    runs for this person; 422 for a member or a partner that cannot be meant.
    """
    subject = await open_case(ctx, case_id, to_change=True)
    require_code("pathway", body.pathway, "body.pathway")
    require_not_past(body.next_on, local_date(ctx.now), "body.next_on")
    person = await member_of(ctx, subject.client_id, body.member_id, "body.member_id")
    await _check_partner(ctx, case_id, body)
    row = await _start(ctx, subject, body.pathway, person, together_with_id=body.together_with_id)
    row.next_on, row.note = body.next_on, body.note
    if body.together_with_id is not None:  # the other one is read with what goes together with it
        await (await ctx.db.driver()).execute(_TOUCH, body.together_with_id)
    await journal.record(ctx.db, "pathway.start", "pathway", row.id, clients=[subject.pseudonym])
    return row.id


async def change_pathway(
    ctx: Context, case_id: UUID, pathway_id: UUID, body: PathwayChange, expected: Expected
) -> None:
    """Change the next date or the note."""
    subject = await open_case(ctx, case_id)
    row = await _locked(ctx, case_id, pathway_id, expected)
    require_not_past(body.next_on, local_date(ctx.now), "body.next_on", before=row.next_on)
    changed = apply(row, body.model_dump(exclude_unset=True))
    await journal.record(
        ctx.db, "pathway.change", "pathway", row.id, clients=[subject.pseudonym], changed=changed
    )


async def change_requirement(
    ctx: Context,
    case_id: UUID,
    pathway_id: UUID,
    requirement: str,
    body: RequirementChange,
    expected: Expected,
) -> None:
    """Write down what is known of a requirement; 404 for one that the pathway does not have."""
    subject = await open_case(ctx, case_id)
    row = await _locked(ctx, case_id, pathway_id, expected)
    if row.state not in RUNNING:
        raise WrongState("The pathway has ended.", state=row.state, allowed=WAY.steps_from(row.state))
    entry = (await _entries(ctx, pathway_id)).get(requirement)
    if entry is None:
        raise NotFound
    require_not_past(body.next_on, local_date(ctx.now), "body.next_on", before=entry.next_on)
    if body.evidence_document_id is not None:
        whose = {subject.client_id, row.member_client_id} - {None}
        await rest_on(ctx, body.evidence_document_id, clients=whose, place="body.evidence_document_id")
    before = entry.state
    changed = apply(entry, body.model_dump(exclude_unset=True), required=("state",))
    if changed:
        said = {name: getattr(entry, name) for name in _SAID}
        note_step(ctx, row, REQUIREMENT, before, entry.state, requirement=requirement, **said)
        await (await ctx.db.driver()).execute(_TOUCH, row.id)
    await journal.record(
        ctx.db, "pathway.requirement", "pathway", row.id, clients=[subject.pseudonym], changed=changed
    )


async def take_pathway_step(
    ctx: Context, case_id: UUID, pathway_id: UUID, body: PathwayStepTake, expected: Expected
) -> UUID:
    """Take a step; 409 from a wrong state, 422 for what it lacks or a day to come.

    How a pathway ended is written down in a closed case too.
    """
    step = Step(body.step)
    subject = await (find_usable if step in AFTER_CLOSING else open_case)(ctx, case_id, to_change=True)
    row = await _locked(ctx, case_id, pathway_id, expected)
    target = WAY.target_of(step, row.state)
    if target is None:
        raise WrongState(
            "The pathway does not take this step now.", state=row.state, allowed=WAY.steps_from(row.state)
        )
    if step in NEEDS_REASON and body.reason is None:
        raise Invalid.at("body.reason", "missing", "Say why.")
    day = body.on or local_date(ctx.now)
    if day > local_date(ctx.now):
        raise Invalid.at("body.on", "in_the_future", "A step is written down when it has happened.")
    if row.applied_on is not None and day < row.applied_on:
        raise Invalid.at("body.on", "before_application", "The application was made later.")
    if (step is Step.TURN) != (body.into is not None):
        raise Invalid.at("body.into", "turn_only", "Name the other pathway with `turn`, and only there.")
    if body.into is not None:
        row.turned_into_id = await _turn(ctx, subject, row, body.into)
    source, row.state = row.state, target
    if step is Step.APPLY:
        row.applied_on = day
    elif row.ended_on is None:
        row.ended_on = day
    note_step(ctx, row, step, source, target, reason=body.reason)
    await journal.record(ctx.db, f"pathway.{step}", "pathway", row.id, clients=[subject.pseudonym])
    return row.id


async def move_pathway(
    ctx: Context, case_id: UUID, pathway_id: UUID, body: PathwayMove, expected: Expected
) -> UUID:
    """Take the version of the law that holds now; every entry is kept, what is asked anew is open."""
    subject = await open_case(ctx, case_id)
    row = await _locked(ctx, case_id, pathway_id, expected)
    if row.state not in RUNNING:
        raise WrongState("The pathway has ended.", state=row.state, allowed=WAY.steps_from(row.state))
    newer = newer_version(row.law_version, local_date(ctx.now))
    if newer is None:
        raise Conflict("No newer version of this law holds.", code="no_newer_version")
    if body.law_version != newer.code:
        raise Invalid.at("body.law_version", "not_the_newer_one", f"The version of today is {newer.code}.")
    entries = await _entries(ctx, pathway_id)
    _ask(ctx, row, [name for name in requirements_of(newer.code) if name not in entries])
    note_step(ctx, row, MOVE, row.law_version, newer.code)
    row.law_version = newer.code
    await journal.record(
        ctx.db, "pathway.move", "pathway", row.id, clients=[subject.pseudonym], changed=["law_version"]
    )
    return row.id


async def _start(
    ctx: Context,
    subject: Subject,
    pathway: str,
    person: Member,
    *,
    together_with_id: UUID | None = None,
) -> Pathway:
    version = version_on(pathway, local_date(ctx.now))
    if version is None:
        follows = [name for each in versions_of(pathway) for name in _words(each.attributes["followed_by"])]
        raise Conflict(
            "The law of this pathway has run out; look at those that follow, and ask the authority.",
            code="pathway_ended",
            followed_by=follows,
        )
    driver = await ctx.db.driver()
    who = (person["member_client_id"], person["member_name"])
    if await driver.fetchval(_RUNS, subject.case_id, pathway, *who, list(RUNNING)):
        raise Conflict("This pathway runs for this person already.", code="pathway_runs")
    row = Pathway(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        case_id=subject.case_id,
        pathway=pathway,
        law_version=version.code,
        together_with_id=together_with_id,
        state=State.PREPARING,
        started_by=ctx.actor.user_id,
        **person,
    )
    ctx.db.add(row)
    await ctx.db.flush()
    _ask(ctx, row, list(requirements_of(version.code)))
    note_step(ctx, row, Step.START, None, State.PREPARING)
    return row


async def _turn(ctx: Context, subject: Subject, row: Pathway, into: str) -> UUID:
    """Start the other pathway; evidence for what both ask is brought along, to be looked at again."""
    require_code("pathway", into, "body.into")
    if into == row.pathway:
        raise Invalid.at("body.into", "somewhere_else", "A pathway is turned to another one.")
    person = Member(member_client_id=row.member_client_id, member_name=row.member_name, relation=row.relation)
    other = await _start(ctx, subject, into, person)
    await ctx.db.flush()
    before, entries = await _entries(ctx, row.id), await _entries(ctx, other.id)
    for name, entry in entries.items():
        told = before.get(name)
        if told is not None and (told.evidence is not None or told.evidence_document_id is not None):
            entry.evidence, entry.evidence_document_id = told.evidence, told.evidence_document_id
            entry.state = "in_progress"
    return other.id


async def _check_partner(ctx: Context, case_id: UUID, body: PathwayStart) -> None:
    if body.together_with_id is None:
        return
    if body.pathway != TOGETHER:
        raise Invalid.at(
            "body.together_with_id", "not_together", "Only a naturalisation by § 10 StAG goes together."
        )
    partner = await (await ctx.db.driver()).fetchrow(_PARTNER, body.together_with_id, case_id)
    if partner is None or partner["pathway"] != TOGETHER or partner["state"] not in RUNNING:
        raise Invalid.at(
            "body.together_with_id", "unknown_pathway", "This is no running naturalisation of this case."
        )


async def _locked(ctx: Context, case_id: UUID, pathway_id: UUID, expected: Expected) -> Pathway:
    row = await locked(ctx.db, Pathway, pathway_id)
    if row.case_id != case_id:
        raise NotFound
    expected.check(row)
    await require_member_processing(ctx, row.member_client_id)
    return row


async def _entries(ctx: Context, pathway_id: UUID) -> dict[str, PathwayRequirement]:
    statement = select(PathwayRequirement).where(PathwayRequirement.pathway_id == pathway_id)
    return {each.requirement: each for each in await ctx.db.scalars(statement)}


def _ask(ctx: Context, row: Pathway, requirements: list[str]) -> None:
    for name in requirements:
        ctx.db.add(
            PathwayRequirement(
                municipal_area_id=row.municipal_area_id,
                id=new_id(),
                pathway_id=row.id,
                case_id=row.case_id,
                requirement=name,
            )
        )


def note_step(ctx: Context, row: Pathway, step: str, source: str | None, target: str, **said: Any) -> None:
    """Write one line of the history."""
    ctx.db.add(
        PathwayStep(
            municipal_area_id=row.municipal_area_id,
            id=new_id(),
            pathway_id=row.id,
            case_id=row.case_id,
            at=ctx.now,
            step=step,
            source=source,
            target=target,
            user_id=ctx.actor.user_id,
            **said,
        )
    )


def _words(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
