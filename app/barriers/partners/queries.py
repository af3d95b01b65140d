"""Reading what an institution reported, as itself; and the numbers of institutions, as the coordination."""

from uuid import UUID

from sqlalchemy import Integer, Select, Text, bindparam, column, func, select, text

from app.access.context import Context
from app.audit import reading
from app.barriers.models import Observation
from app.barriers.partners.models import PartnerBarrier
from app.barriers.queries import interface_of
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many
from app.referrals.models import ReferralRequest

_FILED: Select[*tuple[object, ...]] = (
    select(
        PartnerBarrier.id,
        PartnerBarrier.reporting_institution_id,
        PartnerBarrier.barrier_type,
        PartnerBarrier.institution_id,
        PartnerBarrier.institution_type,
        interface_of(PartnerBarrier),
        PartnerBarrier.effect,
        PartnerBarrier.since,
        Observation.text.label("observation"),
        PartnerBarrier.referral_id,
        PartnerBarrier.reported_on,
        PartnerBarrier.state,
        PartnerBarrier.version,
        ReferralRequest.client_pseudonym.label("_client"),
    )
    .outerjoin(
        Observation,
        (Observation.municipal_area_id == PartnerBarrier.municipal_area_id)
        & (Observation.id == PartnerBarrier.observation_id),
    )
    .outerjoin(
        ReferralRequest,
        (ReferralRequest.municipal_area_id == PartnerBarrier.municipal_area_id)
        & (ReferralRequest.id == PartnerBarrier.referral_id),
    )
    # The policy says it too; here it leads to the index of the institution.
    .where(text("partner_barriers.reporting_institution_id = ANY ((SELECT my_referring())::uuid[])"))
)
ONE_FILED = reading.one(
    "partner_barrier.read", "partner_barrier", _FILED.where(PartnerBarrier.id == bindparam("id"))
)
FILED = reading.many("partner_barrier.read", "partner_barrier", _FILED, order=("id",), descending=True)

_COUNTED = func.partner_barrier_figures(bindparam("quarter", type_=Text)).table_valued(
    column("quarter", Text),
    column("barrier_type", Text),
    column("institution_group", Text),
    column("status", Text),
    column("institutions", Integer),
)
FIGURES = Many(
    select(_COUNTED, func.coalesce(_COUNTED.c.institution_group, "").label("_group")),
    order=("quarter", "barrier_type", "_group"),
)


async def read_filed(ctx: Context, report_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_FILED.answer(ctx.db, status=status, id=report_id)


async def list_filed(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return what one's institutions reported, newest first."""
    return await FILED.answer(ctx.db, page)


async def list_figures(ctx: Context, page: PageRequest, quarter: str | None) -> JsonBytes:
    """Return of ended quarters how many institutions reported what."""
    return await FIGURES.answer(ctx.db, page, quarter=quarter)
