"""What will be read by whom: the package as it would leave now, or as it left."""

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select

from app.access.context import Context
from app.access.relations import require_relation
from app.access.roles import Role
from app.audit import journal
from app.consents.gate import missing_consent
from app.consents.rules import Direction
from app.directory.models import Institution
from app.directory.offers.choosing import NO_FREE_PLACE, NOT_OPEN, find_offer
from app.disclosures.basis import recipient_of, sender_of
from app.disclosures.rules import DUTY_BASES, plain_bases
from app.kit.clock import local_date
from app.kit.errors import NotFound
from app.kit.reading import JsonBytes
from app.organisations.models import Unit
from app.referrals.actions.parties import unit_of
from app.referrals.bases import missing_first
from app.referrals.models import Referral, ReferralPackage, ReferralRequest
from app.referrals.package import Frozen, build, choose
from app.referrals.rules import PLATFORM, Task

_AUTHORITIES = (Role.AUTHORITY_OFFICER, Role.PARTNER_USER, Role.PARTNER_SYSTEM)
NOT_ON_PLATFORM = "not_on_platform"
_OTHERS = (Role.PARTNER_USER, Role.PARTNER_SYSTEM)


async def preview_referral(ctx: Context, referral_id: UUID) -> JsonBytes:
    """Return the package with its readers and with what is missing to send it."""
    statement = (
        select(ReferralRequest, Referral, Institution)
        .join(Referral, Referral.id == ReferralRequest.id)
        .join(Institution, Institution.id == ReferralRequest.institution_id)
        .where(ReferralRequest.id == referral_id)
    )
    row: Any = (await ctx.db.execute(statement)).one_or_none()
    if row is None:
        raise NotFound
    request, referral, institution = row
    await require_relation(ctx, case_id=referral.case_id)
    kept = await ctx.db.scalar(select(ReferralPackage).where(ReferralPackage.id == referral_id))
    package = kept or await _as_of_now(ctx, referral, institution)
    await journal.record(
        ctx.db, "referral.preview", "referral", referral_id, clients=[request.client_pseudonym]
    )
    unit = await unit_of(ctx, request.unit_id)
    missing = await _missing(ctx, request, referral)
    if request.state == Task.DRAFT and request.channel == PLATFORM and not institution.on_platform:
        missing = (*missing, NOT_ON_PLATFORM)
    if request.state == Task.DRAFT:
        missing = (*missing, *await _missing_of_offer(ctx, referral))
    answer = _answer(request, referral, institution, unit, package.sha256, missing)
    answer["is_frozen"] = kept is not None
    # The frozen text itself goes out, not a copy that was read and written again.
    return JsonBytes(
        orjson.dumps(
            {**answer, "content": orjson.Fragment(package.content)},
            default=str,  # the driver's own kind of UUID
        )
    )


def _answer(
    request: ReferralRequest,
    referral: Referral,
    institution: Institution,
    unit: Unit,
    sha256: str,
    missing: tuple[str, ...],
) -> dict[str, Any]:
    recipient = recipient_of(institution.institution_type)
    roles = _AUTHORITIES if recipient.receives_notifications else _OTHERS
    return {
        "id": request.id,
        "state": request.state,
        "sha256": sha256,
        "readers": {
            "institution_id": institution.id,
            "institution_name": institution.name,
            "institution_type": institution.institution_type,
            "channel": request.channel,
            "roles": roles if request.channel == PLATFORM else [],
        },
        "legal_basis": referral.legal_basis,
        "possible_bases": plain_bases(sender_of(unit), recipient, request.channel),
        "missing": missing,
    }


async def _as_of_now(ctx: Context, referral: Referral, institution: Institution) -> Frozen:
    offer = None if referral.offer_id is None else await find_offer(ctx, referral.offer_id)
    return await build(
        ctx,
        referral.client_id,
        choose(institution.institution_type, referral.data_categories, referral.left_out),
        concern_code=referral.concern_code,
        concern_text=referral.concern_text,
        offer=None if offer is None else offer.named(),
    )


async def _missing_of_offer(ctx: Context, referral: Referral) -> tuple[str, ...]:
    if referral.offer_id is None:
        return ()
    offer = await find_offer(ctx, referral.offer_id)
    if offer is None or offer.closed_because(local_date(ctx.now)) is not None:
        return (NOT_OPEN,)
    return (NO_FREE_PLACE,) if offer.free_places == 0 and not referral.waiting_list_ok else ()


async def _missing(ctx: Context, request: ReferralRequest, referral: Referral) -> tuple[str, ...]:
    if request.state != Task.DRAFT:
        return ()
    if referral.legal_basis in DUTY_BASES:
        return await missing_first(ctx, referral)
    if referral.legal_basis != "consent":
        return ()
    return await missing_consent(
        ctx,
        client_id=referral.client_id,
        case_id=referral.case_id,
        recipient_id=request.institution_id,
        purpose="referral",
        categories=referral.data_categories,
        direction=Direction.TO,
        on=local_date(ctx.now),
    )
