"""Starting a pathway, writing down what is known of it, and another version of the law."""

from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.cases.subject import open_case
from app.catalogues.check import require_code
from app.clients.members import member_of
from app.documents.evidence import rest_on
from app.kit.changes import apply
from app.kit.clock import local_date
from app.kit.deadlines import require_not_past
from app.kit.errors import Conflict, Invalid, NotFound, WrongState
from app.kit.versions import Expected
from app.pathways.rules import MOVE, REQUIREMENT, RUNNING, TOGETHER, WAY, newer_version, requirements_of
from app.pathways.schemas import PathwayChange, PathwayMove, PathwayStart, RequirementChange
from app.pathways.writing import ask, begin, entries_of, locked_pathway, note_step

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
    row = await begin(ctx, subject, body.pathway, person, together_with_id=body.together_with_id)
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
    row = await locked_pathway(ctx, case_id, pathway_id, expected)
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
    row = await locked_pathway(ctx, case_id, pathway_id, expected)
    if row.state not in RUNNING:
        raise WrongState("The pathway has ended.", state=row.state, allowed=WAY.steps_from(row.state))
    entry = (await entries_of(ctx, pathway_id)).get(requirement)
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


async def move_pathway(
    ctx: Context, case_id: UUID, pathway_id: UUID, body: PathwayMove, expected: Expected
) -> UUID:
    """Take the version of the law that holds now; every entry is kept, what is asked anew is open."""
    subject = await open_case(ctx, case_id)
    row = await locked_pathway(ctx, case_id, pathway_id, expected)
    if row.state not in RUNNING:
        raise WrongState("The pathway has ended.", state=row.state, allowed=WAY.steps_from(row.state))
    newer = newer_version(row.law_version, local_date(ctx.now))
    if newer is None:
        raise Conflict("No newer version of this law holds.", code="no_newer_version")
    if body.law_version != newer.code:
        raise Invalid.at("body.law_version", "not_the_newer_one", f"The version of today is {newer.code}.")
    entries = await entries_of(ctx, pathway_id)
    ask(ctx, row, [name for name in requirements_of(newer.code) if name not in entries])
    note_step(ctx, row, MOVE, row.law_version, newer.code)
    row.law_version = newer.code
    await journal.record(
        ctx.db, "pathway.move", "pathway", row.id, clients=[subject.pseudonym], changed=["law_version"]
    )
    return row.id


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
