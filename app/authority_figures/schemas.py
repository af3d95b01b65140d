"""Shapes of the figures that authorities enter."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from app.authority_figures.rules import adds_up, unknown_groups
from app.kit.quarters import QuarterCode
from app.kit.schema import Code, Count, Input, Line, Read

Figure = Literal[
    "naturalisation_applied", "naturalisation_granted", "naturalisation_rejected",
    "stay_examined", "stay_applied", "stay_granted", "stay_rejected", "duldung_held",
]  # fmt: skip


def _known(groups: dict[str, int]) -> dict[str, int]:
    if unknown_groups(groups):
        raise PydanticCustomError("unknown_code", "A group is a code of the vocabulary nationality_group")
    return groups


Groups = Annotated[
    dict[Code, Count],
    Field(max_length=30, description="persons by `nationality_group`; what is not named is none"),
    AfterValidator(_known),
]


class _Counted(Input):
    total: Count
    groups: Groups

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not adds_up(self.total, self.groups):
            raise PydanticCustomError("does_not_add_up", "The groups together are the total")
        return self


class AuthorityFigureEnter(_Counted):
    """One number of a quarter that has ended. `institution_id` only for officers of several authorities."""

    institution_id: UUID | None = None
    quarter: QuarterCode
    figure: Figure


class AuthorityFigureCorrect(_Counted):
    """What is believed instead, and why."""

    reason: Line


class AuthorityFigureRead(Read):
    """A figure as it was entered; one that was corrected says by which and why."""

    id: UUID
    institution_id: UUID
    quarter: str
    figure: Figure
    total: int
    groups: dict[str, int]
    entered_at: datetime
    superseded_at: datetime | None
    superseded_by: UUID | None
    correction_reason: str | None
    version: int
