"""Observations: made to be shared, cut off from person, case, author and date."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from app.barriers.rules import visible_from
from app.kit.clock import local_date, utc_now
from tests.barriers.arrange import at, file_barrier
from tests.cases.arrange import open_case
from tests.clients.arrange import add_period, new_client
from tests.conftest import Clock
from tests.refusals import places
from tests.world import Person, World

TEXT = "Seit dem Frühjahr gibt es am Schalter keine Sprachmittlung."
ABOUT = {"barrier_type": "D1", "institution_type": "jobcenter"}


async def appear(world: World) -> None:
    """Let what was observed in this world be visible, as if the week were over."""
    await world.admin.execute(
        "UPDATE observations SET visible_from = '2026-01-05' WHERE municipal_area_id = $1", world.area
    )


async def write(manager: Person, **body: Any) -> dict[str, Any]:
    made = await manager.post("/v1/observations", {"text": TEXT, **body})
    assert made.status_code == 201, made.text
    return dict(made.json())


async def test_coordinator_reads_kind_type_quarter_and_sentence_and_nothing_else(
    world: World, clock: Clock
) -> None:
    manager, coordinator = await world.case_manager(), await world.person(Role.COORDINATOR)
    case = await open_case(manager, await new_client(manager))
    at(world, clock, (2026, 6, 30, 22, 30), manager)
    report = await file_barrier(manager, case, institution_id=str(await world.institution()))
    made = await write(manager, barrier_report_id=report["id"])
    await appear(world)
    clock.fixed = None
    listed = (await coordinator.get("/v1/observations")).json()["items"]
    assert listed == [
        {
            "id": made["id"],
            "institution_type": "jobcenter",
            "barrier_type": "B1",
            "quarter": "2026Q3",
            "text": TEXT,
        }
    ]
    assert UUID(made["id"]).version == 4


async def test_observation_appears_only_after_its_week(world: World) -> None:
    manager, coordinator = await world.case_manager(), await world.person(Role.COORDINATOR)
    await write(manager, **ABOUT)
    assert (await coordinator.get("/v1/observations")).json()["items"] == []
    shown_on = await world.admin.fetchval(
        "SELECT visible_from FROM observations WHERE municipal_area_id = $1", world.area
    )
    today = local_date(utc_now())
    assert shown_on in {visible_from(today), visible_from(today - timedelta(days=1))}
    await world.admin.execute(
        """UPDATE observations SET visible_from = (now() AT TIME ZONE 'Europe/Berlin')::date
        WHERE municipal_area_id = $1""",
        world.area,
    )
    assert len((await coordinator.get("/v1/observations")).json()["items"]) == 1


async def test_order_and_pages_tell_nothing_of_the_time(world: World) -> None:
    manager, coordinator = await world.case_manager(), await world.person(Role.COORDINATOR)
    for _ in range(5):
        await write(manager, **ABOUT)
    await write(manager, **{**ABOUT, "institution_type": "bamf"})
    await appear(world)
    first = (await coordinator.get("/v1/observations", limit=4)).json()
    second = (await coordinator.get("/v1/observations", limit=4, cursor=first["next"])).json()
    seen = [(each["institution_type"], each["id"]) for each in first["items"] + second["items"]]
    assert (len(seen), seen, second["next"]) == (6, sorted(seen), None)


@pytest.mark.asvs("8.2.3")
async def test_time_author_and_source_cannot_be_read_in_the_database_either(world: World) -> None:
    manager, coordinator = await world.case_manager(), await world.person(Role.COORDINATOR)
    await write(manager, **ABOUT)
    await appear(world)
    for column in ("visible_from", "ctid", "xmin", "*"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.sql(coordinator) as db:
                await (await db.driver()).fetch(f"SELECT {column} FROM observations")
    async with world.sql(coordinator) as db:
        driver = await db.driver()
        assert await driver.fetchval("SELECT count(text) FROM observations") == 1
        assert await driver.fetchval("SELECT count(*) FROM observation_sources") == 0
        names = await driver.fetch(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'observations'::regclass AND attnum > 0"
        )
    stored = {row["attname"] for row in names}
    assert not stored & {"created_at", "author_id", "case_id", "changed_xid", "version"}


async def test_source_is_seen_by_the_case_team_alone(world: World) -> None:
    manager, colleague = await world.case_manager(), await world.case_manager()
    case = await open_case(manager, await new_client(manager))
    await write(manager, case_id=case, **ABOUT)
    for person, seen in ((manager, 1), (colleague, 0)):
        async with world.sql(person) as db:
            driver = await db.driver()
            assert await driver.fetchval("SELECT count(*) FROM observation_sources") == seen
            assert await driver.fetchval("SELECT count(id) FROM observations") == seen


async def test_journal_says_that_one_was_written_and_not_which(world: World) -> None:
    manager = await world.case_manager()
    await write(manager, **ABOUT)
    entries = await world.admin.fetch(
        "SELECT object_id FROM audit_journal WHERE municipal_area_id = $1 AND action = 'observation.write'",
        world.area,
    )
    assert [row["object_id"] for row in entries] == [None]


async def test_observation_of_another_area_is_not_listed(world: World) -> None:
    await write(await world.case_manager(), **ABOUT)
    await appear(world)
    stranger = await (await world.neighbour()).person(Role.COORDINATOR)
    assert (await stranger.get("/v1/observations")).json()["items"] == []


async def test_only_coordinators_list_and_only_case_managers_write(world: World) -> None:
    manager, coordinator = await world.case_manager(), await world.person(Role.COORDINATOR)
    member = await world.person(Role.STEERING_MEMBER)
    for person in (manager, member):
        assert (await person.get("/v1/observations")).status_code == 403
    assert (await coordinator.post("/v1/observations", {"text": TEXT, **ABOUT})).status_code == 403


async def test_text_that_tells_of_the_client_is_refused_with_places_and_without_repeating_it(
    world: World,
) -> None:
    manager = await world.case_manager()
    case = await open_case(manager, await new_client(manager))
    text = "Weil Aminas Termin ausfiel, wartet Al Hadi weiter."
    answer = await manager.post("/v1/observations", {"text": text, "case_id": case, **ABOUT})
    assert (answer.status_code, answer.json()["code"]) == (422, "observation_identifies")
    places = [(text[each["start"] : each["end"]], each["kind"]) for each in answer.json()["passages"]]
    assert places == [("Aminas", "name"), ("Al Hadi", "name")]
    assert "Amina" not in answer.text
    assert await world.admin.fetchval(
        "SELECT count(*) FROM observations WHERE municipal_area_id = $1", world.area
    ) == 0  # fmt: skip


async def test_text_is_held_against_the_whole_household_and_everything_known_of_it(world: World) -> None:
    manager = await world.case_manager()
    client = await new_client(manager, phone="+49 281 2071234")
    child = await new_client(manager, given_name="Junis", family_name="Rahmani", birth_date="2019-03-02")
    await add_period(
        manager, client, "addresses", strand="actual", housing_type="municipal", street="Lindenstraße 12",
        postcode="46562", town="Voerde", municipality="05170044", valid_from="2026-01-01",
    )  # fmt: skip
    member = await manager.post(f"/v1/clients/{client}/household", {"relation": "child", "client_id": child})
    assert member.status_code == 201, member.text
    case = await open_case(manager, client)
    number = await world.admin.fetchval("SELECT number FROM cases WHERE id = $1", UUID(case))
    for trace in ("Younis", "März 2019", "Lindenstr.", "207 1234", number):
        text = f"Am Schalter hieß es {trace} sei nicht zuständig"
        answer = await manager.post("/v1/observations", {"text": text, "case_id": case, **ABOUT})
        assert answer.status_code == 422, trace
        assert answer.json()["code"] == "observation_identifies"


async def test_text_of_no_case_is_held_against_all_clients_of_the_author(world: World) -> None:
    manager, colleague = await world.case_manager(), await world.case_manager()
    await new_client(manager, given_name="Wolodymyr", family_name="Schewtschenko")
    body = {"text": "Schewtschenkos Antrag blieb liegen", **ABOUT}
    assert (await manager.post("/v1/observations", body)).status_code == 422
    assert (await colleague.post("/v1/observations", body)).status_code == 201


async def test_report_of_others_and_unknown_ones_are_not_found(world: World) -> None:
    manager, colleague = await world.case_manager(), await world.case_manager()
    case = await open_case(manager, await new_client(manager))
    report = await file_barrier(manager, case)
    for source in ({"barrier_report_id": report["id"]}, {"case_id": case, **ABOUT}):
        answer = await colleague.post("/v1/observations", {"text": TEXT, **source})
        assert answer.status_code == 404


async def test_report_without_institution_needs_a_kind_of_institution(world: World) -> None:
    manager = await world.case_manager()
    report = await file_barrier(manager, await open_case(manager, await new_client(manager)))
    answer = await manager.post("/v1/observations", {"text": TEXT, "barrier_report_id": report["id"]})
    assert places(answer) == [{"place": "body.institution_type", "kind": "missing"}]
    made = await write(manager, barrier_report_id=report["id"], institution_type="sozialamt")
    assert made["institution_type"] == "sozialamt"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"barrier_type": "D1"},
        {"barrier_type": "Z9", "institution_type": "jobcenter"},
        {"barrier_type": "D1", "institution_type": "nonsense"},
        {**ABOUT, "barrier_report_id": "00000000-0000-7000-8000-000000000000"},
        {**ABOUT, "text": "kurz"},
    ],
)
async def test_what_says_too_little_or_too_much_is_refused(world: World, body: dict[str, Any]) -> None:
    manager = await world.case_manager()
    answer = await manager.post("/v1/observations", {"text": TEXT, **body})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_weeks_end_is_a_monday() -> None:
    assert visible_from(date(2026, 6, 3)).weekday() == 0
