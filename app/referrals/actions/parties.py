"""The rows that a referral stands between: the sender's own side, the unit and the institution."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.cases.subject import Subject, find_case
from app.directory.models import Institution
from app.directory.offers.models import InstitutionSite
from app.kit.changes import locked
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.versions import Expected
from app.organisations.models import Unit
from app.referrals.models import Referral, ReferralRequest

_HOLD_PRESENCE = "SELECT hold_presence($1)"
_HOLD_PERSON = "SELECT true FROM clients WHERE id = $1 FOR SHARE"
_HOLD_MEMBERS = """SELECT FROM clients WHERE id IN (
    SELECT member_client_id FROM household_members WHERE client_id = $1) ORDER BY id FOR SHARE"""


@dataclass(frozen=True, slots=True)
class Own:
    """A referral of one's own case, its request locked."""

    request: ReferralRequest
    referral: Referral
    case: Subject


async def own_referral(ctx: Context, referral_id: UUID, expected: Expected) -> Own:
    """Return a referral of a case on whose team the actor is; 404 and 403 as for the case itself."""
    request = await locked(ctx.db, ReferralRequest, referral_id, expected)
    # Anew, if it was read before: while the lock was waited for, it may have come to rest on another consent.
    named = select(Referral).where(Referral.id == referral_id).execution_options(populate_existing=True)
    referral = (await ctx.db.scalars(named)).one()
    return Own(request, referral, await find_case(ctx, referral.case_id))


async def hold_person(ctx: Context, client_id: UUID, *, with_household: bool) -> None:
    """Hold somebody against a restriction until the transaction ends: what is read afterwards holds.

    With the members of the household where a package names them. Whoever restricts them meanwhile waits and
    finds the package, or was first and is heeded by it. Raises 404 where the person cannot be held: nothing
    is sent of them then.
    """
    driver = await ctx.db.driver()
    if not await driver.fetchval(_HOLD_PERSON, client_id):
        raise NotFound
    if with_household:
        await driver.execute(_HOLD_MEMBERS, client_id)


async def institution_of(ctx: Context, institution_id: UUID) -> Institution:
    """Return an institution that can be referred to; 422 for an unknown, 409 for an inactive one."""
    found = await ctx.db.scalar(
        select(Institution).where(Institution.id == institution_id).execution_options(populate_existing=True)
    )
    if not isinstance(found, Institution):
        raise Invalid.at("body.institution_id", "unknown_reference", "There is no such institution.")
    if not found.is_active:
        raise Conflict(
            "Nobody is referred to an institution that is not active.", code="institution_inactive"
        )
    return found


async def held_recipient(ctx: Context, institution_id: UUID) -> Institution:
    """Return an institution to which something goes now, held so until the transaction ends; 409 as above."""
    await _hold(ctx, institution_id)
    return await institution_of(ctx, institution_id)


async def require_site(ctx: Context, institution_id: UUID, site_id: UUID | None) -> None:
    """Raise 422 for a site that is not the institution's, 409 for one that was given up."""
    if site_id is None:
        return
    site = select(InstitutionSite.is_active).where(
        InstitutionSite.id == site_id, InstitutionSite.institution_id == institution_id
    )
    is_active = await ctx.db.scalar(site)
    if is_active is None:
        raise Invalid.at("body.site_id", "unknown_reference", "The institution has no such site.")
    if not is_active:
        raise Conflict("This site was given up: choose another one or none.", code="site_inactive")


async def require_on_platform(ctx: Context, institution_id: UUID) -> None:
    """Raise 409 unless somebody of the institution reads here, and hold that until the transaction ends."""
    if not await _hold(ctx, institution_id):
        raise Conflict("Nobody at this institution reads referrals here.", code="not_on_platform")


async def _hold(ctx: Context, institution_id: UUID) -> bool:
    driver = await ctx.db.driver()
    return bool(await driver.fetchval(_HOLD_PRESENCE, institution_id))


async def unit_of(ctx: Context, unit_id: UUID) -> Unit:
    """Return the unit that is the controller of the case."""
    unit: Unit = (await ctx.db.scalars(select(Unit).where(Unit.id == unit_id))).one()
    return unit
