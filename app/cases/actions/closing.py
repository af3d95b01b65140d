"""Closing a case and reopening it."""

from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.context import Context
from app.audit import journal
from app.cases import rules
from app.cases.actions.opening import locked_case
from app.cases.actions.phase import gather_facts, incomplete, move, require_not_withdrawn
from app.cases.actions.settling import settle, settled_kinds, take_up
from app.cases.events import CaseClosed, CaseReopened
from app.cases.models import CasePhase
from app.cases.schemas.cases import CaseClose, CaseReopen
from app.cases.subject import find_case, open_case, require_usable
from app.catalogues.check import require_code
from app.kit.clock import local_date
from app.kit.errors import WrongState
from app.kit.versions import Expected

_BEFORE_CLOSING = (
    select(CasePhase.source, CasePhase.at)
    .where(CasePhase.case_id == bindparam("case_id"), CasePhase.target == rules.CLOSED)
    .order_by(CasePhase.at.desc(), CasePhase.id.desc())
    .limit(1)
)


async def close_case(ctx: Context, case_id: UUID, body: CaseClose, expected: Expected) -> UUID:
    """Close a case from any phase; its retention starts.

    Raises 409 when it is closed, or when a planned ending from evaluation lacks the evaluation. What is left
    open ends as `settle` says or is counted in the answer, and does not hinder: whoever wants to end, ends.
    """
    subject = await open_case(ctx, case_id, to_change=True, to_end=True)
    _check_codes(body)
    case, content = await locked_case(ctx, case_id, expected)
    lacking = rules.unfinished(subject.phase, await gather_facts(ctx, subject, content), body.reason)
    if lacking:
        raise incomplete(lacking, subject.phase)
    content.closing_reason = body.reason
    content.closing_note = body.note
    content.closing_outcomes = body.outcomes
    move(ctx, case, rules.CLOSED, reason=None)
    case.closed_on = local_date(ctx.now)
    await ctx.db.flush()
    left = await settle(ctx, case_id, body)
    content.unfinished_tasks, content.unfinished_measures = left.tasks, left.measures
    await ctx.db.flush()
    await journal.record(ctx.db, "case.close", "case", case_id, clients=[subject.pseudonym])
    await ctx.publish(CaseClosed(case_id, subject.client_id, settled_kinds(body.settle)))
    return case_id


def _check_codes(body: CaseClose) -> None:
    require_code("closing_reason", body.reason, "body.reason")
    for domain, outcome in body.outcomes.items():
        require_code("life_domain", domain, "body.outcomes")
        require_code("case_outcome", outcome, "body.outcomes")


async def reopen_case(ctx: Context, case_id: UUID, body: CaseReopen, expected: Expected) -> UUID:
    """Let a closed case go on where it was closed, while its retention runs; 409 afterwards.

    After a withdrawn consent a legal basis has to be there again (409 `incomplete`), also when it was
    withdrawn after the closing. What the closing dropped is opened again when asked for; what others were
    told is not taken back.
    """
    subject = await find_case(ctx, case_id, to_change=True)
    if subject.phase != rules.CLOSED:
        raise WrongState("The case is open.", state=subject.phase, allowed=["close"])
    case, content = await locked_case(ctx, case_id, expected)
    before = (await ctx.db.execute(_BEFORE_CLOSING.params(case_id=case_id))).one()
    await require_not_withdrawn(ctx, subject)
    require_usable(subject)
    content.closing_reason = content.closing_note = None
    content.unfinished_tasks = content.unfinished_measures = None
    content.unfinished_referrals = content.unfinished_interpretings = None
    content.unfinished_pathways = content.unfinished_school_entries = None
    content.closing_outcomes = {}
    move(ctx, case, before.source, reason=body.reason)
    case.closed_on = None
    if body.take_up:
        await ctx.db.flush()
        await take_up(ctx, case_id, before.at)
    await journal.record(ctx.db, "case.reopen", "case", case_id, clients=[subject.pseudonym])
    await ctx.publish(CaseReopened(case_id, subject.client_id))
    return case_id
