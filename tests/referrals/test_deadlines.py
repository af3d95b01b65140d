"""Reminders, expiry and the late answer."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.access.context import SystemContext
from app.kit.database import Database, System
from app.kit.events import Wiring
from app.referrals.deadlines import expire_due, remind_due
from app.referrals.events import ReferralExpired, ReferralReminderDue
from tests.referrals.arrange import Scene, a_scene, sent, step
from tests.world import World

Job = Callable[[SystemContext], Awaitable[int]]


class Worker:
    """The worker in the world's area, at a time of the test's choosing."""

    def __init__(self, pool: Database, world: World) -> None:
        self._pool, self._area = pool, world.area
        self.heard: list[ReferralExpired | ReferralReminderDue] = []
        self._wiring = Wiring()
        self._wiring.hear_within(ReferralExpired, self._hear)
        self._wiring.hear_within(ReferralReminderDue, self._hear)

    async def _hear(self, _: object, event: ReferralExpired | ReferralReminderDue) -> None:
        self.heard.append(event)

    async def run(self, job: Job, *, days: float) -> int:
        """Run a job so many days from now."""
        async with self._pool.transaction(System(self._area)) as db:
            moment = datetime.now(UTC) + timedelta(days=days)
            return await job(SystemContext(db, self._area, moment, self._wiring))


@pytest.fixture
def worker(worker_database: Database, world: World) -> Worker:
    return Worker(worker_database, world)


async def _referral(scene: Scene, referral_id: str) -> dict[str, object]:
    seen: dict[str, object] = (await scene.manager.get(f"/v1/referrals/{referral_id}")).json()
    return seen


async def test_silence_expires_on_the_platform_after_fourteen_days(world: World, worker: Worker) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    assert await worker.run(expire_due, days=13.9) == 0
    assert await worker.run(expire_due, days=14.1) == 1
    assert await worker.run(expire_due, days=14.2) == 0
    seen = await _referral(scene, referral_id)
    assert (seen["state"], seen["delivery"], seen["outcome"]) == ("expired", "expired", "no_answer")
    assert worker.heard == [ReferralExpired(UUID(referral_id), UUID(scene.institution_id))]


async def test_fetched_package_stays_fetched_when_the_answer_fails_to_come(
    world: World, worker: Worker
) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await step(scene, referral_id, "fetched")
    await worker.run(expire_due, days=15)
    assert (await _referral(scene, referral_id))["delivery"] == "fetched"


@pytest.mark.parametrize("channel", ["letter", "phone", "accompanied"])
async def test_off_the_platform_nothing_expires(world: World, worker: Worker, channel: str) -> None:
    scene = await a_scene(world)
    await sent(scene, channel=channel)
    assert await worker.run(expire_due, days=400) == 0
    assert await worker.run(remind_due, days=5) == 0


async def test_late_answer_moves_it_on(world: World, worker: Worker) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await worker.run(expire_due, days=15)
    seen = await step(scene, referral_id, "accept")
    assert (seen["state"], seen["outcome"], seen["delivery"]) == ("accepted", None, "fetched")


async def test_answered_referral_does_not_expire(world: World, worker: Worker) -> None:
    scene = await a_scene(world)
    await step(scene, await sent(scene), "accept")
    assert await worker.run(expire_due, days=15) == 0


async def test_each_reminder_is_announced_once(world: World, worker: Worker) -> None:
    scene = await a_scene(world)
    await sent(scene)
    told = [await worker.run(remind_due, days=days) for days in (2.9, 3.1, 4, 8.9, 9.1, 10, 14.1)]
    assert told == [0, 1, 0, 0, 1, 0, 0]
    assert [each.day for each in worker.heard if isinstance(each, ReferralReminderDue)] == [3, 9]


async def test_missed_reminder_is_not_made_up_for(world: World, worker: Worker) -> None:
    scene = await a_scene(world)
    await sent(scene)
    assert [await worker.run(remind_due, days=10), await worker.run(remind_due, days=11)] == [1, 0]
    assert [each.day for each in worker.heard if isinstance(each, ReferralReminderDue)] == [9]


async def test_worker_of_one_area_leaves_another_alone(world: World, worker_database: Database) -> None:
    scene = await a_scene(world)
    await sent(scene)
    elsewhere = Worker(worker_database, await world.neighbour())
    assert await elsewhere.run(expire_due, days=15) == 0
