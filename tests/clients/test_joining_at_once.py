"""Two who join at the same moment leave nobody behind."""

import asyncio
from uuid import UUID

import pytest

from tests.clients.test_joined_households import JOINS, homes, join_in_sql, people
from tests.clients.test_merging_households import add
from tests.world import World

HELD = """PERFORM FROM public.clients c WHERE c.municipal_area_id = v_area AND c.household_key = p_old
        ORDER BY c.id FOR UPDATE;
        EXIT WHEN NOT FOUND;"""
ONCE = "    END LOOP;\n    UPDATE public.barrier_figures"
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.mark.parametrize("weak", [False, True])
async def test_who_joins_a_household_while_it_is_joined_comes_along(world: World, weak: bool) -> None:
    manager = await world.case_manager()
    mother, aunt, cousin, late = await people(manager, "Amal", "Lale", "Sami", "Omar")
    await add(manager, aunt, cousin, relation="child")
    source = await world.admin.fetchval("SELECT pg_get_functiondef('follow_household'::regproc)")
    assert HELD in source
    assert ONCE in source
    if weak:
        await world.admin.execute(source.replace(HELD, "").replace(ONCE, "    EXIT;\n" + ONCE))
    try:
        async with world.sql(manager) as db:
            driver = await db.driver()
            await driver.execute(JOINS, [UUID(cousin)], [UUID(late)])
            other = asyncio.create_task(join_in_sql(world, manager, (mother, aunt)))
            async with asyncio.timeout(20):
                while not await world.admin.fetchval(WAITING):  # noqa: ASYNC110
                    await asyncio.sleep(0)
        await other
    finally:
        await world.admin.execute(source)
    assert (await homes(world, mother, aunt, cousin, late) == 1) is not weak
