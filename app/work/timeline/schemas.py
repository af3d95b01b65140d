"""Shapes of a timeline: one for each kind of entry, each with what a line shows."""

from typing import Annotated

from pydantic import Field

from app.kit.schema import Read
from app.work.timeline.entries import (
    AssessmentEntry,
    BarrierEntry,
    ConferenceEntry,
    ConsentEntry,
    ContactEntry,
    DocumentEntry,
    DomainChangeEntry,
    PathwayEntry,
    PhaseEntry,
    ReferralEntry,
    SchoolTimelineEntry,
    TaskEntry,
    TeamEntry,
    TransferTimelineEntry,
)
from app.work.timeline.messages import MessageEntry
from app.work.timeline.source import Kind

AnyEntry = Annotated[
    ContactEntry
    | PhaseEntry
    | AssessmentEntry
    | ReferralEntry
    | ConsentEntry
    | DocumentEntry
    | TaskEntry
    | BarrierEntry
    | DomainChangeEntry
    | TeamEntry
    | ConferenceEntry
    | PathwayEntry
    | SchoolTimelineEntry
    | TransferTimelineEntry
    | MessageEntry,
    Field(discriminator="kind"),
]


class TimelineRead(Read):
    """One page, newest first. `next` leads to what was before, `previous` to what came after.

    `kinds` are those that the page was taken from: a reader by break-glass is shown no barriers.
    """

    items: list[AnyEntry]
    next: str | None
    previous: str | None
    kinds: list[Kind]
