"""How much of what only repeats itself a run does: all of it, or one in so many on a second database.

What is thinned are requests, cuts, kills and mutants of one kind, never a kind: those are what a test
is about.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar
from zlib import crc32

SHARE = int(os.environ.get("KIM_TEST_SHARE", "1"))
"""One in so many."""
LONG = 20
"""A test with so many sets of parameters repeats itself."""

Each = TypeVar("Each")


def share_of(count: int) -> int:
    """Return how many of so many repetitions this run does, at least one."""
    return max(1, count // SHARE)


def is_in_share(*key: object) -> bool:
    """Say whether this run does what is known by a key; the same keys in every run."""
    return crc32(" ".join(map(str, key)).encode()) % SHARE == 0


def thinned(every: Sequence[Each], kind: Callable[[Each], str], key: Callable[[Each], str]) -> list[Each]:
    """Return all of short rows of a kind, and of each long one this run's share, in their order."""
    rows: dict[str, list[str]] = defaultdict(list)
    for each in every:
        rows[kind(each)].append(key(each))
    left = {
        name
        for row in rows.values()
        for number, name in enumerate(row)
        if len(row) < LONG or number == 0 or is_in_share(name)
    }
    return [each for each in every if key(each) in left]
