"""What follows the end of a consent, for tests: the worker at a time, the tasks, what was asked."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from app.access.context import SystemContext
from app.kit.clock import local_date, utc_now
from app.kit.database import Database, System
from app.wiring import wire
from app.worker import run_once
from tests.referrals.arrange import Scene

Job = Callable[[SystemContext], Awaitable[int]]


async def do(pool: Database, scene: Scene, job: Job, *, days: float = 0) -> int:
    """Do a job of the worker in the scene's area, so many days from now, with everybody listening."""
    area = scene.world.area
    async with pool.transaction(System(area)) as db:
        return await job(SystemContext(db, area, datetime.now(UTC) + timedelta(days=days), wire()))


async def deliver(pool: Database) -> None:
    """Deliver what lies in the outbox."""
    await run_once(pool, wire(), lambda: datetime.now(UTC), jobs=())


async def titles(scene: Scene) -> list[str]:
    """Return what is to do in the case."""
    listed = (await scene.manager.get(f"/v1/cases/{scene.case_id}/tasks")).json()["items"]
    return sorted(each["title"] for each in listed)


async def recall(scene: Scene, referral_id: str) -> dict[str, Any] | None:
    """Return what the recipient was asked, as the team sees it; none where nothing was."""
    answer = await scene.manager.get(f"/v1/referrals/{referral_id}/recall")
    assert answer.status_code in (200, 404), answer.text
    found: dict[str, Any] | None = answer.json() if answer.status_code == 200 else None
    return found


def last_day(days: int) -> str:
    """Return the day so many days from now, as the last one of a consent."""
    return (local_date(utc_now()) + timedelta(days=days)).isoformat()
