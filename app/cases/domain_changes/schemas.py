"""Shapes of changes of legal domain."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.kit.schema import Day, Input, Line, Read

State = Literal["open", "done", "not_needed"]


class DomainChangeItemChange(Input):
    """What became of an item; `not_needed` with a reason."""

    state: State
    reason: Line | None = None


class DomainChangeItemTask(Input):
    """When a task made of an item is due."""

    due_on: Day
    title: Line | None = None


class DomainChangeItemRead(Read):
    """One thing to see to, with the law it comes from."""

    id: UUID
    code: str
    side: Literal["stops", "starts", "missing"]
    label_de: str
    label_en: str
    source: str
    checklist_version: str
    state: State
    reason: str | None
    settled_at: datetime | None
    settled_by: UUID | None
    task_id: UUID | None
    version: int


class BarrierSuggestion(Read):
    """What a report of a barrier could say: days without benefit between two legal domains."""

    effect: Literal["benefit_gap"]
    from_legal_domain: str
    to_legal_domain: str
    days: int


class DomainChangeRead(Read):
    """A change of what the client lives on, with what is to be seen to."""

    id: UUID
    before: str
    after: str
    changed_on: date
    days_without: int
    opened_at: datetime
    withdrawn_at: datetime | None
    """The period that opened it was withdrawn or corrected: nothing of it is open any more."""
    open_items: int
    items: list[DomainChangeItemRead]
    barrier_suggestion: BarrierSuggestion | None
