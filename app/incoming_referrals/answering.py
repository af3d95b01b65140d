"""What the unit does: give it to somebody, ask, accept, reject, note that it was ended afterwards."""

from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select

from app.access.context import Context
from app.audit import journal
from app.cases.actions.opening import open_new, require_unit_of_client
from app.cases.schemas.cases import CaseOpen
from app.cases.subject import Subject, open_case
from app.cases.tasks.actions import create_task
from app.cases.tasks.schemas import TaskCreate
from app.clients.guardians.actions import record_guardian
from app.clients.guardians.schemas import GuardianCreate
from app.clients.models import Client
from app.clients.registration import create_client
from app.clients.schemas import ClientCreate
from app.clients.warnings import keep_warnings
from app.directory.models import Institution
from app.incoming_referrals.events import IncomingReferralAssigned
from app.incoming_referrals.models import IncomingReceipt, IncomingReferral, ReceivedData
from app.incoming_referrals.rules import (
    NOT_DISCLOSED,
    PROTECTION,
    REJECTIONS,
    STOPPED,
    TO_REPLY,
    Side,
    Step,
    is_under_age,
    tells_too_much,
)
from app.incoming_referrals.schemas import IncomingAccept, IncomingAsk, IncomingAssign, IncomingReject
from app.incoming_referrals.steps import require_led, say, take
from app.inquiries.actions import mine
from app.inquiries.models import Inquiry, InquiryContent
from app.inquiries.referred import follow_acceptance, follow_rejection
from app.kit.changes import locked
from app.kit.clock import local_date, months_later
from app.kit.errors import Invalid, NotFound, WrongState
from app.kit.versions import Expected
from app.referrals.actions.parties import held_recipient

_ASSIGN = "SELECT assign_incoming($1, $2)"
_WAITS = """SELECT unit_id FROM inquiries
WHERE id = $1 AND referral = 'unanswered' AND state IN ('open', 'waiting')"""
_WORKS_AT = "SELECT works_at($1, $2)"
_COLLEAGUES = """SELECT u.display_name FROM memberships m
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id WHERE m.unit_id = $1"""
_SAFE_CONTACT = ("no_post", "no_voicemail", "no_interpreter_of_same_circle", "must_not_learn")
_NEVER = Expected(None)
TO_INFORM = "Über erhaltene Daten informieren (Art. 14 DSGVO)"


async def assign(ctx: Context, incoming_id: UUID, body: IncomingAssign) -> UUID:
    """Give what waits to a case manager of the unit, who alone reads it from then on.

    Raises 404 for what does not wait at one's unit, 422 for somebody who is no case manager there.
    """
    driver = await ctx.db.driver()
    unit_id = await driver.fetchval(_WAITS, incoming_id)
    if unit_id is None:
        raise NotFound
    if not await driver.fetchval(_WORKS_AT, body.user_id, unit_id):
        raise Invalid.at("body.user_id", "not_of_the_unit", "There is no such case manager at the unit.")
    if not await driver.fetchval(_ASSIGN, incoming_id, body.user_id):
        raise NotFound
    await journal.record(
        ctx.db, "incoming_referral.assign", "incoming_referral", incoming_id, changed=["responsible_id"]
    )
    await ctx.publish(IncomingReferralAssigned(incoming_id, body.user_id))
    return incoming_id


async def ask(ctx: Context, incoming_id: UUID, body: IncomingAsk, expected: Expected) -> UUID:
    """Ask the institution back; it is its turn until it replies.

    Raises 422 for a text that tells too much, 409 for an institution that is not active.
    """
    incoming, _, _ = await _held(ctx, incoming_id, Step.ASK, expected)
    if body.question == "other" and body.text is None:
        raise Invalid.at("body.text", "missing", "Say what you want to know.")
    await held_recipient(ctx, incoming.institution_id)
    await _require_tellable(ctx, incoming, body.text)
    say(ctx, incoming, Step.ASK, Side.UNIT, body.text, body.question)
    incoming.waits_since, incoming.deadline_at, incoming.reminded = ctx.now, ctx.now + TO_REPLY, 0
    await take(ctx, incoming, Step.ASK, Side.UNIT)
    return incoming_id


