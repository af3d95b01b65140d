"""Tables of duties: the request with its reasons, and the package that is decided on."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, Versioned, one_of, to_area
from app.referrals.duties.rules import NORMS, OPEN, State

_OPEN = f"state IN ({', '.join(repr(str(state)) for state in OPEN)})"


class Duty(OfArea, Versioned, Table):
    """The request to send one draft without consent: why, who prepared it, who decided."""

    __tablename__ = "duties"
    __table_args__ = (
        to_area("referral_id", "referral_requests"),
        to_area("case_id", "cases"),
        to_area("unit_id", "units"),
        to_area("institution_id", "institutions"),
        to_area("drafted_by", "users"),
        to_area("prepared_by", "users"),
        to_area("decided_by", "users"),
        one_of("state", tuple(State)),
        one_of("norm", tuple(NORMS)),
        CheckConstraint("decided_by <> prepared_by AND decided_by <> drafted_by", name="second_person"),
        CheckConstraint("num_nulls(decided_by, decided_at) IN (0, 2)", name="decided_whole"),
        CheckConstraint(
            "state NOT IN ('approved', 'refused', 'sent') OR decided_by IS NOT NULL", name="decided"
        ),
        CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name="refused_has_reason"),
        CheckConstraint("num_nulls(asked_by, asked_on) IN (0, 2)", name="asked_whole"),
        CheckConstraint(f"({_OPEN}) = (ended_at IS NULL)", name="ended"),
        Index("ix_duties_case", "municipal_area_id", "case_id"),
        Index("ix_duties_unit", "municipal_area_id", "unit_id", "id"),
        Index("ix_duties_due", "municipal_area_id", "valid_until", postgresql_where=text(_OPEN)),
        Index(
            "uq_duties_open", "municipal_area_id", "referral_id",
            unique=True, postgresql_where=text(_OPEN),
        ),
    )  # fmt: skip

    referral_id: Mapped[UUID]
    case_id: Mapped[UUID]
    client_pseudonym: Mapped[UUID]
    unit_id: Mapped[UUID]
    institution_id: Mapped[UUID]
    is_restricted: Mapped[bool] = mapped_column(server_default=text("false"))
    """Follows the client: then nobody outside the case's team knows of it."""
    state: Mapped[str]
    norm: Mapped[str]
    law_as_of: Mapped[date]
    legal_basis: Mapped[str]
    asked_by: Mapped[str | None]
    """Who asks, with their file number; none where the law asks by itself."""
    asked_on: Mapped[date | None]
    occasion: Mapped[str]
    necessity: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """By data category: why exactly these."""
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    data_categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    sha256: Mapped[str]
    drafted_by: Mapped[UUID]
    prepared_by: Mapped[UUID]
    requested_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    """Until when it can be decided, then until when it can be sent."""
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    ended_at: Mapped[datetime | None]


class DutyPackage(OfArea, Table):
    """Exactly what would leave, as canonical JSON. Same id as its duty."""

    __tablename__ = "duty_packages"
    __table_args__ = (to_area("id", "duties"), to_area("case_id", "cases"))

    case_id: Mapped[UUID]
    content: Mapped[str]
