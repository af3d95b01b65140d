"""Tables of referrals: what both sides see, the sender's side, the package, history and answers.

Row-level security hides rows and not columns, so what a partner may see is a table of its own: no table
that a partner reads has a case or a client in it.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    FetchedValue,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, Versioned, one_of, to_area
from app.referrals.rules import (
    CANCEL_REASONS,
    CHANNELS,
    HOLD_REASONS,
    NOT_DISCLOSED,
    URGENCIES,
    Delivery,
    Side,
    Task,
)


def _to_request(name: str, column: str = "referral_id") -> ForeignKeyConstraint:
    """Point to a request at its own institution: nobody hangs a row on somebody else's referral."""
    target: Sequence[str] = [
        f"referral_requests.{key}" for key in ("municipal_area_id", "id", "institution_id")
    ]
    return ForeignKeyConstraint(["municipal_area_id", column, "institution_id"], target, name=name)


class ReferralRequest(OfArea, Versioned, Table):
    """What sender and recipient both see: who asks whom, how urgent, where it stands. No content."""

    __tablename__ = "referral_requests"
    __table_args__ = (
        to_area("institution_id", "institutions"),
        to_area("unit_id", "units"),
        UniqueConstraint("municipal_area_id", "id", "institution_id", name="uq_referral_requests_addressed"),
        one_of("channel", CHANNELS),
        one_of("urgency", URGENCIES),
        one_of("state", tuple(Task)),
        one_of("delivery", tuple(Delivery)),
        one_of("hold_reason", (*HOLD_REASONS, NOT_DISCLOSED)),
        one_of("cancel_reason", (*CANCEL_REASONS, NOT_DISCLOSED)),
        CheckConstraint("(requested_at IS NULL) = (delivery IS NULL)", name="sent_has_delivery"),
        CheckConstraint(
            "requested_at IS NOT NULL OR state IN ('draft', 'cancelled', 'entered_in_error')", name="unsent"
        ),
        CheckConstraint("state <> 'draft' OR requested_at IS NULL", name="draft_is_unsent"),
        Index("ix_referral_requests_recipient", "municipal_area_id", "institution_id", "id"),
        Index("ix_referral_requests_due", "municipal_area_id", "deadline_at",
              postgresql_where=text("state = 'requested'")),
    )  # fmt: skip

    institution_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    """Who sends."""
    client_pseudonym: Mapped[UUID]
    """For the journal of the recipient's reads; random, and in no answer."""
    channel: Mapped[str]
    urgency: Mapped[str]
    state: Mapped[str]
    delivery: Mapped[str | None]
    requested_at: Mapped[datetime | None]
    deadline_at: Mapped[datetime | None]
    reminded_day: Mapped[int] = mapped_column(server_default="0")
    """The last day of reminder that was told; 0 for none."""
    sent_back_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    rejection_reason: Mapped[str | None]
    hold_reason: Mapped[str | None]
    cancel_reason: Mapped[str | None]
    outcome: Mapped[str | None]
    revocation_acknowledged_at: Mapped[datetime | None]


class Referral(OfArea, Table):
    """The sender's side: whose it is, why, and on which basis. Same id as its request."""

    __tablename__ = "referrals"
    __table_args__ = (
        to_area("id", "referral_requests"),
        to_area("case_id", "cases"),
        to_area("client_id", "clients"),
        to_area("consent_id", "consents"),
        to_area("created_by", "users"),
        CheckConstraint("num_nonnulls(concern_code, concern_text) = 1", name="one_concern"),
        Index("ix_referrals_case", "municipal_area_id", "case_id"),
        Index("ix_referrals_client", "municipal_area_id", "client_id"),
        Index("ix_referrals_consent", "municipal_area_id", "consent_id"),
    )

    case_id: Mapped[UUID]
    client_id: Mapped[UUID]
    consent_id: Mapped[UUID | None]
    """The consent it rests on, from the moment of sending."""
    legal_basis: Mapped[str]
    necessity: Mapped[str | None]
    data_categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    concern_code: Mapped[str | None]
    concern_text: Mapped[str | None]
    note: Mapped[str | None]
    created_by: Mapped[UUID]


class ReferralPackage(OfArea, Table):
    """The frozen snapshot of what was sent. Same id as its request; what changes is only who may read it."""

    __tablename__ = "referral_packages"
    __table_args__ = (_to_request("fk_referral_packages_request", "id"),)

    institution_id: Mapped[UUID]
    is_on_platform: Mapped[bool]
    content: Mapped[str]
    """Canonical JSON, so that the digest can be checked for ever."""
    sha256: Mapped[str]
    frozen_at: Mapped[datetime]
    withheld_at: Mapped[datetime | None]
    """From then on the recipient does not see it, for good."""
    readable_until: Mapped[datetime | None]
    """The recipient sees it before this moment: the end of the last day of the consent it rests on."""
    is_shut: Mapped[bool] = mapped_column(server_default="false", server_onupdate=FetchedValue())
    """The state of the request keeps the recipient from it; follows the state by trigger."""


class ReferralEvent(OfArea, Table):
    """One step in the history of a referral: codes, no text."""

    __tablename__ = "referral_events"
    __table_args__ = (
        _to_request("fk_referral_events_request"),
        one_of("side", tuple(Side)),
        Index("ix_referral_events_referral", "municipal_area_id", "referral_id"),
    )

    referral_id: Mapped[UUID]
    institution_id: Mapped[UUID]
    at: Mapped[datetime]
    step: Mapped[str]
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    side: Mapped[str]
    user_id: Mapped[UUID | None]
    """None: the system."""
    reason: Mapped[str | None]
    source: Mapped[str | None]
    """Off the platform: where the sender knows it from."""


class ReferralAnswer(OfArea, Table):
    """What the recipient wrote about the client, kept only with a consent to feedback."""

    __tablename__ = "referral_answers"
    __table_args__ = (
        _to_request("fk_referral_answers_request"),
        Index("ix_referral_answers_referral", "municipal_area_id", "referral_id"),
    )

    referral_id: Mapped[UUID]
    institution_id: Mapped[UUID]
    at: Mapped[datetime]
    step: Mapped[str]
    text: Mapped[str]
    source: Mapped[str | None]
    user_id: Mapped[UUID]
