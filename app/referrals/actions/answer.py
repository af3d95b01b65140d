"""What a recipient answers, from either hand: its own on the platform, the sender's off it."""

from dataclasses import dataclass, replace
from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.catalogues.check import require_code
from app.kit.errors import Conflict, Invalid
from app.kit.ids import new_id
from app.referrals.events import ReferralAnswered, ReferralCancelled, ReferralCompleted
from app.referrals.models import ReferralAnswer, ReferralRequest
from app.referrals.rules import (
    HOLD_REASONS,
    NOT_FROM_A_RECIPIENT,
    SENT_AND_OPEN,
    Delivery,
    Side,
    Step,
    Task,
    stored_outcome,
    stored_reason,
)
from app.referrals.steps import Taker, stays_shut, take


@dataclass(frozen=True, slots=True)
class Answer:
    """One step of the recipient with what it needs."""

    step: Step
    reason: str | None = None
    outcome: str | None = None
    text: str | None = None


async def apply_answer(
    ctx: Context, request: ReferralRequest, answer: Answer, taker: Taker, *, is_agreed: bool
) -> None:
    """Take the recipient's step on the locked request and tell the others.

    Without the client's agreement to feedback the outcome is kept as `not_disclosed`, a reason only when it
    is the institution's own, and no text at all.
    """
    require_running(ctx, request)
    await _require_openable(ctx, request, answer)
    _check(answer)
    answer = replace(answer, reason=stored_reason(answer.step, answer.reason, is_agreed=is_agreed))
    state = take(ctx.db, request, answer.step, taker, ctx.now, reason=answer.reason)
    request.delivery = Delivery.FETCHED
    _ENTER[state](ctx, request, answer, is_agreed)
    if answer.text is not None and is_agreed:
        _keep_text(ctx, request, answer, taker)
    await journal.record(
        ctx.db,
        f"referral.{answer.step}",
        "referral",
        request.id,
        clients=[request.client_pseudonym],
        legal_basis="consent" if is_agreed else None,
    )
    await _tell(ctx, request, taker.user_id if taker.source is not None else None)


def require_running(ctx: Context, request: ReferralRequest) -> None:
    """Raise 409 once the consent behind it has run out, also before the worker has come by to revoke it."""
    is_open = request.state in SENT_AND_OPEN
    if is_open and request.consent_ends_at is not None and request.consent_ends_at <= ctx.now:
        raise _over()


def _over() -> Conflict:
    return Conflict("The consent behind this referral has run out: it is over.", code="consent_ended")


async def _require_openable(ctx: Context, request: ReferralRequest, answer: Answer) -> None:
    """Raise 409 where a late acceptance would open the package of somebody who was restricted since.

    The recipient is told what it is told of a consent that has run out, and nothing of the person.
    """
    is_late = request.state == Task.EXPIRED and answer.step is Step.ACCEPT
    if is_late and await stays_shut(ctx, request.id):
        raise _over()


def _check(answer: Answer) -> None:
    if answer.step is Step.REJECT:
        require_code("rejection_reason", answer.reason, "body.reason")
        if answer.reason == "other" and answer.text is None:
            raise Invalid.at("body.text", "missing", "Another reason is said in words.")
    if answer.step is Step.HOLD and answer.reason not in HOLD_REASONS:
        raise Invalid.at("body.reason", "unknown_code", "This is no reason to wait.")
    if answer.outcome is not None:
        require_code("referral_outcome", answer.outcome, "body.outcome")
        if answer.outcome in NOT_FROM_A_RECIPIENT:
            raise Invalid.at("body.outcome", "code_not_valid", "This outcome is written by the system only.")


def _decided(ctx: Context, request: ReferralRequest, answer: Answer, is_agreed: bool) -> None:
    del is_agreed
    request.answered_at = ctx.now
    request.outcome = None  # a late answer replaces the silence
    request.rejection_reason = answer.reason


def _at_work(ctx: Context, request: ReferralRequest, answer: Answer, is_agreed: bool) -> None:
    del ctx, is_agreed
    request.hold_reason = answer.reason


def _ended(ctx: Context, request: ReferralRequest, answer: Answer, is_agreed: bool) -> None:
    assert answer.outcome is not None
    request.closed_at = ctx.now
    request.hold_reason = None
    request.outcome = stored_outcome(answer.outcome, is_agreed=is_agreed)


def _cancelled(ctx: Context, request: ReferralRequest, answer: Answer, is_agreed: bool) -> None:
    del is_agreed
    request.closed_at = ctx.now
    request.cancel_reason = answer.reason


_ENTER = {
    Task.ACCEPTED: _decided,
    Task.REJECTED: _decided,
    Task.IN_PROGRESS: _at_work,
    Task.ON_HOLD: _at_work,
    Task.COMPLETED: _ended,
    Task.FAILED: _ended,
    Task.CANCELLED: _cancelled,
}


def _keep_text(ctx: Context, request: ReferralRequest, answer: Answer, taker: Taker) -> None:
    ctx.db.add(
        ReferralAnswer(
            municipal_area_id=request.municipal_area_id,
            id=new_id(),
            referral_id=request.id,
            institution_id=request.institution_id,
            at=ctx.now,
            step=answer.step,
            text=answer.text,
            source=taker.source,
            user_id=ctx.actor.user_id,
        )
    )


async def _tell(ctx: Context, request: ReferralRequest, recorded_by: UUID | None) -> None:
    identity, institution = request.id, request.institution_id
    if request.state in (Task.ACCEPTED, Task.REJECTED):
        reason = request.rejection_reason
        await ctx.publish(ReferralAnswered(identity, institution, request.state, reason, recorded_by))
    elif request.state in (Task.COMPLETED, Task.FAILED):
        outcome = str(request.outcome)
        await ctx.publish(ReferralCompleted(identity, institution, request.state, outcome, recorded_by))
    elif request.state == Task.CANCELLED:
        await ctx.publish(ReferralCancelled(identity, institution, request.state, Side.RECIPIENT))
