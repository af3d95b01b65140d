"""The data of the demonstration: the same for the same seed and day, whole, and as much as was asked for."""

from collections.abc import AsyncIterator
from datetime import date

import asyncpg
import pytest

from app.cases.rules import PHASES
from app.demo.loading import Volume, load, quarters_until
from app.referrals.rules import Task
from tests.durability.databases import own_database
from tests.durability.schema import contents

SEED, DAY = 7, date(2026, 8, 1)
OF_THE_DATABASE = frozenset({"changed_xid", "created_at", "changed_at", "notifications.id"})
"""What defaults and triggers add while the data are loaded."""

_FOREIGN_KEYS = """SELECT conname AS name,
    conrelid::regclass::text AS child, confrelid::regclass::text AS parent,
    ARRAY(SELECT quote_ident(attname) FROM unnest(conkey) WITH ORDINALITY k(number, place)
        JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k.number ORDER BY place) AS ours,
    ARRAY(SELECT quote_ident(attname) FROM unnest(confkey) WITH ORDINALITY k(number, place)
        JOIN pg_attribute a ON a.attrelid = confrelid AND a.attnum = k.number ORDER BY place) AS theirs
FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0"""


async def loaded_contents(admin_url: str, *, seed: int, day: date = DAY) -> dict[str, tuple[int, str]]:
    """Load a small volume into a database of its own and return what its tables hold."""
    async with own_database(admin_url, f"demo_{seed}", with_schema=True) as url:
        await load(url, Volume(clients=100), seed=seed, password_hash="x", today=day, quiet=True)
        return await contents(url, OF_THE_DATABASE)


async def test_same_seed_and_day_make_the_same_data_and_others_do_not(admin_url: str) -> None:
    once = await loaded_contents(admin_url, seed=SEED)
    assert await loaded_contents(admin_url, seed=SEED) == once
    for other in (
        await loaded_contents(admin_url, seed=SEED + 1),
        await loaded_contents(admin_url, seed=SEED, day=date(2026, 8, 2)),
    ):
        assert {table for table in once if once[table] != other[table]} >= {"clients", "cases", "contacts"}
        assert other["catalogue_entries"] == once["catalogue_entries"]


@pytest.fixture(scope="module")
async def demo(admin_url: str) -> AsyncIterator[asyncpg.Connection]:
    """The usual volume."""
    async with own_database(admin_url, "demo", with_schema=True) as url:
        await load(url, Volume.of(600), seed=20260801, password_hash="x", today=DAY, quiet=True)
        connection = await asyncpg.connect(url)
        yield connection
        await connection.close()


async def orphans(connection: asyncpg.Connection) -> list[str]:
    """Return the foreign keys that point at nothing."""
    found = []
    for key in await connection.fetch(_FOREIGN_KEYS):
        pairs = zip(key["ours"], key["theirs"], strict=True)
        same = " AND ".join(f"p.{theirs} = c.{ours}" for ours, theirs in pairs)
        given = " AND ".join(f"c.{ours} IS NOT NULL" for ours in key["ours"])
        if await connection.fetchval(
            f"""SELECT EXISTS (SELECT FROM {key["child"]} c WHERE {given}
            AND NOT EXISTS (SELECT FROM {key["parent"]} p WHERE {same}))"""
        ):
            found.append(f"{key['child']} {key['name']}")
    return found


async def test_every_foreign_key_holds(demo: asyncpg.Connection) -> None:
    assert await orphans(demo) == []


async def test_foreign_key_that_points_at_nothing_is_noticed(demo: asyncpg.Connection) -> None:
    planted = demo.transaction()
    await planted.start()
    await demo.execute("SET LOCAL session_replication_role = replica")
    await demo.execute("DELETE FROM cases WHERE id = (SELECT case_id FROM contacts LIMIT 1)")
    assert "contacts fk_contacts_case_id" in await orphans(demo)
    await planted.rollback()


async def number_by(connection: asyncpg.Connection, table: str, column: str) -> dict[str, int]:
    """Return how many rows there are of each value."""
    return dict(await connection.fetch(f"SELECT {column}, count(*) FROM {table} GROUP BY 1"))


async def test_there_are_two_areas_at_work(demo: asyncpg.Connection) -> None:
    assert len(await number_by(demo, "clients", "municipal_area_id")) == 2
    assert len(await number_by(demo, "obstacles", "municipal_area_id")) == 2


async def test_there_is_as_much_as_was_asked_for(demo: asyncpg.Connection) -> None:
    assert await demo.fetchval("SELECT count(*) FROM clients") == 600
    assert 390 <= await demo.fetchval("SELECT count(*) FROM cases") <= 410
    assert 2700 <= await demo.fetchval("SELECT count(*) FROM barrier_reports") <= 3300


async def test_cases_are_in_every_phase_and_referrals_in_every_state(demo: asyncpg.Connection) -> None:
    assert set(await number_by(demo, "cases", "phase")) == set(PHASES)
    assert set(await number_by(demo, "referral_requests", "state")) == set(Task)


async def test_reports_cover_eight_quarters_and_obstacles_are_under_way(demo: asyncpg.Connection) -> None:
    quarters = quarters_until(DAY, 8)
    for _, first, last in quarters:
        assert await demo.fetchval(
            "SELECT count(*) FROM barrier_reports WHERE reported_on BETWEEN $1 AND $2", first, last
        )
    assert len(quarters) == 9  # eight that have ended, and the present one
    assert len(await number_by(demo, "obstacles", "status")) >= 3
    assert set(await number_by(demo, "obstacle_measures", "state")) & {"planned", "in_progress"}
    assert set(await number_by(demo, "steering_meetings", "state")) == {"planned", "held"}
    assert set(await number_by(demo, "obstacle_members", "body")) == {"working", "project"}
    assert await demo.fetchval("SELECT count(*) FROM obstacle_decisions WHERE meeting_id IS NOT NULL")
