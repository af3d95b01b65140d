"""Runs a computation in a process of its own: the worker's loop stays free, and its memory comes back.

The search is pure Python and numpy for some seconds; in a thread it would hold the interpreter's lock. A part
is read when the one before is computed: a release takes one processor at a time, and people have the others.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, TypeVar

from app.reporting.computation import compute
from app.reporting.material import Computed, Material
from app.reporting.parts import Part
from app.reporting.rules import Refusal

Result = TypeVar("Result")

SECONDS = 240
"""Less than the lease of the outbox, after which another worker would begin the same release."""

_NICENESS = 10
"""The API has the processor first."""


class ComputationLost(Exception):
    """The process died, or took too long and was ended; the outbox tries again."""


async def compute_apart(
    given: AsyncIterator[Material | Part], *, seconds: float = SECONDS
) -> Computed | Refusal:
    """Compute in a new process what is given, first the material and then its parts.

    Raises `ComputationLost` when it does not answer in time. Whoever stops waiting, by a cancellation or
    ctrl-C, ends the process.
    """
    process, ours = _start()
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            async for each in given:
                await _exchange(process, _hand_over, ours, each)
            return await _exchange(process, _ask_for_answer, ours)
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise ComputationLost("no release in the time there is") from error
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()


def _start() -> tuple[SpawnProcess, Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_answer, args=(theirs,), daemon=True)
    with _deaf_to_interrupts():
        process.start()
    theirs.close()
    return process, ours


async def _exchange(process: SpawnProcess, work: Callable[..., Result], *given: Any) -> Result:
    """Talk to the process in a thread, which would wait for ever where nobody waits for it any more."""
    answer = asyncio.ensure_future(asyncio.to_thread(work, *given))
    try:
        return await asyncio.shield(answer)
    finally:
        if not answer.done():
            process.kill()
            await asyncio.gather(answer, return_exceptions=True)


def _hand_over(connection: Connection, each: Material | Part) -> None:
    """Hand over the material or a part, and wait until it is computed."""
    with _lost_with_the_process():
        connection.send(each)
        connection.recv()


def _ask_for_answer(connection: Connection) -> Computed | Refusal:
    with _lost_with_the_process():
        connection.send(None)
        answer: Computed | Refusal = connection.recv()
    return answer


@contextmanager
def _lost_with_the_process() -> Iterator[None]:
    try:
        yield
    except (EOFError, OSError) as error:
        raise ComputationLost("the process ended without an answer") from error


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let what is started here not hear ctrl-C, which goes to the whole group: it is ended from here."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Once it runs: the first start of a process starts it, and unblocks the signals on the way.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _answer(connection: Connection) -> None:
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    taken = _take(connection)
    answer = compute(next(taken), taken)
    with suppress(OSError):  # nobody waits any more
        connection.send(answer)
    connection.close()


def _take(connection: Connection) -> Iterator[Any]:
    """Take what is handed over, and say of each when it is computed; end with whoever hands it over."""
    try:
        while (each := connection.recv()) is not None:
            yield each
            connection.send(None)
    except (EOFError, OSError):
        os._exit(1)
