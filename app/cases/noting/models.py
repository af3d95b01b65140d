"""Tables of drafts, which their author alone sees, and of templates."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.models import INTERPRETERS
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area


class ContactDraft(OfArea, Versioned, Table):
    """An entry that is still being written; whatever is missing is missing."""

    __tablename__ = "contact_drafts"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("author_id", "users"),
        to_area("institution_id", "institutions"),
        one_of("interpreter", INTERPRETERS),
        CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes"),
        Index("ix_contact_drafts_author", "municipal_area_id", "author_id", "case_id"),
        Index("ix_contact_drafts_changed", "municipal_area_id", "changed_at"),
    )

    case_id: Mapped[UUID]
    author_id: Mapped[UUID]
    contact_type: Mapped[str | None]
    happened_at: Mapped[datetime | None]
    minutes: Mapped[int | None]
    language: Mapped[str | None]
    interpreter: Mapped[str] = mapped_column(server_default="none")
    institution_id: Mapped[UUID | None]
    institution_name: Mapped[str | None]
    basis: Mapped[str | None]
    note: Mapped[str | None]


class ContactTemplate(OfArea, Versioned, Table):
    """A text for a frequent entry, of one case manager or, without an owner, of the unit."""

    __tablename__ = "contact_templates"
    __table_args__ = (
        to_area("unit_id", "units"),
        to_area("owner_id", "users"),
        Index("ix_contact_templates_unit", "municipal_area_id", "unit_id", "name"),
    )

    unit_id: Mapped[UUID]
    owner_id: Mapped[UUID | None]
    name: Mapped[str]
    contact_type: Mapped[str]
    text: Mapped[str]
