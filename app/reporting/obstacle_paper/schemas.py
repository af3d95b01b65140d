"""The shape of the paper."""

from datetime import date
from typing import Literal
from uuid import UUID

from app.kit.schema import Read
from app.obstacles.schemas import MeasureState, Status


class PaperMeasure(Read):
    """A measure with the name of who is responsible."""

    title: str
    responsible: str | None
    due_on: date | None
    state: MeasureState


class PaperDecision(Read):
    """A decision of the steering group."""

    decided_on: date
    minute: str
    text: str


class PaperComment(Read):
    """What an institution said to the figures about its group."""

    institution: str
    quarter: str
    commented_on: date
    comment: str


class PaperFigure(Read):
    """A published cell, with the labels of its codes."""

    codes: list[str]
    labels: list[str]
    status: Literal["published", "zero", "suppressed"]
    value: int | None


class PaperTable(Read):
    """The cells of a published table that are about the obstacle's types and institutions."""

    name: str
    title: str
    definition: str
    unit: str
    figures: list[PaperFigure]


class PaperRelease(Read):
    """The release that the figures come from, by its seal."""

    id: UUID
    quarter: str
    sha256: str


class PaperRead(Read):
    """The paper of an obstacle: self-contained, with labels and names instead of ids."""

    format: Literal["kim-obstacle-paper/1"]
    area: str
    written_on: date
    title: str
    description: str
    status: Status
    status_label: str
    barrier_types: list[str]
    barrier_type_labels: list[str]
    institution_types: list[str]
    institution_type_labels: list[str]
    responsible_unit: str | None
    due_on: date | None
    measures: list[PaperMeasure]
    decisions: list[PaperDecision]
    comments: list[PaperComment]
    release: PaperRelease | None
    tables: list[PaperTable]
