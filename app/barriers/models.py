"""Tables of reports, their figures, observations and proposals.

What a role may see alone is a table of its own: the report (its case), the figures (statistics), the
observation (coordination), and where an observation comes from (its case).
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.barriers.rules import PROPOSAL_STATES
from app.kit.ids import random_id
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area

_COUNTED = (
    "person_key", "household_key", "contributor_id", "municipality", "quarter", "institution_id",
    "institution_type", "institution_group", "interface_from", "interface_to", "barrier_type", "effect",
    "level", "residence_group", "nationality_group", "age_band", "sex", "report_id",
)  # fmt: skip


class BarrierReport(OfArea, Versioned, Table):
    """What blocked whom, where, with what effect. Never leaves its case."""

    __tablename__ = "barrier_reports"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("reported_by", "users"),
        to_area("institution_id", "institutions"),
        UniqueConstraint("municipal_area_id", "id", "case_id", name="uq_barrier_reports_case"),
        UniqueConstraint("municipal_area_id", "id", "reported_by", name="uq_barrier_reports_author"),
        CheckConstraint("institution_id IS NOT NULL OR interface_from IS NOT NULL", name="place"),
        CheckConstraint("(interface_from IS NULL) = (interface_to IS NULL)", name="interface"),
        CheckConstraint("interface_from <> interface_to", name="two_domains"),
        CheckConstraint("since <= reported_on", name="since"),
        CheckConstraint("resolved_on >= since", name="resolved"),
        Index("ix_barrier_reports_case", "municipal_area_id", "case_id", "changed_xid"),
    )

    case_id: Mapped[UUID]
    reported_by: Mapped[UUID]
    reported_on: Mapped[date]
    barrier_type: Mapped[str]
    institution_id: Mapped[UUID | None]
    interface_from: Mapped[str | None]
    interface_to: Mapped[str | None]
    """The legal domains between which it happened."""
    level: Mapped[str | None]
    effect: Mapped[str]
    since: Mapped[date]
    duration_days: Mapped[int | None]
    workaround: Mapped[str | None]
    suggestion: Mapped[str | None]
    note: Mapped[str | None]
    resolved_on: Mapped[date | None]


class BarrierPerson(OfArea, Table):
    """A person whom a report concerns."""

    __tablename__ = "barrier_persons"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipal_area_id", "report_id", "case_id"],
            ["barrier_reports.municipal_area_id", "barrier_reports.id", "barrier_reports.case_id"],
            name="fk_barrier_persons_report",
            ondelete="CASCADE",
        ),
        to_area("client_id", "clients", ondelete="CASCADE"),
        UniqueConstraint("municipal_area_id", "report_id", "client_id", name="uq_barrier_persons_client"),
        Index("ix_barrier_persons_client", "municipal_area_id", "client_id"),
    )

    report_id: Mapped[UUID]
    case_id: Mapped[UUID]
    """Of the report: row-level security reads it."""
    client_id: Mapped[UUID]


class BarrierFigure(OfArea, Table):
    """One person and one report as statistics count them, with the attributes of the day it was reported.

    The application writes it and cannot read it. A restricted person has none.
    """

    __tablename__ = "barrier_figures"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipal_area_id", "report_id", "contributor_id"],
            ["barrier_reports.municipal_area_id", "barrier_reports.id", "barrier_reports.reported_by"],
            name="fk_barrier_figures_report",
            ondelete="CASCADE",
        ),
        to_area("unit_id", "units"),
        to_area("institution_id", "institutions"),
        UniqueConstraint("municipal_area_id", "report_id", "person_key", name="uq_barrier_figures_person"),
        # One area and a period, read from the index alone: who is held is not in it.
        Index(
            "ix_barrier_figures_period",
            "municipal_area_id",
            "reported_on",
            postgresql_include=list(_COUNTED),
            postgresql_where=text("NOT is_held"),
        ),
        Index("ix_barrier_figures_person", "municipal_area_id", "person_key"),
        # Households that are joined.
        Index("ix_barrier_figures_household", "municipal_area_id", "household_key"),
        # What became of the barriers that somebody reported.
        Index(
            "ix_barrier_figures_contributor",
            "municipal_area_id",
            "contributor_id",
            postgresql_where=text("NOT is_held"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=random_id, sort_order=-19)
    report_id: Mapped[UUID]
    reported_on: Mapped[date]
    quarter: Mapped[str]
    year: Mapped[int]
    person_key: Mapped[UUID]
    """The random pseudonym of the client."""
    household_key: Mapped[UUID]
    contributor_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    municipality: Mapped[str | None]
    institution_id: Mapped[UUID | None]
    institution_type: Mapped[str | None]
    institution_group: Mapped[str | None]
    interface_from: Mapped[str | None]
    interface_to: Mapped[str | None]
    barrier_type: Mapped[str]
    barrier_category: Mapped[str]
    is_sensitive: Mapped[bool]
    """Of the barrier's category (health, violence); minors are told by their age band."""
    effect: Mapped[str]
    level: Mapped[str | None]
    residence_group: Mapped[str]
    nationality_group: Mapped[str]
    age_band: Mapped[str | None]
    sex: Mapped[str]
    is_held: Mapped[bool] = mapped_column(server_default="false")
    """The person's data are only kept (Art. 18 GDPR): in no release from now on."""


