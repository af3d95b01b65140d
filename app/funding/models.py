"""The table of cooperation contracts: what is forwarded to a unit in a year."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, Versioned, to_area


class CooperationContract(OfArea, Versioned, Table):
    """What a contract gives a unit in one year, and what the unit itself bears."""

    __tablename__ = "cooperation_contracts"
    __table_args__ = (
        to_area("unit_id", "units"),
        to_area("entered_by", "users"),
        UniqueConstraint("municipal_area_id", "year", "unit_id", "reference"),
        CheckConstraint("year BETWEEN 2017 AND 2100", name="year"),
        CheckConstraint(
            "forwarded_cents >= 0 AND own_share_cents >= 0 AND deficit_cents >= 0", name="amounts"
        ),
        Index("ix_cooperation_contracts_unit", "municipal_area_id", "unit_id"),
    )

    unit_id: Mapped[UUID]
    year: Mapped[int]
    reference: Mapped[str]
    """The contract's file number."""
    concluded_on: Mapped[date]
    forwarded_cents: Mapped[int] = mapped_column(BigInteger)
    own_share_cents: Mapped[int] = mapped_column(BigInteger)
    deficit_cents: Mapped[int] = mapped_column(BigInteger)
    """Of the deficit, what the district covers."""
    entered_by: Mapped[UUID]
