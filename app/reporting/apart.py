"""Runs a computation in a process of its own: the worker's loop stays free, and its memory comes back.

The search is pure Python and numpy for half a minute; in a thread it would hold the interpreter's lock.
"""

import asyncio
import multiprocessing
import os
from multiprocessing.connection import Connection

from app.reporting.computation import compute
from app.reporting.material import Computed, Material
from app.reporting.rules import Refusal

SECONDS = 240
"""Less than the lease of the outbox, after which another worker would begin the same release."""

_NICENESS = 10
"""The API has the processor first."""


class ComputationLost(Exception):
    """The process died, or took too long and was ended; the outbox tries again."""


async def compute_apart(material: Material, *, seconds: float = SECONDS) -> Computed | Refusal:
    """Compute in a new process; raise `ComputationLost` when it does not answer in time."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(sender, material), daemon=True)
    await asyncio.to_thread(process.start)
    sender.close()
    try:
        return await asyncio.to_thread(_receive, receiver, seconds)
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
        process.close()
        receiver.close()


def _receive(receiver: Connection, seconds: float) -> Computed | Refusal:
    try:
        if not receiver.poll(seconds):
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
