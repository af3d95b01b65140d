"""What the recipient says: a coded word, a request for data categories, a text only with a consent to it."""

from uuid import UUID

from sqlalchemy import func, select

from app.access.context import Context
from app.access.relations import require_place
from app.access.roles import AT_AN_INSTITUTION
from app.audit import journal
from app.catalogues.check import require_code
from app.directory.models import Institution
from app.kit.changes import locked
from app.kit.errors import Conflict
from app.kit.ids import new_id
from app.referrals.feedback import feedback_agreed
from app.referrals.messages.covering import refuse_never_there
from app.referrals.messages.models import ReferralMessage
from app.referrals.messages.rules import ANSWER_WITHIN, MOST_OPEN_REQUESTS, WRITE, State, Step
from app.referrals.messages.schemas import InformationAsk, PartnerWord
from app.referrals.messages.thread import (
    end_request,
    mark_read,
    note_said,
    open_request,
    require_writable,
)
from app.referrals.models import ReferralRequest
from app.referrals.rules import Side


async def write_as_recipient(ctx: Context, referral_id: UUID, body: PartnerWord | InformationAsk) -> UUID:
    """Say or ask something and return its id.

    Raises 409 for a thread that is over, for words without a consent to feedback, and for a category that
    never goes there.
    """
    agreed = body.text is not None and await feedback_agreed(ctx, referral_id)
    request = await addressed(ctx, referral_id)
    require_writable(ctx, request)
    if body.text is not None and not agreed:
        raise Conflict(
            "The client has not agreed that you tell about them: use a coded word, or name data categories.",
            code="feedback_not_agreed",
        )
    message = ReferralMessage(
        municipal_area_id=request.municipal_area_id,
        id=new_id(),
        referral_id=request.id,
        institution_id=request.institution_id,
        at=ctx.now,
        side=Side.RECIPIENT,
        kind=body.kind,
        text=body.text,
    )
    if isinstance(body, InformationAsk):
        await _ask(ctx, request, message, body)
    else:
        message.code, message.data_categories = body.code, []
    ctx.db.add(message)
    await ctx.db.flush()
    await journal.record(
        ctx.db,
        "referral.write_message",
        "referral",
        request.id,
        clients=[request.client_pseudonym],
        legal_basis="consent" if agreed else None,
    )
    step = Step.ASK if isinstance(body, InformationAsk) else WRITE
    await note_said(ctx, request, message, Side.RECIPIENT, step)
    return message.id


async def withdraw_request(ctx: Context, referral_id: UUID, message_id: UUID) -> UUID:
    """Take an information request back; 409 for one that is over."""
    request = await addressed(ctx, referral_id)
    require_writable(ctx, request)
    asked = await open_request(ctx, referral_id, message_id, Step.WITHDRAW, Side.RECIPIENT)
    end_request(ctx, asked, Step.WITHDRAW, Side.RECIPIENT)
    await journal.record(
        ctx.db, "referral.withdraw_request", "referral", request.id, clients=[request.client_pseudonym]
    )
    await note_said(ctx, request, asked, Side.RECIPIENT, Step.WITHDRAW)
    return asked.id


async def mark_read_by_recipient(ctx: Context, referral_id: UUID, message_id: UUID) -> UUID:
    """Mark what the sender said up to this message as read, while it can be read."""
    return await mark_read(ctx, await addressed(ctx, referral_id), message_id, Side.RECIPIENT)


async def addressed(ctx: Context, referral_id: UUID) -> ReferralRequest:
    """Return the locked request, addressed to one's institution."""
    request = await locked(ctx.db, ReferralRequest, referral_id)
    require_place(ctx, request.institution_id, *AT_AN_INSTITUTION)
    return request


async def _ask(
    ctx: Context, request: ReferralRequest, message: ReferralMessage, body: InformationAsk
) -> None:
    for position, code in enumerate(body.data_categories):
        require_code("data_category", code, f"body.data_categories.{position}")
    kind = await ctx.db.scalar(
        select(Institution.institution_type).where(Institution.id == request.institution_id)
    )
    refuse_never_there(str(kind), body.data_categories)
    waiting = select(func.count()).where(
        ReferralMessage.referral_id == request.id, ReferralMessage.state == State.OPEN
    )
    if (await ctx.db.scalar(waiting) or 0) >= MOST_OPEN_REQUESTS:
        raise Conflict("So many requests wait for an answer already.", code="requests_open")
    message.data_categories = sorted(set(body.data_categories))
    message.state = State.OPEN
    message.due_at = ctx.now + ANSWER_WITHIN[request.urgency]
