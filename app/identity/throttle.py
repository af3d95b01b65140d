"""Counting failed passwords in rows, and how long to wait because of them (the rules: `throttle_rules`).

Three counters for a sign-in: this account from this source, the account, the source. Whoever has signed in
from a source before is exempt there from the other two, so that no stranger keeps taking the owner's turn.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

import asyncpg

from app.identity.throttle_rules import (
    HALF_LIFE,
    LONGEST_DELAY,
    LONGEST_DELAY_OF_ACCOUNT,
    failures_left,
    retry_after,
)
from app.kit.database import Db
from app.kit.errors import TooMany
from app.kit.sources import source_of

KNOWN_FOR = timedelta(days=90)
"""How long a source stays a known one of an account after a sign-in."""

FAILURES_OF_MANY = 10
"""A source is shared by an office: ten of its failures count as one."""

NOTHING = timedelta(0)

_LOCK = "SELECT take_login_turn($1) AS held"
_FAILURE = "SELECT count_login_failure($1, $2, $3)"
_READ = "SELECT * FROM login_counters($1)"
_SUCCESS = "SELECT note_login_success($1, $2)"


@dataclass(frozen=True, slots=True)
class Counter:
    """What is remembered under one key."""

    failures: int = 0
    last_failure: datetime | None = None
    last_success: datetime | None = None

    def wait(self, now: datetime, *, longest: timedelta = LONGEST_DELAY, share: int = 1) -> timedelta:
        """Return how long to wait; of the failures that still count, `share` make one."""
        if self.last_failure is None:
            return NOTHING
        failures = failures_left(self.failures, self.last_failure, now) // share
        return retry_after(failures, self.last_failure, now, longest=longest) or NOTHING

    def is_known(self, now: datetime) -> bool:
        """Say whether the last success is recent enough to be trusted."""
        return self.last_success is not None and now - self.last_success < KNOWN_FOR


def sign_in_wait(here: Counter, account: Counter, source: Counter, now: datetime) -> timedelta:
    """Return how long a sign-in waits by its three counters."""
    if here.is_known(now):
        return here.wait(now)
    return max(
        here.wait(now),
        account.wait(now, longest=LONGEST_DELAY_OF_ACCOUNT),
        source.wait(now, longest=LONGEST_DELAY_OF_ACCOUNT, share=FAILURES_OF_MANY),
    )


@dataclass(frozen=True, slots=True)
class SignInKeys:
    """The digests under which one attempt is counted."""

    here: bytes
    account: bytes
    source: bytes

    @classmethod
    def of(cls, email: str, host: str) -> "SignInKeys":
        """Return the keys of an address (in normal form) and a network address."""
        source = source_of(host)
        return cls(_digest("here", email, source), _digest("account", email), _digest("source", source))

    def all(self) -> list[bytes]:
        """Return the keys that a failure counts under."""
        return [self.here, self.account, self.source]


def session_key(session_id: UUID) -> bytes:
    """Return the key for passwords asked inside a session."""
    return _digest("session", str(session_id))


def invitation_key(host: str) -> bytes:
    """Return the key for codes of invitations tried from a network address."""
    return _digest("invitation", source_of(host))


async def take_sign_in_turn(db: Db, keys: SignInKeys, now: datetime) -> None:
    """Take the turn of this account and source until the transaction ends; raise 429 while they must wait.

    One attempt at a time: whoever guesses in parallel would otherwise be answered before the first failure
    counts. At a known source nobody waits for a stranger who tries the same account elsewhere.
    """
    await require_no_wait(db, keys, now)
    driver = await db.driver()
    here, account = (await driver.fetchrow(_LOCK, [keys.here, keys.account]))["held"]
    found = await require_no_wait(db, keys, now)
    if not here or not (account or found.is_known(now)):
        raise TooMany("Somebody is signing in to this account at this moment.", retry_after=1)


async def require_no_wait(db: Db, keys: SignInKeys, now: datetime) -> Counter:
    """Return what is counted for this account from this source; raise 429 while they must wait."""
    found = await _counters(db, keys.all())
    here, account, source = (found.get(key, Counter()) for key in keys.all())
    _refuse(sign_in_wait(here, account, source, now))
    return here


async def take_turn(db: Db, key: bytes, now: datetime) -> None:
    """Take the turn of one key until the transaction ends; raise 429 while it must wait."""
    driver = await db.driver()
    (held,) = (await driver.fetchrow(_LOCK, [key]))["held"]
    found = await _counters(db, [key])
    _refuse(found.get(key, Counter()).wait(now))
    if not held:
        raise TooMany(retry_after=1)


async def count_failure(db: Db, keys: list[bytes], now: datetime) -> None:
    """Count one more failure under these keys."""
    driver = await db.driver()
    await driver.execute(_FAILURE, keys, now, HALF_LIFE)


async def note_success(db: Db, keys: list[bytes], now: datetime) -> None:
    """End the row of failures under these keys."""
    driver = await db.driver()
    await driver.execute(_SUCCESS, keys, now)


async def _counters(db: Db, keys: list[bytes]) -> dict[bytes, Counter]:
    driver = await db.driver()
    rows: list[asyncpg.Record] = await driver.fetch(_READ, keys)
    return {
        row["key_sha256"]: Counter(row["failures"], row["last_failure_at"], row["last_success_at"])
        for row in rows
    }


def _refuse(wait: timedelta) -> None:
    if wait > NOTHING:
        raise TooMany("Too many failed attempts.", retry_after=ceil(wait.total_seconds()))


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
