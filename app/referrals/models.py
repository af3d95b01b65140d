"""Tables of referrals: what both sides see, the sender's side, the package, history and answers.

Row-level security hides rows and not columns, so what a partner may see is a table of its own: no table
that a partner reads has a case or a client in it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    FetchedValue,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.directory.offers.models import to_site
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area
from app.referrals import rules
from app.referrals.rules import (
    CHANNELS,
    NOT_DISCLOSED,
    REVOKE_REASONS,
    URGENCIES,
    Account,
    Delivery,
    Side,
    Task,
)

IS_OPEN = "state IN ('requested', 'accepted', 'in_progress', 'on_hold', 'expired')"
"""Said the same way by the index and by who looks into it; a test holds it against `SENT_AND_OPEN`."""


def to_request(name: str, column: str = "referral_id") -> ForeignKeyConstraint:
    """Point to a request at its own institution: nobody hangs a row on somebody else's referral."""
    keys = ("municipal_area_id", "id", "institution_id")
    target: Sequence[str] = [f"referral_requests.{key}" for key in keys]
    return ForeignKeyConstraint(["municipal_area_id", column, "institution_id"], target, name=name)


class ReferralRequest(OfArea, Versioned, Table):
    """What sender and recipient both see: who asks whom, how urgent, where it stands. No content."""

    __tablename__ = "referral_requests"
    __table_args__ = (
        to_area("institution_id", "institutions"),
        to_area("unit_id", "units"),
        to_site("fk_referral_requests_site"),
        UniqueConstraint("municipal_area_id", "id", "institution_id", name="uq_referral_requests_addressed"),
        one_of("channel", CHANNELS),
        one_of("urgency", URGENCIES),
        one_of("state", tuple(Task)),
        one_of("delivery", tuple(Delivery)),
        one_of("hold_reason", (*rules.HOLD_REASONS, NOT_DISCLOSED)),
        one_of("cancel_reason", (*rules.CANCEL_REASONS, NOT_DISCLOSED)),
        one_of("revoke_reason", REVOKE_REASONS),
        CheckConstraint("(deadline_at IS NULL) = (answer_days IS NULL)", name="answer_within"),
        CheckConstraint("(requested_at IS NULL) = (delivery IS NULL)", name="sent_has_delivery"),
        CheckConstraint(
            "requested_at IS NOT NULL OR state IN ('draft', 'cancelled', 'entered_in_error')", name="unsent"
        ),
        CheckConstraint("state <> 'draft' OR requested_at IS NULL", name="draft_is_unsent"),
        Index("ix_referral_requests_consent_ends", "municipal_area_id", "consent_ends_at",
              postgresql_where=text(IS_OPEN)),
        Index("ix_referral_requests_recipient", "municipal_area_id", "institution_id", "id"),
        Index("ix_referral_requests_feed", "municipal_area_id", "institution_id", "changed_xid", "id",
              postgresql_where=text("requested_at IS NOT NULL AND channel = 'platform'")),
        Index("ix_referral_requests_open", "municipal_area_id", "institution_id", "changed_xid", "id",
              postgresql_where=text(f"requested_at IS NOT NULL AND channel = 'platform' AND {IS_OPEN}")),
        Index("ix_referral_requests_due", "municipal_area_id", "deadline_at",
              postgresql_where=text("state = 'requested'")),
    )  # fmt: skip

    institution_id: Mapped[UUID]
    site_id: Mapped[UUID | None]
    """The site of the institution that it is for; null: the whole institution."""
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
    answer_days: Mapped[int | None]
    """Within how many days an answer is expected, as the setting was when it was sent."""
    reminder_days: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default="{}")
    consent_ends_at: Mapped[datetime | None]
    """The end of the last day of the consent it rests on; the package's `readable_until` says the same."""
    revoke_reason: Mapped[str | None]
    suggested_type: Mapped[str | None]
    """The kind of institution that is responsible instead, as the recipient thinks."""
    revocation_acknowledged_at: Mapped[datetime | None]
    last_message_at: Mapped[datetime | None]


