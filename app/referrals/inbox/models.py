"""Tables of the team inbox. No table of the sender's side knows of them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, Versioned, to_area


class ReferralCharge(OfArea, Versioned, Table):
    """Who of the institution has taken charge of a referral. Same id as its request; none: nobody has."""

    __tablename__ = "referral_charges"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipal_area_id", "id", "institution_id"],
            [f"referral_requests.{key}" for key in ("municipal_area_id", "id", "institution_id")],
            name="fk_referral_charges_request",
        ),
        to_area("user_id", "users"),
        Index("ix_referral_charges_user", "municipal_area_id", "user_id"),
    )

    institution_id: Mapped[UUID]
    site_id: Mapped[UUID | None]
    """That of its request, by trigger."""
    user_id: Mapped[UUID]
    since: Mapped[datetime]


class PartnerDeputyship(OfArea, Table):
    """That a colleague stands in for somebody of an institution, from a first to a last day."""

    __tablename__ = "partner_deputyships"
    __table_args__ = (
        to_area("institution_id", "institutions"),
        to_area("user_id", "users"),
        to_area("deputy_id", "users"),
        CheckConstraint("user_id <> deputy_id", name="somebody_else"),
        CheckConstraint("last_day >= first_day", name="period"),
        ExcludeConstraint(
            (text("municipal_area_id"), "="),
            (text("institution_id"), "="),
            (text("user_id"), "="),
            (text("daterange(first_day, last_day, '[]')"), "&&"),
            where=text("ended_at IS NULL"),
            name="ex_partner_deputyships_one_at_a_time",
        ),
        Index("ix_partner_deputyships_deputy", "municipal_area_id", "deputy_id"),
    )

    institution_id: Mapped[UUID]
    user_id: Mapped[UUID]
    """Who is away."""
    deputy_id: Mapped[UUID]
    first_day: Mapped[date]
    last_day: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]
