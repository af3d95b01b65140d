"""Shapes of official numbers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.kit.schema import Code, Input, Read

Number = Annotated[str, Field(min_length=3, max_length=40)]


class NumberRecord(Input):
    """A number of one kind; separators may be left out."""

    kind: Code
    value: Number


class NumberFind(NumberRecord):
    """The whole number of the person who is sought."""


class NumberShow(Input):
    """What the number is needed for (vocabulary `number_purpose`); the journal keeps it."""

    purpose: Code


class NumberLine(Read):
    """That a number is held; the number itself is shown by `show_number` only."""

    id: UUID
    kind: str
    recorded_at: datetime
    recorded_by: UUID


class NumbersRead(Read):
    """Which numbers are held of a person; `id` and `version` are the person's."""

    id: UUID
    version: int
    items: list[NumberLine]


class NumberRead(Read):
    """A number, shown for a purpose."""

    id: UUID
    kind: str
    value: str
