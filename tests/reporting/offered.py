"""Offers of the directory as rows, with what was told of their places."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from tests.reporting.laid import add
from tests.world import World


async def offer(
    world: World,
    institution: UUID,
    *topics: str,
    towns: tuple[str | None, ...] = (),
    told: tuple[tuple[str, int, int | None], ...] = (),
    **more: Any,
) -> UUID:
    """Lay an active offer with a site in each town; `told` are days with free places, of so many."""
    offer_id = uuid4()
    sites = [await site(world, institution, town) for town in towns]
    row = {"id": offer_id, "institution_id": institution, "name": str(offer_id), "topics": list(topics),
           "site_ids": sites, "status": "active", **more}  # fmt: skip
    await add(world, "offers", [row])
    if told:
        await add(
            world,
            "offer_capacities",
            [
                {"offer_id": offer_id, "free_places": free, "places": places, "told_by": institution,
                 "told_at": datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)}
                for day, free, places in told
            ],
        )  # fmt: skip
    return offer_id


async def site(world: World, institution: UUID, town: str | None, *, is_active: bool = True) -> UUID:
    """Lay a site of an institution."""
    site_id = uuid4()
    row = {"id": site_id, "institution_id": institution, "name": str(site_id), "municipality": town,
           "is_active": is_active}  # fmt: skip
    await add(world, "institution_sites", [row])
    return site_id
