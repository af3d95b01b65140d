"""Shapes of interpretings and of what a provider is told."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.cases.schemas.cases import PersonRef
from app.kit.schema import Code, Input, Line, Moment, Note, Read

Mode = Literal["on_site", "phone", "video"]
Sex = Literal["m", "w"]
Payer = Literal["kim", "institution", "state_pool", "free_of_charge", "open"]
State = Literal["needed", "requested", "confirmed", "declined", "held", "cancelled", "no_show"]
Duration = Annotated[int, Field(strict=True, ge=5, le=1440, description="minutes")]
Place = Annotated[UUID | None, Field(description="an institution of the directory; none: one's own office")]


class InterpretingRecord(Input):
    """What is needed. Without a language, that of the client's safe contact."""

    language: Code | None = None
    mode: Mode
    starts_at: Moment
    minutes: Duration = 60
    place_id: Place = None
    wished_sex: Sex | None = None
    payer: Payer = "open"
    note: Note | None = None


class InterpretingChange(Input):
    """What changes while nobody is asked; who pays and the note at any time."""

    language: Code | None = None
    mode: Mode | None = None
    starts_at: Moment | None = None
    minutes: Duration | None = None
    place_id: Place = None
    wished_sex: Sex | None = None
    payer: Payer | None = None
    note: Note | None = None


class InterpretingStepTake(Input):
    """A step, written down by the case manager.

    `request` names the provider, an interpreting service of the directory or a colleague; `hold` may name the
    contact it was for, and from `needed` names who interpreted; `decline`, `cancel` and `miss` need a reason.
    Where the client wants no interpreter of the same circle, `confirm` needs `circle_excluded`.
    """

    step: Literal["request", "confirm", "decline", "hold", "cancel", "miss"]
    reason: Line | None = None
    provider_id: UUID | None = None
    colleague_id: UUID | None = None
    circle_excluded: bool = False
    contact_id: UUID | None = None


class InterpretingStepRead(Read):
    """One step of an interpreting."""

    at: datetime
    step: Literal["record", "request", "confirm", "decline", "hold", "cancel", "miss"]
    to_state: State
    user_id: UUID
    reason: str | None


class InterpretingRead(Read):
    """An interpreting; the warnings come from the safe contact of today."""

    id: UUID
    state: State
    language: str
    mode: Mode
    starts_at: datetime
    minutes: int
    place_id: UUID | None
    wished_sex: Sex | None
    payer: Payer
    note: str | None
    provider_id: UUID | None
    colleague: PersonRef | None
    circle_excluded: bool
    contact_id: UUID | None
    warnings: list[Literal["not_of_same_circle", "no_phone", "somebody_must_not_learn"]]
    steps: list[InterpretingStepRead]
    version: int


class InterpretingRequest(Read):
    """What a provider is told, and nothing more."""

    language: str
    language_label: str
    mode: Mode
    starts_at: datetime
    minutes: int
    place: str
    wished_sex: Sex | None
    caller: str
    caller_email: str
