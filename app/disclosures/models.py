"""Table of the disclosure log."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Text, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, one_of, to_area

DIRECTIONS = ("out", "in")
"""What left the house, and what an institution handed over about a client in a file."""


class Disclosure(OfArea, Table):
    """One disclosure. It outlives case and referral, so it points to them without foreign keys."""

    __tablename__ = "disclosure_log"
    __table_args__ = (
        to_area("institution_id", "institutions"),
        to_area("unit_id", "units"),
        CheckConstraint("num_nonnulls(institution_id, receiving_unit_id) = 1", name="one_recipient"),
        CheckConstraint(
            "num_nulls(receiving_area_id, receiving_unit_id, transfer_id) IN (0, 3)", name="receiving_unit"
        ),
        CheckConstraint("num_nulls(duty_id, approved_by) IN (0, 2)", name="second_person"),
        CheckConstraint("approved_by <> disclosed_by", name="two_persons"),
        one_of("direction", DIRECTIONS),
        CheckConstraint("direction = 'out' OR institution_id IS NOT NULL", name="who_told"),
        Index("ix_disclosure_log_client", "municipal_area_id", "client_pseudonym"),
        Index("ix_disclosure_log_case", "municipal_area_id", "case_id"),
        Index("ix_disclosure_log_at", "municipal_area_id", "at", "id"),
    )

    at: Mapped[datetime]
    case_id: Mapped[UUID]
    client_pseudonym: Mapped[UUID]
    unit_id: Mapped[UUID]
    """The controller that disclosed."""
    institution_id: Mapped[UUID | None]
    receiving_area_id: Mapped[str | None]
    receiving_unit_id: Mapped[UUID | None]
    """The unit that a case was transferred to, in whatever area."""
    legal_basis: Mapped[str]
    purpose: Mapped[str]
    data_categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    channel: Mapped[str]
    referral_id: Mapped[UUID | None]
    transfer_id: Mapped[UUID | None]
    duty_id: Mapped[UUID | None]
    """With the next: without consent to an authority, let through by a second person."""
    approved_by: Mapped[UUID | None]
    document_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """The documents that went to the receiving unit of a transfer."""
    direction: Mapped[str] = mapped_column(server_default="out")
    """`in`: the institution told the unit, by somebody of its own."""
    disclosed_by: Mapped[UUID] = mapped_column(server_default=func.ctx_user())
