"""Tables of interpretings and their steps."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.interpreting.rules import State, Step
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area

MODES = ("on_site", "phone", "video")
SEXES = ("m", "w")
PAYERS = ("kim", "institution", "state_pool", "free_of_charge", "open")


class Interpreting(OfArea, Versioned, Table):
    """One appointment with an interpreter."""

    __tablename__ = "interpretings"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("place_id", "institutions"),
        to_area("provider_id", "institutions"),
        to_area("colleague_id", "users"),
        to_area("contact_id", "contacts"),
        one_of("mode", MODES),
        one_of("wished_sex", SEXES),
        one_of("payer", PAYERS),
        one_of("state", tuple(State)),
        CheckConstraint("minutes BETWEEN 5 AND 1440", name="minutes"),
        CheckConstraint("num_nonnulls(provider_id, colleague_id) <= 1", name="one_provider"),
        CheckConstraint(
            "state IN ('needed', 'cancelled') OR num_nonnulls(provider_id, colleague_id) = 1", name="provider"
        ),
        CheckConstraint("contact_id IS NULL OR state = 'held'", name="contact_when_held"),
        Index("ix_interpretings_case", "municipal_area_id", "case_id", "starts_at"),
        Index("ix_interpretings_changed", "municipal_area_id", "case_id", "changed_xid"),
    )

    case_id: Mapped[UUID]
    language: Mapped[str]
    mode: Mapped[str]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    place_id: Mapped[UUID | None]
    """An institution of the directory; none for one's own office. Never free text: it is told to others."""
    wished_sex: Mapped[str | None]
    payer: Mapped[str] = mapped_column(server_default="open")
    note: Mapped[str | None]
    """For the team; told to nobody."""
    provider_id: Mapped[UUID | None]
    colleague_id: Mapped[UUID | None]
    circle_excluded: Mapped[bool] = mapped_column(server_default="false")
    """The team has made sure that the interpreter is not of the client's circle."""
    state: Mapped[str] = mapped_column(server_default="needed")
    contact_id: Mapped[UUID | None]
    created_by: Mapped[UUID]


class InterpretingStep(OfArea, Table):
    """One step of an interpreting."""

    __tablename__ = "interpreting_steps"
    __table_args__ = (
        to_area("interpreting_id", "interpretings", ondelete="CASCADE"),
        to_area("case_id", "cases", ondelete="CASCADE"),
        one_of("step", tuple(Step)),
        Index("ix_interpreting_steps_of", "municipal_area_id", "interpreting_id", "at"),
        Index("ix_interpreting_steps_case", "municipal_area_id", "case_id"),
    )

    interpreting_id: Mapped[UUID]
    case_id: Mapped[UUID]
    at: Mapped[datetime]
    step: Mapped[str]
    source: Mapped[str | None]
    target: Mapped[str]
    user_id: Mapped[UUID]
    reason: Mapped[str | None]
