"""What a dry run tells: how much would leave, who is left out and why, how many would stand out, a sample.

Counts are told in bands. Nothing here is of a person: the sample is made of the profile alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.state_exports.lines import Line, told_apart_by
from app.state_exports.profile import PROFILE, Field, Part, fields, fields_of
from app.state_exports.rules import MINIMUM, band, persons_in_small_classes

LEFT_OUT = ("kept_only", "ended", "never_consented", "held_back")


def told(lines: Sequence[Line], withdrawals: int, left_out: Mapping[str, int]) -> dict[str, Any]:
    """Return the figures of a dry run.

    `left_out` counts persons: whose data are only kept, whose consent has ended, who never gave one, who stay
    back so that nobody is read from what was published.
    """
    small = persons_in_small_classes(told_apart_by(line) for line in lines)
    return {
        "profile": PROFILE,
        "persons": band(len(lines)),
        "withdrawals": band(withdrawals),
        "withdrawals_only": False,
        "is_enough": len(lines) >= MINIMUM,
        "left_out": {reason: band(left_out[reason]) for reason in LEFT_OUT},
        "stand_out": [{"fewer_than": size, "persons": band(count)} for size, count in small.items()],
        "fields": [{"field": f"{each.part}.{each.name}", "category": each.category} for each in fields()],
        "sample": sample(),
    }


def of_withdrawals_alone() -> dict[str, Any]:
    """Return what is told of a file of withdrawals alone: nothing of anybody, nor how many they are."""
    return {**told([], 0, dict.fromkeys(LEFT_OUT, 0)), "withdrawals_only": True}


def are_as_told(lines: Sequence[Line], figures: Mapping[str, Any]) -> bool:
    """Return whether these lines lie in the bands of a dry run: how many, and how many stand out."""
    now = told(lines, 0, dict.fromkeys(LEFT_OUT, 0))
    return all(now[name] == figures[name] for name in ("persons", "stand_out"))


def sample() -> Line:
    """Return a line made of the first value that the profile allows for each field: about nobody."""
    case = {
        **_made("case"),
        "life_domains": [_made("life_domain")],
        "domain_changes": [_made("domain_change")],
    }
    return {**_made("person"), "cases": [case]}


def _made(part: Part) -> Line:
    return {each.name: _value(each) for each in fields_of(part)}


_MADE = {"pseudonym": "p" + "0" * 40, "municipal_area": "KIM-00000"}


def _value(field: Field) -> Any:
    values = field.values
    if field.name in _MADE:
        return _MADE[field.name]
    if values["type"] == "array":
        return []
    if values["type"] == "integer":
        return values["minimum"]
    return values["enum"][0] if "enum" in values else "2000Q1"
