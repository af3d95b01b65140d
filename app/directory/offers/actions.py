"""Keeping sites and offers, and telling how many places are free."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.access.roles import AT_AN_INSTITUTION
from app.audit import journal
from app.catalogues.check import require_code
from app.directory.checks import require_no_address_of_shelter
from app.directory.models import Institution
from app.directory.offers.models import InstitutionSite, Offer, OfferCapacity
from app.directory.offers.schemas import CapacityTell, OfferChange, OfferCreate, SiteChange, SiteCreate
from app.kit.changes import apply, locked
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.kit.ids import new_id
from app.kit.versions import Expected


async def create_site(ctx: Context, institution_id: UUID, body: SiteCreate) -> UUID:
    """Write down where an institution is found; 422 for the address of a women's shelter."""
    institution = await _institution(ctx, institution_id)
    values = body.model_dump()
    _check_place(institution, values)
    site = InstitutionSite(
        municipal_area_id=ctx.actor.municipal_area_id, id=new_id(), institution_id=institution_id, **values
    )
    ctx.db.add(site)
    await journal.record(ctx.db, "site.create", "institution_site", site.id)
    return site.id


async def change_site(
    ctx: Context, institution_id: UUID, site_id: UUID, body: SiteChange, expected: Expected
) -> None:
    """Change a site; 404 for one of another institution."""
    site = await locked(ctx.db, InstitutionSite, site_id)
    if site.institution_id != institution_id:
        raise NotFound
    expected.check(site)
    changes = body.model_dump(exclude_unset=True)
    _check_place(await _institution(ctx, institution_id), changes)
    changed = apply(site, changes, required=("name", "is_active"))
    await journal.record(ctx.db, "site.change", "institution_site", site_id, changed=changed)


async def create_offer(ctx: Context, body: OfferCreate) -> UUID:
    """Write down an offer of an institution of the area that is active, at sites of that institution."""
    institution = await ctx.db.scalar(select(Institution).where(Institution.id == body.institution_id))
    if institution is None or not institution.is_active:
        raise Invalid.at("body.institution_id", "unknown_institution", "There is no such active institution.")
    values = body.model_dump()
    _check_codes(values)
    await _check_sites(ctx, body.institution_id, body.site_ids)
    offer = Offer(municipal_area_id=ctx.actor.municipal_area_id, id=new_id(), **values)
    _check_ages(offer)
    ctx.db.add(offer)
    await journal.record(ctx.db, "offer.create", "offer", offer.id)
    return offer.id


async def change_offer(ctx: Context, offer_id: UUID, body: OfferChange, expected: Expected) -> None:
    """Change an offer; one that has ended stays as it was."""
    offer = await locked(ctx.db, Offer, offer_id, expected)
    if offer.status == "ended":
        raise Conflict("The offer has ended: write down a new one.", code="offer_ended")
    changes = body.model_dump(exclude_unset=True)
    _check_codes(changes)
    await _check_sites(ctx, offer.institution_id, body.site_ids or ())
    required = ("name", "topics", "opening_hours", "site_ids", "status")
    changed = apply(offer, changes, required=required)
    _check_ages(offer)
    await journal.record(ctx.db, "offer.change", "offer", offer_id, changed=changed)


async def tell_capacity(ctx: Context, offer_id: UUID, body: CapacityTell) -> UUID:
    """Write down how many places are free now; whoever answers for an institution, for its offers only."""
    offer = await ctx.db.scalar(select(Offer).where(Offer.id == offer_id))
    if offer is None:
        raise NotFound
    if not _may_tell(ctx, offer):
        raise Forbidden("This is an offer of another institution.", code="relation_missing")
    if offer.status == "ended":
        raise Conflict("The offer has ended.", code="offer_ended")
    if body.places is not None and body.free_places > body.places:
        raise Invalid.at("body.free_places", "too_many", "No more places can be free than there are.")
    ctx.db.add(
        OfferCapacity(
            municipal_area_id=ctx.actor.municipal_area_id,
            id=new_id(),
            offer_id=offer_id,
            told_at=ctx.now,
            told_by=ctx.actor.user_id,
            **body.model_dump(),
        )
    )
    await journal.record(ctx.db, "offer.tell_capacity", "offer", offer_id)
    return offer_id


def _may_tell(ctx: Context, offer: Offer) -> bool:
    return any(
        held.role not in AT_AN_INSTITUTION or held.place_id == offer.institution_id
        for held in ctx.actor.memberships
    )


async def _institution(ctx: Context, institution_id: UUID) -> Institution:
    institution: Institution | None = await ctx.db.scalar(
        select(Institution).where(Institution.id == institution_id)
    )
    if institution is None:
        raise NotFound
    return institution


def _check_place(institution: Institution, values: Mapping[str, Any]) -> None:
    require_code("municipality", values.get("municipality"), "body.municipality")
    require_no_address_of_shelter(institution.institution_type, values)


def _check_codes(values: Mapping[str, Any]) -> None:
    for name, vocabulary in (("topics", "life_domain"), ("languages", "language")):
        for number, code in enumerate(values.get(name) or ()):
            require_code(vocabulary, code, f"body.{name}.{number}")


def _check_ages(offer: Offer) -> None:
    if offer.minimum_age is None or offer.maximum_age is None:
        return
    if offer.minimum_age > offer.maximum_age:
        raise Invalid.at("body.maximum_age", "before_minimum", "The highest age is below the lowest.")


async def _check_sites(ctx: Context, institution_id: UUID, site_ids: Sequence[UUID]) -> None:
    known = set(
        await ctx.db.scalars(
            select(InstitutionSite.id).where(InstitutionSite.institution_id == institution_id)
        )
    )
    for number, site_id in enumerate(site_ids):
        if site_id not in known:
            raise Invalid.at(f"body.site_ids.{number}", "unknown_site", "This is no site of the institution.")
