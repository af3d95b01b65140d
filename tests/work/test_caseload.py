"""What a unit carries, for its team lead: counts, and nobody's name but the case managers'."""

from typing import Any
from uuid import UUID

import pytest

from app.access.roles import Role
from tests.cases.arrange import a_case, close, in_phase, journal, team_lead
from tests.conftest import Clock
from tests.referrals.arrange import assign
from tests.work.arrange import behind, on_the_day
from tests.world import Person, World


async def caseload(world: World, lead: Person, unit: str = "KI") -> dict[str, Any]:
    answer = await lead.get(f"/v1/units/{await world.unit(unit)}/caseload")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def a_position(
    world: World, year: int, share: float, *, filled: bool, component: int = 2, until: str | None = None
) -> None:
    assistant = await world.person(Role.ASSISTANT)
    body = {
        "unit_id": str(await world.unit()), "component": component, "full_time_equivalents": share,
        "funded_year": year, "filled_from": f"{year}-01-01" if filled else None,
        "filled_until": until,
    }  # fmt: skip
    made = await assistant.post("/v1/positions", body)
    assert made.status_code == 201, made.text


def by_person(load: dict[str, Any]) -> dict[str, int]:
    return {each["user"]["id"]: each["open_cases"] for each in load["case_managers"]}


async def test_team_lead_sees_who_carries_how_much(world: World) -> None:
    busy, quiet = await world.case_manager(), await world.case_manager()
    await a_case(world, busy)
    await in_phase(world, busy, "linking")
    await close(busy, await a_case(world, busy), "client_ended")
    load = await caseload(world, await team_lead(world))
    assert by_person(load) == {str(busy.user_id): 2, str(quiet.user_id): 0}
    assert {each["phase"]: each["count"] for each in load["phases"]} == {"intake": 1, "linking": 1}
    assert load["open_cases"] == 2


async def test_cases_per_position_count_filled_positions_of_case_management(
    world: World, clock: Clock
) -> None:
    manager, lead = await world.case_manager(), await team_lead(world)
    for _ in range(3):
        await a_case(world, manager)
    assert (await caseload(world, lead))["cases_per_position"] is None
    await a_position(world, 2026, 1.5, filled=True)
    await a_position(world, 2026, 0.5, filled=False)
    await a_position(world, 2026, 4, filled=True, component=1)
    await a_position(world, 2025, 7, filled=True)
    await a_position(world, 2027, 9, filled=False)
    await a_position(world, 2026, 1, filled=True, until="2026-06-14")
    await a_position(world, 2026, 0.5, filled=True, until="2026-06-15")
    on_the_day(world, clock, lead)
    load = await caseload(world, lead)
    assert load["positions"] == {"funded_year": 2026, "funded": 3.5, "filled": 2}
    assert load["cases_per_position"] == 1.5


@pytest.mark.parametrize(
    ("since", "band"),
    [
        ("2026-06-15", "up_to_7"), ("2026-06-08", "up_to_7"), ("2026-06-07", "up_to_14"),
        ("2026-05-16", "up_to_30"), ("2026-04-16", "up_to_60"), ("2026-04-15", "over_60"),
    ],
)  # fmt: skip
async def test_waiting_counts_the_days_in_the_present_phase(
    world: World, clock: Clock, since: str, band: str
) -> None:
    manager, lead = await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, manager)
    sql = "UPDATE case_phases SET at = $2::text::date + time '12:00' WHERE case_id = $1"
    await behind(world, sql, case_id, since)
    on_the_day(world, clock, lead)
    (phase,) = (await caseload(world, lead))["phases"]
    assert {name for name, count in phase["waiting"].items() if count} == {band}


async def test_restricted_case_is_counted_for_nobody_outside_its_team(world: World) -> None:
    manager, lead = await world.case_manager(), await team_lead(world)
    await a_case(world, manager)
    await a_case(world, manager, restricted=True)
    assert by_person(await caseload(world, lead)) == {str(manager.user_id): 1}
    # The function that looks behind the policies keeps it back by itself.
    async with world.sql(lead) as db:
        told = await (await db.driver()).fetch("SELECT * FROM unit_phases_since($1)", await world.unit())
    assert len(told) == 1


async def test_restricted_case_is_counted_for_a_lead_on_its_team(world: World) -> None:
    manager = await world.case_manager()
    lead = await world.person(Role.TEAM_LEAD, Role.CASE_MANAGER)
    case_id = await a_case(world, manager, restricted=True)
    client_id = await world.admin.fetchval("SELECT client_id FROM cases WHERE id = $1", UUID(case_id))
    assert (await caseload(world, lead))["open_cases"] == 0
    await assign(world, lead, str(client_id), case_id)
    assert (await caseload(world, lead))["open_cases"] == 1


async def test_caseload_tells_of_no_client(world: World) -> None:
    manager, lead = await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, manager)
    text = str(await caseload(world, lead))
    client_id = await world.admin.fetchval("SELECT client_id FROM cases WHERE id = $1", UUID(case_id))
    number = await world.admin.fetchval("SELECT number FROM cases WHERE id = $1", UUID(case_id))
    assert not [each for each in (case_id, str(client_id), number, "Amina", "Haddad") if each in text]
    (entry,) = await journal(world, "caseload.read")
    assert entry["client_pseudonyms"] == []


async def test_other_units_and_roles_are_told_nothing(world: World) -> None:
    manager, other = await world.case_manager(), await team_lead(world, "Caritas")
    await a_case(world, manager)
    unit_id = await world.unit()
    assert (await other.get(f"/v1/units/{unit_id}/caseload")).status_code == 404
    assert (await manager.get(f"/v1/units/{unit_id}/caseload")).status_code == 403
    for somebody in (manager, other):
        async with world.sql(somebody) as db:
            driver = await db.driver()
            assert await driver.fetch("SELECT * FROM unit_phases_since($1)", unit_id) == []


async def test_function_that_tells_of_restricted_cases_is_noticed(world: World) -> None:
    definition = await world.admin.fetchval(
        "SELECT pg_get_functiondef('unit_phases_since(uuid)'::regprocedure)"
    )
    spoilt = definition.replace("NOT c.is_restricted", "true")
    assert spoilt != definition
    try:
        await world.admin.execute(spoilt)
        with pytest.raises(AssertionError):
            await test_restricted_case_is_counted_for_nobody_outside_its_team(world)
    finally:
        await world.admin.execute(definition)
