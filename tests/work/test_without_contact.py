"""Cases without contact for so many weeks, on the working list."""

import pytest

from tests.cases.arrange import a_case
from tests.conftest import Clock
from tests.work.arrange import behind, due, on_the_day
from tests.world import World


async def test_case_without_contact_comes_up_after_so_many_weeks(world: World, clock: Clock) -> None:
    manager = await world.case_manager()
    case_id = await a_case(world, manager)
    await behind(world, "UPDATE cases SET opened_on = '2026-05-01' WHERE id = $1", case_id)
    on_the_day(world, clock, manager)
    assert await due(manager, "cases_without_contact") == [("2026-06-12", "never_met")]
    assert await due(manager, "cases_without_contact", weeks_without_contact=7) == []
    contacts = f"/v1/cases/{case_id}/contacts"
    third = {"contact_type": "third_party", "happened_at": "2026-06-10T09:00:00Z", "basis": "Einwilligung"}
    assert (await manager.post(contacts, third)).status_code == 201
    assert await due(manager, "cases_without_contact") == [("2026-06-12", "never_met")]
    met = {"contact_type": "visit", "happened_at": "2026-06-01T09:00:00Z"}
    assert (await manager.post(contacts, met)).status_code == 201
    assert await due(manager, "cases_without_contact") == []
    assert await due(manager, "cases_without_contact", weeks_without_contact=2) == [
        ("2026-06-15", "no_contact")
    ]


@pytest.mark.parametrize(
    ("met_at", "listed"),
    [("2026-05-04T21:59:59Z", [("2026-06-15", "no_contact")]), ("2026-05-04T22:00:00Z", [])],
    ids=["last second of the day in Berlin", "first second of the next"],
)
async def test_weeks_without_contact_are_counted_in_days_of_the_office(
    world: World, clock: Clock, met_at: str, listed: list[tuple[str, str]]
) -> None:
    manager = await world.case_manager()
    case_id = await a_case(world, manager)
    on_the_day(world, clock, manager)
    met = {"contact_type": "visit", "happened_at": met_at}
    assert (await manager.post(f"/v1/cases/{case_id}/contacts", met)).status_code == 201
    assert await due(manager, "cases_without_contact") == listed
