"""Which legal bases a draft can rest on now, from sender and recipient, and what stands against the rest."""

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal
from app.catalogues.check import vocabulary
from app.consents.gate import missing_consent
from app.consents.rules import Direction
from app.directory.models import Institution
from app.disclosures.basis import recipient_of, sender_of
from app.disclosures.rules import CHILD_PROTECTION, NEEDS_NECESSITY, Ground, examine
from app.kit.clock import local_date
from app.kit.errors import NotFound
from app.kit.reading import JsonBytes
from app.referrals.actions.parties import unit_of
from app.referrals.duties.models import Duty
from app.referrals.models import Referral, ReferralRequest

_FIRST = {Ground.BY_DUTY: "duty_approval", Ground.BY_CHILD_PROTECTION: "child_protection"}
_DECIDED = """SELECT EXISTS (SELECT FROM child_protections
WHERE case_id = $1 AND referral_id = $2 AND state = 'to_inform')"""


async def read_bases(ctx: Context, referral_id: UUID) -> JsonBytes:
    """Return every basis of the vocabulary: those that hold now first, each with the reason."""
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
    sender, recipient = (
        sender_of(await unit_of(ctx, request.unit_id)),
        recipient_of(institution.institution_type),
    )
    bases = []
    for basis in vocabulary("legal_basis"):
        ground = examine(basis, sender, recipient, request.channel, referral.data_categories)
        missing = await _missing(ctx, basis, ground, request, referral)
        why = _MISSES.get(basis, str(ground)) if missing and ground is Ground.HOLDS else str(ground)
        holds = not missing and ground in (Ground.HOLDS, *_FIRST)
        bases.append({"legal_basis": basis, "holds": holds, "why": why, "missing": missing})
    await journal.record(
        ctx.db, "referral.read_bases", "referral", referral_id, clients=[request.client_pseudonym]
    )
    bases.sort(key=lambda each: not each["holds"])
    answer = {"referral_id": referral_id, "legal_basis": referral.legal_basis, "bases": bases}
    return JsonBytes(orjson.dumps(answer, default=str))


_MISSES = {"consent": "consent_missing", **dict.fromkeys(NEEDS_NECESSITY, "necessity_missing")}


async def _missing(
    ctx: Context, basis: str, ground: Ground, request: ReferralRequest, referral: Referral
) -> list[str]:
    """Return what is to be done before a draft can be sent on a basis that is possible at all."""
    if ground in _FIRST:
        done = await _is_through(ctx, basis, ground, referral)
        return [] if done else [_FIRST[ground]]
    if ground is not Ground.HOLDS:
        return []
    if basis == "consent":
        return list(
            await missing_consent(
                ctx,
                client_id=referral.client_id,
                case_id=referral.case_id,
                recipient_id=request.institution_id,
                purpose="referral",
                categories=referral.data_categories,
                direction=Direction.TO,
                on=local_date(ctx.now),
            )
        )
    return ["necessity"] if basis in NEEDS_NECESSITY and referral.necessity is None else []


async def missing_first(ctx: Context, referral: Referral) -> tuple[str, ...]:
    """Return the steps of its own that a draft on a duty still lacks."""
    by_steps = referral.legal_basis == CHILD_PROTECTION
    ground = Ground.BY_CHILD_PROTECTION if by_steps else Ground.BY_DUTY
    return () if await _is_through(ctx, referral.legal_basis, ground, referral) else (_FIRST[ground],)


async def _is_through(ctx: Context, basis: str, ground: Ground, referral: Referral) -> bool:
    if ground is Ground.BY_CHILD_PROTECTION:
        driver = await ctx.db.driver()
        return bool(await driver.fetchval(_DECIDED, referral.case_id, referral.id))
    approved = select(Duty.id).where(
        Duty.referral_id == referral.id,
        Duty.legal_basis == basis,
        Duty.state == "approved",
        Duty.valid_until > ctx.now,
    )
    return await ctx.db.scalar(approved) is not None
