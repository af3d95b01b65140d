"""What the database names itself sorts by time among what the application names."""

import time
from uuid import UUID

import asyncpg

from app.kit.ids import new_id


async def test_ids_of_the_database_are_uuid_7(admin: asyncpg.Connection) -> None:
    made: list[UUID] = await admin.fetchval("SELECT array_agg(new_id()) FROM generate_series(1, 200)")
    assert {(each.version, each.variant) for each in made} == {(7, "specified in RFC 4122")}
    assert len(set(made)) == 200


async def test_ids_of_database_and_application_sort_by_when_they_were_made(admin: asyncpg.Connection) -> None:
    made = []
    for _ in range(20):
        made.append(new_id())
        another_millisecond()
        made.append(await admin.fetchval("SELECT new_id()"))
        another_millisecond()
    assert made == sorted(made)


def another_millisecond() -> None:
    """Wait until the clock shows another one: within one, ids of two makers have no order."""
    begun = time.time_ns() // 1_000_000
    while time.time_ns() // 1_000_000 <= begun:
        pass
