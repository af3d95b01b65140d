"""Tables of conferences: the sitting, who takes part, what was agreed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.conferences.rules import FORMS, MODES, Removal, State
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area


class Conference(OfArea, Versioned, Table):
    """One sitting about a case."""

    __tablename__ = "conferences"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("place_id", "institutions"),
        to_area("created_by", "users"),
        one_of("form", FORMS),
        one_of("mode", MODES),
        one_of("state", tuple(State)),
        CheckConstraint("minutes BETWEEN 5 AND 1440", name="minutes"),
        CheckConstraint("(state = 'planned') = (ended_at IS NULL)", name="ended_has_moment"),
        CheckConstraint("(state = 'cancelled') = (cancel_reason IS NOT NULL)", name="cancelled_has_reason"),
        CheckConstraint("record IS NULL OR state = 'held'", name="record_of_what_was_held"),
        Index("ix_conferences_case", "municipal_area_id", "case_id", "starts_at"),
        Index("ix_conferences_changed", "municipal_area_id", "case_id", "changed_xid"),
    )

    case_id: Mapped[UUID]
    form: Mapped[str]
    occasion: Mapped[str]
    mode: Mapped[str]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    place_id: Mapped[UUID | None]
    """An institution of the directory; none for one's own office."""
    client_takes_part: Mapped[bool]
    state: Mapped[str] = mapped_column(server_default="planned")
    record: Mapped[str | None]
    cancel_reason: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    """When it was written down that it was held or cancelled."""
    ended_by: Mapped[UUID | None]
    created_by: Mapped[UUID]


class ConferenceParticipant(OfArea, Table):
    """A colleague, or somebody of an institution with the basis on which they take part."""

    __tablename__ = "conference_participants"
    __table_args__ = (
        to_area("conference_id", "conferences", ondelete="CASCADE"),
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("user_id", "users"),
        to_area("institution_id", "institutions"),
        to_area("consent_id", "consents"),
        one_of("removed_because", tuple(Removal)),
        CheckConstraint("num_nonnulls(user_id, institution_id) = 1", name="inside_or_outside"),
        CheckConstraint("(institution_id IS NULL) = (name IS NULL)", name="outside_has_name"),
        CheckConstraint("(legal_basis = 'consent') = (consent_id IS NOT NULL)", name="consent"),
        CheckConstraint("(removed_at IS NULL) = (removed_because IS NULL)", name="removed_has_reason"),
        Index("ix_conference_participants_of", "municipal_area_id", "conference_id"),
        Index("ix_conference_participants_case", "municipal_area_id", "case_id"),
        Index("ix_conference_participants_user", "municipal_area_id", "user_id"),
        Index("ix_conference_participants_consent", "municipal_area_id", "consent_id"),
        Index("uq_conference_participants_user", "municipal_area_id", "conference_id", "user_id", unique=True,
              postgresql_where=text("user_id IS NOT NULL AND removed_at IS NULL")),
    )  # fmt: skip

    conference_id: Mapped[UUID]
    case_id: Mapped[UUID]
    user_id: Mapped[UUID | None]
    institution_id: Mapped[UUID | None]
    name: Mapped[str | None]
    function: Mapped[str | None]
    legal_basis: Mapped[str | None]
    """None for colleagues, and where nobody learns who it is about."""
    consent_id: Mapped[UUID | None]
    necessity: Mapped[str | None]
    data_categories: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """What they may learn; what they learned stands in the disclosure log."""
    attended: Mapped[bool | None]
    """None until it is written down."""
    removed_at: Mapped[datetime | None]
    removed_because: Mapped[str | None]
    handed_out_at: Mapped[datetime | None]
    """When they last got the record."""
    invited_by: Mapped[UUID]
    invited_at: Mapped[datetime]


class ConferenceAgreement(OfArea, Table):
    """What was agreed: a measure of the plan, or a task, and which institution takes it on."""

    __tablename__ = "conference_agreements"
    __table_args__ = (
        to_area("conference_id", "conferences", ondelete="CASCADE"),
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("measure_id", "measures", ondelete="CASCADE"),
        to_area("task_id", "tasks", ondelete="CASCADE"),
        to_area("institution_id", "institutions"),
        CheckConstraint("num_nonnulls(measure_id, task_id) = 1", name="measure_or_task"),
        Index("ix_conference_agreements_of", "municipal_area_id", "conference_id"),
        Index("ix_conference_agreements_case", "municipal_area_id", "case_id"),
        Index("ix_conference_agreements_measure", "municipal_area_id", "measure_id"),
        Index("ix_conference_agreements_task", "municipal_area_id", "task_id"),
    )

    conference_id: Mapped[UUID]
    case_id: Mapped[UUID]
    measure_id: Mapped[UUID | None]
    task_id: Mapped[UUID | None]
    institution_id: Mapped[UUID | None]
