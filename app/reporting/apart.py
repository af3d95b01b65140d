"""Runs a computation in a process of its own: the worker's loop stays free, and its memory comes back.

The search is pure Python and numpy for some seconds; in a thread it would hold the interpreter's lock. The
process begins with the first part, while the next ones are read.
"""

import asyncio
import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from app.reporting.computation import compute
from app.reporting.material import Computed, Material
from app.reporting.parts import Part
from app.reporting.rules import Refusal

SECONDS = 240
"""Less than the lease of the outbox, after which another worker would begin the same release."""

_NICENESS = 10
"""The API has the processor first."""

Given = Material | Part | None
"""The material without its parts, each part, and at last that there are no more."""


class ComputationLost(Exception):
    """The process died, or took too long and was ended; the outbox tries again."""


async def compute_apart(
    given: AsyncIterator[Material | Part], *, seconds: float = SECONDS
) -> Computed | Refusal:
    """Compute in a new process what is given, first the material and then its parts.

    Raises `ComputationLost` when it does not answer in time. Whoever stops waiting, by a cancellation or
    ctrl-C, ends the process.
    """
    waiting: queue.SimpleQueue[Given] = queue.SimpleQueue()
    process, ours = _start()
    answer = asyncio.ensure_future(asyncio.to_thread(_exchange, ours, waiting))
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            async for each in given:
                waiting.put(each)
                if answer.done():  # it died, and needs nothing more
                    break
            waiting.put(None)
            return await asyncio.shield(answer)
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise ComputationLost("no release in the time there is") from error
    finally:
        process.kill()
        waiting.put(None)
        await asyncio.gather(answer, return_exceptions=True)
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


def _exchange(connection: Connection, waiting: "queue.SimpleQueue[Given]") -> Computed | Refusal:
    """Hand over what waits as it comes, and return the answer; ends when the process does."""
    try:
        while (each := waiting.get()) is not None:
            connection.send(each)
        connection.send(None)
        answer: Computed | Refusal = connection.recv()
    except (EOFError, OSError) as error:
        raise ComputationLost("the process ended without an answer") from error
    return answer


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
    material = connection.recv()
    coming: queue.SimpleQueue[Part | None] = queue.SimpleQueue()
    threading.Thread(target=_take, args=(connection, coming), daemon=True).start()
    connection.send(compute(material, iter(coming.get, None)))
    connection.close()


def _take(connection: Connection, coming: "queue.SimpleQueue[Part | None]") -> None:
    """Take what is handed over while others are computed; end with whoever hands it over."""
    try:
        while (part := connection.recv()) is not None:
            coming.put(part)
    except (EOFError, OSError):
        os._exit(1)
    coming.put(None)