async def reject(ctx: Context, incoming_id: UUID, body: IncomingReject, expected: Expected) -> UUID:
    """Decline; the institution is told a reason that speaks of the unit, or that none is told.

    Raises 409 for a text to an institution that is not active: without one it is declined all the same.
    """
    incoming, inquiry, said = await _held(ctx, incoming_id, Step.REJECT, expected)
    told, counted = REJECTIONS[body.reason]
    if body.text is not None:
        if told == NOT_DISCLOSED:
            raise Invalid.at("body.text", "not_told", "Of this reason the institution is told nothing.")
        await held_recipient(ctx, incoming.institution_id)
        await _require_tellable(ctx, incoming, body.text)
        say(ctx, incoming, Step.REJECT, Side.UNIT, body.text)
    incoming.reason = told
    incoming.answered_at = incoming.closed_at = ctx.now
    follow_rejection(ctx, inquiry, said, counted)
    await take(ctx, incoming, Step.REJECT, Side.UNIT)
    return incoming_id


async def accept(ctx: Context, incoming_id: UUID, body: IncomingAccept, expected: Expected) -> UUID:
    """Take the person on: a client and a case come of it, and a task to inform them about what was received.

    A client who is there already keeps the institution's warnings as well, also when it ends the referral.
    Raises 409 `possible_duplicate` as any registration, 404 for a client or case that the actor does not see,
    422 for a case of somebody else, and for a client of another unit (`other_unit`).
    """
    incoming, inquiry, said = await _held(ctx, incoming_id, Step.ACCEPT, expected)
    found = await ctx.db.scalar(select(ReceivedData).where(ReceivedData.id == incoming_id))
    if not isinstance(found, ReceivedData):
        raise NotFound
    content = orjson.loads(found.content)
    source = await ctx.db.scalar(select(Institution.name).where(Institution.id == incoming.institution_id))
    client_id = await _client(ctx, incoming, content, body, str(source))
    subject = await _case(ctx, incoming, said, body, client_id)
    ctx.db.add(
        IncomingReceipt(
            municipal_area_id=incoming.municipal_area_id,
            id=incoming_id,
            client_id=client_id,
            case_id=subject.case_id,
            accepted_by=ctx.actor.user_id,
            accepted_at=ctx.now,
        )
    )
    await ctx.db.flush()
    await _remember_to_inform(ctx, incoming, subject, str(source))
    restricted = await ctx.db.scalar(select(Client.is_restricted).where(Client.id == client_id))
    follow_acceptance(ctx, inquiry, said, subject.case_id, is_restricted=bool(restricted))
    incoming.answered_at = ctx.now
    await take(ctx, incoming, Step.ACCEPT, Side.UNIT, clients=(subject.pseudonym,))
    return incoming_id


async def acknowledge_end(ctx: Context, incoming_id: UUID) -> UUID:
    """Note that one knows that it was ended after the acceptance: nothing further rests on it."""
    receipt = await locked(ctx.db, IncomingReceipt, incoming_id)
    incoming = await locked(ctx.db, IncomingReferral, incoming_id)
    if incoming.state not in STOPPED or receipt.end_acknowledged_at is not None:
        state = "acknowledged" if receipt.end_acknowledged_at else incoming.state
        raise WrongState("There is nothing to acknowledge.", state=state, allowed=[])
    receipt.end_acknowledged_at = ctx.now
    pseudonym = await ctx.db.scalar(select(Client.pseudonym).where(Client.id == receipt.client_id))
    clients = [pseudonym] if pseudonym else []
    await journal.record(
        ctx.db, "incoming_referral.acknowledge_end", "incoming_referral", incoming_id, clients=clients
    )
    return incoming_id


async def _held(
    ctx: Context, incoming_id: UUID, step: Step, expected: Expected
) -> tuple[IncomingReferral, Inquiry, InquiryContent]:
    """Return the referral and its inquiry, locked; 404 unless one is responsible, 409 from a wrong state."""
    incoming = await locked(ctx.db, IncomingReferral, incoming_id, expected)
    require_led(incoming, step, Side.UNIT)
    inquiry, said = await mine(ctx, incoming_id, _NEVER)
    return incoming, inquiry, said


