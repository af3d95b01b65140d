"""Signs in a row, however they are grouped: numbers, telephone numbers, names of mailboxes. Pure."""

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise

_SIGN = re.compile(r"[a-z0-9]")
_BETWEEN = re.compile(r"[\W_]{0,3}")
_MOST_BEFORE = 12


class Row:
    """The letters and digits of a plain text; they belong together across at most three other signs."""

    def __init__(self, text: str) -> None:
        """Take them from a text as `signs.plain` writes it."""
        self._text = text
        self._places = [match.start() for match in _SIGN.finditer(text)]
        self._signs = "".join(text[place] for place in self._places)
        apart = (_BETWEEN.fullmatch(text, one + 1, two) is None for one, two in pairwise(self._places))
        self._breaks = [0, *accumulate(apart)]
        """Before each sign, how many times what came before was interrupted."""

    def places(self, signs: str, *, is_whole: bool = False) -> Iterator[tuple[int, int]]:
        """Yield where signs stand with no further one right behind; `is_whole`: and none right before."""
        for first in self._starts(signs):
            if not (is_whole and self._is_sign(self._places[first] - 1)):
                yield self._span(first, first + len(signs) - 1)

    def endings(self, digits: str) -> Iterator[tuple[int, int]]:
        """Yield where digits stand with the digits before them, an area code or what else there is."""
        for start in self._starts(digits):
            first = start
            while first > 0 and start - first < _MOST_BEFORE and self._is_digit_before(first):
                first -= 1
            yield self._span(first, start + len(digits) - 1)

    def _starts(self, signs: str) -> Iterator[int]:
        first = self._signs.find(signs)
        while first >= 0:
            last = first + len(signs) - 1
            if self._breaks[first] == self._breaks[last] and not self._is_sign(self._places[last] + 1):
                yield first
            first = self._signs.find(signs, first + 1)

    def _is_digit_before(self, at: int) -> bool:
        return self._signs[at - 1].isdecimal() and self._breaks[at - 1] == self._breaks[at]

    def _is_sign(self, place: int) -> bool:
        return 0 <= place < len(self._text) and _SIGN.match(self._text, place) is not None

    def _span(self, first: int, last: int) -> tuple[int, int]:
        return self._places[first], self._places[last] + 1
