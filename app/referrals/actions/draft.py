"""Drafting a referral: nothing leaves."""

from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.cases.subject import open_case
from app.catalogues.check import require_code
from app.directory.models import Institution
from app.directory.offers.choosing import choose_offer
from app.disclosures.basis import recipient_of, require_preparable
from app.disclosures.rules import CHILD_PROTECTION, DUTY_BASES
from app.kit.errors import Invalid
from app.kit.ids import new_id
from app.referrals.actions.parties import institution_of, require_site, unit_of
from app.referrals.duties.rules import CONCERNS
from app.referrals.models import Referral, ReferralRequest
from app.referrals.package import check_concern, choose, require_fields
from app.referrals.rules import Step, Task
from app.referrals.schemas import ReferralDraft
from app.referrals.steps import note_step, sender


async def draft_referral(ctx: Context, body: ReferralDraft, *, follows: UUID | None = None) -> UUID:
    """Draft a referral; 409 names a category that may not go there or a basis that cannot carry it."""
    case = await open_case(ctx, body.case_id)
    institution = await institution_of(ctx, body.institution_id)
    await require_site(ctx, institution.id, body.site_id)
    unit = await unit_of(ctx, case.unit_id)
    _check_codes(body)
    check_concern(institution.institution_type, body.concern_code, body.concern_text)
    choose(institution.institution_type, body.data_categories)
    require_fields(institution.institution_type, body.data_categories, body.left_out)
    _check_duty(body, institution)
    require_preparable(
        body.legal_basis,
        unit,
        institution,
        channel=body.channel,
        categories=body.data_categories,
        necessity=body.necessity,
    )
    _check_offer(body, institution)
    if body.offer_id is not None:
        await choose_offer(ctx, body.offer_id, institution.id, waiting_list=body.waiting_list_ok)
    request = ReferralRequest(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        institution_id=institution.id,
        site_id=body.site_id,
        unit_id=unit.id,
        client_pseudonym=case.pseudonym,
        channel=body.channel,
        urgency=body.urgency,
        state=Task.DRAFT,
    )
    ctx.db.add(request)
    await ctx.db.flush()  # the referral points to it
    ctx.db.add(
        Referral(
            municipal_area_id=request.municipal_area_id,
            id=request.id,
            case_id=case.case_id,
            client_id=case.client_id,
            created_by=ctx.actor.user_id,
            follows_id=follows,
            **body.model_dump(exclude={"case_id", "institution_id", "site_id", "channel", "urgency"}),
        )
    )
    await ctx.db.flush()  # the history is written under the policy that reads the referral
    note_step(ctx.db, request, Step.DRAFT, Task.DRAFT, sender(ctx), ctx.now)
    await journal.record(ctx.db, "referral.draft", "referral", request.id, clients=[case.pseudonym])
    return request.id


def _check_duty(body: ReferralDraft, institution: Institution) -> None:
    """Raise 422 unless the concern of a duty is a duty's, and that of everything else is not."""
    if body.concern_code is None or not recipient_of(institution.institution_type).receives_notifications:
        return
    by_duty = body.legal_basis in DUTY_BASES - {CHILD_PROTECTION}
    if by_duty != (body.concern_code in CONCERNS.values()):
        raise Invalid.at("body.concern_code", "other_basis", "This concern does not go with the legal basis.")


def _check_offer(body: ReferralDraft, institution: Institution) -> None:
    """Raise 422 where a package carries no words beside the concern: at such authorities, without consent."""
    coded = recipient_of(institution.institution_type).receives_notifications
    if body.offer_id is not None and (coded or body.legal_basis in DUTY_BASES):
        raise Invalid.at("body.offer_id", "coded_only", "Nothing but a coded concern goes along there.")


def _check_codes(body: ReferralDraft) -> None:
    require_code("legal_basis", body.legal_basis, "body.legal_basis")
    require_code("authority_concern", body.concern_code, "body.concern_code")
    for position, code in enumerate(body.data_categories):
        require_code("data_category", code, f"body.data_categories.{position}")
    if len(set(body.data_categories)) < len(body.data_categories):
        raise Invalid.at("body.data_categories", "repeated", "Each data category is named once.")
