"""Tables of cases: the shell, which a team lead may see alone, and the content."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from app.cases.rules import PHASES
from app.kit.tables import Marked, OfArea, Table, Versioned, one_of, to_area

KINDS = ("case_management", "counselling")
ATTAINMENTS = ("reached", "partly_reached", "not_reached", "dropped")
MEASURE_STATES = ("open", "done", "dropped")
RESPONSIBLE = ("client", "case_manager", "institution", "family", "volunteer")
FEEDBACK = ("helped", "partly_helped", "not_helped", "no_answer")
INTERPRETERS = ("none", "professional", "volunteer", "relative")


def taken_once(table: str) -> Index:
    """Return what keeps anything of an earlier case from being taken along twice."""
    return Index(
        f"uq_{table}_taken_from", "municipal_area_id", "taken_from_id", unique=True,
        postgresql_where=text("taken_from_id IS NOT NULL"),
    )  # fmt: skip


class Case(OfArea, Versioned, Table):
    """The shell of a case: number, phase, dates, unit, lead. No content."""

    __tablename__ = "cases"
    __table_args__ = (
        to_area("client_id", "clients"),
        to_area("unit_id", "units"),
        to_area("lead_user_id", "users"),
        one_of("kind", KINDS),
        one_of("phase", PHASES),
        CheckConstraint("(phase = 'closed') = (closed_on IS NOT NULL)", name="closed_has_date"),
        UniqueConstraint("municipal_area_id", "number"),
        Index("ix_cases_client", "municipal_area_id", "client_id"),
        Index("ix_cases_unit", "municipal_area_id", "unit_id", "opened_on"),
    )

    number: Mapped[str]
    """Year and digits drawn at random: it tells neither order nor count."""
    client_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    lead_user_id: Mapped[UUID]
    kind: Mapped[str]
    phase: Mapped[str] = mapped_column(server_default="intake")
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    is_restricted: Mapped[bool] = mapped_column(server_default="false")
    """Follows the client: a restricted case is in no list outside its team."""


class CaseContent(OfArea, Versioned, Table):
    """What only the case's team sees; its `id` is the case's."""

    __tablename__ = "case_contents"
    __table_args__ = (
        to_area("id", "cases", ondelete="CASCADE"),
        one_of("client_feedback_code", FEEDBACK),
    )

    access_route: Mapped[str]
    concern: Mapped[str | None]
    """What the client came with, in their words."""
    summary: Mapped[str | None]
    intake_criteria: Mapped[dict[str, bool]] = mapped_column(JSONB, server_default="{}")
    intake_outcome: Mapped[str | None]
    intake_note: Mapped[str | None]
    privacy_notice_version: Mapped[str | None]
    privacy_notice_language: Mapped[str | None]
    privacy_notice_on: Mapped[date | None]
    documentation_basis: Mapped[str | None]
    """Legal basis of the documentation; `consent` asks the consents each time."""
    plan_agreed_on: Mapped[date | None]
    plan_agreement: Mapped[str | None]
    """How the client agreed to the plan."""
    next_review_on: Mapped[date | None]
    client_feedback: Mapped[str | None]
    client_feedback_code: Mapped[str | None]
    client_feedback_language: Mapped[str | None]
    closing_reason: Mapped[str | None]
    closing_note: Mapped[str | None]
    closing_outcomes: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")
    """Outcome per life domain."""
    unfinished_tasks: Mapped[int | None]
    unfinished_measures: Mapped[int | None]
    unfinished_referrals: Mapped[int | None]
    """Written down by `app.referrals`, as the next by `app.interpreting`."""
    unfinished_interpretings: Mapped[int | None]
    unfinished_pathways: Mapped[int | None]
    unfinished_school_entries: Mapped[int | None]


class CasePhase(OfArea, Table):
    """One move of a case from a phase to another."""

    __tablename__ = "case_phases"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("user_id", "users"),
        # The phase of a day, read from the index alone.
        Index(
            "ix_case_phases_case",
            "municipal_area_id",
            "case_id",
            "at",
            "id",
            postgresql_include=["target"],
        ),
    )

    case_id: Mapped[UUID]
    at: Mapped[datetime]
    source: Mapped[str | None]
    target: Mapped[str]
    user_id: Mapped[UUID | None]
    """None: the system."""
    reason: Mapped[str | None]
    """Why phases were passed over, or why a closed case goes on."""
    passed_over: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")


class CaseLinking(OfArea, Table):
    """Evidence that the person was linked to help: a referral, or a documented reason why none was needed."""

    __tablename__ = "case_linkings"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        CheckConstraint("num_nonnulls(referral_id, reason) = 1", name="evidence"),
        UniqueConstraint("municipal_area_id", "case_id", "referral_id"),
    )

    case_id: Mapped[UUID]
    referral_id: Mapped[UUID | None]
    """Of a package above this one, so without a foreign key."""
    reason: Mapped[str | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID]


class CaseHandover(OfArea, Table):
    """That a case has a new lead, who says when they have taken over what is open."""

    __tablename__ = "case_handovers"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("from_user_id", "users"),
        to_area("to_user_id", "users"),
        CheckConstraint("note IS NULL OR acknowledged_at IS NOT NULL", name="note_of_the_acknowledgement"),
        Index("ix_case_handovers_case", "municipal_area_id", "case_id", "at"),
    )

    case_id: Mapped[UUID]
    at: Mapped[datetime]
    from_user_id: Mapped[UUID]
    to_user_id: Mapped[UUID]
    assigned_by: Mapped[UUID]
    acknowledged_at: Mapped[datetime | None]
    note: Mapped[str | None]


class Assessment(OfArea, Marked, Table):
    """Needs and resources at a date; a later one does not change an earlier one."""

    __tablename__ = "assessments"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("author_id", "users"),
        Index("ix_assessments_case", "municipal_area_id", "case_id", "assessed_on"),
        Index("ix_assessments_changed", "municipal_area_id", "case_id", "changed_xid"),
    )

    case_id: Mapped[UUID]
    assessed_on: Mapped[date]
    summary: Mapped[str | None]
    author_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AssessmentDomain(OfArea, Table):
    """What an assessment says about one life domain."""

    __tablename__ = "assessment_domains"
    __table_args__ = (
        to_area("assessment_id", "assessments", ondelete="CASCADE"),
        to_area("case_id", "cases", ondelete="CASCADE"),
        CheckConstraint("scale BETWEEN 1 AND 5", name="scale"),
        CheckConstraint("state <> 'not_discussed' OR (scale IS NULL AND note IS NULL)", name="not_discussed"),
        UniqueConstraint("municipal_area_id", "assessment_id", "life_domain"),
        Index("ix_assessment_domains_case", "municipal_area_id", "case_id"),
    )

    assessment_id: Mapped[UUID]
    case_id: Mapped[UUID]
    life_domain: Mapped[str]
    state: Mapped[str]
    scale: Mapped[int | None]
    """How it stands, from 1 (very hard) to 5 (good)."""
    note: Mapped[str | None]


class Goal(OfArea, Versioned, Table):
    """What the client wants to reach, in their words."""

    __tablename__ = "goals"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        one_of("attainment", ATTAINMENTS),
        Index("ix_goals_case", "municipal_area_id", "case_id", "changed_xid"),
        taken_once("goals"),
    )

    case_id: Mapped[UUID]
    life_domain: Mapped[str]
    wording: Mapped[str]
    indicator: Mapped[str | None]
    """How client and case manager will see that it is reached."""
    set_on: Mapped[date]
    target_on: Mapped[date | None]
    progress: Mapped[str | None]
    attainment: Mapped[str | None]
    evaluated_on: Mapped[date | None]
    client_feedback: Mapped[str | None]
    taken_from_id: Mapped[UUID | None]
    """Its like in an earlier case, which may be erased before this one: so without a foreign key."""


class Measure(OfArea, Versioned, Table):
    """Who does what until when, towards one goal."""

    __tablename__ = "measures"
    __table_args__ = (
        to_area("goal_id", "goals", ondelete="CASCADE"),
        to_area("case_id", "cases", ondelete="CASCADE"),
        one_of("responsible", RESPONSIBLE),
        one_of("state", MEASURE_STATES),
        CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="done_has_date"),
        Index("ix_measures_goal", "municipal_area_id", "goal_id"),
        Index("ix_measures_case", "municipal_area_id", "case_id", "changed_xid"),
        taken_once("measures"),
    )

    case_id: Mapped[UUID]
    goal_id: Mapped[UUID]
    wording: Mapped[str]
    responsible: Mapped[str]
    responsible_name: Mapped[str | None]
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(server_default="open")
    done_on: Mapped[date | None]
    note: Mapped[str | None]
    taken_from_id: Mapped[UUID | None]


class Contact(OfArea, Versioned, Table):
    """A dated entry of what happened. Never rewritten: a correction is a further entry."""

    __tablename__ = "contacts"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("author_id", "users"),
        to_area("corrected_by_id", "contacts"),
        to_area("institution_id", "institutions"),
        one_of("interpreter", INTERPRETERS),
        CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes"),
        CheckConstraint("contact_type <> 'third_party' OR basis IS NOT NULL", name="third_party_has_basis"),
        CheckConstraint("num_nonnulls(institution_id, institution_name) <= 1", name="one_institution"),
        Index("ix_contacts_case", "municipal_area_id", "case_id", "happened_at", "id"),
        Index("ix_contacts_changed", "municipal_area_id", "case_id", "changed_xid"),
        Index("uq_contacts_corrected_by", "municipal_area_id", "corrected_by_id", unique=True,
              postgresql_where=text("corrected_by_id IS NOT NULL")),
    )  # fmt: skip

    case_id: Mapped[UUID]
    contact_type: Mapped[str]
    happened_at: Mapped[datetime]
    minutes: Mapped[int | None]
    language: Mapped[str | None]
    interpreter: Mapped[str] = mapped_column(server_default="none")
    institution_id: Mapped[UUID | None]
    institution_name: Mapped[str | None]
    """Where somebody was accompanied to, when the directory does not know it."""
    basis: Mapped[str | None]
    """Why a third party may be spoken to about the client."""
    note: Mapped[str | None]
    author_id: Mapped[UUID]
    corrected_by_id: Mapped[UUID | None]
    """The entry that says it right; none for the entry that counts."""
