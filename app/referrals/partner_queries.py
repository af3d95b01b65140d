"""Reading referrals as the addressed institution: from its own tables only, journalled by pseudonym."""

from typing import Literal
from uuid import UUID

from sqlalchemy import JSON, Boolean, DateTime, any_, bindparam, case, cast, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from app.access.context import Context
from app.access.permissions import Permission
from app.access.roles import Role
from app.access.scopes import may_also
from app.audit import reading
from app.kit.clock import local_date
from app.kit.errors import Invalid
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes
from app.organisations.models import Unit
from app.referrals.inbox.models import ReferralCharge
from app.referrals.models import ReferralPackage, ReferralRequest
from app.referrals.rules import NOT_DISCLOSED

Assigned = Literal["me", "nobody"]

_STANDS_IN_FOR = "SELECT stands_in_for($1)"
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
        ReferralRequest.site_id,
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
    .outerjoin(
        ReferralCharge,
        (ReferralCharge.municipal_area_id == ReferralRequest.municipal_area_id)
        & (ReferralCharge.id == ReferralRequest.id),
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

_NOT_KEPT = case(
    (
        or_(
            *(
                column == NOT_DISCLOSED
                for column in (
                    ReferralRequest.rejection_reason,
                    ReferralRequest.hold_reason,
                    ReferralRequest.cancel_reason,
                    ReferralRequest.outcome,
                )
            )
        ),
        literal_column("'feedback_not_agreed'"),
    )
).label("not_kept")

_FULL = _SUMMARY.add_columns(
    ReferralRequest.channel,
    _PACKAGE.label("package"),
    ReferralPackage.sha256.label("package_sha256"),
    ReferralRequest.rejection_reason,
    ReferralRequest.hold_reason,
    ReferralRequest.cancel_reason,
    ReferralRequest.outcome,
    _NOT_KEPT,
    ReferralRequest.revocation_acknowledged_at,
).where(ReferralRequest.id == bindparam("id"))
_IN_CHARGE = ReferralCharge.user_id.label("in_charge")
"""Who of the institution looks after it: told to its people, and absent for its machines."""
_TO_PEOPLE, _TO_MACHINES = (
    reading.one(
        "partner_referral.read",
        "referral",
        statement,
        withheld=("concern", "offer", "readable_until", "package", "package_sha256"),
    )
    for statement in (_FULL.add_columns(_IN_CHARGE), _FULL)
)
_site = bindparam("site", type_=Uuid)
_holders = bindparam("holders", type_=ARRAY(Uuid))
_is_free = bindparam("is_free", type_=Boolean)
_LISTED = _SUMMARY.where(
    or_(_OFFER.is_(None), ReferralPackage.offer_id == _OFFER),
    or_(_site.is_(None), ReferralRequest.site_id == _site),
    or_(_holders.is_(None), ReferralCharge.user_id == any_(_holders)),
    or_(_is_free.is_(None), ReferralCharge.user_id.is_(None)),
)
_LIST_TO_PEOPLE, _LIST_TO_MACHINES = (
    reading.many(
        "partner_referral.read",
        "referral",
        statement,
        order=("id",),
        descending=True,
        withheld=("concern", "offer", "readable_until"),
    )
    for statement in (_LISTED.add_columns(_IN_CHARGE), _LISTED)
)

TAKEN = reading.one(
    "partner_referral.read",
    "referral",
    select(
        ReferralRequest.id,
        ReferralRequest.state,
        ReferralRequest.version,
        _NOT_KEPT,
        ReferralRequest.client_pseudonym.label("_client"),
    ).where(_MINE, ReferralRequest.id == bindparam("id")),
)
"""What came of a step, for whoever takes many at once, and for a machine that may not read."""


async def read_referral(ctx: Context, referral_id: UUID) -> JsonBytes:
    which = _TO_MACHINES if is_machine(ctx) else _TO_PEOPLE
    return await which.answer(ctx.db, id=referral_id, now=ctx.now, institutions=institutions_of(ctx))


async def read_after_step(ctx: Context, referral_id: UUID) -> JsonBytes:
    """Return the referral after a step; to a machine that may not read, only that the step was taken."""
    may_read = may_also(ctx.scopes, Permission.PARTNER_REFERRAL_READ)
    return await (read_referral if may_read else read_taken)(ctx, referral_id)


async def read_taken(ctx: Context, referral_id: UUID) -> JsonBytes:
    return await TAKEN.answer(ctx.db, id=referral_id, institutions=institutions_of(ctx))


async def list_referrals(
    ctx: Context,
    page: PageRequest,
    *,
    assigned: Assigned | None = None,
    site_id: UUID | None = None,
    offer_id: UUID | None = None,
) -> JsonBytes:
    """Return the inbox, of an offer only what can still be read; 422 for a machine that asks for charges.

    `me` is also whom one stands in for today.
    """
    if assigned is not None and is_machine(ctx):
        raise Invalid.at("query.assigned", "people_only", "A machine does not see who is in charge.")
    which = _LIST_TO_MACHINES if is_machine(ctx) else _LIST_TO_PEOPLE
    return await which.answer(
        ctx.db,
        page,
        now=ctx.now,
        institutions=institutions_of(ctx),
        site=site_id,
        offer_id=offer_id,
        holders=await _holders_of(ctx) if assigned == "me" else None,
        is_free=True if assigned == "nobody" else None,
    )


async def _holders_of(ctx: Context) -> list[UUID]:
    driver = await ctx.db.driver()
    return [ctx.actor.user_id, *await driver.fetchval(_STANDS_IN_FOR, local_date(ctx.now))]


def is_machine(ctx: Context) -> bool:
    """Tell whether a machine reads, which belongs to no team of people."""
    return Role.PARTNER_SYSTEM in ctx.actor.roles


def institutions_of(ctx: Context) -> list[UUID]:
    """Return in whose name somebody reads: only roles at an institution hold these permissions."""
    return [membership.place_id for membership in ctx.actor.memberships]