async def _require_tellable(ctx: Context, incoming: IncomingReferral, text: str | None) -> None:
    if text is None:
        return
    rows = await (await ctx.db.driver()).fetch(_COLLEAGUES, incoming.unit_id)
    found = tells_too_much(text, [row["display_name"] for row in rows])
    if found is not None:
        raise Invalid.at(
            "body.text", f"tells_{found}", "The institution is told no number, no address and no colleague."
        )


async def _client(
    ctx: Context, incoming: IncomingReferral, content: dict[str, Any], body: IncomingAccept, source: str
) -> UUID:
    """Return the client they are already, with the institution's warnings, or register them."""
    if body.client_id is None:
        return await _register(ctx, incoming, content, body, source)
    await keep_warnings(ctx, body.client_id, _warnings(content))
    return body.client_id


def _warnings(content: dict[str, Any]) -> dict[str, Any]:
    """Return what the institution says that protects the person, under the names of the client's fields."""
    contact = content["contact"]
    return {
        "is_restricted": content["needs_protection"] or PROTECTION in content["concerns"],
        "contact_channels": contact["channels"],
        **{name: contact[name] for name in _SAFE_CONTACT},
    }


async def _register(
    ctx: Context, incoming: IncomingReferral, content: dict[str, Any], body: IncomingAccept, source: str
) -> UUID:
    """Register the person as received, after the look for duplicates that any registration makes."""
    person, contact = content["person"], content["contact"]
    known = person["birth_date"]
    born = date.fromisoformat(known) if known else date(person["birth_year"], 1, 1)
    client_id = await create_client(
        ctx,
        ClientCreate(
            unit_id=incoming.unit_id,
            given_name=person["given_name"],
            family_name=person["family_name"],
            birth_date=born,
            birth_precision="day" if known else "year",
            needs_interpreter=person["needs_interpreter"],
            contact_language=person["language"],
            phone=contact["phone"],
            email=contact["email"],
            contact_times=contact["times"],
            not_duplicate_of=body.not_duplicate_of,
            confirm_new=body.confirm_new,
            **_warnings(content),
        ),
    )
    await ctx.db.flush()
    guardian = person["guardian"]
    if guardian is not None and is_under_age(born, None, local_date(ctx.now)):
        await record_guardian(
            ctx,
            client_id,
            GuardianCreate(
                kind=guardian["kind"],
                name=guardian["name"],
                reachable=guardian["reachable"],
                scope=["custody"],
                evidence=f"Angabe von {source}"[:300],
            ),
        )
    return client_id


async def _case(
    ctx: Context, incoming: IncomingReferral, said: InquiryContent, body: IncomingAccept, client_id: UUID
) -> Subject:
    """Return the case that goes on with the person, or open one; both hold it against a closing."""
    if body.case_id is not None:
        subject = await open_case(ctx, body.case_id)
        if subject.client_id != client_id:
            raise Invalid.at("body.case_id", "of_another_person", "The case belongs to another person.")
        require_unit_of_client(subject.unit_id, incoming.unit_id)
        return subject
    opening = CaseOpen(
        client_id=client_id,
        kind=body.kind,
        access_route=said.access_route,
        unit_id=incoming.unit_id,
        concern=said.note,
    )
    return await open_case(ctx, await open_new(ctx, opening))


async def _remember_to_inform(
    ctx: Context, incoming: IncomingReferral, subject: Subject, source: str
) -> None:
    """Make a task of it: within a month the person learns what was received, and from whom."""
    today, received_on = local_date(ctx.now), local_date(incoming.requested_at)
    note = f"Quelle: {source}. Erhalten am {received_on:%d.%m.%Y}. Frist: ein Monat (Art. 14 Abs. 3 DSGVO)."
    due_on = max(today, months_later(received_on, 1))
    await create_task(
        ctx,
        subject.case_id,
        TaskCreate(title=TO_INFORM, note=note, due_on=due_on, participants=[]),
    )
