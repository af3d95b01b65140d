"""Who told an unplaced withdrawal is forgotten after some months, with the officers reminded before."""

from typing import Any

import pytest

from app.access.context import SystemContext
from app.access.roles import Role
from app.consents.lapsing import lapse_due
from app.kit.database import Database
from tests.consents.test_counter import NOBODY
from tests.duties.arrange import told
from tests.referrals.test_deadlines import Worker
from tests.world import World

MONTHS = 6
_NAMES = "SELECT given_name, family_name, birth_date, outcome, settled_by FROM unplaced_withdrawals"
_JOURNAL = "SELECT count(*) FROM audit_journal WHERE action = 'consent.lapse_withdrawal'"


@pytest.fixture
def worker(worker_database: Database, world: World) -> Worker:
    return Worker(worker_database, world)


async def _lapse(ctx: SystemContext) -> int:
    return await lapse_due(ctx, MONTHS)


async def _unplaced(world: World) -> str:
    colleague = await world.case_manager()
    body = {"channel": "in_person", "person": NOBODY, "everything": True}
    return str((await colleague.post("/v1/withdrawals", body)).json()["id"])


async def _row(world: World) -> dict[str, Any]:
    return dict(await world.admin.fetchrow(f"{_NAMES} WHERE municipal_area_id = $1", world.area))


async def test_name_and_birth_date_go_after_six_months(world: World, worker: Worker) -> None:
    officer = await world.person(Role.PRIVACY_OFFICER)
    withdrawal_id = await _unplaced(world)
    assert await worker.run(_lapse, days=180) == 0
    assert (await _row(world))["family_name"] == NOBODY["family_name"]
    assert await worker.run(_lapse, days=186) == 1
    gone = dict.fromkeys(("given_name", "family_name", "birth_date", "settled_by"))
    assert await _row(world) == {**gone, "outcome": "lapsed"}
    assert await worker.run(_lapse, days=187) == 0
    seen = (await officer.get("/v1/withdrawals")).json()["items"]
    assert [(each["id"], each["outcome"]) for each in seen] == [(withdrawal_id, "lapsed")]
    late = await officer.post(f"/v1/withdrawals/{withdrawal_id}/settle", {"outcome": "nobody_found"})
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")
    assert await world.admin.fetchval(f"{_JOURNAL} AND municipal_area_id = $1", world.area) == 1


async def test_officers_are_reminded_once_in_the_last_month(world: World, worker: Worker) -> None:
    officer, other = await world.person(Role.PRIVACY_OFFICER), await world.person(Role.TEAM_LEAD)
    await _unplaced(world)
    reminders = []
    for days in (145, 157, 158, 186):
        await worker.run(_lapse, days=days)
        reminders.append(len(await told(officer, "withdrawal_lapses")))
    assert reminders == [0, 1, 1, 1]
    assert await told(other, "withdrawal_lapses") == []


async def test_what_was_settled_neither_reminds_nor_lapses(world: World, worker: Worker) -> None:
    officer = await world.person(Role.PRIVACY_OFFICER)
    withdrawal_id = await _unplaced(world)
    await officer.post(f"/v1/withdrawals/{withdrawal_id}/settle", {"outcome": "nobody_found"})
    for days in (157, 186):
        assert await worker.run(_lapse, days=days) == 0
    assert (await _row(world))["outcome"] == "nobody_found"
    assert await told(officer, "withdrawal_lapses") == []


async def test_other_areas_are_left(world: World, worker: Worker) -> None:
    far = await world.neighbour()
    await _unplaced(far)
    assert await worker.run(_lapse, days=400) == 0
    assert (await _row(far))["family_name"] == NOBODY["family_name"]
