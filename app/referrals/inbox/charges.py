"""Taking charge of a referral, handing it on, giving it back; the sender learns nothing of it.

The request's row is the lock, and its version stays: what only the institution sees moves nothing that the
sender reads.
"""

from uuid import UUID

import asyncpg
from sqlalchemy import select

from app.access.context import Context
from app.audit import journal
from app.kit.changes import locked
from app.kit.clock import local_date
from app.kit.errors import Conflict, Forbidden, Invalid, WrongState
from app.referrals.inbox.events import ReferralHandedOn
from app.referrals.inbox.models import ReferralCharge
from app.referrals.inbox.schemas import ChargeHandOn, ChargeTake
from app.referrals.models import ReferralRequest
from app.referrals.rules import SENT_AND_OPEN

_IS_COLLEAGUE = """SELECT EXISTS (SELECT FROM partner_colleagues() c
WHERE c.user_id = $1 AND c.institution_id = $2)"""
_STANDS_IN = "SELECT $1 = ANY (stands_in_for($2))"
_PUT = """INSERT INTO referral_charges (municipal_area_id, id, institution_id, user_id, since)
VALUES (ctx_area(), $1, $2, $3, $4)
ON CONFLICT (municipal_area_id, id) DO UPDATE SET user_id = EXCLUDED.user_id, since = EXCLUDED.since"""
_NOBODY_THERE = ("ck_referral_charges_reader", "fk_referral_charges_user_id")
_DROP = "DELETE FROM referral_charges WHERE id = $1"


async def take_charge(ctx: Context, referral_id: UUID, body: ChargeTake) -> UUID:
    """Take over what nobody has, or what the named colleague has; once more changes nothing.

    Raises 409 when somebody else has it (of two at once, one wins) and for what is over.
    """
    request, charge = await _addressed(ctx, referral_id)
    if request.state not in SENT_AND_OPEN:
        raise WrongState("The referral is over.", state=request.state, allowed=[])
    holder = await _holder(ctx, charge)
    if holder == ctx.actor.user_id:
        return referral_id
    if holder != body.instead_of:
        raise Conflict("Somebody else has it, or nobody has any more: read it again.", code="taken_in_charge")
    await _put(ctx, request, ctx.actor.user_id)
    if holder is not None:
        await ctx.publish(ReferralHandedOn(referral_id, holder))
    return referral_id


async def hand_on(ctx: Context, referral_id: UUID, body: ChargeHandOn) -> UUID:
    """Put a colleague in charge, as who has it or stands in for them, or when nobody has.

    Raises 403 when somebody else has it, 422 for nobody who sees the referral.
    """
    request, charge = await _addressed(ctx, referral_id)
    await _require_ours(ctx, await _holder(ctx, charge))
    try:
        await _put(ctx, request, body.user_id)
    except (asyncpg.CheckViolationError, asyncpg.ForeignKeyViolationError) as error:
        if error.constraint_name not in _NOBODY_THERE:
            raise
        raise Invalid.at(
            "body.user_id", "unknown_reference", "There is no such colleague who sees this referral."
        ) from None
    if body.user_id != ctx.actor.user_id:
        await ctx.publish(ReferralHandedOn(referral_id, body.user_id))
    return referral_id


async def give_back(ctx: Context, referral_id: UUID) -> UUID:
    """Let nobody be in charge; 403 when somebody else is, without effect when nobody is."""
    request, charge = await _addressed(ctx, referral_id)
    await _require_ours(ctx, await _holder(ctx, charge))
    await (await ctx.db.driver()).execute(_DROP, referral_id)
    await _note(ctx, request, "referral.give_back_charge")
    return referral_id


async def _addressed(ctx: Context, referral_id: UUID) -> tuple[ReferralRequest, ReferralCharge | None]:
    request = await locked(ctx.db, ReferralRequest, referral_id)
    charge = await ctx.db.scalar(select(ReferralCharge).where(ReferralCharge.id == referral_id))
    return request, charge


async def _holder(ctx: Context, charge: ReferralCharge | None) -> UUID | None:
    """Return who is in charge; nobody when they have left meanwhile."""
    if charge is None:
        return None
    driver = await ctx.db.driver()
    is_there = await driver.fetchval(_IS_COLLEAGUE, charge.user_id, charge.institution_id)
    return charge.user_id if is_there else None


async def _require_ours(ctx: Context, holder: UUID | None) -> None:
    if holder is None or holder == ctx.actor.user_id:
        return
    driver = await ctx.db.driver()
    if not await driver.fetchval(_STANDS_IN, holder, local_date(ctx.now)):
        raise Forbidden("Who has it or stands in for them does this.", code="not_in_charge")


async def _put(ctx: Context, request: ReferralRequest, user_id: UUID) -> None:
    driver = await ctx.db.driver()
    await driver.execute(_PUT, request.id, request.institution_id, user_id, ctx.now)
    await _note(ctx, request, "referral.take_charge")


async def _note(ctx: Context, request: ReferralRequest, action: str) -> None:
    await journal.record(ctx.db, action, "referral", request.id, clients=[request.client_pseudonym])
