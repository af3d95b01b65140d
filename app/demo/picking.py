"""Choosing by chance, quickly: millions of choices make up a large volume."""

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

T = TypeVar("T")


def pick(random: Random, choices: Sequence[T]) -> T:
    """Return one of the choices, each as likely as the next."""
    return choices[int(random.random() * len(choices))]


def between(random: Random, least: int, most: int) -> int:
    """Return a whole number from least to most, both included."""
    return least + int(random.random() * (most - least + 1))


class Weighted:
    """Codes with their weights, summed up once."""

    def __init__(self, *weighted: tuple[str, int]) -> None:
        self.codes = tuple(code for code, _ in weighted)
        self._sums = tuple(accumulate(weight for _, weight in weighted))

    def pick(self, random: Random) -> str:
        """Return one code, by weight."""
        return self.codes[bisect(self._sums, random.random() * self._sums[-1])]