class Referral(OfArea, Table):
    """The sender's side: whose it is, why, and on which basis. Same id as its request."""

    __tablename__ = "referrals"
    __table_args__ = (
        to_area("id", "referral_requests"),
        to_area("case_id", "cases"),
        to_area("client_id", "clients"),
        to_area("consent_id", "consents"),
        to_area("created_by", "users"),
        to_area("follows_id", "referral_requests"),
        to_area("offer_id", "offers"),
        CheckConstraint("num_nonnulls(concern_code, concern_text) = 1", name="one_concern"),
        CheckConstraint("offer_id IS NOT NULL OR NOT waiting_list_ok", name="waiting_for_an_offer"),
        Index("ix_referrals_case", "municipal_area_id", "case_id", "id"),
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
    left_out: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """Fields of the chosen categories that do not go along, as `category.field`."""
    follows_id: Mapped[UUID | None]
    """The referral that it was copied from."""
    offer_id: Mapped[UUID | None]
    waiting_list_ok: Mapped[bool] = mapped_column(server_default="false")


class ReferralPackage(OfArea, Table):
    """The frozen snapshot of what was sent. Same id as its request; what changes is only who may read it."""

    __tablename__ = "referral_packages"
    __table_args__ = (to_request("fk_referral_packages_request", "id"), to_area("offer_id", "offers"))

    institution_id: Mapped[UUID]
    site_id: Mapped[UUID | None]
    """That of its request; follows it by trigger, as with receipts and recalls: policies read it."""
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
    is_outdated: Mapped[bool] = mapped_column(server_default="false")
    """The person was restricted after it was frozen: once shut, it is opened to nobody again."""
    offer_id: Mapped[UUID | None]
    """As the content names it, to be looked for."""


class ReferralEvent(OfArea, Table):
    """One step in the history of a referral: codes, no text."""

    __tablename__ = "referral_events"
    __table_args__ = (
        to_request("fk_referral_events_request"),
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


class ReferralReceipt(OfArea, Table):
    """That a step was taken on the platform, for both sides to keep; same id as the step's event.

    Written by trigger with the event, whoever takes the step; the signed form is made when read (`receipts`).
    """

    __tablename__ = "referral_receipts"
    __table_args__ = (
        to_request("fk_referral_receipts_request"),
        UniqueConstraint("municipal_area_id", "referral_id", "number", name="uq_referral_receipts_number"),
        one_of("side", tuple(Side)),
    )

    referral_id: Mapped[UUID]
    institution_id: Mapped[UUID]
    site_id: Mapped[UUID | None]
    number: Mapped[int]
    """Counts the steps of a referral from 1, so that a missing receipt is noticed."""
    at: Mapped[datetime]
    step: Mapped[str]
    state: Mapped[str]
    """In which the step left the referral."""
    side: Mapped[str]
    package_sha256: Mapped[str]


class ReferralAnswer(OfArea, Table):
    """What the recipient wrote about the client, kept only with a consent to feedback."""

    __tablename__ = "referral_answers"
    __table_args__ = (
        to_request("fk_referral_answers_request"),
        Index("ix_referral_answers_referral", "municipal_area_id", "referral_id"),
    )

    referral_id: Mapped[UUID]
    institution_id: Mapped[UUID]
    at: Mapped[datetime]
    step: Mapped[str]
    text: Mapped[str]
    source: Mapped[str | None]
    user_id: Mapped[UUID]


class ReferralRecall(OfArea, Versioned, Table):
    """What a recipient is asked after the consent has ended: to confirm, and what became of the data.

    Same id as its request. Codes and a norm, no words about the client.
    """

    __tablename__ = "referral_recalls"
    __table_args__ = (
        to_request("fk_referral_recalls_request", "id"),
        one_of("reason", REVOKE_REASONS),
        one_of("account", tuple(Account)),
        one_of("kept_reason", rules.KEPT_REASONS),
        CheckConstraint("num_nulls(account, answered_at, answered_by) IN (0, 3)", name="answered"),
        CheckConstraint("(account = 'deleted') IS TRUE = (deleted_on IS NOT NULL)", name="deleted"),
        CheckConstraint(
            "(account = 'kept') IS TRUE = (kept_reason IS NOT NULL)"
            " AND (kept_reason IS NULL) = (norm IS NULL)",
            name="kept",
        ),
        CheckConstraint("account IS NULL OR acknowledged_at IS NOT NULL", name="acknowledged"),
        Index("ix_referral_recalls_institution", "municipal_area_id", "institution_id", "id"),
        Index("ix_referral_recalls_due", "municipal_area_id", "due_at",
              postgresql_where=text("answered_at IS NULL AND chased_at IS NULL")),
    )  # fmt: skip

    institution_id: Mapped[UUID]
    site_id: Mapped[UUID | None]
    client_pseudonym: Mapped[UUID]
    """For the journal; random, and in no answer."""
    is_on_platform: Mapped[bool]
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    account: Mapped[str | None]
    deleted_on: Mapped[date | None]
    kept_reason: Mapped[str | None]
    norm: Mapped[str | None]
    """The rule by which it is kept."""
    source: Mapped[str | None]
    """Off the platform: where the sender knows it from."""
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]
    chased_at: Mapped[datetime | None]
    """When the team was given a task, because nothing had come."""
