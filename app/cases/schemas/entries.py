"""Shapes of contacts."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.cases.schemas.cases import PersonRef
from app.directory.schemas import InstitutionName
from app.kit.schema import Code, Input, Line, Moment, Note, Read

Interpreter = Literal["none", "professional", "volunteer", "relative"]
Minutes = Annotated[int, Field(strict=True, ge=0, le=1440)]


class ContactDetails(Input):
    """What an entry can say; an unfinished one says what it can."""

    contact_type: Code | None = None
    happened_at: Moment | None = None
    minutes: Minutes | None = None
    language: Code | None = None
    interpreter: Interpreter = "none"
    institution_id: UUID | None = None
    institution_name: Line | None = None
    """For a place that is not in the directory."""
    basis: Line | None = None
    note: Note | None = None


class ContactCreate(ContactDetails):
    """What happened. A third party needs a basis, accompanying somebody the institution."""

    contact_type: Code
    happened_at: Moment


class ContactCorrect(Input):
    """What should have been written; what is left out stays. The original is kept."""

    contact_type: Code | None = None
    happened_at: Moment | None = None
    minutes: Minutes | None = None
    language: Code | None = None
    interpreter: Interpreter | None = None
    institution_id: UUID | None = None
    institution_name: Line | None = None
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
    institution: InstitutionName | None
    basis: str | None
    note: str | None
    author: PersonRef
    created_at: datetime
    corrects: UUID | None
    corrected_by: UUID | None
    version: int
