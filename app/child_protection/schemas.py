"""Shapes of child protection."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.cases.schemas.cases import PersonRef
from app.child_protection.rules import State, Step
from app.kit.schema import Day, Input, Line, Name, Note, Read

Text = Annotated[Note, Field(max_length=4000)]
Outcome = Literal["no_danger", "averted_by_help", "taken_over", "not_confirmed", "other"]


class ChildProtectionNote(Input):
    """Weighty indications that the well-being of a child is in danger."""

    member_id: UUID | None = None
    """The entry of the household; none: the case's client."""
    indications: Text
    """What was seen and heard, by whom; no judgement."""
    noticed_on: Day | None = None
    """Today when left out."""
    look_again_on: Day


class ChildProtectionStepTake(Input):
    """A step that happened on a day (today when left out).

    `counsel` says who advised, pseudonymised, and whether they see a danger; `discuss` with whom it was
    talked about; `offer_help` whether help was accepted; both decisions name the draft on `kkg_4` and
    whether the family was told beforehand; `end` the outcome. What was left out to keep the child safe has
    `why_not`.
    """

    step: Literal[
        "counsel", "discuss", "offer_help", "decide_to_inform", "decide_at_once", "answer", "end"
    ]  # fmt: skip
    on: Day | None = None
    look_again_on: Day | None = None
    note: Text | None = None
    counsellor: Name | None = None
    is_pseudonymised: Literal[True] | None = None
    is_danger: bool | None = None
    with_guardians: bool | None = None
    with_child: bool | None = None
    is_accepted: bool | None = None
    family_told: bool | None = None
    why_not: Line | None = None
    referral_id: UUID | None = None
    outcome: Outcome | None = None


class ProtectedChild(Read):
    """A member of the household, as written down when the indications were noted."""

    client_id: UUID | None
    name: str
    relation: str


class ChildProtectionStepRead(Read):
    """A step; what its kind does not say is null."""

    id: UUID
    at: datetime
    step: Step
    to_state: State
    happened_on: date
    user: PersonRef
    note: str | None
    counsellor: str | None
    is_pseudonymised: bool | None
    is_danger: bool | None
    with_guardians: bool | None
    with_child: bool | None
    is_accepted: bool | None
    family_told: bool | None
    why_not: str | None
    referral_id: UUID | None
    outcome: Outcome | None


class ChildProtectionRead(Read):
    """What is done for one child."""

    id: UUID
    case_id: UUID
    child: ProtectedChild | None
    """None: the case's client."""
    state: State
    indications: str
    noticed_on: date
    look_again_on: date
    referral_id: UUID | None
    outcome: Outcome | None
    ended_at: datetime | None
    allowed: list[str]
    """The steps that lead on from here."""
    steps: list[ChildProtectionStepRead]
    version: int
