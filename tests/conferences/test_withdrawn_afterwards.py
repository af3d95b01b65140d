"""A conference that had begun when a consent was withdrawn is still written down, and who was there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from tests.cases.arrange import close, etag
from tests.clients.test_restrictions import restrict
from tests.conferences.arrange import Table, a_table
from tests.conftest import Clock
from tests.consents.arrange import give_consent, withdraw
from tests.refusals import places
from tests.world import World

LATER = timedelta(minutes=2)
LOG = "SELECT log_past_conference($1, now())"


@dataclass
class Morning:
    """A conference of this morning, with somebody of an institution invited; it is later now."""

    table: Table
    row: dict[str, Any]
    outside: str
    began_at: datetime
    consent_id: str
    documentation_id: str

    async def hold(self, **fields: Any) -> httpx.Response:
        """Write down that they were there."""
        return await self.table.step(self.row, "hold", attended=[self.outside], **fields)


async def _morning(world: World, clock: Clock, *, begins_in: timedelta = timedelta(0)) -> Morning:
    table = await a_table(world)
    documentation = await give_consent(table.scene.manager, table.scene.client_id)
    consent = await table.agreed()
    clock.stop()
    assert clock.fixed is not None
    began_at = clock.fixed + begins_in
    row = await table.plan(starts_at=began_at.isoformat())
    outside = await table.invited(row)
    clock.fixed += LATER
    return Morning(table, row, outside, began_at, consent, documentation)


def _entry(table: Table) -> dict[str, Any]:
    return {
        "institution_id": table.scene.institution_id, "legal_basis": "consent", "purpose": "case_conference",
        "data_categories": ["master_data"], "channel": "conference",
    }  # fmt: skip


async def test_they_were_there_and_get_no_record(world: World, clock: Clock) -> None:
    morning = await _morning(world, clock)
    await withdraw(morning.table.scene.manager, morning.consent_id)
    held = await morning.hold(record="Ergebnis")
    assert (held.status_code, held.json()["state"]) == (200, "held")
    (seen,) = held.json()["participants"]
    assert (seen["attended"], seen["removed_because"]) == (True, "consent_withdrawn")
    assert await morning.table.logged() == [_entry(morning.table)]
    refused = await morning.table.hand_out(morning.row, morning.outside)
    assert (refused.status_code, refused.json()["code"]) == (409, "participant_removed")


async def test_withdrawal_that_was_told_before_leaves_no_basis(world: World, clock: Clock) -> None:
    morning = await _morning(world, clock)
    before = morning.began_at - timedelta(minutes=1)
    await withdraw(morning.table.scene.manager, morning.consent_id, told_at=before.isoformat())
    refused = await morning.hold()
    assert (refused.status_code, refused.json()["missing"]) == (409, ["withdrawn"])
    assert await morning.table.logged() == []


async def test_whoever_was_taken_out_before_it_began_was_not_there(world: World, clock: Clock) -> None:
    morning = await _morning(world, clock, begins_in=timedelta(minutes=4))
    await withdraw(morning.table.scene.manager, morning.consent_id)
    assert clock.fixed is not None
    clock.fixed += LATER * 2
    assert places(await morning.hold()) == [{"place": "body.attended", "kind": "no_participant"}]


async def test_what_was_to_begin_later_is_not_moved_before_the_withdrawal(world: World, clock: Clock) -> None:
    morning = await _morning(world, clock, begins_in=timedelta(minutes=4))
    await withdraw(morning.table.scene.manager, morning.consent_id)
    path = f"{morning.table.path}/{morning.row['id']}"
    earlier = (morning.began_at - timedelta(minutes=4)).isoformat()
    manager = morning.table.scene.manager
    moved = await manager.patch(path, {"starts_at": earlier}, if_match=await etag(manager, path))
    assert places(moved) == [{"place": "body.starts_at", "kind": "in_the_past"}]


async def test_end_of_documentation_cancels_nothing_that_had_begun(world: World, clock: Clock) -> None:
    morning = await _morning(world, clock)
    to_come = await morning.table.plan()
    await withdraw(morning.table.scene.manager, morning.documentation_id)
    assert (await morning.table.read(morning.row))["state"] == "planned"
    assert (await morning.table.read(to_come))["cancel_reason"] == "consent_withdrawn"
    assert (await morning.hold(record="Ergebnis")).status_code == 409
    held = await morning.hold()
    assert (held.status_code, held.json()["state"]) == (200, "held")
    assert held.json()["participants"][0]["attended"] is True
    assert await morning.table.logged() == [_entry(morning.table)]
    assert (await morning.hold()).status_code == 409


async def test_documentation_withdrawn_before_it_began_cancels_it(world: World, clock: Clock) -> None:
    morning = await _morning(world, clock)
    before = (morning.began_at - timedelta(minutes=1)).isoformat()
    await withdraw(morning.table.scene.manager, morning.documentation_id, told_at=before)
    assert (await morning.table.read(morning.row))["cancel_reason"] == "consent_withdrawn"


async def test_at_the_end_of_documentation_what_nobody_came_to_is_cancelled(
    world: World, clock: Clock
) -> None:
    morning = await _morning(world, clock)
    await withdraw(morning.table.scene.manager, morning.documentation_id)
    cancelled = await morning.table.step(morning.row, "cancel", reason="Niemand kam")
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")


async def _only_kept(morning: Morning) -> None:
    await restrict(morning.table.scene.manager, morning.table.scene.client_id, ground="objection")


async def _closed(morning: Morning) -> None:
    await close(morning.table.scene.manager, morning.table.scene.case_id, "moved_away")


@pytest.mark.parametrize("end", [_only_kept, _closed])
@pytest.mark.parametrize(("begins_in", "status"), [(0, 200), (4, 409)])
async def test_only_what_had_begun_is_written_down_in_a_closed_case_or_of_data_that_are_only_kept(
    world: World, clock: Clock, end: Callable[[Morning], Awaitable[None]], begins_in: int, status: int
) -> None:
    morning = await _morning(world, clock, begins_in=timedelta(minutes=begins_in))
    await end(morning)
    assert (await morning.hold()).status_code == status
    assert len(await morning.table.logged()) == (status == 200)


async def test_log_takes_only_who_was_written_down_as_there(world: World, clock: Clock) -> None:
    morning = await _morning(world, clock)
    manager = morning.table.scene.manager
    async with world.sql(manager) as db:
        assert not await (await db.driver()).fetchval(LOG, UUID(morning.outside))
    await _only_kept(morning)
    async with world.sql(manager) as db:
        assert not await (await db.driver()).fetchval(LOG, UUID(morning.outside))
    await morning.hold()
    stranger = await world.case_manager()
    async with world.sql(stranger) as db:
        assert not await (await db.driver()).fetchval(LOG, UUID(morning.outside))
    assert len(await morning.table.logged()) == 1


@pytest.mark.parametrize(
    ("table", "trigger", "change", "constraint"),
    [
        ("conference_participants", "was_not_there", "attended = true WHERE conference_id = $1",
         "ck_conference_participants_was_not_there"),
        ("conferences", "after_withdrawal", "starts_at = now() - interval '1 day' WHERE id = $1",
         "ck_conferences_not_before_withdrawal"),
    ],
)  # fmt: skip
async def test_database_refuses_it_too_and_without_its_trigger_does_not(
    world: World, clock: Clock, table: str, trigger: str, change: str, constraint: str
) -> None:
    morning = await _morning(world, clock, begins_in=timedelta(hours=1))
    await withdraw(morning.table.scene.manager, morning.consent_id)
    statement, conference = f"UPDATE {table} SET {change}", UUID(morning.row["id"])
    with pytest.raises(asyncpg.CheckViolationError) as caught:
        async with world.sql(morning.table.scene.manager) as db:
            await (await db.driver()).execute(statement, conference)
    assert caught.value.constraint_name == constraint
    await world.admin.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    try:
        async with world.sql(morning.table.scene.manager) as db:
            assert await (await db.driver()).execute(statement, conference) == "UPDATE 1"
    finally:
        await world.admin.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
