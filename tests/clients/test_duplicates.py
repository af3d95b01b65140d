"""Duplicates in the whole area: named only to who sees them, told to the unit that holds them."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from app.clients import duplicates
from app.clients.duplicates import CHECKS_AN_HOUR, forget_checks, found_elsewhere
from app.clients.events import PossibleDuplicate
from app.kit.clock import utc_now
from app.kit.database import Database, System
from tests.cases.arrange import travel
from tests.clients.arrange import AMINA, new_client
from tests.conftest import Clock
from tests.world import Person, World

WHO = {name: AMINA[name] for name in ("given_name", "family_name", "birth_date")}


async def look(person: Person, **changes: object) -> list[dict[str, object]]:
    answer = await person.post("/v1/clients/duplicates", {**WHO, **changes})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["items"]
    return found


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, ["name", "birth_date"]),
        ({"given_name": "Al-Hadi", "family_name": "Amina"}, ["name", "birth_date"]),
        ({"given_name": "Ameena", "family_name": "Alhadi"}, ["name_similar", "birth_date"]),
        ({"birth_date": None}, ["name", "birth_unknown"]),
        ({"birth_date": "1991-05-17"}, ["name", "birth_date_similar"]),
        ({"birth_date": "1990-01-01", "birth_precision": "year"}, ["name", "birth_year"]),
        ({"birth_date": "1990-05-01", "birth_precision": "month"}, ["name", "birth_year"]),
    ],
)
async def test_likely_duplicate_that_one_sees_is_named(
    world: World, changes: dict[str, object], reasons: list[str]
) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    found = await look(manager, **changes)
    assert [(each["id"], each["reasons"]) for each in found] == [(client_id, reasons)]


@pytest.mark.parametrize(
    "changes",
    [
        {"given_name": "Lena", "family_name": "Maier"},
        {"birth_date": "1971-02-03"},
        {"given_name": "Sami"},
    ],
)
async def test_somebody_else_is_no_duplicate(world: World, changes: dict[str, object]) -> None:
    manager = await world.case_manager()
    await new_client(manager)
    assert await look(manager, **changes) == []


async def test_day_and_month_exchanged_are_found(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager, birth_date="1990-05-07")
    assert [each["id"] for each in await look(manager, birth_date="1990-07-05")] == [client_id]


async def test_registering_a_likely_duplicate_asks_first(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    asked = await manager.post("/v1/clients", AMINA)
    assert (asked.status_code, asked.json()["code"], asked.json()["clients"]) == (
        409,
        "possible_duplicate",
        [client_id],
    )
    wrong = await manager.post("/v1/clients", {**AMINA, "not_duplicate_of": [str(UUID(int=1))]})
    named = await manager.post("/v1/clients", {**AMINA, "not_duplicate_of": [client_id]})
    assert (wrong.status_code, named.status_code) == (409, 201)
    assert (await manager.post("/v1/clients", {**AMINA, "confirm_new": True})).status_code == 201


async def test_answer_is_the_same_whether_or_not_another_unit_holds_the_person(
    world: World, worker_database: Database
) -> None:
    holder, searcher = await world.case_manager("Caritas"), await world.case_manager("KI")
    heard: list[PossibleDuplicate] = []

    async def listen(_: object, event: PossibleDuplicate) -> None:
        heard.append(event)

    handlers = world.app.state.gate.wiring.within[PossibleDuplicate]
    handlers.append(listen)
    try:
        without = await searcher.post("/v1/clients/duplicates", WHO)
        client_id = await new_client(holder)
        heard.clear()
        answered = await searcher.post("/v1/clients/duplicates", WHO)
        registered = await searcher.post("/v1/clients", AMINA)
    finally:
        handlers.remove(listen)
    assert (answered.json(), answered.status_code) == (without.json(), without.status_code)
    assert registered.status_code == 201
    assert len(heard) == 2
    async with worker_database.transaction(System(world.area)) as db:
        found = await found_elsewhere(db, heard[0].check_id)
    assert found == [(UUID(client_id), await world.unit("Caritas"))]


async def test_searcher_cannot_read_what_was_found_elsewhere(world: World) -> None:
    holder, searcher = await world.case_manager(), await world.case_manager()
    await new_client(holder)
    await look(searcher)
    async with world.sql(searcher) as db:
        driver = await db.driver()
        assert await driver.fetchval("SELECT count(*) FROM duplicate_checks") == 1
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await driver.fetch("SELECT found_elsewhere FROM duplicate_checks")


async def test_only_case_managers_call_the_search_of_the_area(world: World) -> None:
    manager = await world.case_manager()
    call = "SELECT find_duplicates($1, now(), false, '{amina}', '{amn}', NULL, '{}', NULL, NULL)"
    async with world.sql(manager) as db:
        await (await db.driver()).fetch(call, UUID(int=1))
    async with world.sql(manager) as db:
        driver = await db.driver()
        await driver.execute("SELECT set_config('kim.roles', '{coordinator}', true)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await driver.fetch(call, UUID(int=2))


async def test_restricted_person_is_found_by_nobody_outside_the_team(
    world: World, worker_database: Database
) -> None:
    holder, searcher = await world.case_manager(), await world.case_manager()
    await new_client(holder, is_restricted=True)
    await new_client(holder, given_name="Aminah")
    assert await look(searcher) == []
    check = await world.admin.fetchrow(
        "SELECT id, found_elsewhere FROM duplicate_checks WHERE user_id = $1", searcher.user_id
    )
    assert len(check["found_elsewhere"]) == 1  # the opposite: the one who is not restricted
    await world.admin.execute(
        "UPDATE clients SET is_restricted = true WHERE municipal_area_id = $1", world.area
    )
    async with worker_database.transaction(System(world.area)) as db:
        assert await found_elsewhere(db, check["id"]) == []
    assert len(await look(holder)) == 2


async def test_other_areas_are_not_looked_into(world: World) -> None:
    neighbour = await world.neighbour()
    await new_client(await neighbour.case_manager())
    searcher = await world.case_manager()
    await look(searcher)
    assert (
        await world.admin.fetchval(
            "SELECT found_elsewhere FROM duplicate_checks WHERE user_id = $1", searcher.user_id
        )
        == []
    )


async def test_checks_are_limited_by_the_hour_and_registering_is_not(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CHECKS_AN_HOUR <= 60
    monkeypatch.setattr(duplicates, "CHECKS_AN_HOUR", 2)
    manager = await world.case_manager()
    travel(world, clock, manager, 2026, 3, 2, 10)
    await look(manager)
    travel(world, clock, manager, 2026, 3, 2, 10, 20)
    await look(manager)
    refused = await manager.post("/v1/clients/duplicates", WHO)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "2401")
    assert (await manager.post("/v1/clients", AMINA)).status_code == 201
    travel(world, clock, manager, 2026, 3, 2, 11, 1)
    assert len(await look(manager)) == 1


async def test_old_checks_are_forgotten(world: World, worker_database: Database) -> None:
    manager = await world.case_manager()
    await look(manager)

    async def left() -> int:
        count: int = await world.admin.fetchval(
            "SELECT count(*) FROM duplicate_checks WHERE user_id = $1", manager.user_id
        )
        return count

    for before, expected in ((timedelta(hours=-1), 1), (timedelta(hours=1), 0)):
        async with worker_database.transaction(System(world.area)) as db:
            await forget_checks(db, utc_now() + before)
        assert await left() == expected


async def test_search_for_duplicates_is_written_to_the_journal(world: World) -> None:
    manager = await world.case_manager()
    await look(manager)
    written = await world.admin.fetchval(
        "SELECT count(*) FROM audit_journal WHERE user_id = $1 AND action = 'client.duplicates'",
        manager.user_id,
    )
    assert written == 1
