"""A row that kills whatever worker takes it: given up and told, and no neighbour waits for it for ever."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from app import worker
from app.access.context import SystemContext
from app.kit.clock import utc_now
from app.kit.database import Database
from app.worker import LAST_ATTEMPT, Worker, run_once
from tests.worker.arrange import due_again, effect, effects, news, row, wiring_of
from tests.world import World


class Killed(BaseException):
    """The process ends here: nothing is recorded."""


async def taken_at(world: World, database: Database, attempts: int) -> tuple[dict[str, Any], int, list[str]]:
    """Let a worker meet a row that was taken so often before; return row, effects and what was told."""
    (one,) = await news(world)
    await world.admin.execute("UPDATE outbox SET attempts = $2 WHERE id = $1", one, attempts)
    with capture_logs() as logs:
        await Worker(database, wiring_of(effect), utc_now).deliver_due()
    told = [entry["event"] for entry in logs if entry.get("outbox_id") == str(one)]
    return await row(world, one), await effects(world), told


async def test_row_that_outlived_every_worker_is_parked_and_not_tried(
    world: World, worker_database: Database
) -> None:
    left, done, told = await taken_at(world, worker_database, LAST_ATTEMPT)
    assert left["parked_at"] is not None
    assert (left["failure"], done, told) == ("WorkerDied", 0, ["outbox_parked"])


async def test_row_at_its_last_attempt_is_tried(world: World, worker_database: Database) -> None:
    left, done, told = await taken_at(world, worker_database, LAST_ATTEMPT - 1)
    assert (left["parked_at"], done, told) == (None, 1, [])


async def test_row_would_be_tried_for_ever_without_a_last_attempt(
    world: World, worker_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted fault: nobody counts."""
    monkeypatch.setattr(worker, "LAST_ATTEMPT", 1_000)
    left, done, _ = await taken_at(world, worker_database, LAST_ATTEMPT)
    assert (left["parked_at"], done) == (None, 1)


def by_id(rows: Any) -> list[Any]:
    """Planted fault: always from the front."""
    return sorted(rows, key=lambda each: each["id"])


@pytest.mark.parametrize(
    ("turn", "done"), [(worker.in_turn, 4), (by_id, 2)], ids=["as built", "planted: from the front"]
)
async def test_neighbours_of_a_deadly_row_are_done_after_its_second_worker(
    world: World,
    worker_database: Database,
    monkeypatch: pytest.MonkeyPatch,
    turn: Callable[[Any], list[Any]],
    done: int,
) -> None:
    await run_once(worker_database, wiring_of(effect), utc_now, jobs=())
    before = await effects(world)
    monkeypatch.setattr(worker, "in_turn", turn)
    deadly = (await news(world, 5))[2]

    async def kills(ctx: SystemContext, payload: dict[str, Any]) -> None:
        if UUID(payload["event_id"]) == deadly:
            raise Killed
        await effect(ctx, payload)

    for _ in range(2):
        with pytest.raises(Killed):
            await Worker(worker_database, wiring_of(kills), utc_now).deliver_due()
        await due_again(world)
    assert await effects(world) - before == done
