"""The inbox: one's own only, newest first, ids and codes and nothing else."""

from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.access.roles import Role
from app.kit.clock import utc_now
from app.kit.database import Database
from app.kit.events import Wiring
from app.upkeep import Job, forget_notifications
from app.worker import run_once
from tests.world import Person, World


async def tell(world: World, person: Person, *, days_ago: int = 0) -> str:
    """Place a notification and return its id."""
    notification_id = uuid4()
    await world.admin.execute(
        """INSERT INTO notifications
        (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
        VALUES ($1, $2, $3, 'referral_received', 'referral', gen_random_uuid(), now() - $4::interval)""",
        world.area,
        notification_id,
        person.user_id,
        timedelta(days=days_ago),
    )
    return str(notification_id)


async def test_inbox_is_ones_own_newest_first_in_pages(world: World) -> None:
    reader, other = await world.case_manager(), await world.case_manager()
    old, older, new = [await tell(world, reader, days_ago=days) for days in (2, 3, 1)]
    await tell(world, other)
    first = (await reader.get("/v1/me/notifications", limit=2)).json()
    second = (await reader.get("/v1/me/notifications", limit=2, cursor=first["next"])).json()
    assert [each["id"] for each in first["items"] + second["items"]] == [new, old, older]
    shape = {"id", "kind", "object_type", "object_id", "case_id", "created_at", "read_at"}
    assert set(first["items"][0]) == shape


async def test_first_reading_counts_and_a_second_changes_nothing(world: World) -> None:
    reader = await world.person(Role.PARTNER_USER)
    path = f"/v1/me/notifications/{await tell(world, reader)}/read"
    first, again = await reader.post(path), await reader.post(path)
    assert first.status_code == again.status_code == 200
    assert first.json()["read_at"] is not None
    assert first.json() == again.json()


async def test_notification_of_somebody_else_is_not_found_and_stays_unread(world: World) -> None:
    reader, other = await world.case_manager(), await world.case_manager()
    notification_id = await tell(world, other)
    assert (await reader.post(f"/v1/me/notifications/{notification_id}/read")).status_code == 404
    read_at = "SELECT read_at FROM notifications WHERE id = $1"
    assert await world.admin.fetchval(read_at, UUID(notification_id)) is None


async def test_application_cannot_write_for_others_or_rewrite_what_was_told(world: World) -> None:
    reader = await world.case_manager()
    await tell(world, reader)
    for statement in (
        """INSERT INTO notifications
        (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
        SELECT municipal_area_id, gen_random_uuid(), user_id, kind, object_type, object_id, now()
        FROM notifications""",
        "UPDATE notifications SET user_id = gen_random_uuid()",
        "DELETE FROM notifications",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.sql(reader) as db:
                await (await db.driver()).execute(statement)
    async with world.sql(reader) as db:
        assert await (await db.driver()).execute("UPDATE notifications SET read_at = now()") == "UPDATE 1"


async def test_notifications_are_forgotten_after_half_a_year(world: World, worker_database: Database) -> None:
    reader = await world.case_manager()
    kept = await tell(world, reader, days_ago=179)
    await tell(world, reader, days_ago=181)
    job = Job("forget_notifications", timedelta(days=1), forget_notifications)
    await run_once(worker_database, Wiring(), utc_now, [job], [world.area])
    listed = (await reader.get("/v1/me/notifications")).json()["items"]
    assert [each["id"] for each in listed] == [kept]
