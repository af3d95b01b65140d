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
from multiprocessing.connection import Connection

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
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(sender, material), daemon=True)
    with _deaf_to_interrupts():
        process.start()
    sender.close()
    try:
        return _receive(receiver, seconds, given_up)
    finally:
        process.kill()
        process.join()
        process.close()
        receiver.close()


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let what is started here not hear ctrl-C, which goes to the whole group: it is ended from here."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _receive(receiver: Connection, seconds: float, given_up: threading.Event) -> Computed | Refusal:
    until = time.monotonic() + seconds
    try:
        while not receiver.poll(min(_LOOKING, seconds)):
            if given_up.is_set() or time.monotonic() >= until:
                raise ComputationLost(f"no release after {seconds:.0f} seconds")
        answer: Computed | Refusal = receiver.recv()
    except (EOFError, OSError) as error:
        raise ComputationLost("the process ended without an answer") from error
    return answer


def _answer(sender: Connection, material: Material) -> None:
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    sender.send(compute(material))
    sender.close()
