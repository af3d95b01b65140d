"""Writing down what interpreting is needed, asking a provider, and what came of it."""

from typing import Any
from uuid import UUID

from app.access.assignments import TEAM_NOW
from app.access.context import Context
from app.audit import journal
from app.cases.rules import CLOSED
from app.cases.subject import Subject, closed, find_case, open_case, require_usable
from app.catalogues.check import require_code
from app.interpreting.models import Interpreting, InterpretingStep
from app.interpreting.rules import (
    AFTER_ITS_DAY,
    CALLS_OFF,
    CHANGEABLE,
    NEEDS_REASON,
    NEVER_A_PLACE,
    PROVIDER_TYPE,
    WAY,
    State,
    Step,
    channel_refused,
)
from app.interpreting.schemas import InterpretingChange, InterpretingRecord, InterpretingStepTake
from app.kit.changes import apply, locked
from app.kit.clock import local_date
from app.kit.deadlines import require_not_past, require_recent
from app.kit.errors import Conflict, Incomplete, Invalid, NotFound, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected

_SAFE = """SELECT contact_language, contact_channels, no_interpreter_of_same_circle
FROM clients WHERE id = $1"""
_INSTITUTION = "SELECT institution_type FROM institutions WHERE id = $1 AND is_active"
_ON_TEAM = f"SELECT EXISTS (SELECT FROM ({TEAM_NOW}) n WHERE n.user_id = $2)"
_CONTACT = "SELECT EXISTS (SELECT FROM contacts WHERE id = $1 AND case_id = $2)"
_WHAT = "An interpreting"
_ALWAYS = {"payer", "note"}


async def record_interpreting(ctx: Context, case_id: UUID, body: InterpretingRecord) -> UUID:
    """Write down what is needed, or came about unplanned; 422 for what safe contact forbids.

    One that lies back is written down within 30 days (422 afterwards).
    """
    subject = await open_case(ctx, case_id)
    safe = await _safe_contact(ctx, subject)
    row = Interpreting(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        case_id=case_id,
        created_by=ctx.actor.user_id,
        **{**body.model_dump(), "language": body.language or safe["contact_language"]},
    )
    require_recent(local_date(row.starts_at), local_date(ctx.now), "body.starts_at", what=_WHAT)
    await _check(ctx, row, safe)
    ctx.db.add(row)
    await ctx.db.flush()
    note_step(ctx, row, Step.RECORD, None, "needed", None)
    await journal.record(ctx.db, "interpreting.record", "interpreting", row.id, clients=[subject.pseudonym])
    return row.id


async def change_interpreting(
    ctx: Context, case_id: UUID, interpreting_id: UUID, body: InterpretingChange, expected: Expected
) -> None:
    """Change what is needed; 409 once a provider is asked, except who pays and the note."""
    subject = await open_case(ctx, case_id)
    row = await _locked(ctx, case_id, interpreting_id, expected)
    changes = body.model_dump(exclude_unset=True)
    if row.state not in CHANGEABLE and changes.keys() - _ALWAYS:
        raise Conflict("A provider knows of it: cancel it and ask anew.", code="provider_is_asked")
    before, today = local_date(row.starts_at), local_date(ctx.now)
    changed = apply(row, changes, required=("language", "mode", "starts_at", "minutes", "payer"))
    if row.state in CHANGEABLE:
        require = require_recent if before < today else require_not_past
        require(local_date(row.starts_at), today, "body.starts_at", before=before, what=_WHAT)
        await _check(ctx, row, await _safe_contact(ctx, subject))
    await journal.record(
        ctx.db, "interpreting.change", "interpreting", row.id, clients=[subject.pseudonym], changed=changed
    )


async def take_interpreting_step(
    ctx: Context, case_id: UUID, interpreting_id: UUID, body: InterpretingStepTake, expected: Expected
) -> UUID:
    """Take a step; 409 from a wrong state or where safe contact is not obeyed, 422 for what it lacks.

    In a closed case nobody is asked any more, but what had been agreed still comes to its end. What came
    about unplanned is held without having been asked for, with whoever interpreted. While the
    client's data are only kept it can be called off, and nothing else (409 `processing_restricted`).
    """
    step = Step(body.step)
    subject = await (open_case if step is Step.REQUEST else find_case)(ctx, case_id)
    if step not in CALLS_OFF:
        require_usable(subject)
    row = await _locked(ctx, case_id, interpreting_id, expected)
    target = WAY.target_of(step, row.state)
    if target is None:
        raise WrongState(
            "The interpreting does not take this step now.",
            state=row.state,
            allowed=WAY.steps_from(row.state),
        )
    if step in NEEDS_REASON and body.reason is None:
        raise Invalid.at("body.reason", "missing", "Say why.")
    await _prepare(ctx, subject, row, step, body)
    source, row.state = row.state, target
    note_step(ctx, row, step, source, target, body.reason)
    await journal.record(ctx.db, f"interpreting.{step}", "interpreting", row.id, clients=[subject.pseudonym])
    return row.id


