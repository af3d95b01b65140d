"""How much of what only repeats itself a run does: all of it, or one in so many on a second database.

What is thinned are requests, cuts, kills and mutants of one kind, never a kind: those are what a test
is about.
"""

import os
from zlib import crc32

SHARE = int(os.environ.get("KIM_TEST_SHARE", "1"))
"""One in so many."""


def share_of(count: int) -> int:
    """Return how many of so many repetitions this run does, at least one."""
    return max(1, count // SHARE)


def is_in_share(*key: object) -> bool:
    """Say whether this run does what is known by a key; the same keys in every run."""
    return crc32(" ".join(map(str, key)).encode()) % SHARE == 0
