"""Messages on referrals in a timeline: that something was said, never what."""

from typing import Literal
from uuid import UUID

from app.kit.schema import NamedRef, Read
from app.work.timeline.entries import TimelineEntry
from app.work.timeline.source import INSTITUTION, Source

_DETAILS = f"""json_build_object('referral_id', t.referral_id,
    'institution', {INSTITUTION.format("t")}, 'side', t.side, 'state', t.state)"""
SAID = Source(
    kind="message",
    rows="referral_messages_of_case t",
    where="true",
    at="t.at",
    actor="NULL",
    what="""CASE WHEN t.kind = 'information_request' THEN 'asked'
        WHEN t.answers_id IS NOT NULL THEN 'answered' ELSE 'said' END""",
    details=_DETAILS,
)
REQUEST_OVER = Source(
    kind="message",
    rows="referral_messages_of_case t",
    where="t.state IN ('declined', 'withdrawn')",
    at="t.closed_at",
    actor="NULL",
    what="t.state",
    details=_DETAILS,
)


class MessageLine(Read):
    """On which referral, by which side; what was said is read with the thread."""

    referral_id: UUID
    institution: NamedRef
    side: Literal["sender", "recipient"]
    state: Literal["open", "answered", "declined", "withdrawn"] | None


class MessageEntry(TimelineEntry):
    """Something was said on a referral, or a request for more information was asked or ended."""

    kind: Literal["message"]
    what: Literal["said", "asked", "answered", "declined", "withdrawn"]
    details: MessageLine
