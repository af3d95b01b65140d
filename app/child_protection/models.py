"""Tables of courses of child protection and their steps."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.child_protection.rules import OUTCOMES, State, Step
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area


class ChildProtection(OfArea, Versioned, Table):
    """What is done for one child, under a case."""

    __tablename__ = "child_protections"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("member_client_id", "clients", ondelete="CASCADE"),
        to_area("referral_id", "referral_requests"),
        to_area("created_by", "users"),
        one_of("state", tuple(State)),
        one_of("outcome", OUTCOMES),
        CheckConstraint("num_nonnulls(member_client_id, member_name) <= 1", name="one_person"),
        CheckConstraint(
            "(relation IS NULL) = (num_nonnulls(member_client_id, member_name) = 0)", name="member_is_related"
        ),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("(state = 'ended') = (outcome IS NOT NULL)", name="has_outcome"),
        CheckConstraint(
            "state NOT IN ('to_inform', 'informed', 'answered') OR referral_id IS NOT NULL", name="has_draft"
        ),
        Index("ix_child_protections_case", "municipal_area_id", "case_id"),
        Index("ix_child_protections_referral", "municipal_area_id", "referral_id"),
    )

    case_id: Mapped[UUID]
    member_client_id: Mapped[UUID | None]
    member_name: Mapped[str | None]
    relation: Mapped[str | None]
    """Which child, when not the case's client: a member of the household, as their entry says."""
    state: Mapped[str]
    indications: Mapped[str]
    noticed_on: Mapped[date]
    look_again_on: Mapped[date]
    referral_id: Mapped[UUID | None]
    """The draft that informs, then the referral that did."""
    outcome: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    created_by: Mapped[UUID]


class ChildProtectionStep(OfArea, Table):
    """What was done on a day, and by whom; never rewritten."""

    __tablename__ = "child_protection_steps"
    __table_args__ = (
        to_area("child_protection_id", "child_protections", ondelete="CASCADE"),
        to_area("case_id", "cases", ondelete="CASCADE"),
        one_of("step", tuple(Step)),
        Index("ix_child_protection_steps_of", "municipal_area_id", "child_protection_id", "at"),
    )

    child_protection_id: Mapped[UUID]
    case_id: Mapped[UUID]
    at: Mapped[datetime]
    step: Mapped[str]
    source: Mapped[str | None]
    target: Mapped[str]
    happened_on: Mapped[date]
    user_id: Mapped[UUID]
    said: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    """What the step says, by the names of `NEEDS`."""
