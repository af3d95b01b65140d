"""What both sides share: when a thread takes something, the state of a request, who said and read it."""

from uuid import UUID

from sqlalchemy import func, select, update

from app.access.context import Context
from app.audit import journal
from app.kit.errors import Conflict, NotFound, WrongState
from app.referrals.actions.answer import require_running
from app.referrals.messages.events import ReferralMessaged
from app.referrals.messages.models import ReferralMessage
from app.referrals.messages.rules import MOST_MESSAGES, WAY, WRITABLE, Kind, State, Step
from app.referrals.models import ReferralRequest
from app.referrals.rules import PLATFORM, Side


def require_writable(ctx: Context, request: ReferralRequest) -> None:
    """Raise 409 unless the locked referral is with a recipient on the platform who can read its package."""
    if request.channel != PLATFORM:
        raise Conflict("Nobody at this institution reads messages here.", code="not_on_platform")
    if request.state not in WRITABLE:
        raise WrongState("Nothing is said on it any more, or not yet.", state=request.state, allowed=[])
    require_running(ctx, request)


async def open_request(
    ctx: Context, referral_id: UUID, message_id: UUID, step: Step, side: Side
) -> ReferralMessage:
    """Return an open information request of this referral, locked; 404 for any other message.

    Raises 409 naming the steps that lead on.
    """
    statement = select(ReferralMessage).where(
        ReferralMessage.referral_id == referral_id,
        ReferralMessage.id == message_id,
        ReferralMessage.kind == Kind.INFORMATION_REQUEST,
    )
    found: ReferralMessage | None = (await ctx.db.scalars(statement.with_for_update())).one_or_none()
    if found is None:
        raise NotFound
    _target(found, step, side)
    return found


def end_request(ctx: Context, request: ReferralMessage, step: Step, side: Side) -> None:
    """Take the step that ends an information request."""
    request.state = _target(request, step, side)
    request.closed_at = ctx.now


def _target(request: ReferralMessage, step: Step, side: Side) -> State:
    target = WAY.target_of(step, request.state, side)
    if target is None:
        allowed = WAY.steps_from(str(request.state), side)
        raise WrongState("This request is over.", state=str(request.state), allowed=allowed)
    return target


async def note_said(
    ctx: Context, request: ReferralRequest, message: ReferralMessage, side: Side, step: str
) -> None:
    """Move the referral, so that whoever catches up is told, and tell the other side.

    The request is locked, so the count is exact. 409 for a thread that is full; answers, one to a request, do
    not fill it, so what was asked can always be answered.
    """
    request.last_message_at = ctx.now
    await ctx.db.flush()
    count = select(func.count()).where(
        ReferralMessage.referral_id == request.id, ReferralMessage.answers_id.is_(None)
    )
    if (await ctx.db.scalar(count) or 0) > MOST_MESSAGES:
        raise Conflict("This thread is full: speak to each other.", code="thread_full")
    await ctx.publish(ReferralMessaged(request.id, request.institution_id, message.id, side, step))


async def mark_read(ctx: Context, request: ReferralRequest, message_id: UUID, side: Side) -> UUID:
    """Mark what the other side said up to a message as read; what was read before stays as it was.

    404 for a message that is none of this referral.
    """
    of_thread = ReferralMessage.referral_id == request.id
    named = select(ReferralMessage.id).where(of_thread, ReferralMessage.id == message_id)
    if await ctx.db.scalar(named) is None:
        raise NotFound
    marked = update(ReferralMessage).where(
        of_thread,
        ReferralMessage.id <= message_id,
        ReferralMessage.side != side,
        ReferralMessage.read_at.is_(None),
    )
    await ctx.db.execute(marked.values(read_at=ctx.now))
    await journal.record(
        ctx.db, "referral.mark_read", "referral", request.id, clients=[request.client_pseudonym]
    )
    return message_id
