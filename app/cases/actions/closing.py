"""Closing a case and reopening it."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.context import Context
from app.audit import journal
from app.cases import rules
from app.cases.actions.opening import locked_case
from app.cases.actions.phase import gather_facts, incomplete, move
from app.cases.events import CaseClosed, CaseReopened
from app.cases.models import CasePhase
from app.cases.schemas.cases import CaseClose, CaseReopen
from app.cases.subject import find_case, open_case
from app.catalogues.check import require_code
from app.kit.clock import local_date
from app.kit.errors import WrongState
from app.kit.versions import Expected

_UNFINISHED = """SELECT
    (SELECT count(*) FROM tasks WHERE case_id = $1 AND done_at IS NULL) AS tasks,
    (SELECT count(*) FROM measures WHERE case_id = $1 AND state = 'open') AS measures"""
_BEFORE_CLOSING = (
    select(CasePhase.source)
    .where(CasePhase.case_id == bindparam("case_id"), CasePhase.target == rules.CLOSED)
    .order_by(CasePhase.at.desc(), CasePhase.id.desc())
    .limit(1)
)


async def close_case(ctx: Context, case_id: UUID, body: CaseClose, expected: Expected) -> UUID:
    """Close a case from any phase; its retention starts.

    Raises 409 when it is closed, or when a planned ending from evaluation lacks the evaluation. What is left
    open is counted in the answer and does not hinder: whoever wants to end, ends.
    """
    subject = await open_case(ctx, case_id, to_change=True, to_end=True)
    _check_codes(body)
    case, content = await locked_case(ctx, case_id, expected)
    lacking = rules.unfinished(subject.phase, await gather_facts(ctx, subject, content), body.reason)
    if lacking:
        raise incomplete(lacking, subject.phase)
    driver = await ctx.db.driver()
    unfinished: Any = await driver.fetchrow(_UNFINISHED, case_id)
    content.closing_reason = body.reason
    content.closing_note = body.note
    content.closing_outcomes = body.outcomes
    content.unfinished_tasks = unfinished["tasks"]
    content.unfinished_measures = unfinished["measures"]
    move(ctx, case, rules.CLOSED, reason=None)
    case.closed_on = local_date(ctx.now)
    await journal.record(ctx.db, "case.close", "case", case_id, clients=[subject.pseudonym])
    await ctx.publish(CaseClosed(case_id, subject.client_id))
    return case_id


def _check_codes(body: CaseClose) -> None:
    require_code("closing_reason", body.reason, "body.reason")
    for domain, outcome in body.outcomes.items():
        require_code("life_domain", domain, "body.outcomes")
        require_code("case_outcome", outcome, "body.outcomes")


async def reopen_case(ctx: Context, case_id: UUID, body: CaseReopen, expected: Expected) -> UUID:
    """Let a closed case go on where it was closed, while its retention runs; 409 afterwards.

    After a withdrawn consent a legal basis has to be there again (409 `incomplete`).
    """
    subject = await find_case(ctx, case_id, to_change=True)
    if subject.phase != rules.CLOSED:
        raise WrongState("The case is open.", state=subject.phase, allowed=["close"])
    case, content = await locked_case(ctx, case_id, expected)
    back_to = await ctx.db.scalar(_BEFORE_CLOSING.params(case_id=case_id))
    facts = await gather_facts(ctx, subject, content)
    if content.closing_reason == "consent_withdrawn" and not facts.basis_holds:
        raise incomplete(rules.basis_lacking(facts), rules.CLOSED)
    content.closing_reason = content.closing_note = None
    content.unfinished_tasks = content.unfinished_measures = None
    content.closing_outcomes = {}
    move(ctx, case, back_to, reason=body.reason)
    case.closed_on = None
    await journal.record(ctx.db, "case.reopen", "case", case_id, clients=[subject.pseudonym])
    await ctx.publish(CaseReopened(case_id, subject.client_id))
    return case_id
