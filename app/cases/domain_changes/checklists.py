"""The items of a change of legal domain: versioned data for each pair, with the law they come from."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "checklists.csv"
ANY = "*"
SIDES = ("stops", "starts", "missing")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to see to: who stops paying, who starts, or what is missing."""

    version: str
    code: str
    side: str
    label_de: str
    label_en: str
    source: str


@cache
def _all() -> dict[tuple[str, str], tuple[Item, ...]]:
    found: dict[tuple[str, str], list[Item]] = {}
    with _DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pair = (row.pop("before"), row.pop("after"))
            found.setdefault(pair, []).append(Item(**row))
    return {pair: tuple(items) for pair, items in found.items()}


def items_of(before: str, after: str) -> Sequence[Item]:
    """Return the items for a pair of domains; where it has none of its own, what every change needs."""
    return _all().get((before, after)) or _all()[ANY, ANY]


def pairs() -> Sequence[tuple[str, str]]:
    """Return the pairs that have items of their own."""
    return [pair for pair in _all() if ANY not in pair]
