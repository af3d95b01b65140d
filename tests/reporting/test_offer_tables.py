"""Open tables of offers: at hand on the last day, once at each topic, each in one town, no shelter."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import asyncpg
import pytest

from app.kit.database import System
from app.reporting.open_tables import offers
from app.reporting.open_tables.shape import Found, OpenTable, whole_grid
from app.reporting.rules import Quarter
from tests.reporting.arrange import Office
from tests.reporting.laid import change
from tests.reporting.offered import offer, site

QUARTER = Quarter.parse("2025Q3")
MOERS, WESEL = "05170024", "05170048"
Reader = Callable[[asyncpg.Connection, Quarter], Awaitable[Found | None]]


async def read(office: Office, reader: Reader) -> dict[tuple[str, ...], int | None] | None:
    async with office.reporting.transaction(System(office.world.area)) as db:
        found = await reader(await db.driver(), QUARTER)
    return None if found is None else dict(found.amounts)


TOPICS = {"total", "language", "work", "debts", "housing"}
UNTOLD = ("not_collected", None)


async def shown(office: Office, table: OpenTable) -> dict[tuple[str, ...], tuple[str, int | None]]:
    """Return the cells of a table about these topics: status and value."""
    amounts = await read(office, table.read) or {}
    whole = whole_grid(table.table, amounts, table.classes(amounts), QUARTER)
    return {
        cell.codes: (cell.units.status, cell.units.value) for cell in whole.cells if cell.codes[0] in TOPICS
    }


async def test_offer_counts_at_each_topic_with_its_places_as_told_last(office: Office) -> None:
    world = office.world
    school = await world.institution("sprachkurstraeger")
    told = (("2025-05-01", 9, 20), ("2025-09-30", 4, 18), ("2025-10-02", 0, 18))
    await offer(world, school, "language", "work", told=told)
    await offer(world, school, "language", told=(("2025-09-01", 0, None),))
    await offer(world, school, "language", told=(("2025-10-02", 5, 5),))
    assert await read(office, offers.read_rooms) == {
        ("language", "free"): 1, ("language", "full"): 1, ("language", "not_told"): 1, ("work", "free"): 1,
    }  # fmt: skip
    assert await read(office, offers.read_places) == {("language",): 4, ("work",): 4}


async def test_offer_is_in_one_town_in_several_or_in_none(office: Office) -> None:
    world = office.world
    school, other = await world.institution("sprachkurstraeger"), await world.institution("jobcenter")
    await change(world.admin, "UPDATE institutions SET municipality = $2 WHERE id = $1", other, WESEL)
    places = (("2025-09-01", 3, 3),)
    await offer(world, school, "language", towns=(MOERS,), told=places)
    await offer(world, school, "language", towns=(MOERS, MOERS))
    await offer(world, school, "language", towns=(MOERS, WESEL), told=places)
    await offer(world, school, "language", towns=(None,))
    await offer(world, school, "language")
    await offer(world, other, "language")
    assert await read(office, offers.read_towns) == {
        ("language", MOERS): 2, ("language", "several_towns"): 1, ("language", "area_wide"): 2,
        ("language", WESEL): 1,
    }  # fmt: skip
    assert await read(office, offers.read_free_in_towns) == {
        ("language", MOERS): 3, ("language", "several_towns"): 3, ("language", "area_wide"): None,
        ("language", WESEL): None,
    }  # fmt: skip


async def test_places_that_nobody_told_are_no_zero_and_sums_are_of_what_was_told(office: Office) -> None:
    world = office.world
    school, advice = (
        await world.institution("sprachkurstraeger"),
        await world.institution("schuldnerberatung"),
    )
    await offer(world, school, "language", towns=(MOERS,), told=(("2025-09-01", 0, 12),))
    await offer(world, school, "language", towns=(MOERS,))
    await offer(world, school, "language", "work", towns=(None,))
    await offer(world, advice, "debts")
    assert await shown(office, offers.FREE_PLACES) == {
        ("total",): ("zero", 0), ("language",): ("zero", 0), ("work",): UNTOLD, ("debts",): UNTOLD,
        ("housing",): ("zero", 0),
    }  # fmt: skip
    await offer(world, school, "work", towns=(MOERS,), told=(("2025-09-30", 7, 8),))
    assert await shown(office, offers.FREE_PLACES) == {
        ("total",): ("published", 7), ("language",): ("zero", 0), ("work",): ("published", 7),
        ("debts",): UNTOLD, ("housing",): ("zero", 0),
    }  # fmt: skip
    in_towns = await shown(office, offers.FREE_IN_TOWNS)
    assert in_towns["language", MOERS] == in_towns["language", "total"] == ("zero", 0)
    assert in_towns["language", "area_wide"] == in_towns["work", "area_wide"] == UNTOLD
    assert in_towns["debts", "total"] == in_towns["total", "area_wide"] == UNTOLD
    assert in_towns["debts", MOERS] == ("zero", 0)
    assert in_towns["work", "total"] == in_towns["total", MOERS] == in_towns["total", "total"]
    assert in_towns["total", "total"] == ("published", 7)


async def test_where_nobody_told_there_is_no_figure_at_all(office: Office) -> None:
    await offer(office.world, await office.world.institution("schuldnerberatung"), "debts")
    found = await shown(office, offers.FREE_PLACES)
    assert (found["total",], found["debts",], found["work",]) == (UNTOLD, UNTOLD, ("zero", 0))


async def test_where_protection_is_offered_is_not_told(office: Office) -> None:
    world = office.world
    advice = await world.institution("frauenberatung")
    await offer(world, advice, "protection", "language", towns=(MOERS,), told=(("2025-09-01", 1, 2),))
    assert await read(office, offers.read_towns) == {
        ("language", "area_wide"): 1, ("protection", "area_wide"): 1,
    }  # fmt: skip
    assert await read(office, offers.read_free_in_towns) == {
        ("language", "area_wide"): 1, ("protection", "area_wide"): 1,
    }  # fmt: skip


CLOSED: list[dict[str, Any]] = [
    {"status": "paused"}, {"status": "ended"}, {"funding_ends_on": date(2025, 9, 29)},
]  # fmt: skip


@pytest.mark.parametrize("closed", CLOSED, ids=lambda each: "_".join(map(str, each.values())))
async def test_offer_to_which_nobody_can_be_referred_is_not_at_hand(
    office: Office, closed: dict[str, Any]
) -> None:
    school = await office.world.institution("sprachkurstraeger")
    await offer(office.world, school, "language", **closed)
    assert await read(office, offers.read_rooms) is None


async def test_offer_whose_funding_ends_on_the_last_day_is_at_hand(office: Office) -> None:
    school = await office.world.institution("sprachkurstraeger")
    await offer(office.world, school, "language", funding_ends_on=QUARTER.last_day)
    assert await read(office, offers.read_rooms) == {("language", "not_told"): 1}


async def test_offer_of_a_closed_site_or_institution_is_not_at_hand(office: Office) -> None:
    world = office.world
    school, gone = await world.institution("sprachkurstraeger"), await world.institution("jobcenter")
    closed = await site(world, school, MOERS, is_active=False)
    await offer(world, school, "language", site_ids=[closed])
    await offer(world, gone, "work")
    await change(world.admin, "UPDATE institutions SET is_active = false WHERE id = $1", gone)
    assert await read(office, offers.read_towns) is None
    await change(world.admin, "UPDATE institution_sites SET is_active = true WHERE id = $1", closed)
    assert await read(office, offers.read_towns) == {("language", MOERS): 1}


async def test_nothing_is_told_of_womens_shelters(office: Office) -> None:
    world = office.world
    shelter = await world.institution("frauenhaus")
    await offer(world, shelter, "protection", towns=(MOERS,), told=(("2025-09-01", 1, 8),))
    for reader in (offers.read_rooms, offers.read_places, offers.read_towns, offers.read_free_in_towns):
        assert await read(office, reader) is None
    await change(
        world.admin, "UPDATE institutions SET institution_type = 'frauenberatung' WHERE id = $1", shelter
    )
    assert await read(office, offers.read_towns) == {("protection", "area_wide"): 1}


async def test_offers_of_another_area_are_not_counted(office: Office) -> None:
    school = await office.world.institution("sprachkurstraeger")
    offer_id = await offer(office.world, school, "language")
    await change(
        office.world.admin, "UPDATE offers SET municipal_area_id = 'KIM-OTHER' WHERE id = $1", offer_id
    )
    assert await read(office, offers.read_rooms) is None
