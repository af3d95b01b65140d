"""How much of what only repeats itself a run does: all of it, or one in so many on a second database.

What is thinned where a test is about the database are requests, cuts, kills and mutants of one kind, never a
kind: those are what it is about.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar
from zlib import crc32

SHARE = int(os.environ.get("KIM_TEST_SHARE", "1"))
"""One in so many."""
TURN = int(os.environ.get("KIM_TEST_TURN", "0"))
"""Which of so many: whoever gives another number each time has done all in the end."""
LONG = 20
"""A test with so many sets of parameters repeats itself."""

ABOUT_THE_DATABASE = tuple(
    f"tests/{room}/" for room in ("access", "contract", "durability", "isolation", "journey", "kit", "worker")
)
"""Policies, grants, the scene that uses every operation, kills, migrations, transactions and their order."""

Each = TypeVar("Each")


def share_of(count: int) -> int:
    """Return how many of so many repetitions this run does, at least one."""
    return max(1, count // SHARE)


def is_in_share(*key: object) -> bool:
    """Say whether this run does what is known by a key; the same keys in every run of one turn."""
    return crc32(" ".join(map(str, key)).encode()) % SHARE == TURN % SHARE


def thinned(every: Sequence[Each], kind: Callable[[Each], str], key: Callable[[Each], str]) -> list[Each]:
    """Return this run's share, in its order.

    Of the rooms that are about the database every test is kept, and of its parameters a share where they are
    many; of all others a share of the tests, since each of their statements is sent by the scene of the
    contract, which is kept.
    """
    rows: dict[str, list[str]] = defaultdict(list)
    for each in every:
        rows[kind(each)].append(key(each))
    left = {name for row, names in rows.items() for name in _kept(row, names)}
    return [each for each in every if key(each) in left]


def _kept(row: str, names: Sequence[str]) -> list[str]:
    whole = row.startswith(ABOUT_THE_DATABASE)
    if whole and len(names) < LONG:
        return list(names)
    return [name for at, name in enumerate(names) if is_in_share(name) or (whole and at == 0)]
