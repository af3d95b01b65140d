"""What row-level security costs: the main reads as the measured user, and by a role that it does not bind.

Both run the same statement in the same context on connections of their own, in turns. Where the policies
alone choose the rows (a list of one's own cases, a search), the unbound role takes a page of the same size
out of all: that compares somebody with few assignments with somebody who may see everything. Catching up is
left out: without the policies its statement asks for the changes of the whole area.
"""

import statistics
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg

from app.demo.installation import Installation
from bench.plans import opened, reads
from bench.scene import Scene

TURNS = 30
UNTIL_KEPT = 8
LIMIT = 1.3
KNOWN = {"one case": 2.0, "one client": 1.9, "timeline": 1.7}
"""Reads that are known to miss the limit (decision 0211), and what more would be a loss."""


async def compare_locks(installation: Installation, scene: Scene, clients: int) -> list[dict[str, Any]]:
    """Return and print how much longer each main read takes under row-level security."""
    bound = await asyncpg.connect(installation.url("kim_app"), max_cacheable_statement_size=0)
    free = await asyncpg.connect(installation.admin_url, max_cacheable_statement_size=0)
    await free.execute("SET jit = off")
    try:
        return [
            await _compare(bound, free, scene, name, sql, arguments, clients)
            for name, sql, arguments in reads(scene)
            if name != "catching up"
        ]
    finally:
        await bound.close()
        await free.close()


async def _compare(
    bound: asyncpg.Connection,
    free: asyncpg.Connection,
    scene: Scene,
    name: str,
    sql: str,
    arguments: list[Any],
    clients: int,
) -> dict[str, Any]:
    turns = [
        (await _took(bound, scene, sql, arguments), await _took(free, scene, sql, arguments))
        for _ in range(UNTIL_KEPT + TURNS)
    ][UNTIL_KEPT:]
    locked = sorted(statement for (statement, _), _ in turns)
    unlocked = sorted(statement for _, (statement, _) in turns)
    ratio = _fastest(locked) / _fastest(unlocked)
    whole = _fastest(all_ for (_, all_), _ in turns) / _fastest(all_ for _, (_, all_) in turns)
    figures = {
        "name": f"under row-level security: {name}",
        "ratio_to_floor": None,
        "ratio_to_unlocked": round(ratio, 2),
        "transaction_to_unlocked": round(whole, 2),
        "within_limit": ratio <= LIMIT,
        "within_known": ratio <= KNOWN.get(name, LIMIT),
        "measured": "processor time of the database",
        "p50_ms": round(statistics.median(locked), 2),
        "p95_ms": round(locked[int(0.95 * TURNS)], 2),
        "unlocked_p50_ms": round(statistics.median(unlocked), 2),
        "clients": clients,
        "role": "case_manager",
    }
    print(
        f"{figures['name']:<50} {ratio:5.2f} of the same without, {whole:.2f} with session and context"
        f" ({figures['p50_ms']} and {figures['unlocked_p50_ms']} ms; limit {LIMIT},"
        f" known {KNOWN.get(name, LIMIT)})"
    )
    return figures


def _fastest(times: Iterable[float]) -> float:
    """Return the mean of the fastest quarter: what other work on the machine adds is not the question."""
    return statistics.mean(sorted(times)[: TURNS // 4])


async def _took(
    connection: asyncpg.Connection, scene: Scene, sql: str, arguments: list[Any]
) -> tuple[float, float]:
    """Return the processor time of the statement, and of the transaction with session and context."""
    clock = partial(processor_ms, connection.get_server_pid())
    begun = clock()
    transaction = connection.transaction()
    await transaction.start()
    try:
        await opened(connection, scene)
        started = clock()
        await connection.fetch(sql, *arguments)
        took = clock() - started
    finally:
        await transaction.rollback()
    return took, clock() - begun


def processor_ms(server_pid: int) -> float:
    """Return the processor time of a backend: it does not count what waits for other work on the machine.

    The kernel books the time of a running process every few milliseconds, and the rest when it goes to sleep.
    An answer arrives before that: asked at once, a statement of less than a tick would have taken nothing.
    """
    process = Path(f"/proc/{server_pid}")
    while _state(process) != "S":
        pass
    return int((process / "schedstat").read_text().split()[0]) / 1e6


def _state(process: Path) -> str:
    """Return the letter of proc(5); the name before it is in brackets and may hold anything."""
    return (process / "stat").read_text().rpartition(")")[2].split()[0]