class Observation(OfArea, Table):
    """A sentence about the system, made to be shared: no person, no case, no author, no date."""

    __tablename__ = "observations"
    __table_args__ = (
        Index(
            "ix_observations_order", "municipal_area_id", "quarter", "institution_type", "barrier_type", "id"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=random_id, sort_order=-19)
    institution_type: Mapped[str]
    barrier_type: Mapped[str]
    quarter: Mapped[str]
    text: Mapped[str]
    visible_from: Mapped[date]
    """A Monday. Read by the policy only; nobody is granted the column."""


class ObservationSource(OfArea, Table):
    """Who wrote an observation, from which case: for the case's team alone."""

    __tablename__ = "observation_sources"
    __table_args__ = (
        to_area("observation_id", "observations", ondelete="CASCADE"),
        to_area("author_id", "users"),
        to_area("case_id", "cases", ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["municipal_area_id", "report_id", "case_id"],
            ["barrier_reports.municipal_area_id", "barrier_reports.id", "barrier_reports.case_id"],
            name="fk_observation_sources_report",
            ondelete="CASCADE",
        ),
        UniqueConstraint("municipal_area_id", "observation_id"),
        Index("ix_observation_sources_author", "municipal_area_id", "author_id"),
        Index("ix_observation_sources_case", "municipal_area_id", "case_id"),
    )

    observation_id: Mapped[UUID]
    author_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    report_id: Mapped[UUID | None]


class BarrierProposal(OfArea, Versioned, Table):
    """A pre-filled report: after a referral that failed, was silent or is reported about, or a child's wait.

    The team confirms or drops it.
    """

    __tablename__ = "barrier_proposals"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("institution_id", "institutions"),
        to_area("school_entry_id", "school_entries", ondelete="CASCADE"),
        to_area("partner_barrier_id", "partner_barriers"),
        ForeignKeyConstraint(
            ["municipal_area_id", "report_id", "case_id"],
            ["barrier_reports.municipal_area_id", "barrier_reports.id", "barrier_reports.case_id"],
            name="fk_barrier_proposals_report",
        ),
        CheckConstraint("num_nonnulls(referral_id, school_entry_id) = 1", name="one_reason"),
        CheckConstraint(
            "(referral_id IS NULL) = (institution_id IS NULL) OR partner_barrier_id IS NOT NULL",
            name="institution_of_a_referral",
        ),
        CheckConstraint(
            "partner_barrier_id IS NULL OR referral_id IS NOT NULL", name="partner_barrier_of_a_referral"
        ),
        CheckConstraint("(interface_from IS NULL) = (interface_to IS NULL)", name="interface"),
        one_of("state", PROPOSAL_STATES),
        CheckConstraint("(state = 'confirmed') = (report_id IS NOT NULL)", name="confirmed_by_a_report"),
        UniqueConstraint("municipal_area_id", "partner_barrier_id"),
        # One by its outcome, and one for each report of the institution.
        Index(
            "uq_barrier_proposals_referral",
            "municipal_area_id",
            "referral_id",
            unique=True,
            postgresql_where=text("partner_barrier_id IS NULL"),
        ),
        UniqueConstraint("municipal_area_id", "school_entry_id", name="uq_barrier_proposals_school_entry"),
        Index("ix_barrier_proposals_case", "municipal_area_id", "case_id", "changed_xid"),
    )

    case_id: Mapped[UUID]
    referral_id: Mapped[UUID | None]
    school_entry_id: Mapped[UUID | None]
    partner_barrier_id: Mapped[UUID | None]
    institution_id: Mapped[UUID | None]
    interface_from: Mapped[str | None]
    interface_to: Mapped[str | None]
    barrier_type: Mapped[str]
    outcome: Mapped[str]
    effect: Mapped[str | None]
    since: Mapped[date | None]
    """Effect and since are what the institution said."""
    state: Mapped[str] = mapped_column(server_default="open")
    report_id: Mapped[UUID | None]
    proposed_at: Mapped[datetime] = mapped_column(server_default=func.now())
