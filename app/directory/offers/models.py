"""Tables of sites, offers, and free places."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.directory.offers.rules import STATUSES
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area


class InstitutionSite(OfArea, Versioned, Table):
    """A place where an institution is found."""

    __tablename__ = "institution_sites"
    __table_args__ = (
        to_area("institution_id", "institutions"),
        UniqueConstraint("municipal_area_id", "institution_id", "name"),
        UniqueConstraint(
            "municipal_area_id", "id", "institution_id", name="uq_institution_sites_of_institution"
        ),
    )

    institution_id: Mapped[UUID]
    name: Mapped[str]
    municipality: Mapped[str | None]
    street: Mapped[str | None]
    postcode: Mapped[str | None]
    phone: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(server_default="true")


def to_site(name: str) -> ForeignKeyConstraint:
    """Return a foreign key to a site of the row's own institution."""
    target = [f"institution_sites.{key}" for key in ("municipal_area_id", "id", "institution_id")]
    return ForeignKeyConstraint(["municipal_area_id", "site_id", "institution_id"], target, name=name)


class Offer(OfArea, Versioned, Table):
    """What an institution offers."""

    __tablename__ = "offers"
    __table_args__ = (
        to_area("institution_id", "institutions"),
        UniqueConstraint("municipal_area_id", "institution_id", "name"),
        one_of("status", STATUSES),
        CheckConstraint("cardinality(topics) > 0", name="topics"),
        CheckConstraint("minimum_age <= maximum_age", name="ages"),
    )

    institution_id: Mapped[UUID]
    name: Mapped[str]
    description: Mapped[str | None]
    topics: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Life domains, so that needs and offers can be compared."""
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    audience: Mapped[str | None]
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    how_to_apply: Mapped[str | None]
    fees: Mapped[str | None]
    url: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    programme: Mapped[str | None]
    funding_ends_on: Mapped[date | None]
    opening_hours: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    site_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    status: Mapped[str] = mapped_column(server_default="active")


class OfferCapacity(OfArea, Table):
    """How many places were free at a moment, as somebody told; the latest counts."""

    __tablename__ = "offer_capacities"
    __table_args__ = (
        to_area("offer_id", "offers"),
        to_area("told_by", "users"),
        CheckConstraint("free_places >= 0 AND free_places <= places", name="free"),
        Index("ix_offer_capacities_offer", "municipal_area_id", "offer_id", "told_at"),
    )

    offer_id: Mapped[UUID]
    free_places: Mapped[int]
    places: Mapped[int | None]
    told_at: Mapped[datetime]
    told_by: Mapped[UUID]
