"""Reading sites and offers with what was told last of free places: no personal data, so no journal."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from app.access.context import Context
from app.catalogues.check import require_code
from app.directory.models import Institution
from app.directory.offers.models import InstitutionSite, Offer
from app.directory.offers.schemas import OfferRead, SiteRead
from app.directory.rules import SHELTER
from app.kit.clock import local_date
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One

_SITE = select(*(getattr(InstitutionSite, name) for name in SiteRead.model_fields))
_ONE_SITE = One(
    _SITE.where(
        InstitutionSite.id == bindparam("id"), InstitutionSite.institution_id == bindparam("institution_id")
    )
)
_SITES = Many(
    _SITE.where(InstitutionSite.institution_id == bindparam("institution_id")), order=("name", "id")
)

_SITE_JSON = ", ".join(f"'{name}', s.{name}" for name in SiteRead.model_fields)
_SITES_OF: ColumnElement[Any] = literal_column(
    f"""(SELECT coalesce(json_agg(json_build_object({_SITE_JSON}) ORDER BY s.name, s.id), '[]')
    FROM institution_sites s WHERE s.municipal_area_id = offers.municipal_area_id
        AND s.institution_id = offers.institution_id AND s.id = ANY (offers.site_ids))"""
)
_CAPACITY: ColumnElement[Any] = literal_column(
    """(SELECT json_build_object('free_places', c.free_places, 'places', c.places, 'told_at', c.told_at)
    FROM offer_capacities c WHERE c.municipal_area_id = offers.municipal_area_id AND c.offer_id = offers.id
    ORDER BY c.told_at DESC, c.id DESC LIMIT 1)"""
)
_BESIDE = {
    "institution_name": Institution.name,
    "institution_type": Institution.institution_type,
    "sites": _SITES_OF,
    "capacity": _CAPACITY,
}
_OFFER = select(
    *(
        _BESIDE[name].label(name) if name in _BESIDE else getattr(Offer, name)
        for name in OfferRead.model_fields
    )
).join_from(
    Offer,
    Institution,
    (Institution.municipal_area_id == Offer.municipal_area_id) & (Institution.id == Offer.institution_id),
)
_topic, _language = bindparam("topic", type_=Text), bindparam("language", type_=Text)
_institution = bindparam("institution_id", type_=Uuid)
_municipality = bindparam("municipality", type_=Text)
_FREE: ColumnElement[Any] = literal_column(
    """(SELECT c.free_places > 0 FROM offer_capacities c
    WHERE c.municipal_area_id = offers.municipal_area_id AND c.offer_id = offers.id
    ORDER BY c.told_at DESC, c.id DESC LIMIT 1)"""
)
_is_free = bindparam("is_free", type_=Boolean)
_is_open = bindparam("is_open", type_=Boolean)
_OPEN = and_(
    Offer.status == "active",
    or_(Offer.funding_ends_on.is_(None), Offer.funding_ends_on >= bindparam("today", type_=Date)),
    or_(
        func.cardinality(Offer.site_ids) == 0,
        exists().where(
            InstitutionSite.municipal_area_id == Offer.municipal_area_id,
            InstitutionSite.id == any_(Offer.site_ids),
            InstitutionSite.is_active,
        ),
    ),
    Institution.institution_type != SHELTER,
)
"""Whether somebody can be referred to it; `choosing` says why not."""
_IN_TOWN = exists().where(
    InstitutionSite.municipal_area_id == Offer.municipal_area_id,
    InstitutionSite.id == any_(Offer.site_ids),
    InstitutionSite.is_active,
    InstitutionSite.municipality == _municipality,
)
_ONE = One(_OFFER.where(Offer.id == bindparam("id")))
_FITTING = Many(
    _OFFER.where(
        Offer.status != "ended",
        Institution.is_active,
        or_(_topic.is_(None), _topic == any_(Offer.topics)),
        or_(_language.is_(None), _language == any_(Offer.languages)),
        or_(_institution.is_(None), Offer.institution_id == _institution),
        or_(_municipality.is_(None), Institution.municipality == _municipality, _IN_TOWN),
        or_(_is_free.is_(None), func.coalesce(_FREE, False) == _is_free),
        or_(_is_open.is_(None), _is_open == _OPEN),
    ),
    order=("name", "id"),
)


async def read_site(ctx: Context, institution_id: UUID, site_id: UUID, *, status: int = 200) -> JsonBytes:
    return await _ONE_SITE.answer(ctx.db, status=status, id=site_id, institution_id=institution_id)


async def list_sites(ctx: Context, page: PageRequest, institution_id: UUID) -> JsonBytes:
    """Return the places of an institution; 404 for one that there is not."""
    if await ctx.db.scalar(select(Institution.id).where(Institution.id == institution_id)) is None:
        raise NotFound
    return await _SITES.answer(ctx.db, page, institution_id=institution_id)


async def read_offer(ctx: Context, offer_id: UUID, *, status: int = 200) -> JsonBytes:
    return await _ONE.answer(ctx.db, status=status, id=offer_id)


async def list_offers(ctx: Context, page: PageRequest, **asked: Any) -> JsonBytes:
    """Return what is offered, by name: ended offers and those of inactive institutions are left out.

    Raises 422 for a code of no vocabulary.
    """
    for name, vocabulary in (("topic", "life_domain"), ("language", "language"), ("municipality",) * 2):
        require_code(vocabulary, asked[name], f"query.{name}")
    return await _FITTING.answer(ctx.db, page, today=local_date(ctx.now), **asked)
