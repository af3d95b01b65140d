"""Shapes of disputes; `DisputeMark` stands in whatever shows a disputed entry."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.kit.schema import Day, Input, Note, Read

Entry = Literal[
    "client", "household", "residence-documents", "legal-domains", "addresses", "languages", "schooling"
]
DisputedBy = Literal["client", "guardian", "representative"]
Outcome = Literal["corrected", "confirmed", "retracted", "undecidable"]
FieldName = Annotated[str, Field(pattern=r"^[a-z_]{2,40}$")]


class DisputeMark(Read):
    """An entry is disputed: what the client says; with outcome `undecidable` the mark stays for good."""

    id: UUID
    field: str | None
    says: str
    disputed_by: DisputedBy
    disputed_on: date
    recorded_by: UUID
    outcome: Literal["undecidable"] | None
    version: int


class DisputeCreate(Input):
    """Which entry is disputed: a field of the person, or a period or member by id, whole or one field."""

    entry: Entry
    entry_id: UUID | None = None
    field: FieldName | None = None
    says: Note
    disputed_by: DisputedBy = "client"
    disputed_on: Day


class DisputeResolve(Input):
    """How it ended and why; only what is `undecidable` stays marked."""

    outcome: Outcome
    reason: Note


class DisputeRead(Read):
    """A dispute with its outcome, if it has one."""

    id: UUID
    version: int
    client_id: UUID
    entry: Entry
    entry_ids: list[UUID]
    field: str | None
    says: str
    disputed_by: DisputedBy
    disputed_on: date
    recorded_by: UUID
    outcome: Outcome | None
    reason: str | None
    resolved_at: datetime | None
    resolved_by: UUID | None
