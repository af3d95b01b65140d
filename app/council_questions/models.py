"""Tables of council questions and of the published tables that their answers cite."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.council_questions.rules import STATES
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area


class CouncilQuestion(OfArea, Versioned, Table):
    """One question, as a draft until it is answered; then nothing of it changes."""

    __tablename__ = "council_questions"
    __table_args__ = (
        to_area("created_by", "users"),
        to_area("answered_by", "users"),
        one_of("state", STATES),
        UniqueConstraint("municipal_area_id", "number"),
        CheckConstraint(
            "num_nonnulls(answered_by, answered_at, sha256) = CASE state WHEN 'answered' THEN 3 ELSE 0 END",
            name="answered_by_somebody",
        ),
        CheckConstraint("state = 'draft' OR answer IS NOT NULL", name="answered_with_words"),
    )

    number: Mapped[str]
    """As the council counts its questions."""
    asked_by: Mapped[str]
    """A group or committee of the council."""
    asked_on: Mapped[date]
    question: Mapped[str]
    answer: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default="draft")
    created_by: Mapped[UUID]
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    sha256: Mapped[str | None]
    """Over question, answer and the digests of what is cited."""


class CouncilCitation(Table):
    """A table of a published release that an answer rests on."""

    __tablename__ = "council_citations"
    __table_args__ = (
        to_area("question_id", "council_questions", ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["municipal_area_id", "release_id", "table_name"],
            ["published_tables.municipal_area_id", "published_tables.release_id", "published_tables.name"],
            name="fk_council_citations_table",
        ),
    )

    municipal_area_id: Mapped[str] = mapped_column(primary_key=True)
    question_id: Mapped[UUID] = mapped_column(primary_key=True)
    release_id: Mapped[UUID] = mapped_column(primary_key=True)
    table_name: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    """Of the published table as JSON in German."""
