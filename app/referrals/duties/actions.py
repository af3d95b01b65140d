"""Asking to send a draft without consent, and taking that back."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.audit import journal
from app.cases.rules import CLOSED
from app.cases.subject import closed, find_case, require_usable
from app.catalogues.check import require_code
from app.consents.gate import missing_consent
from app.consents.rules import Direction
from app.directory.models import Institution
from app.disclosures.basis import require_preparable
from app.kit.changes import locked
from app.kit.clock import local_date
from app.kit.errors import Conflict, Invalid, NotFound, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected
from app.referrals.actions.parties import Own, institution_of, own_referral, unit_of
from app.referrals.duties.models import Duty, DutyPackage
from app.referrals.duties.rules import (
    CONCERNS,
    DAY,
    EXPLAINED,
    MOST_IN_A_DAY,
    NORMS,
    OPEN,
    TO_DECIDE,
    WAY,
    Norm,
    Side,
    State,
    Step,
    law_as_of,
    questions,
    stopped_by,
)
from app.referrals.duties.schemas import AnswerTo, DutyRequest
from app.referrals.models import Referral
from app.referrals.package import build, choose
from app.referrals.rules import Task
from app.referrals.steps import refused, sender

PURPOSE = "referral"

# Held: whoever restricts them meanwhile waits and finds the duty, or was first and is heeded by it.
_RESTRICTED = "SELECT is_restricted FROM cases WHERE id = $1 FOR SHARE"
# Holds the unit's requests to one institution apart, so that the count is that of all before.
_LATELY = "SELECT duties_lately($1, $2, $3)"


async def request_duty(ctx: Context, body: DutyRequest) -> UUID:
    """Ask a second person to approve what a draft would send without consent.

    Raises 409 where it may not go on: an answer that stands against it, a consent that is there, a restricted
    person, an open request, more than a few in a day. 422 for reasons and answers that do not fit the draft.
    """
    own = await own_referral(ctx, body.referral_id, Expected(None))
    if own.request.state != Task.DRAFT:
        raise refused(own.request, sender(ctx).side)
    if own.case.phase == CLOSED:
        raise closed()
    require_usable(own.case)
    institution = await institution_of(ctx, own.request.institution_id)
    norm = await _norm(ctx, own, institution, body)
    answers = _answers(body.norm, body.answers)
    against = stopped_by(body.norm, answers)
    if against:
        raise Conflict(
            "The law stands against this disclosure.", code="duty_not_permitted", stopped_by=against
        )
    await _require_alone(ctx, own, institution)
    duty = await _write(ctx, own, institution, norm, body)
    await journal.record(
        ctx.db,
        "duty.request",
        "duty",
        duty.id,
        clients=[own.case.pseudonym],
        purpose=PURPOSE,
        legal_basis=norm.basis,
    )
    return duty.id


async def _write(ctx: Context, own: Own, institution: Institution, norm: Norm, body: DutyRequest) -> Duty:
    """Write the request with its package, frozen as it stands now."""
    package = await build(
        ctx,
        own.referral.client_id,
        choose(institution.institution_type, own.referral.data_categories),
        concern_code=own.referral.concern_code,
        concern_text=None,
    )
    duty = Duty(
        municipal_area_id=own.request.municipal_area_id,
        id=new_id(),
        referral_id=own.request.id,
        case_id=own.case.case_id,
        client_pseudonym=own.case.pseudonym,
        unit_id=own.case.unit_id,
        institution_id=institution.id,
        state=State.REQUESTED,
        norm=body.norm,
        law_as_of=law_as_of(body.norm),
        legal_basis=norm.basis,
        asked_by=body.asked_by,
        asked_on=body.asked_on,
        occasion=body.occasion,
        necessity={each.data_category: each.why for each in body.necessity},
        answers={x.question: {"answer": x.answer, "note": x.note} for x in body.answers},
        data_categories=sorted(own.referral.data_categories),
        sha256=package.sha256,
        drafted_by=own.referral.created_by,
        prepared_by=ctx.actor.user_id,
        requested_at=ctx.now,
        valid_until=ctx.now + TO_DECIDE,
    )
    ctx.db.add(duty)
    await ctx.db.flush()
    ctx.db.add(
        DutyPackage(
            municipal_area_id=duty.municipal_area_id,
            id=duty.id,
            case_id=duty.case_id,
            content=package.content,
        )
    )
    return duty


async def withdraw_duty(ctx: Context, duty_id: UUID, expected: Expected) -> UUID:
    """Take a request or an unused approval back: for whoever works on the case."""
    case_id = await ctx.db.scalar(select(Duty.case_id).where(Duty.id == duty_id))
    if case_id is None:
        raise NotFound
    await find_case(ctx, case_id)  # before the duty, as the closing of a case locks them
    duty = await locked(ctx.db, Duty, duty_id, expected)
    move(ctx, duty, Step.WITHDRAW, Side.TEAM)
    await journal.record(ctx.db, "duty.withdraw", "duty", duty_id, clients=[duty.client_pseudonym])
    return duty_id


async def withdraw_with_draft(ctx: Context, referral_id: UUID) -> None:
    """Take back what is open for a draft that ends."""
    statement = (
        select(Duty)
        .where(Duty.referral_id == referral_id, Duty.state.in_(list(map(str, OPEN))))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for duty in (await ctx.db.scalars(statement)).all():
        move(ctx, duty, Step.WITHDRAW, Side.SYSTEM)
        await journal.record(ctx.db, "duty.withdraw", "duty", duty.id, clients=[duty.client_pseudonym])


def move(ctx: Context, duty: Duty, step: Step, side: Side) -> None:
    """Move a locked duty; 409 names the steps that lead on."""
    target = WAY.target_of(step, duty.state, side)
    if target is None:
        raise WrongState(
            "The duty is in another state.", state=duty.state, allowed=WAY.steps_from(duty.state)
        )
    duty.state = target
    if target not in OPEN:
        duty.ended_at = ctx.now


async def consent_is_there(ctx: Context, referral: Referral, institution_id: UUID) -> bool:
    """Return whether the client has agreed to this very disclosure, so that no duty is needed."""
    missing = await missing_consent(
        ctx,
        client_id=referral.client_id,
        case_id=referral.case_id,
        recipient_id=institution_id,
        purpose=PURPOSE,
        categories=referral.data_categories,
        direction=Direction.TO,
        on=local_date(ctx.now),
    )
    return not missing


async def _norm(ctx: Context, own: Own, institution: Institution, body: DutyRequest) -> Norm:
    """Return the norm, which must fit the draft, the recipient and what was asked."""
    require_code("duty_norm", body.norm, "body.norm")
    norm, referral = NORMS[body.norm], own.referral
    if norm.basis != referral.legal_basis or institution.institution_type not in norm.recipients:
        raise Invalid.at("body.norm", "other_basis", "This norm is not of the draft's basis and recipient.")
    require_preparable(
        referral.legal_basis,
        await unit_of(ctx, own.request.unit_id),
        institution,
        channel=own.request.channel,
        categories=referral.data_categories,
        necessity=None,
    )
    if referral.concern_code != CONCERNS[norm.on_request]:
        raise Invalid.at("body.norm", "other_concern", "The concern of the draft says something else.")
    if norm.on_request != (body.asked_by is not None) or norm.on_request != (body.asked_on is not None):
        raise Invalid.at(
            "body.asked_by", "on_request_only", "Say who asked and when where the norm needs a request only."
        )
    _require_past(ctx, body.asked_on)
    named = [each.data_category for each in body.necessity]
    if sorted(named) != sorted(referral.data_categories):
        raise Invalid.at("body.necessity", "other_categories", "Say it once for each category of the draft.")
    return norm


def _require_past(ctx: Context, day: date | None) -> None:
    if day is not None and day > local_date(ctx.now):
        raise Invalid.at("body.asked_on", "in_the_future", "It was asked today at the latest.")


def _answers(norm: str, given: list[AnswerTo]) -> dict[str, bool]:
    """Return the answers by question; 422 names what is not asked, asked and not answered, or unexplained."""
    for place, each in enumerate(given):
        require_code("duty_question", each.question, f"body.answers.{place}.question")
        if each.answer and each.question in EXPLAINED and each.note is None:
            raise Invalid.at(f"body.answers.{place}.note", "missing", "Say why.")
    answers = {each.question: each.answer for each in given}
    asked = questions(norm, entrusted=answers.get("entrusted"))
    if len(answers) < len(given) or set(answers) != set(asked):
        raise Invalid.at("body.answers", "other_questions", f"Answer each once: {', '.join(asked)}.")
    return answers


async def _require_alone(ctx: Context, own: Own, institution: Institution) -> None:
    """Raise 409 for a restricted person, where a consent is there, and for one too many."""
    driver = await ctx.db.driver()
    if await driver.fetchval(_RESTRICTED, own.case.case_id):
        raise Conflict("Nothing of a restricted person leaves without consent.", code="restricted_person")
    if await consent_is_there(ctx, own.referral, institution.id):
        raise Conflict("The client has agreed: draft it on the consent.", code="consent_given")
    open_one = select(Duty.id).where(Duty.referral_id == own.request.id, Duty.state.in_(list(map(str, OPEN))))
    if await ctx.db.scalar(open_one) is not None:
        raise Conflict("There is an open request for this draft.", code="duty_open")
    if await driver.fetchval(_LATELY, own.case.unit_id, institution.id, ctx.now - DAY) >= MOST_IN_A_DAY:
        raise Conflict("Nothing goes to such an authority in bulk.", code="duties_in_bulk")
