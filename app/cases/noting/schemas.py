"""Shapes of drafts and templates."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from app.cases.schemas.entries import ContactDetails, Interpreter
from app.kit.schema import Code, Input, Name, Note, Read


class ContactDraftSave(ContactDetails):
    """What is there of an entry so far. All of it: what is left out is emptied."""


class ContactDraftRead(Read):
    """A draft of one's own; `changed_at` is when it was last saved, 30 days later it is deleted."""

    id: UUID
    case_id: UUID
    contact_type: str | None
    happened_at: datetime | None
    minutes: int | None
    language: str | None
    interpreter: Interpreter
    institution_id: UUID | None
    institution_name: str | None
    basis: str | None
    note: str | None
    created_at: datetime
    changed_at: datetime
    version: int


class TemplateCreate(Input):
    """A text for a frequent entry. Placeholders stand in braces, such as {client} or {institution}."""

    scope: Literal["own", "unit"]
    """`own` for case managers, `unit` for team leads."""
    unit_id: UUID | None = None
    """Needed only by those who work at several units."""
    name: Name
    contact_type: Code
    text: Note
    """Without names, dates and numbers of persons."""


class TemplateChange(Input):
    """What changes of a template; what is left out stays."""

    name: Name | None = None
    contact_type: Code | None = None
    text: Note | None = None


class TemplateRead(Read):
    """A template of one's own or of one's unit."""

    id: UUID
    scope: Literal["own", "unit"]
    unit_id: UUID
    name: str
    contact_type: str
    text: str
    version: int
