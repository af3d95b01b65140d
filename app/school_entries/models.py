"""Tables of school entries and their steps."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, Versioned, one_of, to_area
from app.school_entries.rules import CHANGE, REFUSALS, STAGES, SUPPORT_FORMS, WITHOUT_A_SCHOOL, State, Step

_WITHOUT = ", ".join(f"'{state}'" for state in WITHOUT_A_SCHOOL)


class SchoolEntry(OfArea, Versioned, Table):
    """One child's way into school, under the case of the child or of somebody of its household."""

    __tablename__ = "school_entries"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("member_client_id", "clients", ondelete="CASCADE"),
        to_area("school_id", "institutions"),
        one_of("state", tuple(State)),
        one_of("stage", STAGES),
        one_of("support_form", SUPPORT_FORMS),
        CheckConstraint("num_nonnulls(member_client_id, member_name) <= 1", name="one_person"),
        CheckConstraint(
            "(relation IS NULL) = (num_nonnulls(member_client_id, member_name) = 0)", name="member_is_related"
        ),
        CheckConstraint("num_nonnulls(school_id, school_name) <= 1", name="one_school"),
        CheckConstraint(f"state NOT IN ({_WITHOUT}) OR first_day IS NULL", name="no_day_before_a_place"),
        CheckConstraint("(state = 'ended') = (ended_on IS NOT NULL)", name="ended"),
        Index("ix_school_entries_case", "municipal_area_id", "case_id", "changed_xid"),
    )

    case_id: Mapped[UUID]
    member_client_id: Mapped[UUID | None]
    member_name: Mapped[str | None]
    relation: Mapped[str | None]
    """For whom, when not for the case's client: a member of the household, as their entry says."""
    stage: Mapped[str]
    school_type: Mapped[str | None]
    school_id: Mapped[UUID | None]
    school_name: Mapped[str | None]
    support_form: Mapped[str | None]
    way_note: Mapped[str | None]
    """Distance and transport."""
    note: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default="registered")
    registered_on: Mapped[date]
    waiting_since: Mapped[date]
    """The day of being registered: what is counted, whatever was written down on the way."""
    listed_on: Mapped[date | None]
    """Since when the child stands on a list for a place."""
    first_day: Mapped[date | None]
    ended_on: Mapped[date | None]
    created_by: Mapped[UUID]


class SchoolEntryStep(OfArea, Table):
    """One step, or other details than before; a wrong day is corrected by another row."""

    __tablename__ = "school_entry_steps"
    __table_args__ = (
        to_area("school_entry_id", "school_entries", ondelete="CASCADE"),
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("corrected_by_id", "school_entry_steps", deferrable=True, initially="DEFERRED"),
        one_of("step", (*Step, CHANGE)),
        one_of("refusal", REFUSALS),
        CheckConstraint("(step = 'refuse') = (refusal IS NOT NULL)", name="refused_because"),
        CheckConstraint("(step = 'change') = (before IS NOT NULL)", name="said_before"),
        Index("ix_school_entry_steps_of", "municipal_area_id", "school_entry_id", "at"),
        Index("ix_school_entry_steps_case", "municipal_area_id", "case_id"),
    )

    school_entry_id: Mapped[UUID]
    case_id: Mapped[UUID]
    at: Mapped[datetime]
    step: Mapped[str]
    source: Mapped[str | None]
    target: Mapped[str]
    happened_on: Mapped[date]
    user_id: Mapped[UUID]
    refusal: Mapped[str | None]
    reason: Mapped[str | None]
    school: Mapped[str | None]
    """The name of the school that the step is about, as it was then."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    corrected_by_id: Mapped[UUID | None]
