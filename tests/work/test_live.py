"""Live changes: told when they are committed, by ids only, to those who may see them, while it lives."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.main import create_app
from app.settings import Settings
from tests.cases.arrange import a_case, deputy
from tests.hurry import NO_HURRY
from tests.serving import serving
from tests.work.arrange import a_task
from tests.work.test_sync import without_a_trace
from tests.world import Person, World

PATIENT = {"event_heartbeat_seconds": 60, "event_stream_seconds": 600}
"""Looks only when it is told to."""
RESTLESS = {"event_heartbeat_seconds": 0.05, "event_stream_seconds": 600}
OK = 200


@asynccontextmanager
async def a_process(settings: Settings, **changes: Any) -> AsyncIterator[str]:
    """Serve another process's application and yield its address."""
    app = create_app(settings.model_copy(update=changes))
    try:
        async with serving(app) as address:
            yield address
            app.state.hub.end_all()
    finally:
        await app.state.hub.close()
        await app.state.gate.database.close()


class Ear:
    """Reads events one after another."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.lines = answer.aiter_lines()
        self.last_id = ""

    async def next(self) -> tuple[str, Any]:
        """Return name and data of the next event, passing over heartbeats."""
        name, data = "", None
        async for line in self.lines:
            field, _, value = line.partition(": ")
            if field == "event":
                name = value
            elif field == "id":
                self.last_id = value
            elif field == "data":
                data = json.loads(value)
            elif not line and name:
                return name, data
        return "closed", None

    async def hears_of(self, kind: str, one: str, state: str = "changed") -> set[str]:
        """Read until something is told; return all ids that were. What came before may come twice."""
        heard: set[str] = set()
        while True:
            name, data = await self.next()
            assert name == "changes", name
            heard |= {line["id"] for line in data["items"]}
            if (state, kind, one) in {(line["state"], line["kind"], line["id"]) for line in data["items"]}:
                return heard


@asynccontextmanager
async def listening(address: str, person: Person, last_id: str | None = None) -> AsyncIterator[Ear]:
    """Open a stream and wait until it has begun."""
    headers = {"Authorization": person.http.headers["authorization"]}
    if last_id:
        headers["Last-Event-ID"] = last_id
    async with httpx.AsyncClient(base_url=address, timeout=NO_HURRY) as http:
        async with http.stream("GET", "/v1/events", headers=headers) as answer:
            assert answer.status_code == OK
            ear = Ear(answer)
            assert await ear.next() == ("begin", {})
            yield ear


async def test_change_in_another_process_is_told_at_once_by_ids(world: World, settings: Settings) -> None:
    anna = await world.case_manager()
    case_id = await a_case(world, anna)
    async with a_process(settings, **PATIENT) as address, listening(address, anna) as ear:
        for _ in range(2):
            task = await a_task(world, anna, case_id, "2026-06-20")
            await ear.hears_of("task", task)


async def test_new_case_is_told_and_a_colleague_s_is_not(world: World, settings: Settings) -> None:
    anna, ben = await world.case_manager(), await world.case_manager()
    async with a_process(settings, **PATIENT) as address, listening(address, anna) as ear:
        theirs = await a_case(world, ben)
        mine = await a_case(world, anna)
        assert theirs not in await ear.hears_of("case", mine)


async def test_stream_goes_on_where_the_last_one_broke_off(world: World, settings: Settings) -> None:
    anna = await world.case_manager()
    case_id = await a_case(world, anna)
    async with a_process(settings, **PATIENT) as address:
        async with listening(address, anna) as ear:
            last_id = ear.last_id
        task = await a_task(world, anna, case_id, "2026-06-20")
        async with listening(address, anna, last_id) as ear:
            await ear.hears_of("task", task)
    assert any(line["id"] == task for line in (await anna.get("/v1/sync", since=last_id)).json()["items"])


async def test_lost_hint_is_made_good_by_the_next_heartbeat(world: World, settings: Settings) -> None:
    anna = await world.case_manager()
    case_id = await a_case(world, anna)
    async with a_process(settings, statement_caches=False, **RESTLESS) as address:
        async with listening(address, anna) as ear:
            task = await a_task(world, anna, case_id, "2026-06-20")
            await ear.hears_of("task", task)


async def test_listening_begins_again_when_its_connection_breaks(world: World, settings: Settings) -> None:
    anna = await world.case_manager()
    case_id = await a_case(world, anna)
    async with a_process(settings, **PATIENT) as address, listening(address, anna) as ear:
        for _ in range(2):
            task = await a_task(world, anna, case_id, "2026-06-20")
            await ear.hears_of("task", task)
            await world.admin.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND query LIKE 'LISTEN%'"""
            )


