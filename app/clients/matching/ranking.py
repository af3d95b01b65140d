"""Likeness of a name that was asked for and the names of a person, with the reasons for it.

Each word of the shorter name is set against its best match in the longer one; the worst word weighs more
than the others, so that brothers and sisters stay apart, and what is left over weighs little.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import OSA, Indel

from app.clients.matching.forms import Form, joined_of
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
_WRITTEN_APART = 0.97
_LETTERS_SHARED = 0.75
"""Share of their letters that a word and two joined ones have in common at least, where vowels are known."""
_WORTH_JOINING = 0.6
"""The same, before two words are read as one: reading takes far longer than counting."""
_NOT_ALIKE = (0.0, SPELLING)


Row = tuple[tuple[float, str], ...]
"""How alike a word of the person is to each word asked for, and why."""


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
        self._joined = joined_of(self.forms)
        self._known: dict[str, Row] = {}
        self._met: dict[str, dict[int, tuple[float, str]]] = {}
        self._pairs: dict[tuple[str, str], Row | None] = {}

    def match(self, stored: Sequence[str]) -> Match:
        """Return the likeness to a person's names, given as the stored forms of their words in order."""
        table = [self._compared(word) for word in stored]
        best = _matched(table, len(self.forms))
        for joined in (*self._joined_here(table, stored), *self._joined_there(table, stored)):
            best = max(best, _matched(joined, len(joined[0])), key=lambda match: match.likeness)
        return best

    def _compared(self, stored: str) -> Row:
        known = self._known.get(stored)
        if known is None:
            other = Form.parsed(stored)
            known = self._known[stored] = tuple(
                max(alike(form, other), _repaired_alike(skeletons, form, other))
                for form, skeletons in zip(self.forms, self._repaired, strict=True)
            )
            for here, form in enumerate(self._joined):
                if form and (met := _alike_joined(form, other))[0]:
                    self._met.setdefault(stored, {})[here] = met
        return known

    def _joined_here(self, table: Sequence[Row], stored: Sequence[str]) -> Iterator[list[Row]]:
        """Yield the table for each two words asked for that are one word of the person."""
        for here in {here for word in stored for here in self._met.get(word, ())}:
            met = [self._met.get(word, {}).get(here, _NOT_ALIKE) for word in stored]
            yield [(*row[:here], one, *row[here + 2 :]) for row, one in zip(table, met, strict=True)]

    def _joined_there(self, table: Sequence[Row], stored: Sequence[str]) -> Iterator[list[Row]]:
        """Yield the table for each two words of the person that are one word asked for."""
        for there, pair in enumerate(pairwise(stored)):
            if pair not in self._pairs:
                self._pairs[pair] = self._pair(*pair)
            if row := self._pairs[pair]:
                yield [*table[:there], row, *table[there + 2 :]]

    def _pair(self, one: str, other: str) -> Row | None:
        letters = one.split("|", 2)[1] + other.split("|", 2)[1]
        if all(
            Indel.normalized_similarity(letters, form.folded, score_cutoff=_WORTH_JOINING) == 0
            for form in self.forms
        ):
            return None
        joined = Form.parsed(one).and_(Form.parsed(other))
        row = tuple(_alike_joined(joined, form) for form in self.forms) if joined else ()
        return row if any(value for value, _ in row) else None


def _matched(table: Sequence[Row], asked: int) -> Match:
    """Return the likeness of a name of so many words, given how alike each is to each word of a person."""
    pairs = _paired(table, asked)
    if not pairs:
        return NO_MATCH
    fewer, more = sorted((asked, len(table)))
    values = sorted((table[there][here][0] for here, there in pairs), reverse=True)[:fewer]
    values += [0.0] * (fewer - len(values))
    likeness = (1 - _WORST) * sum(values) / fewer + _WORST * values[-1]
    left_over = _NOT_MET if asked > len(table) else _NOT_ASKED
    likeness *= 1 - left_over * (more - fewer) / more
    reasons = {table[there][here][1] for here, there in pairs}
    swapped = _is_swapped(pairs)
    said = _said(reasons, is_part=PART in reasons or len(table) > len(pairs), is_swapped=swapped)
    return Match(round(likeness - _EXCHANGED * swapped, 4), said)


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


def _alike_joined(one: Form, other: Form) -> tuple[float, str]:
    """Return `alike` where one of the words is written as two; they have to sound the same."""
    if set(one.skeletons).isdisjoint(other.skeletons):
        return _NOT_ALIKE
    with_vowels = one.has_vowels and other.has_vowels
    if with_vowels and Indel.normalized_similarity(one.folded, other.folded) < _LETTERS_SHARED:
        return _NOT_ALIKE
    return min(alike(one, other)[0], _WRITTEN_APART), SPELLING


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
