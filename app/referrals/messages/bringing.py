"""A file that the recipient brings with its answer, such as a confirmation: a message of its own.

It tells of the client like a text, so it needs the consent to feedback, locked before the request is. What it
is nobody has said yet: it becomes a document of the case without a category, which goes nowhere.
"""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import func, select

from app.access.context import Context
from app.access.guard import PERMISSION
from app.access.permissions import Permission
from app.access.relations import require_place
from app.access.roles import AT_AN_INSTITUTION
from app.audit import journal
from app.directory.models import Institution
from app.disclosures.basis import recipient_of
from app.documents.receiving import Incoming, received
from app.kit.clock import local_date
from app.kit.errors import Conflict, KeyMissing, NotFound
from app.kit.idempotency import KEY_HEADER
from app.kit.ids import new_id
from app.referrals.feedback import feedback_agreed
from app.referrals.messages.asking import addressed
from app.referrals.messages.models import ReferralMessage
from app.referrals.messages.rules import MOST_FILE_BYTES, MOST_FILES, WRITE, Kind
from app.referrals.messages.thread import note_said, require_writable
from app.referrals.models import ReferralRequest
from app.referrals.rules import Side

TITLE = "Datei der Institution"
"""What it is called until the team says what it is."""

_TAKE = "SELECT take_recipients_file($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"


async def _for_referral(request: Request, referral_id: UUID) -> AsyncIterator[Incoming]:
    async def may_come(ctx: Context) -> None:
        if KEY_HEADER not in request.headers:
            raise KeyMissing
        found = await ctx.db.scalar(select(ReferralRequest).where(ReferralRequest.id == referral_id))
        if not isinstance(found, ReferralRequest):
            raise NotFound
        await _require_allowed(ctx, found, is_agreed=await feedback_agreed(ctx, referral_id))

    permission = Permission.PARTNER_REFERRAL_ANSWER
    async with received(request, permission, may_come, MOST_FILE_BYTES, is_guest=True) as incoming:
        yield incoming


setattr(_for_referral, PERMISSION, Permission.PARTNER_REFERRAL_ANSWER)

ForReferral = Annotated[Incoming, Depends(_for_referral, scope="function")]
"""Stands before the guard of its operation: received outside of the request's transaction."""


async def bring_file(ctx: Context, referral_id: UUID, incoming: Incoming) -> UUID:
    """Put a received file into the thread and the case, and return the message's id.

    Raises 409 for a thread that is over, without a consent to feedback, of an authority that answers in codes
    only, for one file too many, and where the case takes none.
    """
    agreed = await feedback_agreed(ctx, referral_id)
    request = await addressed(ctx, referral_id)
    await _require_allowed(ctx, request, is_agreed=agreed)
    require_writable(ctx, request)
    await _require_room(ctx, request)
    message = ReferralMessage(
        municipal_area_id=request.municipal_area_id,
        id=new_id(),
        referral_id=request.id,
        institution_id=request.institution_id,
        at=ctx.now,
        side=Side.RECIPIENT,
        kind=Kind.FILE,
        data_categories=[],
    )
    ctx.db.add(message)
    await ctx.db.flush()
    if not await _take(ctx, message.id, incoming):
        raise Conflict(
            "The sender takes no file on this referral. Ask them by a coded word to call.",
            code="file_not_taken",
        )
    incoming.is_taken = True
    await journal.record(
        ctx.db,
        "referral.bring_file",
        "referral",
        request.id,
        clients=[request.client_pseudonym],
        purpose="feedback",
        legal_basis="consent",
    )
    await note_said(ctx, request, message, Side.RECIPIENT, WRITE)
    return message.id


async def _require_allowed(ctx: Context, request: ReferralRequest, *, is_agreed: bool) -> None:
    require_place(ctx, request.institution_id, *AT_AN_INSTITUTION)
    kind = await ctx.db.scalar(
        select(Institution.institution_type).where(Institution.id == request.institution_id)
    )
    if recipient_of(str(kind)).receives_notifications:
        raise Conflict("This authority answers in codes only: it sends no file.", code="coded_only")
    if not is_agreed:
        raise Conflict(
            "The client has not agreed that you tell about them: a file cannot be taken.",
            code="feedback_not_agreed",
        )


async def _require_room(ctx: Context, request: ReferralRequest) -> None:
    there = select(func.count()).where(
        ReferralMessage.referral_id == request.id, ReferralMessage.kind == Kind.FILE
    )
    if (await ctx.db.scalar(there) or 0) >= MOST_FILES:
        raise Conflict(f"A referral takes at most {MOST_FILES} files.", code="too_many_files")


async def _take(ctx: Context, message_id: UUID, incoming: Incoming) -> bool:
    driver = await ctx.db.driver()
    taken = await driver.fetchval(
        _TAKE,
        message_id,
        incoming.document_id,
        incoming.blob_id,
        incoming.kind.code,
        incoming.size_bytes,
        incoming.sha256,
        incoming.is_scanned,
        incoming.sealed_key,
        TITLE,
        ctx.now,
        local_date(ctx.now),
    )
    return bool(taken)
