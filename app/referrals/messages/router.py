"""Messages on a referral over HTTP: first the sender's side, then the institution's."""

import re
from dataclasses import replace
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.documents.download import Attachment, attachment
from app.documents.receiving import BODY
from app.documents.shelf import Shelf, shelf_at
from app.kit.idempotency import Idempotent, IdempotentForSure, IdempotentStreamForSure
from app.kit.octets import OCTETS
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.referrals.messages import asking, bringing, files, queries, sending
from app.referrals.messages.bringing import ForReferral
from app.referrals.messages.schemas import (
    InformationAnswer,
    InformationDecline,
    MessageMarked,
    MessageWrite,
    PartnerMessageRead,
    PartnerMessageWrite,
    ReferralMessageRead,
)

router = Router(prefix="/v1")
OWN = "/referrals/{referral_id}/messages"
ADDRESSED = "/partner/referrals/{referral_id:uuid}/messages"
FILES = "/partner/referrals/{referral_id:uuid}/files"
UPLOADS = re.compile(r"/v1/partner/referrals/[0-9a-fA-F-]{32,36}/files")
"""The addresses to which an institution sends whole files."""
_SENDER: list[str | Enum] = ["referrals"]
_PARTNER: list[str | Enum] = ["partner referrals"]

Reading = Annotated[Context, allow(Permission.REFERRAL_READ)]
Sending = Annotated[Context, allow(Permission.REFERRAL_SEND)]
PartnerReading = Annotated[Context, allow(Permission.PARTNER_REFERRAL_READ)]
PartnerAnswering = Annotated[Context, allow(Permission.PARTNER_REFERRAL_ANSWER)]
TheShelf = Annotated[Shelf, Depends(shelf_at)]
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, to be saved",
        "content": {OCTETS: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get(OWN, response_model=Page[ReferralMessageRead], tags=_SENDER)
async def list_messages(ctx: Reading, page: Paging, referral_id: UUID) -> JsonBytes:
    """Read what was said on a referral, the first message first."""
    return await queries.list_messages(ctx, referral_id, page)


@router.post(OWN, status_code=201, response_model=ReferralMessageRead, tags=_SENDER)
async def write_message(ctx: Sending, once: Idempotent, referral_id: UUID, body: MessageWrite) -> JsonBytes:
    """Say something to the institution: a coded word, or a text on the basis of the referral.

    A text names the data categories that it tells of. It is a disclosure, so each of them must be covered:
    nothing that is said here widens what the client agreed to.
    """
    made = await once.run(ctx.db, sending.write_message(ctx, referral_id, body))
    return await queries.read_message(ctx, referral_id, made, status=201)


@router.post(OWN + "/{message_id}/answer", status_code=201, response_model=ReferralMessageRead, tags=_SENDER)
async def answer_information_request(
    ctx: Sending, once: Idempotent, referral_id: UUID, message_id: UUID, body: InformationAnswer
) -> JsonBytes:
    """Answer a request for more information, within what the basis of the referral covers.

    It ends the request; `result` says whether it is answered.
    """
    made = await once.run(ctx.db, sending.answer_request(ctx, referral_id, message_id, body))
    return await queries.read_message(ctx, referral_id, made, status=201)


@router.post(OWN + "/{message_id}/decline", response_model=ReferralMessageRead, tags=_SENDER)
async def decline_information_request(
    ctx: Sending, once: Idempotent, referral_id: UUID, message_id: UUID, body: InformationDecline
) -> JsonBytes:
    """Say with a code that it is not told."""
    asked = await once.run(ctx.db, sending.decline_request(ctx, referral_id, message_id, body))
    return await queries.read_message(ctx, referral_id, asked)


@router.post(OWN + "/{message_id}/read", response_model=ReferralMessageRead, tags=_SENDER)
async def mark_message_read(ctx: Sending, once: Idempotent, referral_id: UUID, message_id: UUID) -> JsonBytes:
    """Mark what the institution said, up to this message, as read."""
    marked = await once.run(ctx.db, sending.mark_read_by_sender(ctx, referral_id, message_id))
    return await queries.read_message(ctx, referral_id, marked)


@router.get(ADDRESSED, response_model=Page[PartnerMessageRead], tags=_PARTNER)
async def list_partner_messages(ctx: PartnerReading, page: Paging, referral_id: UUID) -> JsonBytes:
    """Read what was said on a referral, the first message first; nothing while its package cannot be read."""
    return await queries.list_addressed(ctx, referral_id, page)


@router.post(ADDRESSED, status_code=201, response_model=PartnerMessageRead, tags=_PARTNER)
async def write_partner_message(
    ctx: PartnerAnswering, once: IdempotentForSure, referral_id: UUID, body: PartnerMessageWrite
) -> JsonBytes:
    """Say something to the sender, or ask for more information by data category.

    Words about the client need their consent to feedback; coded words and named categories never do.
    """
    made = await once.run(ctx.db, asking.write_as_recipient(ctx, referral_id, body))
    return await queries.read_addressed(ctx, referral_id, made, status=201)


@router.post(FILES, status_code=201, response_model=PartnerMessageRead, tags=_PARTNER, openapi_extra=BODY)
async def send_partner_file(
    incoming: ForReferral, ctx: PartnerAnswering, once: IdempotentStreamForSure, referral_id: UUID
) -> JsonBytes:
    """Send a file with one's answer, such as a confirmation, at most 10 MiB and ten to a referral.

    It needs the client's consent to feedback and goes to the team of the case alone. An authority of
    residence or naturalisation law sends none.
    """
    once = replace(once, digest=bytes.fromhex(incoming.sha256))
    made = await once.run(ctx.db, bringing.bring_file(ctx, referral_id, incoming))
    return await queries.read_addressed(ctx, referral_id, made, status=201)


@router.post(ADDRESSED + "/{message_id}/withdraw", response_model=MessageMarked, tags=_PARTNER)
async def withdraw_information_request(
    ctx: PartnerAnswering, once: IdempotentForSure, referral_id: UUID, message_id: UUID
) -> JsonBytes:
    """Take a request for more information back."""
    asked = await once.run(ctx.db, asking.withdraw_request(ctx, referral_id, message_id))
    return await queries.read_after_mark(ctx, referral_id, asked)


@router.post(ADDRESSED + "/{message_id}/read", response_model=MessageMarked, tags=_PARTNER)
async def mark_partner_message_read(
    ctx: PartnerAnswering, once: IdempotentForSure, referral_id: UUID, message_id: UUID
) -> JsonBytes:
    """Mark what the sender said, up to this message, as read."""
    marked = await once.run(ctx.db, asking.mark_read_by_recipient(ctx, referral_id, message_id))
    return await queries.read_after_mark(ctx, referral_id, marked)


@router.get(
    ADDRESSED + "/{message_id}/attachments/{attachment_id}",
    response_class=Attachment,
    responses=_FILE,
    tags=_PARTNER,
)
async def download_attachment(
    ctx: PartnerReading, shelf: TheShelf, referral_id: UUID, message_id: UUID, attachment_id: UUID
) -> Attachment:
    """Download a file that came with a message, to be saved and never shown; the journal keeps who."""
    return attachment(*await files.open_attachment(ctx, shelf, referral_id, message_id, attachment_id))
