"""Finds what one reader is shown as null and another is shown with a value: it should have been absent."""

from collections.abc import Iterator, Mapping
from typing import Any

PLACES = dict[tuple[str, ...], object]


def places(answer: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield each field of an answer with its place; the items of a list are named by what they are."""
    if isinstance(answer, Mapping):
        for name, value in answer.items():
            yield (*at, name), value
            yield from places(value, (*at, name))
    elif isinstance(answer, list):
        for number, item in enumerate(answer):
            yield from places(item, (*at, _name(item) or str(number)))


def _name(item: object) -> str:
    if not isinstance(item, Mapping):
        return ""
    fields = ("kind", "id", "what", "position", "group")
    target = item.get("target")
    named = [str(item[field]) for field in fields if field in item]
    return " ".join([*named, *([str(target["id"])] if isinstance(target, Mapping) else [])])


def told_as_null(answers: Mapping[str, Any]) -> set[str]:
    """Return the fields of the same things that are null for one reader and have a value for another."""
    seen: dict[tuple[str, ...], set[bool]] = {}
    for answer in answers.values():
        # The cursor tells that the list goes on, and of nothing else.
        for place, value in places(answer):
            if place != ("next",):
                seen.setdefault(place, set()).add(value is None)
    return {place[-1] for place, kinds in seen.items() if len(kinds) == 2}
