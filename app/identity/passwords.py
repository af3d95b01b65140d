"""Passwords: hashed and compared here, the only module that imports passlib (of the distribution libpass).

Argon2id with the parameters of the OWASP cheat sheet, in threads of its own. Whether a new password is good
enough is asked of `password_rules`; who may try, and how often, of `throttle_rules`.
"""

import asyncio
import os
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from secrets import token_bytes
from threading import BoundedSemaphore
from typing import TypeVar

from passlib.hash import argon2
from passlib.utils.binary import b64s_encode

from app.identity.password_rules import LONGEST_PASSWORD

T = TypeVar("T")

MEMORY_KIB = 19_456  # 19 MiB; 24 ms with these two, where the library's defaults take 282 ms
ITERATIONS = 2
LANES = 1
SALT_BYTES = 16
DIGEST_BYTES = 32

_argon2id = argon2.using(
    type="ID",
    memory_cost=MEMORY_KIB,
    rounds=ITERATIONS,
    parallelism=LANES,
    salt_size=SALT_BYTES,
    digest_size=DIGEST_BYTES,
)


class PasswordHashingBusy(Exception):
    """Every slot is hashing for somebody else; the caller answers 429 and the client comes back."""


class HashingSlots:
    """As many threads as slots: a caller finds one free or is refused, and nobody queues.

    A slot is free again when its thread has finished, not when whoever waited for it has gone away.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self._free = BoundedSemaphore(number)
        self._threads = ThreadPoolExecutor(number, thread_name_prefix="password")

    async def run(self, work: Callable[..., T], *args: str) -> T:
        """Do the work in a thread. Raises PasswordHashingBusy at once when no slot is free."""
        if not self._free.acquire(blocking=False):
            raise PasswordHashingBusy
        thread = self._threads.submit(work, *args)
        thread.add_done_callback(lambda _: self._free.release())
        return await asyncio.wrap_future(thread)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


slots = HashingSlots(_cores())


async def hash_password(password: str) -> str:
    """Return the text to store for a password. Raises PasswordHashingBusy, or ValueError for no text.

    The password must have passed `check_password_policy`; it is neither shortened nor changed in case.
    """
    hashed: str = await slots.run(_argon2id.hash, _normal(password))
    return hashed


async def verify_password(password: str, stored: str | None) -> bool:
    """Say whether a password is the stored one; without one (nobody of that name) the answer costs the same.

    Raises PasswordHashingBusy, and ValueError when the stored text is no Argon2 hash: a damaged row.
    """
    try:
        attempt = _normal(password)
    except ValueError:
        attempt, stored = "", None
    matches: bool = await slots.run(_argon2id.verify, attempt, _NOBODY if stored is None else stored)
    return matches


def needs_rehash(stored: str) -> bool:
    """Say whether a stored hash was made with other parameters than today's."""
    return bool(_argon2id.needs_update(stored))


def _normal(password: str) -> str:
    """Return the password in NFC (NIST SP 800-63B-4, 3.1.1.2): the same text from every keyboard."""
    normal = unicodedata.normalize("NFC", password)
    normal.encode()
    if len(normal) > LONGEST_PASSWORD:
        raise ValueError("The password is longer than any that is accepted.")
    return normal


def _hash_of_nothing() -> str:
    salt, digest = (b64s_encode(token_bytes(size)).decode() for size in (SALT_BYTES, DIGEST_BYTES))
    return f"$argon2id$v=19$m={MEMORY_KIB},t={ITERATIONS},p={LANES}${salt}${digest}"


_NOBODY = _hash_of_nothing()
