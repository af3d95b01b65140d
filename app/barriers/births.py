"""A birth that is known, however it is written: day, month and year, or month and year. Pure.

Dates in the usual forms are refused whoever they concern (`traces`); here are those that are no date to
anybody who does not know the person.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from app.barriers import traces

_ELSEWHERE = (
    "ocak ianuarie janvier enero gennaio janar sijecanj styczen stycznia siecznia sichnia",
    "subat februarie fevrier febrero febbraio shkurt veljaca luty lutego liutoho",
    "mart martie mars marzo ozujak marzec marca bereznia",
    "nisan aprilie avril abril aprile prill travanj kwiecien kwietnia kvitnia",
    "mayis mai maj mayo maggio svibanj maja travnia",
    "haziran iunie juin junio giugno qershor lipanj czerwiec czerwca chervnia",
    "temmuz iulie juillet julio luglio korrik srpanj lipiec lipca lypnia",
    "agustos aout agosto gusht kolovoz sierpien sierpnia serpnia",
    "eylul septembrie septembre septiembre settembre shtator rujan wrzesien wrzesnia veresnia",
    "ekim octombrie octobre octubre ottobre tetor listopad pazdziernik pazdziernika zhovtnia",
    "kasim noiembrie novembre noviembre nentor studeni listopad listopada lystopada",
    "aralik decembrie decembre diciembre dicembre dhjetor prosinac grudzien grudnia hrudnia",
)
"""In Turkish, Romanian, French, Spanish, Italian, Albanian, Croatian, Polish and Ukrainian."""
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_TOKEN = re.compile(r"(\d+)(?:(?:st|nd|rd|th)(?![a-z0-9]))?|[^\W\d_]+")
_BETWEEN = re.compile(r"[\W_]{0,3}(?:(?<=[\W_])(?:of|de)[\W_]{1,3})?")
_SHORT_BETWEEN = re.compile(r"\.?\s?'?")
_POINTED = re.compile(r"\s?[./\u00b7\u2013\u2014_-]\s?")
_JOINING = frozenset({"of", "de"})
_BORN = ("geb", "born")
_YEAR_DIGITS, _SHORT_DIGITS, _CENTURY = 4, 2, 100


def _months() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for month, (here, elsewhere) in enumerate(zip(traces.MONTHS, _ELSEWHERE, strict=True), 1):
        for word in (*here, *elsewhere.split()):
            found[word].add(month)
    return {word: frozenset(months) for word, months in found.items()}


_NAMED = _months()


@dataclass(frozen=True, slots=True)
class _Token:
    """A number or a word, where it stands, and whether a letter or digit is right before or behind."""

    word: str
    start: int
    end: int
    touches_before: bool
    touches_behind: bool

    @property
    def named(self) -> frozenset[int]:
        return _NAMED.get(self.word, frozenset())

    def months(self) -> frozenset[int]:
        if self.word in _ROMAN:
            return frozenset({_ROMAN.index(self.word) + 1})
        return frozenset({self.number(_SHORT_DIGITS)}) if self.word.isdecimal() else self.named

    def number(self, most_digits: int) -> int:
        """Return the number, 0 for a word and for what is longer."""
        return int(self.word) if self.word.isdecimal() and len(self.word) <= most_digits else 0

    def is_year(self, year: int, *, may_be_short: bool = True) -> bool:
        if len(self.word) == _YEAR_DIGITS:
            return self.number(_YEAR_DIGITS) == year
        return may_be_short and self.word == f"{year % _CENTURY:02d}"


class Births:
    """Births to look for, in a time that does not depend on how many they are."""

    def __init__(self, births: Iterable[date], years: Iterable[int] = ()) -> None:
        """Take the days that are known, and the years of those of whom no day is."""
        self._years = set(years)
        self._of_day: dict[tuple[int, int], set[int]] = defaultdict(set)
        self._of_month: dict[int, set[int]] = defaultdict(set)
        for birth in births:
            self._years.add(birth.year)
            self._of_day[birth.day, birth.month].add(birth.year)
            self._of_month[birth.month].add(birth.year)

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where a text as `signs.plain` writes it tells of one of them."""
        tokens = list(_tokens(text))
        for one, two in pairwise(tokens):
            if self._is_month_and_year(one, two, text[one.end : two.start]) or self._is_born(one, two):
                yield one.start, two.end
        for one, two, three in zip(tokens, tokens[1:], tokens[2:], strict=False):
            gaps = (text[one.end : two.start], text[two.end : three.start])
            if all(map(_BETWEEN.fullmatch, gaps)) and self._is_day((one, two, three), gaps):
                yield one.start, three.end

    def _is_day(self, tokens: tuple[_Token, _Token, _Token], gaps: tuple[str, str]) -> bool:
        # Three small numbers between commas are more often a list.
        may_be_short = not any("," in gap or ";" in gap for gap in gaps)
        first, second, third = tokens
        return any(
            year.is_year(born, may_be_short=may_be_short)
            for day, month, year in ((first, second, third), (second, first, third), (third, second, first))
            for number in month.months()
            for born in self._of_day.get((day.number(_SHORT_DIGITS), number), ())
        )

    def _is_month_and_year(self, one: _Token, two: _Token, gap: str) -> bool:
        if one.named or two.named:
            month, year = (one, two) if one.named else (two, one)
            touches = two.touches_behind if month is one else one.touches_before
            if touches or _BETWEEN.fullmatch(gap) is None:
                return False
            may_be_short = month is one and _SHORT_BETWEEN.fullmatch(gap) is not None
            return any(
                year.is_year(born, may_be_short=may_be_short)
                for number in month.named
                for born in self._of_month.get(number, ())
            )
        if one.touches_before or two.touches_behind or _POINTED.fullmatch(gap) is None:
            return False
        month, year = (two, one) if len(one.word) == _YEAR_DIGITS else (one, two)
        if month is two and len(two.word) != _SHORT_DIGITS:
            return False
        born_in = self._of_month.get(month.number(_SHORT_DIGITS), ())
        return any(year.is_year(born, may_be_short=False) for born in born_in)

    def _is_born(self, one: _Token, two: _Token) -> bool:
        is_near = two.start - one.end <= 1 and two.word.startswith(_BORN)
        return is_near and any(one.is_year(year, may_be_short=False) for year in self._years)


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        word = match[1] or match[0]
        if word not in _JOINING:
            before, behind = (
                text[max(match.start() - 1, 0) : match.start()],
                text[match.end() : match.end() + 1],
            )
            yield _Token(word, *match.span(), before.isalnum(), behind.isalnum())