async def _prepare(
    ctx: Context, subject: Subject, row: Interpreting, step: Step, body: InterpretingStepTake
) -> None:
    """Write down what a step says; 409 and 422 for what it lacks."""
    safe = await _safe_contact(ctx, subject)
    if step is Step.REQUEST:
        await _ask(ctx, row, body, safe)
    elif step is Step.CONFIRM:
        if safe["no_interpreter_of_same_circle"] and not body.circle_excluded:
            raise Incomplete(
                "The client wants no interpreter of the same circle: make sure of it first.",
                missing=["circle_excluded"],
            )
        row.circle_excluded = body.circle_excluded
    elif step in AFTER_ITS_DAY and local_date(row.starts_at) > local_date(ctx.now):
        raise Invalid.at("body.step", "in_the_future", "It is written down after its day has come.")
    if step is Step.HOLD:
        if row.state == State.NEEDED:
            await _say_who_came(ctx, subject, row, body)
        await _link(ctx, row, body.contact_id)


async def _say_who_came(
    ctx: Context, subject: Subject, row: Interpreting, body: InterpretingStepTake
) -> None:
    """Name who interpreted unplanned; 409 in a closed case, where nothing had been agreed."""
    if subject.phase == CLOSED:
        raise closed()
    await _name_provider(ctx, row, body)
    row.circle_excluded = body.circle_excluded


async def _ask(ctx: Context, row: Interpreting, body: InterpretingStepTake, safe: Any) -> None:
    require_not_past(local_date(row.starts_at), local_date(ctx.now), "body.starts_at", what=_WHAT)
    await _check(ctx, row, safe)
    await _name_provider(ctx, row, body)
    row.circle_excluded = False


async def _name_provider(ctx: Context, row: Interpreting, body: InterpretingStepTake) -> None:
    if (body.provider_id is None) == (body.colleague_id is None):
        raise Invalid.at("body.provider_id", "one_of_two", "Name a service of the directory or a colleague.")
    driver = await ctx.db.driver()
    if body.provider_id is not None:
        if await driver.fetchval(_INSTITUTION, body.provider_id) != PROVIDER_TYPE:
            raise Invalid.at("body.provider_id", "no_interpreting_service", "It does not interpret.")
    elif not await driver.fetchval(_ON_TEAM, row.case_id, body.colleague_id):
        raise Invalid.at("body.colleague_id", "not_on_team", "A colleague of the case's team interprets.")
    row.provider_id, row.colleague_id = body.provider_id, body.colleague_id


async def _link(ctx: Context, row: Interpreting, contact_id: UUID | None) -> None:
    driver = await ctx.db.driver()
    if contact_id is not None and not await driver.fetchval(_CONTACT, contact_id, row.case_id):
        raise Invalid.at("body.contact_id", "unknown_contact", "This is no contact of the case.")
    row.contact_id = contact_id


async def _check(ctx: Context, row: Interpreting, safe: Any) -> None:
    """Raise 422 for what cannot be: no language, a forbidden telephone, a place told to nobody."""
    if row.language is None:
        raise Invalid.at("body.language", "missing", "Name the language.")
    require_code("language", row.language, "body.language")
    if channel_refused(row.mode, safe["contact_channels"]):
        raise Invalid.at("body.mode", "not_safe", "The client is not to be telephoned.")
    if row.place_id is not None:
        kind = await (await ctx.db.driver()).fetchval(_INSTITUTION, row.place_id)
        if kind is None or kind == NEVER_A_PLACE:
            raise Invalid.at("body.place_id", "no_place", "This is no place that a provider can be told.")


async def _safe_contact(ctx: Context, subject: Subject) -> Any:
    driver = await ctx.db.driver()
    return await driver.fetchrow(_SAFE, subject.client_id)


async def _locked(ctx: Context, case_id: UUID, interpreting_id: UUID, expected: Expected) -> Interpreting:
    row = await locked(ctx.db, Interpreting, interpreting_id)
    if row.case_id != case_id:
        raise NotFound
    expected.check(row)
    return row


def note_step(
    ctx: Context, row: Interpreting, step: Step, source: str | None, target: str, reason: str | None
) -> None:
    """Write one line of the history."""
    ctx.db.add(
        InterpretingStep(
            municipal_area_id=row.municipal_area_id,
            id=new_id(),
            interpreting_id=row.id,
            case_id=row.case_id,
            at=ctx.now,
            step=step,
            source=source,
            target=target,
            user_id=ctx.actor.user_id,
            reason=reason,
        )
    )
