"""Columns of many values: each word is kept once, and of every row the number of its word.

A million units of twelve codes out of a few hundred are so some forty bytes each, and what is asked of all of
them is asked once for each word.
"""

from array import array
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from math import prod
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Word = TypeVar("Word", bound=Hashable)
Other = TypeVar("Other", bound=Hashable)

Ints = NDArray[np.int64]
Counted = NDArray[np.int32]
"""Counts for every insider and cell: there are millions, and half the width is half the memory."""
Flags = NDArray[np.bool_]

_AT_ONCE = 5_000
"""Rows: so many are turned into columns together, and are then forgotten."""


@dataclass(frozen=True, slots=True, eq=False)
class Column(Generic[Word]):
    """One value a row: `words[numbers[row]]`. No word comes twice; some may be of no row."""

    words: Sequence[Word]
    numbers: NDArray[np.unsignedinteger[Any]]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.numbers)

    def __getitem__(self, row: int) -> Word:
        """Return the word of a row."""
        word: Word = self.words[self.numbers[row]]
        return word

    def taken(self, chosen: NDArray[Any]) -> "Column[Word]":
        """Return the rows that are marked, or that are named by their places, in that order."""
        return Column(self.words, self.numbers[chosen])

    def numbered(self, number: Callable[[Word], int]) -> Ints:
        """Return a number for every row: that of its word."""
        numbers = np.fromiter(map(number, self.words), dtype=np.int64, count=len(self.words))
        return numbers[self.numbers] if len(self.words) else np.zeros(0, dtype=np.int64)

    def among(self, wanted: Collection[Word]) -> Flags:
        """Mark the rows whose word is one of these."""
        return self.numbered(lambda word: word in wanted).astype(bool)

    def counts(self) -> Ints:
        """Return how many rows each word has."""
        return np.bincount(self.numbers, minlength=len(self.words))

    def used(self) -> set[Word]:
        """Return the words that some row has."""
        return {self.words[number] for number in np.flatnonzero(self.counts()).tolist()}

    def mapped(self, other: Callable[[Word], Other]) -> "Column[Other]":
        """Return for every row what comes of its word."""
        used = np.flatnonzero(self.counts())
        made = column(other(self.words[number]) for number in used.tolist())
        place = np.zeros(len(self.words), dtype=made.numbers.dtype)
        place[used] = made.numbers
        return Column(made.words, place[self.numbers])

    def parted(self, width: int) -> "list[Column[str]]":
        """Return the columns of which each word has one after the other between bars, so many of them.

        Raises ValueError for a word that has not as many.
        """
        parts = columns((str(word).split("|") for word in self.words), width)
        return [Column(part.words, part.numbers[self.numbers]) for part in parts]

    def nameless(self) -> "Column[int]":
        """Return a column that has still the same in the same rows, but does not say what."""
        return Column(range(len(self.words)), self.numbers)

    def filled(self, word: Word) -> "Column[Word]":
        """Return for every row its word, or this one where it has none."""
        return self.mapped(lambda own: own or word)


def column(values: Iterable[Other]) -> Column[Other]:
    """Return these values as a column, in their order."""
    (found,) = columns(((value,) for value in values), 1)
    return found


def always(word: Other, rows: int) -> Column[Other]:
    """Return a column that has one word in every row."""
    return Column((word,), np.zeros(rows, dtype=np.uint8))


def columns(rows: Iterable[Sequence[Any]], width: int) -> list[Column[Any]]:
    """Return rows of so many values as columns; rows may come from anywhere, and are read once."""
    gathering = Gathering(width)
    waiting = iter(rows)
    while some := list(islice(waiting, _AT_ONCE)):
        gathering.add(some)
    return gathering.columns()


def together(other: Callable[..., Other], *parts: Column[Any]) -> Column[Other]:
    """Return for every row what comes of its words in several columns: asked once for each combination."""
    number = as_one([part.numbers for part in parts], [max(1, len(part.words)) for part in parts])
    _, first, inverse = np.unique(number, return_index=True, return_inverse=True)
    made = column(other(*(part[row] for part in parts)) for row in first.tolist())
    return Column(made.words, made.numbers[inverse])


def as_one(numbers: Sequence[NDArray[Any]], sizes: Sequence[int]) -> Ints:
    """Return one number for each row of several; each lies below its size.

    Raises OverflowError where 63 bits are not enough to tell all rows apart.
    """
    if prod(sizes) > np.iinfo(np.int64).max:
        raise OverflowError(f"no number tells so many rows apart: {' x '.join(map(str, sizes))}")
    one = np.zeros(len(numbers[0]), dtype=np.int64)
    for each, size in zip(numbers, sizes, strict=True):
        one = one * size + each
    return one


def one_after_the_other(parts: Sequence[Column[Other]]) -> Column[Other]:
    """Return the rows of several columns, one column after the other."""
    index = _Index[Other]()
    places = [np.asarray([index[word] for word in part.words], dtype=np.int64) for part in parts]
    rows = [place[part.numbers] for place, part in zip(places, parts, strict=True) if len(part)]
    return _narrow(index, np.concatenate([np.zeros(0, dtype=np.int64), *rows]))


class Gathering:
    """Takes rows some at a time and keeps their columns."""

    def __init__(self, width: int) -> None:
        """Begin without rows; each has so many values."""
        self._indexes = [_Index[Any]() for _ in range(width)]
        self._numbers = [array("i") for _ in range(width)]

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Take further rows; raise ValueError for one that has not as many values."""
        for index, numbers, values in zip(
            self._indexes, self._numbers, zip(*rows, strict=True) if rows else (), strict=bool(rows)
        ):
            numbers.extend(map(index.__getitem__, values))

    def columns(self) -> list[Column[Any]]:
        """Return what came so far."""
        return [
            _narrow(index, np.array(numbers, dtype=np.int32))
            for index, numbers in zip(self._indexes, self._numbers, strict=True)
        ]


class _Index(dict[Other, int]):
    """Numbers of words in the order in which they come."""

    def __missing__(self, word: Other) -> int:
        self[word] = number = len(self)
        return number


def _narrow(index: _Index[Other], numbers: NDArray[Any]) -> Column[Other]:
    """Return a column whose numbers take no more bytes than they must."""
    return Column(tuple(index), numbers.astype(np.min_scalar_type(max(0, len(index) - 1))))
