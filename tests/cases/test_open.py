"""Opening a case: by whom, at which unit, with which number; and changing what was written down."""

import asyncio
import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from app.access.roles import Role
from app.kit.clock import local_date
from tests.cases.arrange import (
    a_case,
    a_client,
    close,
    etag,
    journal,
    open_case,
    pseudonym,
    register,
    travel,
)
from tests.conftest import Clock
from tests.referrals.interleaving import interleave, stops
from tests.refusals import places
from tests.world import Person, World

OPENING = {"kind": "counselling", "access_route": "mbe"}


async def test_case_manager_opens_a_case_of_a_registered_client_and_leads_it(world: World) -> None:
    amira = await world.case_manager()
    client_id = await a_client(world, amira)
    case_id = await open_case(amira, client_id, concern="Ich will arbeiten.")
    seen = (await amira.get(f"/v1/cases/{case_id}")).json()
    assert (seen["phase"], seen["lead"]["id"]) == ("intake", str(amira.user_id))
    assert (seen["concern"], seen["closing"], seen["is_restricted"]) == ("Ich will arbeiten.", None, False)
    named = {"id": client_id, "given_name": "Amina", "family_name": "Haddad"}
    assert seen["client"] == {**named, "disputed": []}


async def test_opening_is_in_the_journal_under_the_pseudonym(world: World) -> None:
    amira = await world.case_manager()
    client_id = await a_client(world, amira)
    case_id = await open_case(amira, client_id)
    (entry,) = await journal(world, "case.open")
    assert str(entry["object_id"]) == case_id
    assert [str(each) for each in entry["client_pseudonyms"]] == [await pseudonym(world, client_id)]


async def _numbers(world: World, person: Person, count: int) -> list[str]:
    cases = [await a_case(world, person) for _ in range(count)]
    return [(await person.get(f"/v1/cases/{each}")).json()["number"] for each in cases]


def _tells_order(numbers: list[str]) -> bool:
    """Return whether numbers, in the order of opening, rise, or lie as close as counted ones would."""
    drawn = [int(each.partition("-")[2]) for each in numbers]
    return drawn == sorted(drawn) or max(drawn) - min(drawn) < 100 * len(drawn)


async def test_number_is_the_year_and_six_digits_and_no_two_are_the_same(world: World) -> None:
    numbers = await _numbers(world, await world.case_manager(), 10)
    year = local_date(datetime.now(UTC)).year
    assert all(re.fullmatch(rf"{year}-[1-9]\d{{5}}", each) for each in numbers)
    assert len(set(numbers)) == 10


async def test_numbers_tell_neither_order_nor_count(world: World) -> None:
    assert not _tells_order(await _numbers(world, await world.case_manager(), 10))


async def test_counted_numbers_would_be_noticed() -> None:
    assert _tells_order([f"2026-{each:06}" for each in range(100_001, 100_011)])
    assert _tells_order([f"2026-{each}" for each in range(100_000, 900_000, 80_000)])


