"""Tables of areas, units and positions."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, Versioned, one_of, to_area

STATE_AREA = "NRW"
"""The reserved area of the Land, whose viewers read what every area has published."""

UNIT_KINDS = ("ki", "town", "welfare", "authority", "state")
LEGAL_REGIMES = ("dsg_nrw", "sgb_x", "kdg", "dsg_ekd")


class MunicipalArea(Table):
    """A district or independent city that runs KIM."""

    __tablename__ = "municipal_areas"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    region: Mapped[str | None]


class Unit(OfArea, Versioned, Table):
    """A controller: the office or organisation that is responsible for its clients' data."""

    __tablename__ = "units"
    __table_args__ = (
        UniqueConstraint("municipal_area_id", "name"),
        one_of("kind", UNIT_KINDS),
        one_of("legal_regime", LEGAL_REGIMES),
        CheckConstraint(
            "urgent_referral_days BETWEEN 1 AND referral_days AND referral_days <= 60", name="referral_days"
        ),
        CheckConstraint("num_nulls(street, postcode, town) IN (0, 3)", name="address"),
    )

    municipal_area_id: Mapped[str] = mapped_column(
        ForeignKey("municipal_areas.id"), primary_key=True, sort_order=-20
    )
    name: Mapped[str]
    kind: Mapped[str]
    municipality: Mapped[str | None]
    """Eight-digit key of the town where the unit works; none for the whole area."""
    legal_regime: Mapped[str]
    is_public_body: Mapped[bool]
    is_sgb_body: Mapped[bool]
    """A body in the sense of § 35 SGB I: § 69 SGB X applies only between two of them."""
    street: Mapped[str | None]
    """With house number; with the next two where letters of the unit come from, all of them or none."""
    postcode: Mapped[str | None]
    town: Mapped[str | None]
    takes_referrals: Mapped[bool] = mapped_column(server_default="false")
    """Institutions can refer people here."""
    referral_days: Mapped[int] = mapped_column(server_default="14")
    """So long it has to answer one; the next for an urgent one."""
    urgent_referral_days: Mapped[int] = mapped_column(server_default="3")


class Position(OfArea, Versioned, Table):
    """A funded share of work."""

    __tablename__ = "positions"
    __table_args__ = (
        to_area("unit_id", "units"),
        CheckConstraint("full_time_equivalents > 0 AND full_time_equivalents <= 50", name="share"),
        CheckConstraint("component IN (1, 2, 3)", name="component"),
        # Not without a first day: with one missing, this would hold.
        CheckConstraint(
            "filled_until IS NULL OR (filled_from IS NOT NULL AND filled_until >= filled_from)", name="filled"
        ),
        CheckConstraint("funded_year BETWEEN 2017 AND 2100", name="year"),
        Index("ix_positions_unit", "municipal_area_id", "unit_id"),
    )

    unit_id: Mapped[UUID]
    component: Mapped[int]
    """1 strategic coordination, 2 case management, 3 foreigners and naturalisation authorities."""
    is_assistant: Mapped[bool] = mapped_column(server_default="false")
    full_time_equivalents: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    funded_year: Mapped[int]
    place_of_work: Mapped[str | None]
    filled_from: Mapped[date | None]
    """None while it was never filled."""
    filled_until: Mapped[date | None]
    """The last day, when it became vacant again."""
