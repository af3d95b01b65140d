"""Active clients in a quarter that is computed later: what happened since, and what has no first day."""

from collections.abc import Sequence
from datetime import date

import asyncpg

from app.kit.database import System
from app.protection import Unit
from app.reporting.rules import Quarter
from app.reporting.subjects import active_clients
from tests.reporting.arrange import Office
from tests.reporting.laid import add, history, lay_clients, phases
from tests.state_exports.arrange import planted

QUARTER = Quarter.parse("2025Q3")


async def units(office: Office) -> Sequence[Unit]:
    async with office.reporting.transaction(System(office.world.area)) as db:
        return (await active_clients.read(await db.driver(), QUARTER)).units


async def active(office: Office) -> set[str]:
    return {unit.person for unit in await units(office)}


async def test_client_of_a_case_that_was_reopened_afterwards_was_not_active_while_it_was_closed(
    office: Office,
) -> None:
    """A quarter is computed weeks later: what was reopened then was closed all the same."""
    world = office.world
    before, within, later, twice = await lay_clients(world, 4)
    for laid, moves in (
        (before, (("closed", "2025-06-30"), ("monitoring", "2025-10-01"))),
        (within, (("closed", "2025-07-01"), ("monitoring", "2025-10-01"))),
        (later, (("closed", "2025-10-01"), ("monitoring", "2025-10-06"))),
        (twice, (("closed", "2025-05-05"), ("monitoring", "2025-09-30"), ("closed", "2025-10-01"),
                 ("monitoring", "2025-11-03"))),
    ):  # fmt: skip
        await add(world, "case_phases", phases(laid, *moves))
    reopened = {str(each.pseudonym) for each in (within, later, twice)}
    assert await active(office) == reopened
    async with planted(world, "closed_throughout", "'closed'::text", "'never'::text"):
        found = await active(office)
    assert found == {*reopened, str(before.pseudonym)}


async def test_level_without_a_first_day_is_the_earliest(office: Office) -> None:
    world = office.world
    (laid,) = await lay_clients(world, 1)
    always = asyncpg.Range(None, date(2025, 6, 1))
    await add(
        world,
        "language_levels",
        [
            history(laid, "2025-06-01", language="deu", overall="B1"),
            {**history(laid, "2025-01-01", language="deu", overall="A1"), "valid": always},
        ],
    )
    (unit,) = await units(office)
    assert unit.codes["german"] == "b1_risen"
    async with planted(world, "active_client_figures", " NULLS FIRST", ""):
        (unit,) = await units(office)
    assert unit.codes["german"] == "up_to_a1"
