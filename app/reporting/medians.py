"""Medians of bands, made of published figures alone. Pure.

What is told is the band by whose end half of those who have one are counted. Where figures are hidden it is
told only if it is the same whatever they are; so it says nothing that the table does not say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from app.protection import ProtectedTable
from app.reporting.catalogue import Median
from app.reporting.classes import Classes

LEAST = 10
"""A median is told of so many at the least."""


class MedianStatus(StrEnum):
    """What may be told of a median."""

    PUBLISHED = "published"
    SUPPRESSED = "suppressed"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Place:
    """The median for one choice of the table's other codes; a code when it is told."""

    codes: tuple[str, ...]
    status: MedianStatus
    code: str | None


def medians(shown: ProtectedTable, every: Mapping[str, Classes], of: Median) -> list[Place]:
    """Return the median for each choice of the other dimensions' codes, in the order of the table."""
    at = shown.dimensions.index(of.dimension)
    value = {cell.codes: cell.units.value for cell in shown.cells}
    order = list(every[of.dimension].labels)
    bands = sorted(every[of.dimension].dimension.children[of.below], key=order.index)
    others = [
        list(dict.fromkeys(cell.codes[place] for cell in shown.cells))
        for place in range(len(shown.dimensions))
        if place != at
    ]
    found = []
    for codes in product(*others):
        parts = [value[(*codes[:at], band, *codes[at:])] for band in bands]
        status, place = median_band(parts, value[(*codes[:at], of.below, *codes[at:])])
        found.append(Place(codes, status, None if place is None else bands[place]))
    return found


def median_band(parts: Sequence[int | None], whole: int | None) -> tuple[MedianStatus, int | None]:
    """Return in which of the bands the median lies, from what is published of them and their total."""
    if whole is None and None not in parts:
        whole = sum(part or 0 for part in parts)
    if whole is None:
        return MedianStatus.SUPPRESSED, None
    if whole < LEAST:
        return MedianStatus.TOO_FEW, None
    known = [part or 0 for part in parts]
    rest = whole - sum(known)
    for place in range(len(parts)):
        at_least = sum(known[: place + 1]) + (0 if None in parts[place + 1 :] else rest)
        at_most_before = sum(known[:place]) + (rest if None in parts[:place] else 0)
        if 2 * at_least >= whole and 2 * at_most_before < whole:
            return MedianStatus.PUBLISHED, place
    return MedianStatus.SUPPRESSED, None
