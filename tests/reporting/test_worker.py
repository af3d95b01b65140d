"""A release on its way through the outbox, computed in a process of its own."""

import asyncio
import dataclasses
import multiprocessing
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from multiprocessing import spawn
from typing import Any

import pytest

from app.kit.database import Database, System
from app.protection import Rules
from app.reporting import handlers
from app.reporting.apart import ComputationLost, compute_apart
from app.reporting.handlers import Desk, reporting_handler
from app.reporting.material import Computed, Material
from app.reporting.parts import Barriers, Figures, Opened, Part
from app.reporting.rules import Quarter, Refusal, Size
from app.wiring import wire
from app.worker import run_once
from tests.reporting.arrange import Office, figures, request
from tests.reporting.whole import parts_of

NOTHING = Material(
    release_id="r", municipal_area_id="KIM-05170", area_name="Kreis Wesel", quarter=Quarter(2025, 3),
    detail=None, figures=Figures((), Size(0, 0, 0), (), "unknown"), known=(), rules=Rules(effort=0),
)  # fmt: skip


async def given(material: Material = NOTHING) -> AsyncIterator[Material | Part]:
    yield material
    for part in parts_of(material.figures):
        yield part


async def deliver(office: Office, desk: Desk | None) -> int:
    return await run_once(office.worker, wire(desk), lambda: datetime.now(UTC), jobs=())


async def state_of(office: Office, release_id: str) -> str:
    return str((await office.first.get(f"/v1/releases/{release_id}")).json()["state"])


async def test_worker_computes_what_was_asked_for(office: Office) -> None:
    await figures(office.world, reports=60)
    release_id = await request(office.first, detail="small")
    await deliver(office, Desk(office.reporting, Rules(effort=0)))
    assert await state_of(office, release_id) == "computed"
    pending = await office.world.admin.fetchval(
        "SELECT count(*) FROM outbox WHERE municipal_area_id = $1 AND done_at IS NULL", office.world.area
    )
    assert pending == 0


async def test_without_the_reporting_role_nothing_is_computed(office: Office) -> None:
    release_id = await request(office.first)
    await deliver(office, None)
    failure = await office.world.admin.fetchval(
        "SELECT failure FROM outbox WHERE municipal_area_id = $1", office.world.area
    )
    assert (await state_of(office, release_id), failure) == ("requested", "RuntimeError")


async def test_area_without_figures_has_a_release_of_zeros(office: Office) -> None:
    found = await compute_apart(given())
    assert isinstance(found, Computed)
    assert {cell.units.status for _, _, _, cell in found.cells} <= {"zero", "not_collected"}


async def test_computation_that_takes_too_long_is_ended() -> None:
    with pytest.raises(ComputationLost, match="in the time there is"):
        await compute_apart(given(), seconds=0.01)


async def test_computation_whose_process_dies_is_noticed() -> None:
    broken = dataclasses.replace(NOTHING, rules="no rules")  # type: ignore[arg-type]
    with pytest.raises(ComputationLost, match="without an answer"):
        await compute_apart(given(broken))


@pytest.fixture
def _dies_at_once() -> Iterator[None]:
    before = spawn.get_executable()
    spawn.set_executable("/bin/false")
    yield
    spawn.set_executable(before)


@pytest.mark.usefixtures("_dies_at_once")
async def test_computation_whose_process_dies_before_it_reads_blocks_nobody() -> None:
    more_than_a_pipe_holds = dataclasses.replace(NOTHING, area_name="x" * 1_000_000)
    with pytest.raises(ComputationLost, match="without an answer"):
        await compute_apart(given(more_than_a_pipe_holds))


async def test_part_is_read_when_the_one_before_is_computed_and_none_for_a_process_that_died() -> None:
    read = 0

    async def endless() -> AsyncIterator[Material | Part]:
        nonlocal read
        yield dataclasses.replace(NOTHING, rules="no rules")  # type: ignore[arg-type]
        yield Opened({})
        while True:
            read += 1
            yield Barriers(())
            await asyncio.sleep(0)

    with pytest.raises(ComputationLost, match="without an answer"):
        await compute_apart(endless())
    assert read == 1


async def test_process_ends_with_a_reading_that_fails() -> None:
    class Unreadable(Exception):
        pass

    async def failing() -> AsyncIterator[Material | Part]:
        yield NOTHING
        assert multiprocessing.active_children()
        raise Unreadable

    with pytest.raises(Unreadable):
        await compute_apart(failing())
    assert multiprocessing.active_children() == []


async def test_process_ends_with_whoever_waits_for_it() -> None:
    reading = asyncio.Event()

    async def slow() -> AsyncIterator[Material | Part]:
        yield NOTHING
        reading.set()
        await asyncio.Event().wait()

    waiting = asyncio.create_task(compute_apart(slow()))
    await reading.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert multiprocessing.active_children() == []


async def test_delivery_again_changes_nothing(office: Office) -> None:
    await figures(office.world)
    release_id = await office.computed()
    before = (await office.first.get(f"/v1/releases/{release_id}")).json()
    await office.world.admin.execute(
        "UPDATE outbox SET done_at = NULL, available_at = now() WHERE municipal_area_id = $1",
        office.world.area,
    )
    await deliver(office, Desk(office.reporting, Rules(effort=0)))
    assert (await office.first.get(f"/v1/releases/{release_id}")).json() == before


async def test_long_computation_does_not_let_the_transaction_fall_asleep(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    beats = asyncio.Event()

    async def slow(_: Material) -> Refusal:
        await beats.wait()
        return Refusal.PROOF_FAILED

    class Watched:
        def __init__(self, db: Any) -> None:
            self.db = db

        async def driver(self) -> Any:
            return self

        async def execute(self, statement: str) -> None:
            seen.append(statement)
            await (await self.db.driver()).execute(statement)
            if len(seen) == 3:
                beats.set()

    monkeypatch.setattr(handlers, "_PULSE_SECONDS", 0.001)
    async with office.worker.transaction(System(office.world.area)) as db:
        found = await handlers._with_a_pulse(Watched(db), slow(NOTHING))  # type: ignore[arg-type]
    assert (found, seen[:3]) == (Refusal.PROOF_FAILED, ["SELECT 1"] * 3)


def test_api_names_the_handler_without_a_desk() -> None:
    assert "compute_release" in wire().after["release.requested"]
    assert callable(reporting_handler(None))


async def test_reporting_pool_reads_no_more_than_figures(reporting_database: Database) -> None:
    async with reporting_database.transaction(System("KIM-05170")) as db:
        driver = await db.driver()
        held = await driver.fetchval(
            "SELECT bool_or(has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE')) FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
        )
    assert held is False
