"""Likeness of a name that was asked for and the names of a person, with the reasons for it.

Each word of the shorter name is set against its best match in the longer one; the worst word weighs more
than the others, so that brothers and sisters stay apart, and what is left over weighs little.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA, Indel

from app.clients.matching.forms import Form
from app.clients.matching.slips import repaired

SAME, SPELLING, TYPING, PART = "same_name", "name_in_another_spelling", "typing_error", "part_of_name"
SWAPPED = "names_swapped"
LEAST = 0.55
"""A word that is less alike is another word."""
_WORST = 0.4
_NOT_MET, _NOT_ASKED = 0.3, 0.08
"""Weight of a word that was asked for in vain, and of one that was not asked for."""
_EXCHANGED = 0.01
_LONG_ENOUGH = 4


@dataclass(frozen=True, slots=True)
class Match:
    """How alike two names are, 0 to 1, and why."""

    likeness: float
    reasons: tuple[str, ...]


NO_MATCH = Match(0.0, ())


class Sought:
    """A name that is looked for; remembers how alike each word it has met is."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self.forms = list(forms)
        self._repaired = [repaired(form) for form in self.forms]
        self._known: dict[str, tuple[tuple[float, str], ...]] = {}

    def match(self, stored: Sequence[str]) -> Match:
        """Return the likeness to a person's names, given as the stored forms of their words in order."""
        table = [self._compared(word) for word in stored]
        pairs = _paired(table, len(self.forms))
        if not pairs:
            return NO_MATCH
        fewer, more = sorted((len(self.forms), len(stored)))
        values = sorted((table[there][here][0] for here, there in pairs), reverse=True)[:fewer]
        values += [0.0] * (fewer - len(values))
        likeness = (1 - _WORST) * sum(values) / fewer + _WORST * values[-1]
        left_over = _NOT_MET if len(self.forms) > len(stored) else _NOT_ASKED
        likeness *= 1 - left_over * (more - fewer) / more
        reasons = {table[there][here][1] for here, there in pairs}
        swapped = _is_swapped(pairs)
        said = _said(reasons, is_part=PART in reasons or len(stored) > len(pairs), is_swapped=swapped)
        return Match(round(likeness - _EXCHANGED * swapped, 4), said)

    def _compared(self, stored: str) -> tuple[tuple[float, str], ...]:
        known = self._known.get(stored)
        if known is None:
            other = Form.parsed(stored)
            known = self._known[stored] = tuple(
                max(alike(form, other), _repaired_alike(skeletons, form, other))
                for form, skeletons in zip(self.forms, self._repaired, strict=True)
            )
        return known


def _said(reasons: set[str], *, is_part: bool, is_swapped: bool) -> tuple[str, ...]:
    said = [reason for reason in (TYPING, SPELLING) if reason in reasons]
    if is_part:
        said.append(PART)
    return (*(said or [SAME]), *([SWAPPED] if is_swapped else []))


def _is_swapped(pairs: list[tuple[int, int]]) -> bool:
    there = [stored for _, stored in sorted(pairs)]
    return there != sorted(there)


def alike(one: Form, other: Form) -> tuple[float, str]:
    """Return how alike two words are, 0 to 1, and why."""
    if one.plain == other.plain:
        return 1.0, SAME
    if one.folded == other.folded and one.has_vowels and other.has_vowels:
        return 0.97, SPELLING
    best = _spelt_otherwise(one, other)
    if min(len(one.plain), len(other.plain)) >= _LONG_ENOUGH - 1 and one.has_vowels == other.has_vowels:
        best = max(best, _mistyped(one, other))
    if best[0] < LEAST and len(one.plain) >= _LONG_ENOUGH - 1 and other.plain.startswith(one.plain):
        best = (0.8, PART)
    return best


def _spelt_otherwise(one: Form, other: Form) -> tuple[float, str]:
    if not set(one.skeletons).isdisjoint(other.skeletons):
        if not (one.has_vowels and other.has_vowels):
            return 0.93, SPELLING
        share = 0.2 if min(len(one.skeletons[0]), len(other.skeletons[0])) > 2 else 0.35
        return 1 - share + (share - 0.05) * Indel.normalized_similarity(one.folded, other.folded), SPELLING
    slips = min(OSA.distance(x, y, score_cutoff=2) for x in one.skeletons[:3] for y in other.skeletons[:3])
    length = min(len(one.skeletons[0]), len(other.skeletons[0]))
    if slips == 1 and length >= 2:
        if not (one.has_vowels and other.has_vowels):
            return (0.7 if length > 2 else 0.5), TYPING
        likeness = Indel.normalized_similarity(one.folded, other.folded)
        return 0.45 + 0.35 * likeness - (0.15 if length == 2 else 0), TYPING
    return 0.0, TYPING


def _repaired_alike(skeletons: frozenset[str], one: Form, other: Form) -> tuple[float, str]:
    if skeletons.isdisjoint(other.skeletons):
        return 0.0, TYPING
    share = Indel.normalized_similarity(one.folded, other.folded) if other.has_vowels else 0.7
    return 0.5 + 0.35 * share, TYPING


def _mistyped(one: Form, other: Form) -> tuple[float, str]:
    length = min(len(one.plain), len(other.plain))
    if OSA.distance(one.plain, other.plain, score_cutoff=1) == 1:
        return (0.9 if length > _LONG_ENOUGH else 0.82), TYPING
    if OSA.distance(one.folded, other.folded, score_cutoff=1) == 1:
        return (0.82 if length > _LONG_ENOUGH else 0.7), TYPING
    return 0.0, TYPING


def _paired(table: Sequence[Sequence[tuple[float, str]]], asked: int) -> list[tuple[int, int]]:
    """Return pairs (word asked for, word stored), the likeliest first, each word once."""
    found = sorted(
        (
            (-table[there][here][0], abs(here - there), here, there)
            for there in range(len(table))
            for here in range(asked)
            if table[there][here][0] >= LEAST
        ),
    )
    taken_here: set[int] = set()
    taken_there: set[int] = set()
    pairs = []
    for _, _, here, there in found:
        if here not in taken_here and there not in taken_there:
            taken_here.add(here)
            taken_there.add(there)
            pairs.append((here, there))
    return pairs
