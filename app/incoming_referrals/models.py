"""Tables of incoming referrals: what both sides see, what was received, messages, and the unit's own side.

No table that an institution reads has a client, a case or a person in charge in it.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, FetchedValue, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.incoming_referrals.rules import (
    BASES,
    QUESTIONS,
    TOLD,
    URGENCIES,
    WAITING,
    WITHDRAW_REASONS,
    Side,
    State,
)
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area

_WAITING = f"state IN ({', '.join(repr(str(state)) for state in WAITING)})"


def _to_referral(name: str, column: str) -> ForeignKeyConstraint:
    """Point to a referral of the same institution: nobody hangs a row on somebody else's."""
    target: Sequence[str] = [
        f"incoming_referrals.{key}" for key in ("municipal_area_id", "id", "institution_id")
    ]
    return ForeignKeyConstraint(["municipal_area_id", column, "institution_id"], target, name=name)


class IncomingReferral(OfArea, Versioned, Table):
    """What institution and unit both see: who asks whom, how urgent, where it stands. No person."""

    __tablename__ = "incoming_referrals"
    __table_args__ = (
        to_area("institution_id", "institutions"),
        to_area("unit_id", "units"),
        to_area("created_by", "users"),
        UniqueConstraint("municipal_area_id", "id", "institution_id", name="uq_incoming_referrals_of"),
        one_of("urgency", URGENCIES),
        one_of("legal_basis", BASES),
        one_of("state", tuple(State)),
        one_of("reason", TOLD),
        one_of("withdraw_reason", WITHDRAW_REASONS),
        CheckConstraint(f"({_WAITING}) = (deadline_at IS NOT NULL)", name="deadline"),
        CheckConstraint("(state = 'rejected') = (reason IS NOT NULL)", name="rejected_has_reason"),
        CheckConstraint("(state = 'withdrawn') = (withdraw_reason IS NOT NULL)", name="withdrawn_has_reason"),
        Index("ix_incoming_referrals_institution", "municipal_area_id", "institution_id", "id"),
        Index("ix_incoming_referrals_feed", "municipal_area_id", "institution_id", "changed_xid", "id"),
        Index("ix_incoming_referrals_due", "municipal_area_id", "deadline_at",
              postgresql_where=text("deadline_at IS NOT NULL")),
    )  # fmt: skip

    institution_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    created_by: Mapped[UUID]
    reference: Mapped[str | None]
    """The institution's own sign."""
    urgency: Mapped[str]
    legal_basis: Mapped[str]
    state: Mapped[str]
    requested_at: Mapped[datetime]
    waits_since: Mapped[datetime]
    """When the one whose turn it is got it."""
    deadline_at: Mapped[datetime | None]
    """Until when it is waited for: for the unit's decision, or after a question for the reply."""
    reminded: Mapped[int] = mapped_column(server_default="0")
    """How often silence was told since then."""
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    """Of a rejection, as the institution may know it."""
    withdraw_reason: Mapped[str | None]
    sha256: Mapped[str]
    """Of what was received: stays when that is erased."""


class ReceivedData(OfArea, Table):
    """The frozen snapshot of what the institution wrote. Same id as its referral."""

    __tablename__ = "received_data"
    __table_args__ = (_to_referral("fk_received_data_referral", "id"),)

    institution_id: Mapped[UUID]
    content: Mapped[str]
    """Canonical JSON, so that the digest can be checked."""
    received_at: Mapped[datetime]
    is_shut: Mapped[bool] = mapped_column(server_default="false", server_onupdate=FetchedValue())
    """The institution reads it no more: the unit has decided. Follows the state by trigger."""
    stopped_at: Mapped[datetime | None] = mapped_column(server_onupdate=FetchedValue())
    """Since then the unit does not read it either, for good."""


class IncomingMessage(OfArea, Table):
    """A question, a reply, or what was said with a rejection. Both sides read it; no person signs it."""

    __tablename__ = "incoming_messages"
    __table_args__ = (
        _to_referral("fk_incoming_messages_referral", "incoming_id"),
        one_of("side", tuple(Side)),
        one_of("step", ("ask", "reply", "reject")),
        one_of("question", QUESTIONS),
        CheckConstraint("(step = 'ask') = (question IS NOT NULL)", name="has_question"),
        CheckConstraint("(step = 'reply') = (side = 'institution')", name="side_of_step"),
        Index("ix_incoming_messages_referral", "municipal_area_id", "incoming_id", "at"),
    )

    incoming_id: Mapped[UUID]
    institution_id: Mapped[UUID]
    at: Mapped[datetime]
    side: Mapped[str]
    step: Mapped[str]
    question: Mapped[str | None]
    text: Mapped[str | None]


class IncomingReceipt(OfArea, Table):
    """The unit's own side: which client and case came of it. Same id as the referral."""

    __tablename__ = "incoming_receipts"
    __table_args__ = (
        to_area("id", "incoming_referrals"),
        to_area("client_id", "clients", ondelete="CASCADE"),
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("accepted_by", "users"),
        Index("ix_incoming_receipts_client", "municipal_area_id", "client_id"),
        Index("ix_incoming_receipts_case", "municipal_area_id", "case_id"),
    )

    client_id: Mapped[UUID]
    case_id: Mapped[UUID]
    accepted_by: Mapped[UUID]
    accepted_at: Mapped[datetime]
    end_acknowledged_at: Mapped[datetime | None]
    """When the unit noted that the consent was withdrawn, or the referral an error, after its acceptance."""
