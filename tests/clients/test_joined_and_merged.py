"""Households that were joined while two records were one: who lives together stays so afterwards."""

import pytest

from tests.clients.test_joined_households import homes, people, reported, without
from tests.clients.test_merging import merge
from tests.clients.test_merging_households import add
from tests.clients.test_undoing_a_merge import undone
from tests.world import World

REMEMBERED = "v.column_name = 'household_key' AND v.after = p_old"
SINCE = "v_kept.household_key <> v_gone.household_key"


@pytest.mark.parametrize("weak", [False, True])
async def test_who_was_parted_by_undoing_goes_back_though_the_survivor_was_joined(
    world: World, weak: bool
) -> None:
    manager = await world.case_manager()
    kept, gone, husband, aunt = await people(manager, "Amal", "Amal", "Omar", "Lale")
    await add(manager, gone, husband, relation="spouse")
    await reported(manager, gone, husband)
    made = await merge(manager, kept, gone)
    async with without(world, "follow_household", *([REMEMBERED] if weak else [])):
        await add(manager, aunt, kept, relation="sibling")
    await undone(manager, made)
    assert (await homes(world, gone, husband) == 1) is not weak
    assert await homes(world, kept, aunt) == 1
    assert weak or await homes(world, kept, gone) == 2


@pytest.mark.parametrize("weak", [False, True])
@pytest.mark.parametrize("turned", [False, True])
async def test_who_was_joined_with_one_that_goes_back_stays_with_them(
    world: World, turned: bool, weak: bool
) -> None:
    manager = await world.case_manager()
    kept, gone, husband, child = await people(manager, "Amal", "Amal", "Omar", "Sami")
    await add(manager, gone, husband, relation="spouse")
    made = await merge(manager, kept, gone)
    await reported(manager, husband, child)
    pair = (child, husband) if turned else (husband, child)
    await add(manager, *pair, relation="parent" if turned else "child")
    async with without(world, "undo_merge", *([SINCE] if weak else [])):
        await undone(manager, made)
    assert (await homes(world, gone, husband, child) == 1) is not weak
