"""How much of what only repeats itself a run does: all of it, or one in so many.

On a second database everything is thinned (`SHARE`); where a test is about the database only its requests,
cuts, kills and mutants of one kind, never a kind: those are what it is about. What is dear is done in turns
by runs that are one of many (`TURNS`), on any database: of repetitions a part in each run, of single tests
(`dear.txt`) another part each time.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar
from zlib import crc32

SHARE = int(os.environ.get("KIM_TEST_SHARE", "1"))
"""One in so many."""
TURNS = int(os.environ.get("KIM_TEST_TURNS", "1"))
"""In how many runs that is done once which is dear."""
TURN = int(os.environ.get("KIM_TEST_TURN", "0"))
"""Which of so many: whoever gives another number each time has done all in the end."""
LONG = 20
"""A test with so many sets of parameters repeats itself."""

ABOUT_THE_DATABASE = tuple(
    f"tests/{room}/" for room in ("access", "contract", "durability", "isolation", "journey", "worker")
)
"""Policies, grants, the scene that uses every operation, kills, migrations, transactions and their order."""

DEAR = frozenset(Path(__file__).with_name("dear.txt").read_text(encoding="utf-8").splitlines())
"""Three tests of a hundred, which take half of a whole run's time."""
THINNED_WHEN_MADE = ("tests/contract/test_schemathesis.py::test_answers_are_what_the_contract_says",)
"""Tests that are dear to make are made of a share."""

Each = TypeVar("Each")


def share_of(count: int, *, dear: bool = False) -> int:
    """Return how many of so many repetitions this run does, at least one; `dear`: a part for each turn."""
    return max(1, count // _one_in(dear=dear))


def is_in_share(*key: object, dear: bool = False) -> bool:
    """Say whether this run does what is known by a key; the same keys in every run of one turn."""
    one_in = _one_in(dear=dear)
    return crc32(" ".join(map(str, key)).encode()) % one_in == TURN % one_in


def _one_in(*, dear: bool) -> int:
    return max(SHARE, TURNS) if dear else SHARE


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
    if row in DEAR:
        return [name for name in names if is_in_share(name, dear=True)]
    if row in THINNED_WHEN_MADE or (whole and len(names) < LONG):
        return list(names)
    return [name for at, name in enumerate(names) if is_in_share(name) or (whole and at == 0)]
