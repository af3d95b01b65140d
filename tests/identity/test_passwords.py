"""Passwords are hashed with our parameters, in few threads, and nobody learns whether a name is known."""

import asyncio
import os
import threading
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import argon2.low_level
import pytest
from passlib.hash import argon2 as library_default

from app.identity import passwords
from app.identity.passwords import (
    HashingSlots,
    PasswordHashingBusy,
    hash_password,
    needs_rehash,
    verify_password,
)

PASSWORD = "Der Apfelbaum steht schief"
PARAMETERS = "$argon2id$v=19$m=19456,t=2,p=1$"


async def test_the_right_password_is_recognised_and_every_other_is_not() -> None:
    stored = await hash_password(PASSWORD)
    assert await verify_password(PASSWORD, stored) is True
    assert await verify_password(PASSWORD + ".", stored) is False
    assert await verify_password("", stored) is False


@pytest.mark.asvs("11.4.2")
async def test_a_hash_is_argon2id_with_our_parameters_and_a_salt_of_its_own() -> None:
    first, second = await hash_password(PASSWORD), await hash_password(PASSWORD)
    assert first.startswith(PARAMETERS)
    assert first != second
    assert PASSWORD not in first


@pytest.mark.asvs("11.4.2")
def test_a_hash_with_the_defaults_of_the_library_is_not_ours_and_is_replaced() -> None:
    theirs = library_default.hash(PASSWORD)
    assert not theirs.startswith(PARAMETERS)
    assert needs_rehash(theirs)


@pytest.mark.asvs("11.2.2")
@pytest.mark.parametrize(
    ("ours", "other"),
    [("m=19456", "m=19455"), ("t=2", "t=1"), ("p=1", "p=2"), ("2id$", "2i$"), ("v=19$", "")],
)
async def test_a_hash_with_any_other_parameter_is_replaced(ours: str, other: str) -> None:
    stored = await hash_password(PASSWORD)
    assert not needs_rehash(stored)
    assert needs_rehash(stored.replace(ours, other, 1))


@pytest.mark.asvs("6.2.8")
@pytest.mark.parametrize(
    "near", [PASSWORD.lower(), PASSWORD[:-1], f" {PASSWORD}", f"{PASSWORD} ", f"{PASSWORD}\0"]
)
async def test_a_password_is_compared_as_it_was_typed(near: str) -> None:
    assert await verify_password(near, await hash_password(PASSWORD)) is False


@pytest.mark.asvs("6.2.8", "6.2.9")
async def test_a_password_of_full_length_is_compared_to_its_end() -> None:
    longest = "Ж" * 127 + "a"
    stored = await hash_password(longest)
    assert await verify_password(longest, stored)
    assert not await verify_password("Ж" * 127 + "b", stored)


async def test_an_umlaut_is_the_same_from_every_keyboard() -> None:
    composed = unicodedata.normalize("NFC", "Grüße aus Köln und Şanlıurfa")
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    assert await verify_password(decomposed, await hash_password(composed))


async def test_what_no_password_can_be_is_not_hashed() -> None:
    for impossible in ("x" * 129, "\ud800" * 12):
        with pytest.raises(ValueError):
            await hash_password(impossible)


async def test_what_no_password_can_be_matches_nothing_not_even_an_empty_password() -> None:
    stored = await hash_password("")
    assert await verify_password("", stored)
    assert not await verify_password("\ud800", stored)


async def test_a_damaged_row_is_an_error_and_no_wrong_password() -> None:
    with pytest.raises(ValueError):
        await verify_password(PASSWORD, "not a hash")


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Count what the library really computes: the parameters of each comparison."""
    done: list[str] = []
    compare = argon2.low_level.verify_secret

    def counted(stored: bytes, secret: bytes, kind: Any) -> bool:
        done.append(stored.decode().rpartition("$")[0].rpartition("$")[0] + "$")
        return compare(stored, secret, kind)

    monkeypatch.setattr(argon2.low_level, "verify_secret", counted)
    return iter([done])


@pytest.mark.asvs("6.3.8")
@pytest.mark.parametrize("attempt", [PASSWORD, "wrong", "", "x" * 5_000, "\ud800"])
@pytest.mark.parametrize("known", [True, False])
async def test_every_attempt_costs_the_same_work(
    work: Iterator[list[str]], attempt: str, known: bool
) -> None:
    done = next(work)
    stored = await hash_password(PASSWORD) if known else None
    assert await verify_password(attempt, stored) is (known and attempt == PASSWORD)
    assert done == [PARAMETERS]


async def test_nobody_signs_in_with_the_hash_that_stands_in_for_unknown_people() -> None:
    assert len(passwords._NOBODY) == len(await hash_password(PASSWORD))
    assert not needs_rehash(passwords._NOBODY)
    assert not await verify_password("", None)


def hold(started: threading.Event, finish: threading.Event) -> Callable[[], None]:
    """Return work that says when it has begun and ends when it is told to."""

    def work() -> None:
        started.set()
        finish.wait()

    return work


@asynccontextmanager
async def occupied(slots: HashingSlots) -> Any:
    """Keep one slot busy until the block ends."""
    started, finish = threading.Event(), threading.Event()
    busy = asyncio.create_task(slots.run(hold(started, finish)))
    await asyncio.to_thread(started.wait)
    try:
        yield
    finally:
        finish.set()
        await busy


def threads_are_idle(slots: HashingSlots) -> None:
    """Return when every thread has finished what it was doing, with all that follows from it."""
    everybody = threading.Barrier(slots.number)
    last: list[Future[Any]] = [slots._threads.submit(everybody.wait) for _ in range(slots.number)]
    for one in last:
        one.result()


@pytest.mark.asvs("15.2.2")
async def test_with_every_core_busy_the_next_caller_is_refused_at_once() -> None:
    stored = await hash_password(PASSWORD)
    async with AsyncExitStack() as stack:
        for _ in range(passwords.slots.number):
            await stack.enter_async_context(occupied(passwords.slots))
        with pytest.raises(PasswordHashingBusy):
            await hash_password(PASSWORD)
        with pytest.raises(PasswordHashingBusy):
            await verify_password(PASSWORD, stored)
        with pytest.raises(PasswordHashingBusy):
            await verify_password(PASSWORD, None)
    assert await verify_password(PASSWORD, stored)


def test_there_are_as_many_slots_as_cores() -> None:
    assert 1 <= passwords.slots.number <= (os.cpu_count() or 1)


async def test_a_failure_in_the_thread_frees_its_slot() -> None:
    slots = HashingSlots(1)
    for _ in range(3):
        with pytest.raises(ValueError):
            await slots.run(int, "no number")
    assert await slots.run(int, "7") == 7


async def test_a_cancelled_request_keeps_its_slot_until_the_thread_has_finished() -> None:
    slots, started, finish = HashingSlots(1), threading.Event(), threading.Event()
    request = asyncio.create_task(slots.run(hold(started, finish)))
    await asyncio.to_thread(started.wait)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    with pytest.raises(PasswordHashingBusy):
        await slots.run(int, "7")
    finish.set()
    threads_are_idle(slots)
    assert await slots.run(int, "7") == 7
