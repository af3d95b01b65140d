"""A file that came with a message, as the institution downloads it: to be saved, with a trace.

It is called after what it is: the title that the team gave it may tell more than anybody has looked at.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from app.access.context import Context
from app.audit import journal
from app.catalogues.check import vocabulary
from app.documents.actions import unsealed
from app.documents.shelf import Shelf
from app.kit.errors import Gone, NotFound
from app.referrals.messages.models import ReferralAttachment, ReferralMessage
from app.referrals.models import ReferralPackage, ReferralRequest
from app.referrals.rules import Side

_FILE = "SELECT document_id, kind, size_bytes, blob_id, sealed_key FROM attached_file($1)"


@dataclass(frozen=True, slots=True)
class Attached:
    """What the answer says of a file."""

    title: str
    kind: str
    size_bytes: int


async def open_attachment(
    ctx: Context, shelf: Shelf, referral_id: UUID, message_id: UUID, attachment_id: UUID
) -> tuple[Attached, AsyncIterator[bytes]]:
    """Return a file with its content, proven piece by piece.

    Raises 404 for what is not there or can be read no more, 410 for a document that was removed since, and
    503 when the bytes are away.
    """
    statement = (
        select(ReferralAttachment.category, ReferralRequest.client_pseudonym)
        .join(ReferralMessage, ReferralMessage.id == ReferralAttachment.message_id)
        .join(ReferralRequest, ReferralRequest.id == ReferralAttachment.referral_id)
        .join(ReferralPackage, ReferralPackage.id == ReferralAttachment.referral_id)
        .where(
            ReferralAttachment.id == attachment_id,
            ReferralAttachment.message_id == message_id,
            ReferralAttachment.referral_id == referral_id,
            ReferralMessage.side == Side.SENDER,
            or_(ReferralPackage.readable_until.is_(None), ReferralPackage.readable_until > ctx.now),
        )
    )
    found: Any = (await ctx.db.execute(statement)).one_or_none()
    if found is None:
        raise NotFound
    file = await (await ctx.db.driver()).fetchrow(_FILE, attachment_id)
    if file is None:
        raise Gone("The sender has removed this document.", code="document_removed")
    pieces = await unsealed(
        shelf, ctx.actor.municipal_area_id, file["document_id"], file["blob_id"], file["sealed_key"]
    )
    await journal.record(
        ctx.db,
        "partner_referral.download",
        "referral_attachment",
        attachment_id,
        clients=[found.client_pseudonym],
    )
    title = vocabulary("document_category")[found.category].label_de
    return Attached(title, file["kind"], file["size_bytes"]), pieces
