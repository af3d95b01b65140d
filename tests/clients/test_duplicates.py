"""Looking for duplicates: named only to who sees them, the same answer whatever is elsewhere."""

import re
from uuid import UUID

import asyncpg
import pytest

from app.clients import duplicates
from app.clients.duplicates import CHECKS_AN_HOUR, REGISTRATIONS_AN_HOUR
from app.kit.database import Database
from app.main import create_app
from app.settings import Settings, driver_url
from tests.cases.arrange import travel
from tests.clients.arrange import AMINA, WHO, look, new_client
from tests.conftest import Clock
from tests.world import World


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, ["same_name", "same_birth_date"]),
        (
            {"given_name": "Al-Hadi", "family_name": "Amina"},
            ["same_name", "names_swapped", "same_birth_date"],
        ),
        ({"given_name": "Ameena", "family_name": "Alhadi"}, ["name_in_another_spelling", "same_birth_date"]),
        ({"given_name": "أمينة", "family_name": "الهادي"}, ["name_in_another_spelling", "same_birth_date"]),
        ({"given_name": "Amika"}, ["typing_error", "same_birth_date"]),
        ({"birth_date": None}, ["same_name", "birth_date_unknown"]),
        ({"birth_date": "1991-05-17"}, ["same_name", "similar_birth_date"]),
        ({"birth_date": "1990-01-01", "birth_precision": "year"}, ["same_name", "same_birth_year"]),
        ({"birth_date": "1990-05-01", "birth_precision": "month"}, ["same_name", "same_birth_month"]),
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
    ("registered", "asked"),
    [
        ("Gourbanzadeh", "Gourban Zadeh"),
        ("Gourbanzadeh", "Gourban-Zadeh"),
        ("Gourban Zadeh", "Gourbanzadeh"),
        ("Mueller Luedenscheidt", "Müllerlüdenscheidt"),
    ],
)
@pytest.mark.parametrize("born", ["1988-03-14", None])
async def test_name_that_is_written_apart_is_a_likely_duplicate(
    world: World, registered: str, asked: str, born: str | None
) -> None:
    manager = await world.case_manager()
    client_id = await new_client(
        manager, given_name="Schirin", family_name=registered, birth_date="1988-03-14"
    )
    found = await look(manager, given_name="Schirin", family_name=asked, birth_date=born)
    assert [each["id"] for each in found] == [client_id]


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


async def test_statements_are_the_same_whether_or_not_another_unit_holds_the_person(
    world: World, settings: Settings
) -> None:
    holder, searcher = await world.case_manager("Caritas"), await world.case_manager("KI")
    database = Database.connect(driver_url(settings.database_url.get_secret_value()), pool_size=1)
    seen: list[str] = []
    database.observe_statements(seen.append)
    app = create_app(settings, database=database)
    observed = World(app, world.admin).http(searcher.http.headers["authorization"].removeprefix("Bearer "))

    async def statements() -> list[str]:
        seen.clear()
        answer = await observed.post("/v1/clients/duplicates", json=WHO)
        assert answer.json()["items"] == []
        return [re.sub(r"\s+", " ", sql) for sql in seen]

    try:
        await statements()  # the driver's own questions, once a connection
        without = await statements()
        await new_client(holder)
        assert await statements() == without
    finally:
        await observed.aclose()
        await database.close()


async def test_searcher_cannot_read_what_was_found_elsewhere(world: World) -> None:
    holder, searcher = await world.case_manager(), await world.case_manager()
    await new_client(holder)
    await look(searcher)
    async with world.sql(searcher) as db:
        driver = await db.driver()
        assert await driver.fetchval("SELECT count(*) FROM duplicate_checks") == 1
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await driver.fetch("SELECT found_elsewhere FROM duplicate_checks")


async def test_nobody_asks_in_the_name_of_somebody_else(world: World) -> None:
    one, other = await world.case_manager(), await world.case_manager()
    write = """INSERT INTO duplicate_checks (municipal_area_id, id, user_id, is_registration, checked_at,
        sought_forms) VALUES (ctx_area(), $1, $2, false, now(), '{}')"""
    async with world.sql(one) as db:
        await (await db.driver()).execute(write, UUID(int=1), one.user_id)
    async with world.sql(one) as db:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await (await db.driver()).execute(write, UUID(int=2), other.user_id)


async def test_checks_and_registrations_are_limited_by_the_hour_each(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (CHECKS_AN_HOUR, REGISTRATIONS_AN_HOUR) <= (60, 200)
    monkeypatch.setattr(duplicates, "CHECKS_AN_HOUR", 2)
    monkeypatch.setattr(duplicates, "REGISTRATIONS_AN_HOUR", 1)
    manager = await world.case_manager()
    travel(world, clock, manager, 2026, 3, 2, 10)
    await look(manager)
    travel(world, clock, manager, 2026, 3, 2, 10, 20)
    await look(manager)
    refused = await manager.post("/v1/clients/duplicates", WHO)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "2401")
    assert (await manager.post("/v1/clients", AMINA)).status_code == 201
    assert (await manager.post("/v1/clients", {**AMINA, "confirm_new": True})).status_code == 429
    travel(world, clock, manager, 2026, 3, 2, 11, 21)
    assert len(await look(manager)) == 1
    assert (await manager.post("/v1/clients", {**AMINA, "confirm_new": True})).status_code == 201


async def test_search_for_duplicates_is_written_to_the_journal(world: World) -> None:
    manager = await world.case_manager()
    await look(manager)
    written = await world.admin.fetchval(
        "SELECT count(*) FROM audit_journal WHERE user_id = $1 AND action = 'client.duplicates'",
        manager.user_id,
    )
    assert written == 1
