"""Table of institutions."""

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.directory.rules import SHELTER
from app.kit.tables import OfArea, Table, Versioned


class Institution(OfArea, Versioned, Table):
    """A partner outside the programme."""

    __tablename__ = "institutions"
    __table_args__ = (
        UniqueConstraint("municipal_area_id", "name"),
        Index("ix_institutions_type", "municipal_area_id", "institution_type"),
        CheckConstraint(
            f"institution_type <> '{SHELTER}' OR num_nonnulls(street, postcode) = 0", name="shelter_is_hidden"
        ),
    )

    municipal_area_id: Mapped[str] = mapped_column(
        ForeignKey("municipal_areas.id"), primary_key=True, sort_order=-20
    )
    name: Mapped[str]
    institution_type: Mapped[str]
    municipality: Mapped[str | None]
    street: Mapped[str | None]
    postcode: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """Spoken there (ISO 639-3)."""
    is_active: Mapped[bool] = mapped_column(server_default="true")
    on_platform: Mapped[bool] = mapped_column(server_default="false")
    """Whether somebody there can read and answer referrals here."""
