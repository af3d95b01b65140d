"""An inquiry that came from an institution follows the answer to its referral; it is counted with that.

That the referral is answered follows by trigger (`migrations/sql/incoming_referrals.sql`).
"""

from uuid import UUID

from app.access.context import Context
from app.inquiries.actions import PERSONAL, count
from app.inquiries.models import Inquiry, InquiryContent
from app.inquiries.rules import RECEIVED
from app.kit.clock import local_date


def follow_acceptance(
    ctx: Context, inquiry: Inquiry, content: InquiryContent, case_id: UUID, *, is_restricted: bool
) -> None:
    """Note which case it is to become and forget the person here: they are a client now.

    It becomes the case when something permits the documentation, as any inquiry does. A restricted person
    is not counted.
    """
    if not is_restricted:
        count(ctx, inquiry, content, RECEIVED, on=content.received_on)
    content.case_id = case_id
    _forget(ctx, content)


def follow_rejection(ctx: Context, inquiry: Inquiry, content: InquiryContent, reason: str) -> None:
    """Decline it: counted as received and as declined, and nobody's name stays."""
    count(ctx, inquiry, content, RECEIVED, on=content.received_on)
    content.finished_on, content.reason = local_date(ctx.now), reason
    count(ctx, inquiry, content, "declined", on=content.finished_on)
    inquiry.state = "declined"
    _forget(ctx, content)


def _forget(ctx: Context, content: InquiryContent) -> None:
    content.forgotten_at = ctx.now
    for name in PERSONAL:
        setattr(content, name, None)