async def test_number_that_is_taken_is_not_drawn_again(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    async with world.sql(amira) as db:
        drawn = await (await db.driver()).fetchval("SELECT draw_case_number(2026)")
    # Whoever draws the same six digits again and again, and they are taken, goes on to eight.
    transaction = world.admin.transaction()
    await transaction.start()
    try:
        drawing = await world.admin.fetchval("SELECT pg_get_functiondef('draw_case_number'::regproc)")
        always_the_same = drawing.replace("gen_random_uuid()", "'00000000-0000-4000-8000-000000000000'")
        await world.admin.execute(always_the_same)
        await world.admin.execute(
            "UPDATE cases SET number = '2026-100000' WHERE id = $1::text::uuid", case_id
        )
        await world.admin.execute("SELECT set_config('kim.area', $1, true)", world.area)
        again = await world.admin.fetchval("SELECT draw_case_number(2026)")
    finally:
        await transaction.rollback()
    assert (len(drawn), again) == (11, "2026-10000000")


async def test_year_is_that_of_the_offices(world: World, clock: Clock) -> None:
    amira = await world.case_manager()
    first, second = await a_client(world, amira), await a_client(world, amira)
    travel(world, clock, amira, 2031, 12, 31, 22, 30)
    old = (await amira.post("/v1/cases", {**OPENING, "client_id": first})).json()
    travel(world, clock, amira, 2031, 12, 31, 23, 30)  # already 2032 where the offices are
    new = (await amira.post("/v1/cases", {**OPENING, "client_id": second})).json()
    assert (old["number"][:5], new["number"][:5], new["opened_on"]) == ("2031-", "2032-", "2032-01-01")


async def test_openings_at_the_same_moment_get_different_numbers(world: World) -> None:
    amira = await world.case_manager()
    clients = [await a_client(world, amira) for _ in range(5)]
    answers = await asyncio.gather(
        *(amira.post("/v1/cases", {**OPENING, "client_id": each}) for each in clients)
    )
    assert len({answer.json()["number"] for answer in answers}) == 5


async def test_somebody_elses_client_looks_like_an_unknown_one(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    client_id = await a_client(world, amira)
    foreign = await ben.post("/v1/cases", {**OPENING, "client_id": client_id})
    unknown = await ben.post("/v1/cases", {**OPENING, "client_id": "00000000-0000-7000-8000-000000000000"})
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json() == unknown.json()


async def test_whoever_works_on_another_case_of_the_client_may_open_one(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    client_id = await a_client(world, amira)
    await register(world, ben, client_id, await world.unit())
    assert await open_case(ben, client_id)


async def test_client_merged_into_another_is_unknown_to_who_opens_a_case(world: World) -> None:
    amira = await world.case_manager()
    gone, kept = await a_client(world, amira), await a_client(world, amira)
    await world.admin.execute("UPDATE clients SET merged_into = $2 WHERE id = $1", UUID(gone), UUID(kept))
    answer = await amira.post("/v1/cases", {**OPENING, "client_id": gone})
    unknown = await amira.post("/v1/cases", {**OPENING, "client_id": str(uuid4())})
    assert answer.status_code == unknown.status_code == 404
    assert answer.json() == unknown.json()


async def test_case_belongs_to_a_unit_of_the_opener(world: World) -> None:
    amira = await world.case_manager()
    client_id, foreign = await a_client(world, amira), await world.unit("Caritas")
    answer = await amira.post("/v1/cases", {**OPENING, "client_id": client_id, "unit_id": str(foreign)})
    assert places(answer) == [{"place": "body.unit_id", "kind": "not_yours"}]


async def _at_three_units(world: World) -> Person:
    amira = await world.person(Role.CASE_MANAGER)
    for name in ("Caritas", "Diakonie"):
        await world.also_at(amira, name)
    return amira


async def test_nobody_carries_a_client_to_another_unit_where_they_work_too(world: World) -> None:
    amira = await _at_three_units(world)
    client_id, caritas = await a_client(world, amira), await world.unit("Caritas")
    body = {**OPENING, "client_id": client_id}
    answer = await amira.post("/v1/cases", {**body, "unit_id": str(caritas)})
    assert places(answer) == [{"place": "body.client_id", "kind": "other_unit"}]
    assert "transfer" in answer.text
    assert (await amira.post("/v1/cases", body)).json()["unit"]["name"] == "KI"


async def test_case_of_whoever_works_at_several_units_is_at_the_clients_unit_and_at_no_unit_of_others(
    world: World,
) -> None:
    amira = await _at_three_units(world)
    here, elsewhere = await a_client(world, amira), await a_client(world, amira, unit="Awo")
    of_client = await amira.post("/v1/cases", {**OPENING, "client_id": here})
    out_of_reach = await amira.post("/v1/cases", {**OPENING, "client_id": elsewhere})
    assert of_client.json()["unit"]["name"] == "KI"
    assert out_of_reach.status_code == 404


async def test_unknown_route_is_refused(world: World) -> None:
    amira = await world.case_manager()
    client_id = await a_client(world, amira)
    answer = await amira.post("/v1/cases", {**OPENING, "client_id": client_id, "access_route": "rumour"})
    assert places(answer) == [{"place": "body.access_route", "kind": "unknown_code"}]


async def test_double_submit_opens_one_case(world: World) -> None:
    amira = await world.case_manager()
    body = {**OPENING, "client_id": await a_client(world, amira)}
    first = await amira.post("/v1/cases", body, idempotency_key="open-00001")
    again = await amira.post("/v1/cases", body, idempotency_key="open-00001")
    assert first.json()["id"] == again.json()["id"]
    assert len((await amira.get("/v1/cases")).json()["items"]) == 1


async def test_changing_a_case_names_the_changed_fields_and_moves_the_version(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}"
    before = await etag(amira, path)
    changed = await amira.patch(path, {"summary": "Sucht Arbeit"}, if_match=before)
    assert (changed.json()["summary"], changed.headers["etag"] != before) == ("Sucht Arbeit", True)
    stale = await amira.patch(path, {"summary": "Sucht Ausbildung"}, if_match=before)
    assert (stale.status_code, stale.json()["code"]) == (412, "version_stale")
    (entry,) = await journal(world, "case.change")
    assert entry["changed"] == ["summary"]


async def test_new_lead_moves_the_version_too(world: World) -> None:
    amira, ben, lead = (
        await world.case_manager(),
        await world.case_manager(),
        await world.person(Role.TEAM_LEAD),
    )
    path = f"/v1/cases/{await a_case(world, amira)}"
    before = await etag(amira, path)
    await lead.post(f"{path}/assign", {"user_id": str(ben.user_id), "kind": "lead"})
    assert await etag(ben, path) != before


async def test_a_second_counselling_at_the_same_unit_is_refused_and_the_open_one_named(world: World) -> None:
    amira = await world.case_manager()
    client_id = await a_client(world, amira)
    first = await open_case(amira, client_id, kind="counselling")
    answer = await amira.post("/v1/cases", {**OPENING, "client_id": client_id})
    assert (answer.status_code, answer.json()["code"]) == (409, "counselling_runs")
    assert answer.json()["case_id"] == first
    assert await open_case(amira, client_id, kind="case_management")
    await close(amira, first, "client_ended")
    assert await open_case(amira, client_id, kind="counselling")


async def _two_leads(world: World) -> tuple[Person, Person, str]:
    """Return two who each lead a case of one client."""
    amira, ben = await world.case_manager(), await world.case_manager()
    client_id = await a_client(world, amira)
    await open_case(amira, client_id)
    await register(world, ben, client_id, await world.unit())
    await open_case(ben, client_id)
    return amira, ben, client_id


async def test_a_counselling_that_one_does_not_see_is_not_named(world: World) -> None:
    amira, ben, client_id = await _two_leads(world)
    first = await open_case(amira, client_id, kind="counselling")
    answer = await ben.post("/v1/cases", {**OPENING, "client_id": client_id})
    assert (answer.status_code, answer.json()["code"]) == (409, "counselling_runs")
    assert "case_id" not in answer.json()
    assert first not in answer.text


async def _at_once(world: World, monkeypatch: pytest.MonkeyPatch, seed: int) -> list[int]:
    """Open two counselling cases of one client in some order and return what was answered."""
    amira, ben, client_id = await _two_leads(world)
    body = {**OPENING, "client_id": client_id}
    with stops(monkeypatch):
        both = await interleave(
            seed, world.admin, lambda: amira.post("/v1/cases", body), lambda: ben.post("/v1/cases", body)
        )
    return sorted(answer.status_code for answer in both)


async def test_of_two_who_open_a_counselling_at_once_one_does(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {tuple(await _at_once(world, monkeypatch, seed)) for seed in range(12)} == {(201, 409)}


async def test_without_the_lock_both_open_a_counselling(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    definition = await world.admin.fetchval("SELECT pg_get_functiondef('counselling_runs'::regproc)")
    careless = definition.replace("pg_advisory_xact_lock(hash", "(hash")
    assert careless != definition
    await world.admin.execute(careless)
    try:
        seen = {tuple(await _at_once(world, monkeypatch, seed)) for seed in range(12)}
    finally:
        await world.admin.execute(definition)
    assert (201, 201) in seen
