"""Which of several forms of one thing a caller wants (`Accept`, RFC 9110, section 12.5.1)."""

import re
from collections.abc import Sequence
from typing import Annotated

from fastapi import Header

from app.kit.errors import NotAcceptable

Accept = Annotated[str, Header(max_length=300, include_in_schema=False)]
"""What a caller takes. The contract names the forms with the answers: a parameter of this name is ignored
there (OpenAPI 3.1, Parameter Object)."""

_RANGE = re.compile(
    r"^\s*([A-Za-z0-9!#$&^_.+-]+|\*)/([A-Za-z0-9!#$&^_.+-]+|\*)\s*(;.*)?$",
)
_WEIGHT = re.compile(r";\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*(?:;|$)", re.IGNORECASE)


def wanted(accept: str, offered: Sequence[str]) -> str:
    """Return the media type that weighs most: the first of equals. Raises 406 where none is asked for.

    A header that names nothing asks for anything.
    """
    ranges = [found for part in accept.split(",") if (found := _RANGE.match(part))]
    if not ranges:
        return offered[0]
    weights = {each: _weight(each, ranges) for each in offered}
    if not any(weights.values()):
        raise NotAcceptable(offered)
    return max(offered, key=lambda each: weights[each])


def _weight(media_type: str, ranges: Sequence[re.Match[str]]) -> float:
    """Return the weight of the range that says most about a type."""
    kind, _, name = media_type.partition("/")
    found = [
        (precise, _weight_of(each))
        for each in ranges
        for precise, pattern in enumerate((("*", "*"), (kind, "*"), (kind, name)))
        if (each[1].lower(), each[2].lower()) == pattern
    ]
    return max(found)[1] if found else 0.0


def _weight_of(found: re.Match[str]) -> float:
    weight = _WEIGHT.search(found[3] or "")
    return float(weight[1]) if weight else 1.0
