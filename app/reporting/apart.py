"""Runs a computation in a process of its own: the worker's loop stays free, and its memory comes back.

The search is pure Python and numpy for half a minute; in a thread it would hold the interpreter's lock.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any

from app.reporting.computation import compute
from app.reporting.material import Computed, Material
from app.reporting.rules import Refusal

SECONDS = 240
"""Less than the lease of the outbox, after which another worker would begin the same release."""

_NICENESS = 10
"""The API has the processor first."""
_LOOKING = 0.2  # seconds between two looks whether anybody still waits


class ComputationLost(Exception):
    """The process died, or took too long and was ended; the outbox tries again."""


async def compute_apart(material: Material, *, seconds: float = SECONDS) -> Computed | Refusal:
    """Compute in a new process; raise `ComputationLost` when it does not answer in time.

    Whoever stops waiting, by a cancellation or ctrl-C, ends the process.
    """
    given_up = threading.Event()
    try:
        return await asyncio.to_thread(_compute, material, seconds, given_up)
    finally:
        given_up.set()


def _compute(material: Material, seconds: float, given_up: threading.Event) -> Computed | Refusal:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_answer, args=(theirs,), daemon=True)
    with _deaf_to_interrupts():
        process.start()
    theirs.close()
    until = time.monotonic() + seconds
    try:
        _receive(ours, until, given_up)
        ours.send(material)
        answer: Computed | Refusal = _receive(ours, until, given_up)
    except (EOFError, OSError) as error:
        raise ComputationLost("the process ended without an answer") from error
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()
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


def _receive(connection: Connection, until: float, given_up: threading.Event) -> Any:
    while not connection.poll(min(_LOOKING, max(0.0, until - time.monotonic()))):
        if given_up.is_set() or time.monotonic() >= until:
            raise ComputationLost("no release in the time there is")
    return connection.recv()


def _answer(connection: Connection) -> None:
    """Ask for the material and answer; given at the start, it would block who starts what dies at once."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    connection.send(None)
    connection.send(compute(connection.recv()))
    connection.close()
