"""Shapes of contacts."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.cases.schemas.cases import PersonRef
from app.kit.schema import Code, Input, Line, Moment, Note, Read

Interpreter = Literal["none", "professional", "volunteer", "relative"]
Minutes = Annotated[int, Field(strict=True, ge=0, le=1440)]


class ContactCreate(Input):
    """What happened. A conversation with a third party needs a basis."""

    contact_type: Code
    happened_at: Moment
    minutes: Minutes | None = None
    language: Code | None = None
    interpreter: Interpreter = "none"
    basis: Line | None = None
    note: Note | None = None


class ContactCorrect(Input):
    """What should have been written; what is left out stays. The original is kept."""

    contact_type: Code | None = None
    happened_at: Moment | None = None
    minutes: Minutes | None = None
    language: Code | None = None
    interpreter: Interpreter | None = None
    basis: Line | None = None
    note: Note | None = None


class ContactRead(Read):
    """An entry. `corrects` is the entry it puts right; one with `corrected_by` no longer counts."""

    id: UUID
    contact_type: str
    happened_at: datetime
    minutes: int | None
    language: str | None
    interpreter: Interpreter
    basis: str | None
    note: str | None
    author: PersonRef
    created_at: datetime
    corrects: UUID | None
    corrected_by: UUID | None
    version: int
