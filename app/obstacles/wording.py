"""Texts of obstacles tell of the system, never of a person: what points to somebody is refused by place.

The coordination sees no client, so the names of clients are not known here: forms of address with a name,
dates, ages, telephone numbers, addresses, e-mail addresses and numbers are found, a bare name is not.
"""

from collections.abc import Mapping
from dataclasses import asdict

from app.barriers.identifying import Known, identifying_passages
from app.kit.errors import FieldError, Invalid

_NOBODY = Known()
_OF_A_MINUTE = frozenset({"date", "number"})
"""The steering group's decisions have a day and a number of their own."""


def require_impersonal(texts: Mapping[str, str | None], *, decisions: Mapping[str, str | None] = {}) -> None:
    """Raise 422 `text_identifies` with the passages, as offsets by place, that point to a person.

    Keys are fields of the body; `decisions` may name days and numbers.
    """
    found = [
        {"place": f"body.{name}", **asdict(passage)}
        for fields, passed in ((texts, frozenset[str]()), (decisions, _OF_A_MINUTE))
        for name, text in fields.items()
        if text
        for passage in identifying_passages(text, _NOBODY)
        if passage.kind not in passed
    ]
    if not found:
        return
    sentence = "The text points to a person. Say it without names, dates, numbers and addresses."
    places = dict.fromkeys(str(each["place"]) for each in found)
    raise Invalid(
        sentence,
        code="text_identifies",
        errors=[FieldError(place=place, kind="identifies", message=sentence) for place in places],
        passages=found,
    )
