"""Tables of messages: what was said on a referral, and which documents went with it.

Both sides read them, so no case, no client and no person stands in them; who wrote is in the journal.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.documents.kinds import KINDS
from app.kit.tables import OfArea, Table, one_of, to_area
from app.referrals.messages.rules import ALL_WORDS, DECLINE_REASONS, RESULTS, Kind, State
from app.referrals.models import to_request
from app.referrals.rules import Side


def _to_message(column: str, name: str) -> ForeignKeyConstraint:
    """Point to a message of the same referral."""
    return ForeignKeyConstraint(
        ["municipal_area_id", "referral_id", column],
        [f"referral_messages.{key}" for key in ("municipal_area_id", "referral_id", "id")],
        name=name,
    )


class ReferralMessage(OfArea, Table):
    """One thing that was said. It stays; what changes is when it was read, and where a request stands."""

    __tablename__ = "referral_messages"
    __table_args__ = (
        to_request("fk_referral_messages_request"),
        _to_message("answers_id", "fk_referral_messages_answers"),
        UniqueConstraint("municipal_area_id", "referral_id", "id", name="uq_referral_messages_of_referral"),
        UniqueConstraint("municipal_area_id", "answers_id", name="uq_referral_messages_answers"),
        one_of("side", (Side.SENDER, Side.RECIPIENT)),
        one_of("kind", tuple(Kind)),
        one_of("code", ALL_WORDS),
        one_of("state", tuple(State)),
        one_of("decline_reason", DECLINE_REASONS),
        CheckConstraint("kind <> 'message' OR num_nonnulls(code, text) = 1", name="word_or_text"),
        CheckConstraint(
            "kind <> 'file' OR (side = 'recipient' AND num_nonnulls(code, text) = 0)",
            name="file_of_recipient",
        ),
        CheckConstraint(
            "CASE WHEN kind = 'information_request'"
            " THEN side = 'recipient' AND code IS NULL AND cardinality(data_categories) > 0"
            " ELSE (side = 'sender' AND text IS NOT NULL) = (cardinality(data_categories) > 0) END",
            name="names_categories",
        ),
        CheckConstraint("answers_id IS NULL OR (side = 'sender' AND kind = 'message')", name="answer"),
        one_of("result", RESULTS),
        CheckConstraint("(answers_id IS NULL) = (result IS NULL)", name="answer_has_result"),
        CheckConstraint("result <> 'answered' OR text IS NOT NULL", name="word_answers_nothing"),
        CheckConstraint(
            "num_nonnulls(state, due_at) = CASE kind WHEN 'information_request' THEN 2 ELSE 0 END",
            name="request_has_state",
        ),
        CheckConstraint("(state <> 'open') IS TRUE = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("(state = 'declined') IS TRUE = (decline_reason IS NOT NULL)", name="declined"),
        Index("ix_referral_messages_open", "municipal_area_id", "referral_id",
              postgresql_where=text("state = 'open'")),
    )  # fmt: skip

    referral_id: Mapped[UUID]
    institution_id: Mapped[UUID]
    at: Mapped[datetime]
    side: Mapped[str]
    kind: Mapped[str]
    code: Mapped[str | None]
    text: Mapped[str | None]
    data_categories: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """What a text of the sender tells of; of a request, what it asks for."""
    answers_id: Mapped[UUID | None]
    """The information request that it answers."""
    result: Mapped[str | None]
    """Of an answer: whether it answers."""
    state: Mapped[str | None]
    due_at: Mapped[datetime | None]
    decline_reason: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    """When the other side read it first."""


class ReferralAttachment(OfArea, Table):
    """A document of the case that went with a message. Its title stays: nobody has looked what it tells.

    Of a file of the recipient it is the document that the case got.
    """

    __tablename__ = "referral_attachments"
    __table_args__ = (
        to_request("fk_referral_attachments_request"),
        _to_message("message_id", "fk_referral_attachments_message"),
        to_area("document_id", "documents", ondelete="CASCADE"),
        UniqueConstraint(
            "municipal_area_id", "message_id", "document_id", name="uq_referral_attachments_document"
        ),
        one_of("kind", tuple(kind.code for kind in KINDS)),
        Index("ix_referral_attachments_document", "municipal_area_id", "document_id"),
        Index("ix_referral_attachments_referral", "municipal_area_id", "referral_id"),
    )

    referral_id: Mapped[UUID]
    institution_id: Mapped[UUID]
    message_id: Mapped[UUID]
    document_id: Mapped[UUID]
    category: Mapped[str]
    kind: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
