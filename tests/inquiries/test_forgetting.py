"""Who became nothing is forgotten after some months, and figures lead back to nobody."""

from datetime import UTC, date, datetime
from uuid import UUID

import asyncpg
import pytest

from app.inquiries.actions import forget
from app.inquiries.rules import quarter_of
from app.kit.database import Database, System
from tests.inquiries.arrange import NAMED, ask, figures, waiting
from tests.world import World

TOUCHED = datetime(2026, 3, 31, 12, tzinfo=UTC)


async def touch(world: World, path: str) -> None:
    """Set when an inquiry was last touched."""
    async with world.admin.transaction():
        await world.admin.execute("SET LOCAL session_replication_role = replica")
        await world.admin.execute(
            "UPDATE inquiry_contents SET changed_at = $2 WHERE id = $1",
            UUID(path.rpartition("/")[2]),
            TOUCHED,
        )


async def forget_on(world: World, worker: Database, *day: int) -> None:
    async with worker.transaction(System(world.area, "test")) as db:
        await forget(db, datetime(*day, 6, tzinfo=UTC), 6)  # type: ignore[arg-type, misc]  # a day, then an hour


async def test_name_and_note_go_after_six_months_and_the_figures_stay(
    world: World, worker_database: Database
) -> None:
    amira = await world.case_manager()
    path = await ask(amira, **NAMED)
    await amira.post(f"{path}/finish", {"outcome": "advised"})
    await touch(world, path)
    await forget_on(world, worker_database, 2026, 9, 27)
    assert (await amira.get(path)).json()["name"] == "Nadia Karim"
    await forget_on(world, worker_database, 2026, 10, 1)
    left = (await amira.get(path)).json()
    assert [left[each] for each in ("name", "reachable", "note")] == [None, None, None]
    assert (left["state"], left["forgotten_at"] is not None) == ("advised", True)
    assert await figures(world) == [("advised", False, None), ("received", False, None)]


async def test_who_waits_and_was_forgotten_lapses(world: World, worker_database: Database) -> None:
    amira = await world.case_manager()
    path = await waiting(amira)
    await touch(world, path)
    await forget_on(world, worker_database, 2026, 11, 1)
    assert (await amira.get(path)).json()["state"] == "lapsed"
    assert (await amira.get("/v1/inquiries/waiting")).json()["items"] == []
    assert (await amira.post(f"{path}/take")).status_code == 409


async def test_who_was_touched_since_stays(world: World, worker_database: Database) -> None:
    amira = await world.case_manager()
    path = await ask(amira, **NAMED)
    await forget_on(world, worker_database, 2026, 9, 27)
    left = (await amira.get(path)).json()
    assert (left["name"], left["state"]) == ("Nadia Karim", "open")


async def test_figures_cannot_be_read_by_who_writes_them(world: World) -> None:
    amira = await world.case_manager()
    await ask(amira)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(amira) as db:
            await (await db.driver()).fetch("SELECT * FROM inquiry_figures")


async def test_figures_hold_no_way_back_to_an_inquiry(world: World) -> None:
    amira = await world.case_manager()
    path = await ask(amira, **NAMED)
    row = await world.admin.fetchrow("SELECT * FROM inquiry_figures WHERE municipal_area_id = $1", world.area)
    assert path.rpartition("/")[2] not in {str(value) for value in row.values()}
    assert row["id"].version == 4
    assert not {"received_on", "created_at", "name", "client_id"} & set(row.keys())


def test_quarter_of_a_day() -> None:
    assert (quarter_of(date(2026, 3, 31)), quarter_of(date(2026, 4, 1))) == ("2026Q1", "2026Q2")
