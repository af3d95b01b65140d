"""What an institution does: refer somebody, answer a question, take it back.

Nothing here looks for the person: statements, answers and time are the same for whoever is known.
"""

from typing import Any
from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.catalogues.check import require_code
from app.incoming_referrals.checking import check_basis, check_person
from app.incoming_referrals.models import IncomingReferral, ReceivedData
from app.incoming_referrals.rules import CONSENT, Side, State, Step, access_route, deadline
from app.incoming_referrals.schemas import IncomingRefer, IncomingReply, IncomingWithdraw
from app.incoming_referrals.steps import publish, require_led, say, take
from app.kit.changes import locked
from app.kit.clock import local_date
from app.kit.errors import Conflict, Invalid
from app.kit.ids import new_id
from app.kit.versions import Expected
from app.organisations.queries import ReferralUnit, find_referral_unit
from app.referrals.package import freeze

_ARRIVE = "SELECT arrive_incoming($1, $2, $3, $4, $5, $6, $7, $8, $9)"
_INSTITUTION = """SELECT i.id, i.institution_type,
    (SELECT (k.attributes ->> 'is_sgb_body')::boolean FROM catalogue_entries k
        WHERE k.vocabulary = 'institution_type' AND k.code = i.institution_type) AS is_sgb_body
FROM institutions i WHERE i.id = $1"""
_RULES_OF_CONTACT = {
    "no_post": "keine Post",
    "no_voicemail": "keine Nachricht auf Mailbox",
    "no_interpreter_of_same_circle": "keine Sprachmittlung aus demselben Umfeld",
}


async def refer(ctx: Context, body: IncomingRefer) -> UUID:
    """Send a referral to a unit, where it waits as an inquiry until its deadline and beyond.

    Raises 422 by place for what is missing or not covered, and for a unit that takes nobody.
    """
    today = local_date(ctx.now)
    check_person(body, today)
    institution = await _institution(ctx, body.institution_id)
    unit = await _unit(ctx, body)
    check_basis(body, today, between_sgb_bodies=bool(unit.is_sgb_body and institution["is_sgb_body"]))
    content = body.model_dump(mode="json", exclude={"institution_id", "unit_id", "municipality", "reference"})
    frozen = freeze(content)
    incoming = IncomingReferral(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        institution_id=UUID(str(institution["id"])),
        unit_id=unit.id,
        created_by=ctx.actor.user_id,
        reference=body.reference,
        urgency=body.urgency,
        legal_basis=body.legal_basis,
        state=State.REQUESTED,
        requested_at=ctx.now,
        waits_since=ctx.now,
        deadline_at=deadline(body.urgency, unit.referral_days, unit.urgent_referral_days, ctx.now),
        sha256=frozen.sha256,
    )
    ctx.db.add(incoming)
    await ctx.db.flush()
    ctx.db.add(
        ReceivedData(
            municipal_area_id=incoming.municipal_area_id,
            id=incoming.id,
            institution_id=incoming.institution_id,
            content=frozen.content,
            received_at=ctx.now,
        )
    )
    await ctx.db.flush()
    await (await ctx.db.driver()).execute(
        _ARRIVE,
        incoming.id,
        today,
        access_route(institution["institution_type"]),
        body.concerns,
        body.person.language,
        f"{body.person.given_name} {body.person.family_name}",
        _reachable(body),
        body.text,
        body.urgent_because,
    )
    await journal.record(
        ctx.db, "incoming_referral.refer", "incoming_referral", incoming.id, legal_basis=body.legal_basis
    )
    await publish(ctx, incoming, Step.REFER)
    return incoming.id


async def reply(ctx: Context, incoming_id: UUID, body: IncomingReply, expected: Expected) -> UUID:
    """Answer the unit's question: its time to decide begins anew."""
    incoming = await _ours(ctx, incoming_id, expected)
    require_led(incoming, Step.REPLY, Side.INSTITUTION)
    days = await (await ctx.db.driver()).fetchrow(
        "SELECT referral_days, urgent_referral_days FROM units WHERE id = $1", incoming.unit_id
    )
    say(ctx, incoming, Step.REPLY, Side.INSTITUTION, body.text)
    incoming.waits_since, incoming.reminded = ctx.now, 0
    incoming.deadline_at = deadline(
        incoming.urgency, days["referral_days"], days["urgent_referral_days"], ctx.now
    )
    await take(ctx, incoming, Step.REPLY, Side.INSTITUTION)
    return incoming_id


