"""Shapes of merges and of persons who are not the same."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from app.kit.schema import Input, Note, Read

Choosable = Literal[
    "given_name",
    "family_name",
    "birth_date",
    "sex",
    "marital_status",
    "literacy",
    "needs_interpreter",
    "phone",
    "email",
    "contact_times",
    "contact_language",
    "household_type",
]
MergeObstacle = Literal[
    "other_unit",
    "processing_restricted",
    "numbers_differ",
    "said_to_be_distinct",
    "consent_withdrawn",
    "collisions_undecided",
]
Version = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]


class MergeField(Read):
    """A field in which the records differ, and what it will be.

    `kept` is the survivor's unless its name is sent in `take`; `stricter` and `joined` nobody chooses.
    """

    field: str
    how: Literal["kept", "filled", "joined", "stricter"]
    client: Any = Field(description="what the survivor says")
    merged: Any = Field(description="what the other record says")
    result: Any


class CollidingPeriod(Read):
    """A period that cannot be believed together with another."""

    id: UUID
    valid_from: date | None
    valid_until: date | None
    values: dict[str, Any]


class Collision(Read):
    """Two periods of one strand that overlap: send the id of the one that is believed in `believe`."""

    history: str
    client: CollidingPeriod
    merged: CollidingPeriod
    is_same: bool = Field(description="both say the same: the survivor's is believed without being named")


class MergedNumber(Read):
    """An official number of the merged record; the number itself is not shown."""

    kind: str
    what: Literal["follows", "same", "differs"]


class MergePreview(Read):
    """What a merge would do, and what stands in its way; nothing has changed yet."""

    client_id: UUID
    client_version: int
    merged_client_id: UUID
    merged_version: int
    fields: list[MergeField]
    nationalities: list[str]
    collisions: list[Collision]
    numbers: list[MergedNumber]
    follows: dict[str, int] = Field(description="how much of what you see of the other record will follow")
    colleagues_who_will_see_more: int = Field(description="who sees one of the two and will see both")
    obstacles: list[MergeObstacle]


class MergeCreate(Input):
    """The merge that was previewed: which record follows, what of it is taken, which periods are believed."""

    merged_client_id: UUID
    client_version: Version
    merged_version: Version
    take: Annotated[list[Choosable], Field(default_factory=list, max_length=12)]
    believe: Annotated[list[UUID], Field(default_factory=list, max_length=200)]
    reason: Note


class MergeRead(Read):
    """A merge. `stayed` names what an undo could not give back: something else stands there now."""

    id: UUID
    client_id: UUID
    merged_client_id: UUID
    reason: str
    taken: list[str]
    merged_by: UUID
    merged_at: datetime
    undo_until: datetime
    undone_at: datetime | None
    undone_by: UUID | None
    stayed: list[str]
    final_at: datetime | None


class DistinctCreate(Input):
    """Two persons who are not the same, and how one knows."""

    client_id: UUID
    other_client_id: UUID
    reason: Note


class DistinctRead(Read):
    """Somebody has said that these two are not the same person."""

    id: UUID
    client_id: UUID
    other_client_id: UUID
    reason: str
    decided_by: UUID
    decided_at: datetime
