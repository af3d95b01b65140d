"""What the worker finds in the whole area: told to the unit that holds the person, never to the searcher."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from app.clients.elsewhere import MOST_TOLD, forget_checks, found_elsewhere
from app.clients.events import PossibleDuplicate
from app.kit.clock import utc_now
from app.kit.database import Database, System
from tests.clients.arrange import AMINA, WHO, look, new_client, the_check
from tests.world import Person, World


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


async def test_two_units_that_register_one_person_at_the_same_time_are_both_told(
    world: World, worker_database: Database
) -> None:
    one, other = await world.case_manager("Caritas"), await world.case_manager("KI")
    clients = [await new_client(one), await new_client(other)]
    for person, expected in ((one, clients[1]), (other, clients[0])):
        check_id = await the_check(world, person)
        async with worker_database.transaction(System(world.area)) as db:
            assert [client for client, _ in await found_elsewhere(db, check_id)] == [UUID(expected)]


async def test_nobody_but_the_worker_looks_into_the_whole_area(
    world: World, worker_database: Database
) -> None:
    holder, searcher = await world.case_manager(), await world.case_manager()
    await new_client(holder)
    await look(searcher)
    check_id = await the_check(world, searcher)
    call = "SELECT * FROM duplicate_candidates($1, 'Samn', '{Samn}', NULL, NULL, '{}', now(), 10)"
    async with world.sql(searcher) as db:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await (await db.driver()).fetch(call, check_id)
    async with worker_database.transaction(System(world.area)) as db:
        driver = await db.driver()
        assert len(await driver.fetch(call, check_id)) == 1
        assert await driver.fetch(call, UUID(int=1)) == []  # no check, no names
        await found_elsewhere(db, check_id)
        assert await driver.fetch(call, check_id) == []  # nor once it is done


async def test_restricted_person_is_found_by_nobody_outside_the_team(
    world: World, worker_database: Database
) -> None:
    holder, searcher = await world.case_manager(), await world.case_manager()
    await new_client(holder, is_restricted=True)
    other = await new_client(holder, given_name="Aminah")
    assert await look(searcher) == []
    check_id = await the_check(world, searcher)
    async with worker_database.transaction(System(world.area)) as db:
        assert [client for client, _ in await found_elsewhere(db, check_id)] == [UUID(other)]
    await world.admin.execute(
        "UPDATE clients SET is_restricted = true WHERE municipal_area_id = $1", world.area
    )
    async with worker_database.transaction(System(world.area)) as db:
        assert await found_elsewhere(db, check_id) == []
    assert len(await look(holder)) == 2


async def test_other_areas_are_not_looked_into(world: World, worker_database: Database) -> None:
    neighbour = await world.neighbour()
    await new_client(await neighbour.case_manager())
    searcher = await world.case_manager()
    await look(searcher)
    check_id = await the_check(world, searcher)
    async with worker_database.transaction(System(world.area)) as db:
        assert await found_elsewhere(db, check_id) == []


async def test_check_and_registration_tell_of_a_person_once(world: World, worker_database: Database) -> None:
    holder, searcher = await world.case_manager(), await world.case_manager()
    client_id = await new_client(holder)
    told = []
    for _ in range(2):
        await look(searcher)
        check_id = await the_check(world, searcher)
        async with worker_database.transaction(System(world.area)) as db:
            told.append(await found_elsewhere(db, check_id))
    assert [[client for client, _ in each] for each in told] == [[UUID(client_id)], []]


async def test_what_was_looked_for_is_forgotten_once_units_were_told(
    world: World, worker_database: Database
) -> None:
    searcher = await world.case_manager()
    await look(searcher)
    check_id = await the_check(world, searcher)
    kept = "SELECT sought_forms FROM duplicate_checks WHERE id = $1"
    assert await world.admin.fetchval(kept, check_id) is not None
    async with worker_database.transaction(System(world.area)) as db:
        await found_elsewhere(db, check_id)
    assert await world.admin.fetchval(kept, check_id) is None


async def test_frequent_name_without_birth_date_points_at_few(
    world: World, worker_database: Database
) -> None:
    holder, searcher = await world.case_manager(), await world.case_manager()
    for year in range(1970, 1970 + MOST_TOLD + 2):
        await new_client(holder, birth_date=f"{year}-05-17")
    await look(searcher, birth_date=None)
    check_id = await the_check(world, searcher)
    async with worker_database.transaction(System(world.area)) as db:
        assert len(await found_elsewhere(db, check_id)) == MOST_TOLD


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


async def test_registering_somebody_as_hidden_tells_nobody_elsewhere(
    world: World, worker_database: Database
) -> None:
    holder, searcher = await world.case_manager("Caritas"), await world.case_manager("KI")
    known = await new_client(holder)
    told = []
    for is_restricted in (True, False):
        await new_client(searcher, is_restricted=is_restricted)
        told.append(await _found_elsewhere(world, worker_database, searcher))
    assert told == [[], [UUID(known)]]


async def test_looking_for_somebody_hidden_tells_nobody_elsewhere_and_answers_the_same(
    world: World, worker_database: Database
) -> None:
    holder, searcher = await world.case_manager("Caritas"), await world.case_manager("KI")
    known, own = await new_client(holder), await new_client(searcher)
    told, answered = [], []
    for hidden in ({"is_restricted": True}, {}):
        answered.append([each["id"] for each in await look(searcher, **hidden)])
        told.append(await _found_elsewhere(world, worker_database, searcher))
    assert told == [[], [UUID(known)]]
    assert answered == [[own]] * 2


async def _found_elsewhere(world: World, worker_database: Database, searcher: Person) -> list[UUID]:
    check_id = await the_check(world, searcher)
    async with worker_database.transaction(System(world.area)) as db:
        return [client for client, _ in await found_elsewhere(db, check_id)]
