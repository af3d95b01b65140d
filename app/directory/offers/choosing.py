"""Whether somebody can be referred to an offer: it is there today, and has a free place or a waiting list."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.access.context import Context
from app.directory.rules import SHELTER
from app.kit.clock import local_date
from app.kit.errors import Conflict, Invalid

NO_FREE_PLACE, NOT_OPEN = "no_free_place", "offer_not_open"

# An offer without sites is wherever its institution is.
_OFFER = """SELECT o.id, o.name, o.institution_id, o.status, o.funding_ends_on, i.institution_type,
    o.site_ids = '{}' OR EXISTS (SELECT FROM institution_sites s WHERE s.is_active
        AND s.municipal_area_id = o.municipal_area_id AND s.id = ANY (o.site_ids)) AS has_site,
    (SELECT c.free_places FROM offer_capacities c
        WHERE c.municipal_area_id = o.municipal_area_id AND c.offer_id = o.id
        ORDER BY c.told_at DESC, c.id DESC LIMIT 1) AS free_places
FROM offers o JOIN institutions i ON i.municipal_area_id = o.municipal_area_id AND i.id = o.institution_id
WHERE o.id = $1"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An offer as it stands now."""

    id: UUID
    name: str
    institution_id: UUID
    institution_type: str
    status: str
    funding_ends_on: date | None
    has_site: bool
    free_places: int | None
    """As was told last; None where nobody has told."""

    def closed_because(self, today: date) -> str | None:
        """Return why nobody can be referred to it on a day: ended, funding_ended, paused, no_open_site."""
        if self.status == "ended":
            return "ended"
        if self.funding_ends_on is not None and self.funding_ends_on < today:
            return "funding_ended"
        if self.status == "paused":
            return "paused"
        return None if self.has_site else "no_open_site"

    def named(self) -> dict[str, str]:
        """Return how a package names it; the id is that of the directory and of its HSDS service."""
        return {"id": str(self.id), "name": self.name}


async def find_offer(ctx: Context, offer_id: UUID) -> Chosen | None:
    """Return an offer of the area; None where there is none."""
    row = await (await ctx.db.driver()).fetchrow(_OFFER, offer_id)
    return None if row is None else Chosen(**dict(row))


async def choose_offer(ctx: Context, offer_id: UUID, institution_id: UUID, *, waiting_list: bool) -> Chosen:
    """Return an offer to which somebody can be referred now.

    Raises 422 for one of another institution or of a women's shelter, 409 for one that is not open (`why`),
    and for one without a free place unless the waiting list will do.
    """
    offer = await find_offer(ctx, offer_id)
    if offer is None or offer.institution_id != institution_id:
        detail = "The institution has no such offer."
        raise Invalid.at("body.offer_id", "not_of_the_institution", detail)
    if offer.institution_type == SHELTER:
        detail = "An offer of a women's shelter is named in no referral."
        raise Invalid.at("body.offer_id", "of_a_shelter", detail)
    require_open(offer, local_date(ctx.now))
    if offer.free_places == 0 and not waiting_list:
        raise Conflict(
            "The offer has no free place: say that the waiting list will do.",
            code="no_free_place",
        )
    return offer


def require_open(offer: Chosen, today: date) -> None:
    """Raise 409 for an offer to which nobody can be referred on this day; `why` says it."""
    why = offer.closed_because(today)
    if why is not None:
        raise Conflict("Nobody can be referred to this offer any more.", code="offer_not_open", why=why)
