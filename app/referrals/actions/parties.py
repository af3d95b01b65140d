"""The rows that a referral stands between: the sender's own side, the unit and the institution."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.cases.subject import Subject, find_case
from app.directory.models import Institution
from app.kit.changes import locked
from app.kit.errors import Conflict, Invalid
from app.kit.versions import Expected
from app.organisations.models import Unit
from app.referrals.models import Referral, ReferralRequest


@dataclass(frozen=True, slots=True)
class Own:
    """A referral of one's own case, its request locked."""

    request: ReferralRequest
    referral: Referral
    case: Subject


async def own_referral(ctx: Context, referral_id: UUID, expected: Expected) -> Own:
    """Return a referral of a case on whose team the actor is; 404 and 403 as for the case itself."""
    request = await locked(ctx.db, ReferralRequest, referral_id, expected)
    referral = (await ctx.db.scalars(select(Referral).where(Referral.id == referral_id))).one()
    return Own(request, referral, await find_case(ctx, referral.case_id))


async def institution_of(ctx: Context, institution_id: UUID) -> Institution:
    """Return an institution that can be referred to; 422 for an unknown, 409 for an inactive one."""
    found = await ctx.db.scalar(select(Institution).where(Institution.id == institution_id))
    if not isinstance(found, Institution):
        raise Invalid.at("body.institution_id", "unknown_reference", "There is no such institution.")
    if not found.is_active:
        raise Conflict(
            "Nobody is referred to an institution that is not active.", code="institution_inactive"
        )
    return found


async def unit_of(ctx: Context, unit_id: UUID) -> Unit:
    """Return the unit that is the controller of the case."""
    unit: Unit = (await ctx.db.scalars(select(Unit).where(Unit.id == unit_id))).one()
    return unit
