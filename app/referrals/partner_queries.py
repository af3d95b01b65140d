"""Reading referrals as the addressed institution: from its own tables only, journalled by pseudonym."""

from uuid import UUID

from sqlalchemy import JSON, DateTime, any_, bindparam, cast, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from app.access.context import Context
from app.audit import reading
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes
from app.organisations.models import Unit
from app.referrals.models import ReferralPackage, ReferralRequest

_PACKAGE = cast(ReferralPackage.content, JSON)

_NOW = bindparam("now", type_=DateTime(timezone=True))

# The policies say it too; here it leads to the index of the institution.
_MINE = ReferralRequest.institution_id == any_(bindparam("institutions", type_=ARRAY(Uuid)))

_OFFER = bindparam("offer_id", type_=Uuid)

_SUMMARY = (
    select(
        ReferralRequest.id,
        ReferralRequest.state,
        ReferralRequest.delivery,
        ReferralRequest.urgency,
        ReferralRequest.requested_at,
        ReferralRequest.deadline_at,
        Unit.name.label("unit_name"),
        ReferralRequest.last_message_at,
        ReferralRequest.version,
        ReferralPackage.readable_until,
        _PACKAGE.op("->")(literal_column("'concern'")).label("concern"),
        _PACKAGE.op("->")(literal_column("'offer'")).label("offer"),
        ReferralRequest.client_pseudonym.label("_client"),
    )
    .join(
        Unit,
        (Unit.municipal_area_id == ReferralRequest.municipal_area_id) & (Unit.id == ReferralRequest.unit_id),
    )
    # A package that is withheld or shut is invisible to the recipient: what is left is the tombstone. Its end
    # by time stands in the policy too; here it is the application's own clock.
    .outerjoin(
        ReferralPackage,
        (ReferralPackage.municipal_area_id == ReferralRequest.municipal_area_id)
        & (ReferralPackage.id == ReferralRequest.id)
        & or_(ReferralPackage.readable_until.is_(None), ReferralPackage.readable_until > _NOW),
    )
    .where(_MINE)
)

ONE_REFERRAL = reading.one(
    "partner_referral.read",
    "referral",
    _SUMMARY.add_columns(
        ReferralRequest.channel,
        _PACKAGE.label("package"),
        ReferralPackage.sha256.label("package_sha256"),
        ReferralRequest.rejection_reason,
        ReferralRequest.hold_reason,
        ReferralRequest.cancel_reason,
        ReferralRequest.outcome,
        ReferralRequest.revocation_acknowledged_at,
    ).where(ReferralRequest.id == bindparam("id")),
    withheld=("concern", "offer", "readable_until", "package", "package_sha256"),
)
REFERRALS = reading.many(
    "partner_referral.read",
    "referral",
    _SUMMARY.where(or_(_OFFER.is_(None), ReferralPackage.offer_id == _OFFER)),
    order=("id",),
    descending=True,
    withheld=("concern", "offer", "readable_until"),
)

TAKEN = reading.one(
    "partner_referral.read",
    "referral",
    select(
        ReferralRequest.id,
        ReferralRequest.state,
        ReferralRequest.version,
        ReferralRequest.client_pseudonym.label("_client"),
    ).where(_MINE, ReferralRequest.id == bindparam("id")),
)
"""What came of a step, for whoever takes many at once."""


async def read_referral(ctx: Context, referral_id: UUID) -> JsonBytes:
    return await ONE_REFERRAL.answer(ctx.db, id=referral_id, now=ctx.now, institutions=institutions_of(ctx))


async def read_taken(ctx: Context, referral_id: UUID) -> JsonBytes:
    return await TAKEN.answer(ctx.db, id=referral_id, institutions=institutions_of(ctx))


async def list_referrals(ctx: Context, page: PageRequest, offer_id: UUID | None) -> JsonBytes:
    """Return what was referred, newest first; for an offer, only what can still be read."""
    return await REFERRALS.answer(
        ctx.db, page, now=ctx.now, institutions=institutions_of(ctx), offer_id=offer_id
    )


def institutions_of(ctx: Context) -> list[UUID]:
    """Return in whose name somebody reads: only roles at an institution hold these permissions."""
    return [membership.place_id for membership in ctx.actor.memberships]