async def test_right_that_runs_out_by_time_is_told_without_a_hint(world: World, settings: Settings) -> None:
    anna, ben = await world.case_manager(), await world.case_manager()
    case_id = await a_case(world, anna)
    assert (await anna.post(f"/v1/cases/{case_id}/deputies", deputy(ben))).status_code == 201
    async with a_process(settings, **RESTLESS) as address, listening(address, ben) as ear:
        sql = "UPDATE assignments SET active_until = clock_timestamp() WHERE user_id = $1"
        await without_a_trace(world, sql, ben.user_id)
        await ear.hears_of("case", case_id, "lost")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE sessions SET ended_at = now() WHERE user_id = $1",
        "UPDATE sessions SET expires_at = now() WHERE user_id = $1",
        "UPDATE memberships SET ended_at = now() WHERE user_id = $1",
    ],
    ids=["signed out", "expired", "without a role"],
)
async def test_stream_ends_with_the_session_and_the_role(world: World, settings: Settings, sql: str) -> None:
    anna = await world.case_manager()
    async with a_process(settings, **RESTLESS) as address, listening(address, anna) as ear:
        await world.admin.execute(sql, anna.user_id)
        assert await ear.next() == ("end", {})
        assert await ear.next() == ("closed", None)


async def test_streams_hold_no_connection_to_the_database(world: World, settings: Settings) -> None:
    anna = await world.case_manager()
    case_id = await a_case(world, anna)
    async with a_process(settings, pool_size=1, **PATIENT) as address:
        async with listening(address, anna) as one, listening(address, anna) as other:
            async with httpx.AsyncClient(base_url=address, headers=anna.http.headers) as http:
                assert (await http.get(f"/v1/cases/{case_id}")).status_code == OK
            task = await a_task(world, anna, case_id, "2026-06-20")
            await one.hears_of("task", task)
            await other.hears_of("task", task)


async def refused(address: str, person: Person) -> tuple[int, bool]:
    async with httpx.AsyncClient(base_url=address, headers=person.http.headers) as http:
        answer = await http.get("/v1/events")
        return answer.status_code, "retry-after" in answer.headers


async def test_person_has_five_streams_and_a_process_its_own_limit(world: World, settings: Settings) -> None:
    anna, ben = await world.case_manager(), await world.case_manager()
    async with a_process(settings, **PATIENT) as address:
        async with listening(address, anna), listening(address, anna), listening(address, anna):
            async with listening(address, anna), listening(address, anna):
                assert await refused(address, anna) == (429, True)
    async with a_process(settings, event_streams=1, **PATIENT) as address, listening(address, anna):
        assert await refused(address, ben) == (503, True)


async def got_in(http: httpx.AsyncClient) -> bool:
    """Open a stream and leave it at once; False where there was no place."""
    async with http.stream("GET", "/v1/events") as answer:
        return answer.status_code == OK


async def test_place_is_given_back_when_somebody_leaves(world: World, settings: Settings) -> None:
    anna = await world.case_manager()
    async with a_process(settings, event_streams=1, **RESTLESS) as address:
        async with httpx.AsyncClient(base_url=address, headers=anna.http.headers) as http:
            for _ in range(3):
                async with asyncio.timeout(NO_HURRY):
                    while not await got_in(http):
                        pass


async def test_foreign_place_is_refused_before_the_stream_begins(world: World, settings: Settings) -> None:
    anna, ben = await world.case_manager(), await world.case_manager()
    async with a_process(settings, **PATIENT) as address:
        async with listening(address, anna) as ear:
            last_id = ear.last_id
        async with httpx.AsyncClient(base_url=address, headers=ben.http.headers) as http:
            answer = await http.get("/v1/events", headers={"Last-Event-ID": last_id})
    assert (answer.status_code, answer.json()["code"]) == (410, "sync_anew")


async def test_stream_names_nobody(world: World, settings: Settings) -> None:
    anna = await world.case_manager()
    case_id = await a_case(world, anna)
    async with a_process(settings, **PATIENT) as address, listening(address, anna) as ear:
        await a_task(world, anna, case_id, "2026-06-20")
        _, data = await ear.next()
    (line,) = data["items"]
    named = {"case_id", "client_id", "member_client_id"}
    assert set(line) == {"kind", "id", "state", "version", "anew"} | named
    assert all(value is None or isinstance(value, (bool, int)) or value in {"task", "changed"} or UUID(value)
               for value in line.values())  # fmt: skip
