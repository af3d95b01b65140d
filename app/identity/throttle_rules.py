"""How long a sign-in must wait after failures: a growing delay that never locks a person out for good.

Pure rules. The counters are rows: one for each account and source, and one for each account alone with
`LONGEST_DELAY_OF_ACCOUNT`, which slows guessing from many addresses without keeping the owner out for long.
"""

from datetime import datetime, timedelta

FREE_FAILURES = 2
FIRST_DELAY = timedelta(seconds=1)
LONGEST_DELAY = timedelta(minutes=15)
LONGEST_DELAY_OF_ACCOUNT = timedelta(seconds=30)
HALF_LIFE = timedelta(hours=12)


def delay_after(failures: int, *, longest: timedelta = LONGEST_DELAY) -> timedelta:
    """Return the delay after so many failures in a row: first none, then 1 s, 2 s, 4 s ... `longest`."""
    doublings = failures - FREE_FAILURES - 1
    if doublings < 0:
        return timedelta(0)
    return min(FIRST_DELAY * (1 << min(doublings, 32)), longest)


def retry_after(
    failures: int, last_failure: datetime, now: datetime, *, longest: timedelta = LONGEST_DELAY
) -> timedelta | None:
    """Return what is left to wait, or nothing when an attempt is allowed now.

    Never more than the delay itself, even if the last failure lies in the future of this machine's clock.
    """
    delay = delay_after(failures, longest=longest)
    left = min(last_failure + delay - now, delay)
    return left if left > timedelta(0) else None


def failures_left(failures: int, last_failure: datetime, now: datetime) -> int:
    """Return what still counts of the failures: half of them after each twelve hours without another.

    The half-life is far longer than the longest delay: waiting it out gains an attacker nothing.
    """
    halvings = max(0, (now - last_failure) // HALF_LIFE)
    return failures >> min(halvings, 64)
