"""Shapes of council questions."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.kit.schema import Day, Input, Line, Name, Note, Read


class Citation(Input):
    """A table of a published release."""

    release_id: UUID
    table: Annotated[str, Field(max_length=60, pattern=r"^[a-z_0-9]+$")]


Citations = Annotated[list[Citation], Field(max_length=30)]


class CouncilQuestionCreate(Input):
    """A question as it came, with a first draft of the answer. 409 for a number that is there."""

    number: Name
    asked_by: Line
    """A group or committee of the council, no person."""
    asked_on: Day
    question: Note
    answer: Note | None = None
    citations: Citations = Field([])


class CouncilQuestionChange(Input):
    """What changes of a draft; what is left out stays. `citations` takes the place of all."""

    number: Name | None = None
    asked_by: Line | None = None
    asked_on: Day | None = None
    question: Note | None = None
    answer: Note | None = None
    citations: Citations | None = None


class CitationRead(Read):
    """What an answer rests on; `sha256` is of the table, `release_sha256` of its whole release."""

    release_id: UUID
    quarter: str
    table: str
    sha256: str
    release_sha256: str


class CouncilQuestionRead(Read):
    """A question; once answered it is frozen, `sha256` seals texts and citations."""

    id: UUID
    number: str
    asked_by: str
    asked_on: date
    question: str
    answer: str | None
    state: Literal["draft", "answered"]
    answered_at: datetime | None
    sha256: str | None
    citations: list[CitationRead]
    version: int
