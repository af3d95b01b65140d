"""Table of the disclosure log."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Index, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, to_area


class Disclosure(OfArea, Table):
    """One disclosure. It outlives case and referral, so it points to them without foreign keys."""

    __tablename__ = "disclosure_log"
    __table_args__ = (
        to_area("institution_id", "institutions"),
        to_area("unit_id", "units"),
        Index("ix_disclosure_log_client", "municipal_area_id", "client_pseudonym"),
        Index("ix_disclosure_log_case", "municipal_area_id", "case_id"),
    )

    at: Mapped[datetime]
    case_id: Mapped[UUID]
    client_pseudonym: Mapped[UUID]
    unit_id: Mapped[UUID]
    """The controller that disclosed."""
    institution_id: Mapped[UUID]
    legal_basis: Mapped[str]
    purpose: Mapped[str]
    data_categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    channel: Mapped[str]
    referral_id: Mapped[UUID | None]
    disclosed_by: Mapped[UUID] = mapped_column(server_default=func.ctx_user())
