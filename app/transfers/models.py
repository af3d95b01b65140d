"""Tables of transfers: the sender's side, and the receiver's, which never stand in one row.

Nothing points from one area into another: the receiving unit is named by id and name, without a foreign key.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, Versioned, one_of, to_area
from app.transfers.rules import (
    CROSSED,
    DECLINE_REASONS,
    REASONS,
    TARGET_GROUPS,
    UNDER_WAY,
    URGENCIES,
    WITHDRAW_REASONS,
    State,
)

_UNDER_WAY = f"state IN ({', '.join(repr(str(state)) for state in UNDER_WAY)})"
_CROSSED = f"state IN ({', '.join(repr(str(state)) for state in CROSSED)})"


class CaseTransfer(OfArea, Versioned, Table):
    """The sender's side: which case, to which unit, what is to be handed over, and where it stands."""

    __tablename__ = "case_transfers"
    __table_args__ = (
        to_area("case_id", "cases"),
        to_area("consent_id", "consents"),
        to_area("created_by", "users"),
        to_area("offered_by", "users"),
        one_of("reason", REASONS),
        one_of("urgency", URGENCIES),
        one_of("target_group", TARGET_GROUPS),
        one_of("state", tuple(State)),
        one_of("decline_reason", DECLINE_REASONS),
        one_of("withdraw_reason", WITHDRAW_REASONS),
        CheckConstraint(
            "num_nulls(offered_at, offered_by, consent_id, deadline_at) IN (0, 4)", name="offered"
        ),
        CheckConstraint("offered_at IS NOT NULL OR state IN ('drafted', 'withdrawn')", name="unoffered"),
        CheckConstraint(f"({_UNDER_WAY}) = (ended_at IS NULL)", name="ended"),
        CheckConstraint("'master_data' = ANY (data_categories)", name="with_master_data"),
        Index("ix_case_transfers_case", "municipal_area_id", "case_id", "changed_xid"),
        Index("ix_case_transfers_consent", "municipal_area_id", "consent_id"),
        Index(
            "ix_case_transfers_due", "municipal_area_id", "deadline_at", postgresql_where=text(_CROSSED)
        ),
        Index(
            "ix_case_transfers_unsettled", "municipal_area_id", "ended_at",
            postgresql_where=text("state = 'received' AND settled_at IS NULL AND settle_reminded_at IS NULL"),
        ),
        Index(
            "uq_case_transfers_under_way", "municipal_area_id", "case_id",
            unique=True, postgresql_where=text(_UNDER_WAY),
        ),
    )  # fmt: skip

    case_id: Mapped[UUID]
    consent_id: Mapped[UUID | None]
    """The consent it rests on, from the moment of offering."""
    receiving_area_id: Mapped[str]
    receiving_unit_id: Mapped[UUID]
    receiving_unit_name: Mapped[str]
    """As it was called then: the unit of another area is not looked up again."""
    reason: Mapped[str]
    urgency: Mapped[str]
    language: Mapped[str | None]
    target_group: Mapped[str | None]
    data_categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    contact_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """The entries of the case that go along; checked when written."""
    document_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """The documents of case and client that are to go along; looked at again at each step."""
    state: Mapped[str]
    offered_at: Mapped[datetime | None]
    offered_by: Mapped[UUID | None]
    deadline_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    decline_reason: Mapped[str | None]
    withdraw_reason: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    """When it was decided what becomes of what is open in the case that was closed."""
    settle_reminded_at: Mapped[datetime | None]
    consent_withdrawn_at: Mapped[datetime | None]
    """After the receipt: too late for the transfer, so the receiving unit is told and acknowledges."""
    withdrawal_acknowledged_at: Mapped[datetime | None]
    created_by: Mapped[UUID]


class TransferPackage(OfArea, Table):
    """The frozen snapshot of what was offered. Same id as its transfer."""

    __tablename__ = "transfer_packages"
    __table_args__ = (to_area("id", "case_transfers", ondelete="CASCADE"), to_area("case_id", "cases"))

    case_id: Mapped[UUID]
    content: Mapped[str]
    """Canonical JSON, so that the digest can be checked for ever."""
    sha256: Mapped[str]
    frozen_at: Mapped[datetime]
    has_hidden_member: Mapped[bool] = mapped_column(server_default="false")
    """Somebody of the household whom it names is hidden now: it is on hold. Written by the database alone."""


class TransferOffer(OfArea, Versioned, Table):
    """What the receiving unit sees, in its own area: no person. Same id as the transfer."""

    __tablename__ = "transfer_offers"
    __table_args__ = (
        to_area("unit_id", "units"),
        to_area("accepted_by", "users"),
        to_area("case_manager_id", "users"),
        one_of("state", tuple(state for state in State if state is not State.DRAFTED)),
        one_of("decline_reason", DECLINE_REASONS),
        CheckConstraint("num_nulls(accepted_at, accepted_by, case_manager_id) IN (0, 3)", name="accepted"),
        CheckConstraint(f"({_CROSSED}) = (ended_at IS NULL)", name="ended"),
        Index("ix_transfer_offers_unit", "municipal_area_id", "unit_id", "id"),
        Index("ix_transfer_offers_case_manager", "municipal_area_id", "case_manager_id"),
    )

    unit_id: Mapped[UUID]
    sending_area_id: Mapped[str]
    sending_unit_id: Mapped[UUID]
    sending_unit_name: Mapped[str]
    reason: Mapped[str]
    urgency: Mapped[str]
    language: Mapped[str | None]
    """Gone, like target group and categories, when it ended without a receipt."""
    target_group: Mapped[str | None]
    data_categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    state: Mapped[str]
    offered_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None]
    case_manager_id: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    decline_reason: Mapped[str | None]
    consent_withdrawn_at: Mapped[datetime | None]
    withdrawal_acknowledged_at: Mapped[datetime | None]


class ReceivedPackage(OfArea, Table):
    """The copy that crossed: for the case manager who was named, later for the team of their case."""

    __tablename__ = "received_packages"
    __table_args__ = (
        to_area("id", "transfer_offers"),
        to_area("unit_id", "units"),
        to_area("case_manager_id", "users"),
        to_area("case_id", "cases"),
        Index("ix_received_packages_case", "municipal_area_id", "case_id"),
    )

    unit_id: Mapped[UUID]
    case_manager_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    content: Mapped[str]
    sha256: Mapped[str]
    frozen_at: Mapped[datetime]
    readable_until: Mapped[datetime | None]
    """Without a case it is read before this moment: the end of the last day of the consent it rests on."""


class NamedMember(OfArea, Table):
    """A client whom a frozen package names as a member of the household; for the database alone."""

    __tablename__ = "named_members"
    __table_args__ = (
        to_area("member_client_id", "clients", ondelete="CASCADE"),
        to_area("referral_id", "referral_packages", ondelete="CASCADE"),
        to_area("transfer_id", "transfer_packages", ondelete="CASCADE"),
        CheckConstraint("num_nonnulls(referral_id, transfer_id) = 1", name="one_package"),
        Index("ix_named_members_member", "municipal_area_id", "member_client_id"),
        Index(
            "uq_named_members_referral", "municipal_area_id", "referral_id", "member_client_id",
            unique=True, postgresql_where=text("referral_id IS NOT NULL"),
        ),
        Index(
            "uq_named_members_transfer", "municipal_area_id", "transfer_id", "member_client_id",
            unique=True, postgresql_where=text("transfer_id IS NOT NULL"),
        ),
    )  # fmt: skip

    member_client_id: Mapped[UUID]
    referral_id: Mapped[UUID | None]
    transfer_id: Mapped[UUID | None]
