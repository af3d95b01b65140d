"""Proposals after a referral that failed or a long wait for a school, made by the system.

The case's team confirms or drops them.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.context import Context, SystemContext
from app.access.relations import require_relation
from app.audit import journal
from app.barriers.actions.filing import file_barrier
from app.barriers.models import BarrierProposal
from app.barriers.rules import WAITING, WAITS_FOR_SCHOOL, next_proposal_states, propose_report
from app.barriers.schemas import BarrierFile, Interface, ProposalConfirm
from app.cases.models import Case
from app.clients.models import Client
from app.kit.changes import locked
from app.kit.clock import local_date
from app.kit.errors import Invalid, WrongState
from app.kit.events import id_in
from app.kit.ids import new_id
from app.kit.versions import Expected

_CLIENT = (
    select(Client.pseudonym)
    .join(Case, (Case.municipal_area_id == Client.municipal_area_id) & (Case.client_id == Client.id))
    .where(Case.id == bindparam("case_id"))
)
# Nobody is asked to report something of a person whose data are only kept (Art. 18 GDPR).
_REFERRAL = """SELECT r.case_id, i.institution_type FROM institutions i, referrals r
JOIN clients c ON c.municipal_area_id = r.municipal_area_id AND c.id = r.client_id
WHERE r.id = $1 AND i.id = $2 AND c.processing_restricted_at IS NULL"""
# Without reading proposals: the constraint knows which were made.
_WAITING = "SELECT id, case_id FROM long_school_waiting($1)"
_PROPOSE_FOR_SCHOOL = """INSERT INTO barrier_proposals
(municipal_area_id, id, case_id, school_entry_id, barrier_type, outcome)
VALUES (ctx_area(), $1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"""
_PROPOSE = """INSERT INTO barrier_proposals
(municipal_area_id, id, case_id, referral_id, institution_id, barrier_type, outcome)
VALUES (ctx_area(), $1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"""


async def propose_after_waiting(ctx: SystemContext, weeks: int) -> None:
    """Propose a report for children that wait for a school so many weeks; once each."""
    driver = await ctx.db.driver()
    waiting = await driver.fetch(_WAITING, local_date(ctx.now) - timedelta(weeks=weeks))
    made = [(new_id(), each["case_id"], each["id"], WAITS_FOR_SCHOOL, WAITING) for each in waiting]
    await driver.executemany(_PROPOSE_FOR_SCHOOL, made)


async def propose_after_referral(ctx: SystemContext, payload: dict[str, Any], outcome: str) -> None:
    """Propose a report when the outcome of a referral, or silence, points to a barrier; once each."""
    referral_id, institution_id = id_in(payload, "referral_id"), id_in(payload, "institution_id")
    driver = await ctx.db.driver()
    referral = await driver.fetchrow(_REFERRAL, referral_id, institution_id)
    if referral is None or referral["case_id"] is None:
        return
    barrier_type = propose_report(outcome, referral["institution_type"])
    if barrier_type is not None:
        await driver.execute(
            _PROPOSE, new_id(), referral["case_id"], referral_id, institution_id, barrier_type, outcome
        )


async def confirm_proposal(
    ctx: Context, proposal_id: UUID, body: ProposalConfirm, expected: Expected
) -> UUID:
    """File the proposed report and return its id; 409 when the proposal has been answered."""
    proposal = await _open(ctx, proposal_id, expected)
    named = body.institution_id or body.interface
    if proposal.institution_id is not None and named:
        raise Invalid.at("body.institution_id", "said_by_proposal", "The proposal names the institution.")
    sent = body.model_dump(exclude_unset=True, exclude={"barrier_type", "institution_id"})
    if proposal.interface_from is not None and proposal.interface_to is not None:
        sent.setdefault(
            "interface",
            Interface(from_legal_domain=proposal.interface_from, to_legal_domain=proposal.interface_to),
        )
    report = BarrierFile(
        case_id=proposal.case_id,
        institution_id=proposal.institution_id or body.institution_id,
        barrier_type=body.barrier_type or proposal.barrier_type,
        **sent,
    )
    report_id = await file_barrier(ctx, report)
    proposal.state, proposal.report_id = "confirmed", report_id
    await _record(ctx, proposal, "confirm")
    return report_id


async def drop_proposal(ctx: Context, proposal_id: UUID, expected: Expected) -> UUID:
    """Say that nothing stood in the way; 409 when the proposal has been answered."""
    proposal = await _open(ctx, proposal_id, expected)
    proposal.state = "dropped"
    await _record(ctx, proposal, "drop")
    return proposal_id


async def _open(ctx: Context, proposal_id: UUID, expected: Expected) -> BarrierProposal:
    proposal = await locked(ctx.db, BarrierProposal, proposal_id, expected)
    await require_relation(ctx, case_id=proposal.case_id)
    if proposal.state != "open":
        allowed = next_proposal_states(proposal.state)
        raise WrongState("The proposal has been answered.", state=proposal.state, allowed=allowed)
    return proposal


async def _record(ctx: Context, proposal: BarrierProposal, verb: str) -> None:
    client = await ctx.db.scalar(_CLIENT.params(case_id=proposal.case_id))
    await journal.record(
        ctx.db, f"barrier_proposal.{verb}", "barrier_proposal", proposal.id, clients=[client]
    )
