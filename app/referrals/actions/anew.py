"""Referring anew after one has ended: a draft for another institution, without what may not go along."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

import orjson
from sqlalchemy import select

from app.access.context import Context
from app.access.relations import require_relation
from app.catalogues.relations import WITHHELD
from app.catalogues.source import allowed_categories
from app.clients.package import FIELDS
from app.consents.gate import held_categories
from app.consents.rules import Direction
from app.directory.models import Institution
from app.disclosures.rules import CHILD_PROTECTION
from app.kit.clock import local_date
from app.kit.errors import Conflict, Incomplete, NotFound, WrongState
from app.kit.reading import JsonBytes
from app.referrals import queries
from app.referrals.actions.draft import draft_referral
from app.referrals.actions.parties import institution_of
from app.referrals.models import Referral, ReferralRequest
from app.referrals.rules import REFERRED_ANEW, Task
from app.referrals.schemas import ReferralAnew, ReferralDraft, Urgency

NOT_ALLOWED, NOT_COVERED = "not_allowed_there", "not_covered_by_consent"


async def refer_anew(ctx: Context, referral_id: UUID, body: ReferralAnew) -> UUID:
    """Copy an ended referral into a draft for this institution and return the draft's id.

    Raises 409 for one that is under way, where nothing of it may go there, after the end of a consent without
    a new one (what was taken back is not proposed again), and for what informed the youth welfare office on
    another basis: more people see a referral of that.
    """
    request, referral = await _source(ctx, referral_id)
    if request.state not in REFERRED_ANEW:
        raise WrongState("Only what has ended is referred anew.", state=request.state, allowed=[])
    institution = await institution_of(ctx, body.institution_id)
    allowed = _allowed(institution.institution_type)
    kept = [code for code in referral.data_categories if code in allowed]
    basis = body.legal_basis or referral.legal_basis
    if referral.legal_basis == CHILD_PROTECTION != basis:
        raise Conflict(
            "What informed the youth welfare office stays with it: draft a referral of your own words.",
            code="nothing_to_refer",
        )
    if basis == "consent":
        covered = await _covered(
            ctx, referral, institution.id, kept, is_revoked=request.state == Task.REVOKED
        )
        kept = [code for code in kept if code in covered]
    if not kept:
        raise Conflict("Nothing of it may go there.", code="nothing_to_refer")
    is_new = body.concern_code is not None or body.concern_text is not None
    concern = body if is_new else referral
    urgency = body.urgency or cast("Urgency", request.urgency)
    draft = ReferralDraft(
        case_id=referral.case_id,
        institution_id=institution.id,
        site_id=body.site_id,
        channel=body.channel,
        concern_code=concern.concern_code,
        concern_text=concern.concern_text,
        urgency=urgency,
        data_categories=kept,
        left_out=_still_left_out(referral.left_out, kept, institution.institution_type),
        legal_basis=basis,
        necessity=body.necessity or referral.necessity,
        note=referral.note,
        **_offer(request, referral, body),
    )
    return await draft_referral(ctx, draft, follows=referral_id)


def _offer(request: ReferralRequest, referral: Referral, body: ReferralAnew) -> dict[str, Any]:
    """Return the offer to go to: the one named, otherwise that of the source at the same institution.

    With `offer_id` null it goes on without one.
    """
    if "offer_id" in body.model_fields_set or request.institution_id != body.institution_id:
        return {"offer_id": body.offer_id, "waiting_list_ok": body.waiting_list_ok}
    waits = body.waiting_list_ok or referral.waiting_list_ok
    return {"offer_id": referral.offer_id, "waiting_list_ok": waits and referral.offer_id is not None}


async def read_anew(ctx: Context, draft_id: UUID) -> JsonBytes:
    """Return the draft with the categories of its source that were left behind, and why."""
    answer = await queries.read_referral(ctx, draft_id, status=201)
    statement = (
        select(Referral.data_categories, Referral.follows_id, Institution.institution_type)
        .join(ReferralRequest, ReferralRequest.id == Referral.id)
        .join(Institution, Institution.id == ReferralRequest.institution_id)
        .where(Referral.id == draft_id)
    )
    row: Any = (await ctx.db.execute(statement)).one()
    kept, follows_id, institution_type = row
    source = select(Referral.data_categories).where(Referral.id == follows_id)
    allowed = _allowed(institution_type)
    behind = [
        {"category": code, "why": NOT_COVERED if code in allowed else NOT_ALLOWED}
        for code in (await ctx.db.scalars(source)).one()
        if code not in kept
    ]
    body = {"referral": orjson.Fragment(bytes(answer.body)), "left_behind": behind}
    return JsonBytes(orjson.dumps(body), status_code=201, headers={"ETag": answer.headers["ETag"]})


async def _source(ctx: Context, referral_id: UUID) -> tuple[ReferralRequest, Referral]:
    statement = (
        select(ReferralRequest, Referral)
        .join(Referral, Referral.id == ReferralRequest.id)
        .where(Referral.id == referral_id)
        .with_for_update(of=ReferralRequest)
    )
    row: Any = (await ctx.db.execute(statement)).one_or_none()
    if row is None:
        raise NotFound
    await require_relation(ctx, case_id=row[1].case_id)
    return row[0], row[1]


def _allowed(institution_type: str) -> frozenset[str]:
    return frozenset(allowed_categories(institution_type)) - WITHHELD


async def _covered(
    ctx: Context, referral: Referral, institution_id: UUID, wanted: Iterable[str], *, is_revoked: bool
) -> frozenset[str]:
    """Return what a consent to the new recipient covers; everything while none has been asked for yet."""
    held = await held_categories(
        ctx,
        client_id=referral.client_id,
        case_id=referral.case_id,
        recipient_id=institution_id,
        purpose="referral",
        categories=wanted,
        direction=Direction.TO,
        on=local_date(ctx.now),
    )
    if held is None and is_revoked:
        raise Incomplete(
            "The consent behind it has ended: ask the client anew first.",
            missing=["recipient"],
            code="consent_missing",
        )
    return frozenset(wanted) if held is None else held


def _still_left_out(left_out: Iterable[str], kept: list[str], institution_type: str) -> list[str]:
    """Return the fields that stay left out; what the kind of institution never gets needs no mention."""
    widest = allowed_categories(institution_type)
    found: list[str] = []
    for each in left_out:
        code, _, field = each.partition(".")
        if code in kept and field in (widest[code] or FIELDS.get(code, ())):
            found.append(each)
    return found
