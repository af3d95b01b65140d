"""What holds for exports to a state-wide database: who takes which step, how counts are told. Pure.

Sources: Art. 5 (1) c, 6 (1) a and 7 (3) GDPR; k-anonymity: Sweeney 2002.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TypedDict

from app.access.roles import STATE_DATABASE

PURPOSE = "state_database"
"""The purpose of a consent that an export rests on."""

RECIPIENT = STATE_DATABASE
"""The one kind of institution to which an export goes."""

NEEDED = "case_record"
"""The data category without which a consent covers no line."""

MINIMUM = 10
"""Persons: fewer are not sent as lines; a file with withdrawals alone is."""

KEPT = timedelta(days=14)
"""How long a file waits for its recipient."""

DECIDED = timedelta(days=30)
"""How long the figures of a dry run can be released: later, what they told is too old."""

FOLLOWED_AFTER = timedelta(days=30)
"""So long after a file was fetched somebody is reminded to ask for the next one (Art. 19 GDPR)."""

FROZEN = timedelta(days=7)
"""How long figures hold before others are computed of the same unit for the same recipient (cool-down).

Who can add persons of their own could otherwise count exactly, by the moment in which a band changes. The
database lets it be no less.
"""


class State(StrEnum):
    """Where an export stands."""

    REQUESTED = "requested"
    CHECKED = "checked"
    REFUSED = "refused"
    RELEASED = "released"
    READY = "ready"
    FETCHED = "fetched"
    ACKNOWLEDGED = "acknowledged"
    DISCARDED = "discarded"
    EXPIRED = "expired"


class Refusal(StrEnum):
    """Why nothing was made."""

    TOO_FEW = "too_few"
    NO_KEYS = "no_keys"


LABELS: Mapping[str, str] = {
    "persons": "Personen",
    "withdrawals": "Personen, deren Daten der Empfänger löscht",
    "kept_only": "Daten werden nur noch aufbewahrt, Art. 18 DSGVO",
    "ended": "Einwilligung widerrufen oder abgelaufen",
    "never_consented": "nie eingewilligt",
    "held_back": "zurückgehalten, damit veröffentlichte Zahlen niemanden verraten",
    Refusal.TOO_FEW: f"weniger als {MINIMUM} Personen",
    Refusal.NO_KEYS: "kein Schlüssel für Pseudonyme eingerichtet",
}
"""What the codes of a dry run are called in German, for who reads it in a terminal."""

OPEN = (State.REQUESTED, State.CHECKED, State.RELEASED, State.READY)
"""At most one such export for each unit and recipient."""

SENT = (State.FETCHED, State.ACKNOWLEDGED)
"""What the recipient has: of the same quarter withdrawals alone follow, and none of an earlier one."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One way from a state to another, and who goes it."""

    source: State | None
    target: State
    label: str


_SYSTEM, _ADMIN, _LEAD, _RECIPIENT = "the worker", "an administrator", "a team lead", "the recipient"
_EITHER = "an administrator or a team lead"

WAY: tuple[Transition, ...] = (
    Transition(None, State.REQUESTED, _ADMIN),
    Transition(State.REQUESTED, State.CHECKED, _SYSTEM),
    Transition(State.REQUESTED, State.REFUSED, _SYSTEM),
    Transition(State.CHECKED, State.RELEASED, _LEAD),
    Transition(State.RELEASED, State.READY, _SYSTEM),
    Transition(State.RELEASED, State.REFUSED, _SYSTEM),
    Transition(State.READY, State.FETCHED, _RECIPIENT),
    Transition(State.FETCHED, State.ACKNOWLEDGED, _RECIPIENT),
    *(Transition(each, State.DISCARDED, _EITHER) for each in OPEN),
    *(Transition(each, State.EXPIRED, _SYSTEM) for each in (State.CHECKED, State.READY)),
)


def following(state: str, *, by: Iterable[State]) -> list[str]:
    """Return which of these states a step leads to."""
    return [each.target.value for each in WAY if each.source == state and each.target in set(by)]


class Band(TypedDict):
    """A count told roughly; `at_most` is none for the highest band."""

    at_least: int
    at_most: int | None


_BOUNDS = (0, 10, 20, 50, 100, 200, 500, 1000)


def band(count: int) -> Band:
    """Return the band of a count. The lowest holds zero too: whether there is anybody is told of nobody."""
    lower = max(each for each in _BOUNDS if each <= count)
    following_bounds = [each for each in _BOUNDS if each > lower]
    return {"at_least": lower, "at_most": following_bounds[0] - 1 if following_bounds else None}


CLASS_SIZES = (2, 3, 5)
"""Fewer persons than this share all that could tell a person from others."""


def persons_in_small_classes(classes: Iterable[Hashable]) -> Mapping[int, int]:
    """Return, by size, how many persons are in a class of fewer; under 2 are those alone in theirs."""
    sizes = Counter(classes)
    return {least: sum(size for size in sizes.values() if size < least) for least in CLASS_SIZES}
