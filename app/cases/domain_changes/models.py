"""Tables of changes of legal domain and their items."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.domain_changes.checklists import SIDES
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area

STATES = ("open", "done", "not_needed")


class DomainChange(OfArea, Table):
    """One change of what a client lives on, as it concerns one case."""

    __tablename__ = "domain_changes"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        Index("ix_domain_changes_case", "municipal_area_id", "case_id"),
    )

    case_id: Mapped[UUID]
    before: Mapped[str]
    after: Mapped[str]
    changed_on: Mapped[date]
    days_without: Mapped[int]
    between_domains: Mapped[bool]
    """Both are legal domains, so that a report of a barrier can name them as an interface."""
    opened_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    """The period that opened it was withdrawn, or corrected to something else."""


class DomainChangeItem(OfArea, Versioned, Table):
    """One thing to see to, as the data said it when the change of legal domain was opened."""

    __tablename__ = "domain_change_items"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("domain_change_id", "domain_changes", ondelete="CASCADE"),
        to_area("task_id", "tasks"),
        one_of("side", SIDES),
        one_of("state", STATES),
        CheckConstraint("(state = 'not_needed') = (reason IS NOT NULL)", name="reason"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled"),
        Index("ix_domain_change_items_case", "municipal_area_id", "case_id"),
        Index("ix_domain_change_items_domain_change", "municipal_area_id", "domain_change_id"),
    )

    case_id: Mapped[UUID]
    domain_change_id: Mapped[UUID]
    position: Mapped[int]
    checklist_version: Mapped[str]
    code: Mapped[str]
    side: Mapped[str]
    label_de: Mapped[str]
    label_en: Mapped[str]
    source: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="open")
    reason: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None]
    task_id: Mapped[UUID | None]
