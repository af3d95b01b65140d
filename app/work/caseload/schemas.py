"""Shapes of a caseload."""

from datetime import date

from pydantic import Field

from app.cases.schemas.cases import ColleagueRef
from app.kit.schema import NamedRef, Read


class Waiting(Read):
    """Open cases by the days that they have been in their phase."""

    up_to_7: int
    up_to_14: int
    up_to_30: int
    up_to_60: int
    over_60: int


class PhaseLoad(Read):
    """Open cases in one phase."""

    phase: str
    count: int
    waiting: Waiting


class CaseManagerLoad(Read):
    """The open cases that somebody leads."""

    user: ColleagueRef
    open_cases: int
    phases: list[PhaseLoad]


class PositionLoad(Read):
    """Positions for case management, in full-time equivalents, in the last funded year until now."""

    funded_year: int
    funded: float
    filled: float


class CaseloadRead(Read):
    """What a unit carries on a day: counts only, without cases of persons whose data are only kept."""

    unit: NamedRef
    day: date = Field(alias="on")
    open_cases: int
    positions: PositionLoad | None
    cases_per_position: float | None
    """Open cases per filled full-time equivalent; none where no position is filled."""
    phases: list[PhaseLoad]
    case_managers: list[CaseManagerLoad]