async def withdraw(ctx: Context, incoming_id: UUID, body: IncomingWithdraw, expected: Expected) -> UUID:
    """Take it back before the unit has decided: nobody there reads it any more."""
    incoming = await _ours(ctx, incoming_id, expected)
    require_led(incoming, Step.WITHDRAW, Side.INSTITUTION)
    incoming.withdraw_reason, incoming.closed_at = body.reason, ctx.now
    await take(ctx, incoming, Step.WITHDRAW, Side.INSTITUTION)
    return incoming_id


async def withdraw_consent(ctx: Context, incoming_id: UUID, expected: Expected) -> UUID:
    """Tell that the person took the consent back, also after the acceptance: what was received is stopped.

    Raises 409 for what does not rest on a consent.
    """
    incoming = await _ours(ctx, incoming_id, expected)
    require_led(incoming, Step.WITHDRAW_CONSENT, Side.INSTITUTION)
    if incoming.legal_basis != CONSENT:
        raise Conflict(
            "It does not rest on a consent: withdraw it, or say it was an error.", code="no_consent"
        )
    incoming.closed_at = ctx.now
    await take(ctx, incoming, Step.WITHDRAW_CONSENT, Side.INSTITUTION)
    return incoming_id


async def enter_in_error(ctx: Context, incoming_id: UUID, expected: Expected) -> UUID:
    """Say that it should never have been sent, say the wrong person: it is stopped, and soon erased."""
    incoming = await _ours(ctx, incoming_id, expected)
    require_led(incoming, Step.ENTER_IN_ERROR, Side.INSTITUTION)
    incoming.closed_at = ctx.now
    await take(ctx, incoming, Step.ENTER_IN_ERROR, Side.INSTITUTION)
    return incoming_id


async def _ours(ctx: Context, incoming_id: UUID, expected: Expected) -> IncomingReferral:
    return await locked(ctx.db, IncomingReferral, incoming_id, expected)


async def _institution(ctx: Context, wanted: UUID | None) -> Any:
    """Return in whose name somebody is referred; 422 for one that is not the actor's, or which of several."""
    mine = {each.place_id for each in ctx.actor.memberships}
    if wanted is None and len(mine) != 1:
        raise Invalid.at("body.institution_id", "missing", "You act for several institutions: name one.")
    if wanted is not None and wanted not in mine:
        raise Invalid.at("body.institution_id", "not_your_institution", "You refer in your own name only.")
    return await (await ctx.db.driver()).fetchrow(_INSTITUTION, wanted or next(iter(mine)))


async def _unit(ctx: Context, body: IncomingRefer) -> ReferralUnit:
    """Return the unit that is named, or the one that is responsible for a town; 422 where nobody takes it."""
    if (body.unit_id is None) == (body.municipality is None):
        raise Invalid.at("body.unit_id", "one_of_two", "Name a unit or the town where the person lives.")
    require_code("municipality", body.municipality, "body.municipality")
    unit = await find_referral_unit(ctx, body.unit_id, body.municipality)
    if unit is None:
        place = "unit_id" if body.municipality is None else "municipality"
        raise Invalid.at(f"body.{place}", "takes_no_referrals", "Nobody takes referrals there now.")
    return unit


def _reachable(body: IncomingRefer) -> str:
    """Return how the person is reached in one line, with what must not be done, which never gets lost."""
    contact = body.contact
    ways = [each for each in (contact.phone, contact.email, contact.in_words, contact.times) if each]
    rules = [words for name, words in _RULES_OF_CONTACT.items() if getattr(contact, name)]
    if contact.must_not_learn:
        rules.append(f"darf nicht erfahren: {contact.must_not_learn}")
    return "; ".join([*ways, *rules])
