"""How much of what only repeats itself a run does: all of it, or one in so many.

On a second database everything is thinned (`SHARE`); where a test is about the database only its requests,
cuts, kills and mutants of one kind, never a kind: those are what it is about. What repeats itself far beyond
what is asked of it is done in turns by runs that are one of many (`TURNS`), on any database.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar
from zlib import crc32

SHARE = int(os.environ.get("KIM_TEST_SHARE", "1"))
"""One in so many."""
TURNS = int(os.environ.get("KIM_TEST_TURNS", "1"))
"""In how many runs that is done once which goes beyond what is asked."""
TURN = int(os.environ.get("KIM_TEST_TURN", "0"))
"""Which of so many: whoever gives another number each time has done all in the end."""
LONG = 20
"""A test with so many sets of parameters repeats itself."""

ABOUT_THE_DATABASE = tuple(
    f"tests/{room}/" for room in ("access", "contract", "durability", "isolation", "journey", "kit", "worker")
)
"""Policies, grants, the scene that uses every operation, kills, migrations, transactions and their order."""

BEYOND = ("tests/attacks/test_data_sets.py::test_nobody_infers_or_reads_too_much",)
"""Fifty random data sets are asked for, and `tests/protection` has them in every run; these are 170 more."""
THINNED_WHEN_MADE = ("tests/contract/test_schemathesis.py::test_answers_are_what_the_contract_says",)
"""Tests that are dear to make are made of a share."""

Each = TypeVar("Each")


def share_of(count: int, *, beyond: bool = False) -> int:
    """Return how many of so many repetitions this run does, at least one; `beyond`: of more than is asked."""
    return max(1, count // _one_in(beyond=beyond))


def is_in_share(*key: object, beyond: bool = False) -> bool:
    """Say whether this run does what is known by a key; the same keys in every run of one turn."""
    one_in = _one_in(beyond=beyond)
    return crc32(" ".join(map(str, key)).encode()) % one_in == TURN % one_in


def _one_in(*, beyond: bool) -> int:
    return max(SHARE, TURNS) if beyond else SHARE


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
    if row in THINNED_WHEN_MADE or (whole and len(names) < LONG):
        return list(names)
    beyond = row in BEYOND
    return [name for at, name in enumerate(names) if is_in_share(name, beyond=beyond) or (whole and at == 0)]
