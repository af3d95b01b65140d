"""Households of a sheet: everybody who lives together is one, whatever the order of the rows."""

from itertools import permutations

import pytest

from tests.barriers.arrange import file_barrier
from tests.cases.arrange import open_case
from tests.clients.test_joined_households import CLIENTS, FIGURES, UNTOUCHED, homes, pages_told, without
from tests.imports.arrange import Importer, an_importer, people
from tests.world import World

PAIRS = ((1, 2), (3, 1), (4, 3))
"""A chain: nobody is the first of all, and in some order each joins somebody who has joined already."""


def row(one: int, other: int) -> dict[str, str]:
    return {"client_key": f"KIM-{one:05d}", "member_key": f"KIM-{other:05d}", "relation": "sibling"}


async def four(importer: Importer) -> tuple[str, list[str]]:
    """Import four persons; return the import and who they are."""
    done = await importer.taken("clients", *people(4))
    found = [str(each["object_id"]) for each in await importer.report(done["id"])]
    return str(done["id"]), found


@pytest.mark.parametrize("order", list(permutations(PAIRS)))
async def test_a_sheet_joins_everybody_in_whatever_order(
    world: World, order: tuple[tuple[int, int], ...]
) -> None:
    importer = await an_importer(world)
    _, clients = await four(importer)
    await importer.taken("households", *(row(*pair) for pair in order))
    assert await homes(world, *clients) == 1


@pytest.mark.parametrize("parts", [(), (CLIENTS,), (FIGURES,)])
async def test_sheet_leaves_nobody_behind_and_no_figure(world: World, parts: tuple[str, ...]) -> None:
    importer = await an_importer(world)
    _, clients = await four(importer)
    for each in clients:
        await file_barrier(importer.person, await open_case(importer.person, each))
    async with without(world, "follow_household", *parts):
        await importer.taken("households", *(row(*pair) for pair in PAIRS))
    assert (await homes(world, *clients) == 1) is not bool(parts)


@pytest.mark.parametrize("told", [False, True])
async def test_who_came_along_is_still_untouched_for_undoing(world: World, told: bool) -> None:
    importer = await an_importer(world)
    clients, _ = await four(importer)
    first = await importer.taken("households", row(1, 2))
    async with pages_told(world, "true" if told else UNTOUCHED):
        second = await importer.taken("households", row(3, 1))
    for import_id in (second["id"], first["id"], clients):
        done = await importer.undo(import_id)
        assert done["state"] == "undone"
    assert (await importer.count("clients") == 0) is not told
