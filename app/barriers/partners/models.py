"""The table of barriers that institutions report. It names no client."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.barriers.partners.rules import STATES
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area


class PartnerBarrier(OfArea, Versioned, Table):
    """What stands in the way, as an institution reported it: for its own people; for others a number."""

    __tablename__ = "partner_barriers"
    __table_args__ = (
        to_area("reporting_institution_id", "institutions"),
        to_area("reported_by", "users"),
        to_area("institution_id", "institutions"),
        ForeignKeyConstraint(
            ["municipal_area_id", "referral_id", "reporting_institution_id"],
            [
                "referral_requests.municipal_area_id",
                "referral_requests.id",
                "referral_requests.institution_id",
            ],
            name="fk_partner_barriers_referral",
        ),
        to_area("observation_id", "observations"),
        UniqueConstraint("municipal_area_id", "observation_id"),
        one_of("state", STATES),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_on IS NOT NULL)", name="withdrawn"),
        CheckConstraint("institution_type IS NOT NULL OR interface_from IS NOT NULL", name="place"),
        CheckConstraint("institution_id IS NULL OR institution_type IS NOT NULL", name="kind_of_institution"),
        CheckConstraint("(institution_type IS NULL) = (institution_group IS NULL)", name="group_of_kind"),
        CheckConstraint("(interface_from IS NULL) = (interface_to IS NULL)", name="interface"),
        CheckConstraint("interface_from <> interface_to", name="two_domains"),
        CheckConstraint("since <= reported_on", name="since"),
        CheckConstraint("referral_id IS NULL OR observation_id IS NULL", name="no_sentence_of_a_referral"),
        Index("ix_partner_barriers_reporting", "municipal_area_id", "reporting_institution_id", "id"),
        Index("ix_partner_barriers_quarter", "municipal_area_id", "quarter"),
    )

    reporting_institution_id: Mapped[UUID]
    reported_by: Mapped[UUID]
    reported_on: Mapped[date]
    quarter: Mapped[str]
    barrier_type: Mapped[str]
    institution_id: Mapped[UUID | None]
    """Where it happens, if it is one institution."""
    institution_type: Mapped[str | None]
    institution_group: Mapped[str | None]
    interface_from: Mapped[str | None]
    interface_to: Mapped[str | None]
    effect: Mapped[str]
    since: Mapped[date]
    referral_id: Mapped[UUID | None]
    site_id: Mapped[UUID | None]
    """That of its referral, by trigger."""
    observation_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(server_default="received")
    withdrawn_on: Mapped[date | None]
