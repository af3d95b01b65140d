"""Shapes of imports."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.kit.schema import Code, Input, Line, Name, Read

ImportKind = Literal["clients", "households", "cases", "contacts"]
ImportState = Literal["announced", "read", "taking", "taken", "undoing", "undone"]
RowState = Literal[
    "ready", "bad", "known", "duplicate", "skipped", "taken", "linked", "undone", "stays"
]  # fmt: skip
Words = Annotated[dict[Name, Annotated[str, Field(max_length=120)]], Field(max_length=500)]


class SheetMapping(Input):
    """Which heading of the sheet stands for which field; capitals and spaces of headings do not matter."""

    columns: Annotated[dict[Code, Name], Field(max_length=100)]
    """Field to heading."""
    values: Annotated[dict[Code, Words], Field(default_factory=dict, max_length=100)]
    """Field to what its cells say instead of codes; codes and labels of the catalogues need none."""
    constants: Annotated[dict[Code, Line], Field(default_factory=dict, max_length=100)]
    """Field to a value that counts for every row."""
    sheet: Name | None = None
    """The page of the file; needed only when several hold something."""


class ImportAnnounce(Input):
    """A sheet that will be sent. Without a mapping it is the template's (`/v1/imports/templates/...`)."""

    kind: ImportKind
    unit_id: UUID | None = None
    """Needed only by those who work at several units."""
    mapping: SheetMapping | None = None
    skip_bad: bool = False
    """Take the other rows although some are bad or undecided."""


class ImportTake(Input):
    """The next rows. `skip_bad`, once sent, counts for the whole import."""

    skip_bad: bool = False


class RowDecide(Input):
    """What is done with a row that may be somebody who is registered already."""

    decision: Literal["take", "link", "skip"]
    client_id: UUID | None = None
    """With `link`: who it is, one of the row's duplicates. What is known of them stays, but of warnings and
    safe contact the stricter of both holds."""


class ImportCounts(Read):
    """How many rows are in each state."""

    ready: int
    bad: int
    known: int
    duplicate: int
    skipped: int
    taken: int
    linked: int
    undone: int
    stays: int


class ImportRead(Read):
    """An import and how far it is. While `left` is above zero, take (or undo) again."""

    id: UUID
    kind: ImportKind
    state: ImportState
    unit_id: UUID
    skip_bad: bool
    created_at: datetime
    read_at: datetime | None
    rows: ImportCounts
    left: int


class RowFinding(Read):
    """What is wrong with a row, in German; the value is not repeated."""

    field: str
    column: str
    """Its heading; empty for a constant, or where it is about the whole row."""
    kind: str
    message: str


class ImportRowRead(Read):
    """A row of the report, by its number in the sheet."""

    number: int
    state: RowState
    findings: list[RowFinding]
    duplicates: list[UUID]
    object_id: UUID | None
    """What was made of it, or whom it was linked to."""
