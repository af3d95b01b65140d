"""What becomes of two records of one person: pure.

Where safety is at stake the stricter wins and nobody chooses: a restricted person stays restricted, a way of
contact is safe only when both records say so, and who must not learn anything still must not.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

UNDO_WITHIN = timedelta(days=30)

CHOSEN = (
    "given_name", "family_name", "birth_date", "sex", "marital_status", "literacy", "needs_interpreter",
    "phone", "email", "contact_times", "contact_language", "household_type",
)  # fmt: skip
"""Fields of which the merger chooses; the precision of a birth date goes with it."""
JOINED = ("former_names", "other_names")
WARNINGS = ("no_post", "no_voicemail", "no_interpreter_of_same_circle", "is_restricted")
SAFETY = (*WARNINGS, "contact_channels", "must_not_learn")
COMPARED = (*CHOSEN, *JOINED, *SAFETY)

_WITH = {"birth_date": ("birth_date", "birth_precision")}


class How(StrEnum):
    """Why a field has the value that it will have."""

    KEPT = "kept"
    TAKEN = "taken"
    FILLED = "filled"
    """Only the merged record says anything."""
    JOINED = "joined"
    STRICTER = "stricter"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one field will be."""

    how: How
    values: Mapping[str, Any]
    """Of the column, and of those that go with it."""


def outcomes(kept: Mapping[str, Any], merged: Mapping[str, Any], take: Collection[str]) -> dict[str, Outcome]:
    """Return what becomes of each field in which two records differ."""
    differing = [name for name in COMPARED if any(kept[each] != merged[each] for each in columns_of(name))]
    return {name: _outcome(name, kept, merged, take) for name in differing}


def columns_of(field: str) -> tuple[str, ...]:
    """Return the columns of a field."""
    return _WITH.get(field, (field,))


def _outcome(name: str, kept: Mapping[str, Any], merged: Mapping[str, Any], take: Collection[str]) -> Outcome:
    if name in SAFETY:
        return Outcome(How.STRICTER, {name: stricter(name, kept[name], merged[name])})
    if name in JOINED:
        return Outcome(How.JOINED, {name: list(dict.fromkeys([*kept[name], *merged[name]]))})
    if is_unsaid(name, kept[name]):
        how, of = How.FILLED, merged
    elif name in take:
        how, of = How.TAKEN, merged
    else:
        how, of = How.KEPT, kept
    return Outcome(how, {column: of[column] for column in columns_of(name)})


def is_unsaid(name: str, value: Any) -> bool:
    """Tell whether a record says nothing of a field."""
    return value is None or (name == "sex" and value == "x")


def stricter(name: str, one: Any, other: Any) -> Any:
    """Return what a field of safety is when two speak of it; who says nothing loosens nothing."""
    if name == "contact_channels":
        return stricter_channels(one, other)
    return both_texts(one, other) if name == "must_not_learn" else bool(one or other)


def stricter_channels(one: list[str] | None, other: list[str] | None) -> list[str] | None:
    """Return the ways of contact that both records allow; nobody was asked where there is none."""
    if one is None or other is None:
        return other if one is None else one
    return [each for each in one if each in other]


def both_texts(one: str | None, other: str | None) -> str | None:
    """Return both texts, of the other one the lines that are not there yet."""
    if not one or not other:
        return one or other or None
    there = one.splitlines()
    return "\n".join([one, *(line for line in other.splitlines() if line not in there)])
