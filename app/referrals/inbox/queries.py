"""Reading the team inbox: charges, colleagues, deputyships."""

from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, column, func, select

from app.access.context import Context
from app.audit import reading
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One
from app.referrals.inbox.models import PartnerDeputyship, ReferralCharge
from app.referrals.models import ReferralRequest

_COLLEAGUES = func.partner_colleagues().table_valued(
    column("user_id", Uuid),
    column("display_name", Text),
    column("institution_id", Uuid),
    column("site_ids", ARRAY(Uuid)),
    name="colleague",
)
CHARGE = reading.one(
    "partner_referral.read",
    "referral",
    select(
        ReferralRequest.id,
        ReferralCharge.user_id.label("in_charge"),
        ReferralCharge.since,
        ReferralRequest.client_pseudonym.label("_client"),
    )
    .outerjoin(
        ReferralCharge,
        (ReferralCharge.municipal_area_id == ReferralRequest.municipal_area_id)
        & (ReferralCharge.id == ReferralRequest.id),
    )
    .where(ReferralRequest.id == bindparam("id")),
)
COLLEAGUES = Many(
    select(_COLLEAGUES), order=("display_name", "user_id", "institution_id"), unsaid=("display_name",)
)
_DEPUTYSHIP = select(
    PartnerDeputyship.id,
    PartnerDeputyship.institution_id,
    PartnerDeputyship.user_id,
    PartnerDeputyship.deputy_id,
    PartnerDeputyship.first_day,
    PartnerDeputyship.last_day,
    PartnerDeputyship.ended_at,
)
ONE_DEPUTYSHIP = One(_DEPUTYSHIP.where(PartnerDeputyship.id == bindparam("id")))
DEPUTYSHIPS = Many(_DEPUTYSHIP, order=("id",), descending=True)


async def read_charge(ctx: Context, referral_id: UUID) -> JsonBytes:
    return await CHARGE.answer(ctx.db, id=referral_id)


async def list_colleagues(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return the people of the institutions where one is one of them, by name."""
    return await COLLEAGUES.answer(ctx.db, page)


async def read_deputyship(ctx: Context, deputyship_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_DEPUTYSHIP.answer(ctx.db, status=status, id=deputyship_id)


async def list_deputyships(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return who stands or stood in for oneself, and for whom one does or did, the newest first."""
    return await DEPUTYSHIPS.answer(ctx.db, page)
