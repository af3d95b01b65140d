"""The second person: approving exactly the package that they were shown, or refusing it."""

from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.access.relations import require_place
from app.access.roles import Role
from app.audit import journal
from app.kit.changes import locked
from app.kit.errors import Conflict, Forbidden, WrongState
from app.kit.versions import Expected
from app.referrals.duties.actions import move
from app.referrals.duties.models import Duty
from app.referrals.duties.rules import TO_SEND, Side, State, Step
from app.referrals.duties.schemas import DutyApprove, DutyRefuse

_ONE_PERSON = "SELECT is_one_person($1, $2)"
_STILL_ON_IT = "SELECT duty_is_worked_on($1)"


async def approve_duty(ctx: Context, duty_id: UUID, body: DutyApprove, expected: Expected) -> UUID:
    """Approve a request for a short time and for this package only.

    Raises 403 for one's own request, 409 for another digest, or when whoever prepared it left the case.
    """
    duty = await _to_decide(ctx, duty_id, expected)
    if body.sha256 != duty.sha256:
        raise Conflict("This is the digest of another package.", code="package_changed")
    driver = await ctx.db.driver()
    if duty.state == State.REQUESTED and not await driver.fetchval(_STILL_ON_IT, duty_id):
        raise Conflict("Whoever prepared it has left the case.", code="preparer_left")
    _decide(ctx, duty, Step.APPROVE)
    duty.valid_until = ctx.now + TO_SEND
    await journal.record(
        ctx.db, "duty.approve", "duty", duty_id,
        clients=[duty.client_pseudonym], legal_basis=duty.legal_basis,
    )  # fmt: skip
    return duty_id


async def refuse_duty(ctx: Context, duty_id: UUID, body: DutyRefuse, expected: Expected) -> UUID:
    """Refuse a request, with a reason."""
    duty = await _to_decide(ctx, duty_id, expected)
    _decide(ctx, duty, Step.REFUSE)
    duty.reason = body.reason
    await journal.record(ctx.db, "duty.refuse", "duty", duty_id, clients=[duty.client_pseudonym])
    return duty_id


async def _to_decide(ctx: Context, duty_id: UUID, expected: Expected) -> Duty:
    """Return the locked duty for a second person of its unit, in time."""
    duty = await locked(ctx.db, Duty, duty_id, expected)
    require_place(ctx, duty.unit_id, Role.TEAM_LEAD)
    driver = await ctx.db.driver()
    for first in {duty.prepared_by, duty.drafted_by}:
        if await driver.fetchval(_ONE_PERSON, first, ctx.actor.user_id):
            raise Forbidden("Nobody decides on what they prepared themselves.", code="own_act")
    if duty.valid_until <= ctx.now:
        raise WrongState("Its time has passed.", state=str(duty.state), allowed=[])
    return duty


def _decide(ctx: Context, duty: Duty, step: Step) -> None:
    move(ctx, duty, step, Side.SECOND)
    duty.decided_by = ctx.actor.user_id
    duty.decided_at = ctx.now


async def approved_for(ctx: Context, referral_id: UUID) -> Duty | None:
    """Return the approved duty of a draft, locked against withdrawal and expiry."""
    statement = (
        select(Duty)
        .where(Duty.referral_id == referral_id, Duty.state == State.APPROVED)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found: Duty | None = await ctx.db.scalar(statement)
    return found
