"""Writing a letter: its facts are read, safe contact is asked, it is rendered and kept as a document."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from app.access.context import Context
from app.audit import journal
from app.cases.subject import Subject, open_case
from app.catalogues.check import require_code, vocabulary
from app.clients.package import collect
from app.consents.rules import TOO_LONG, default_end, latest_end, recipient_fits
from app.consents.texts import BINDING_LANGUAGE, languages_of, shipped
from app.documents.actions import add_to_case
from app.documents.receiving import store_sealed
from app.documents.shelf import Shelf
from app.documents.store import StoreAway, name_in
from app.kit.clock import local_date
from app.kit.deadlines import require_not_past
from app.kit.errors import Conflict, Incomplete, Invalid
from app.letters import composing, languages
from app.letters.composing import Facts
from app.letters.rendering import render
from app.letters.schemas import (
    AppointmentLetter,
    ConsentLetter,
    CounsellingLetter,
    HandoverLetter,
    LetterWrite,
    PrivacyLetter,
)
from app.organisations.queries import find_receiving_unit

BY_CLIENT = "client"
_FACTS = """SELECT p.given_name || ' ' || p.family_name AS name, p.birth_date, p.birth_precision, p.no_post,
p.contact_channels, p.is_restricted, c.number, u.name AS unit,
u.street || ', ' || u.postcode || ' ' || u.town AS office, me.display_name AS sender
FROM cases c
JOIN clients p ON p.municipal_area_id = c.municipal_area_id AND p.id = c.client_id
JOIN units u ON u.municipal_area_id = c.municipal_area_id AND u.id = c.unit_id
JOIN users me ON me.municipal_area_id = c.municipal_area_id AND me.id = ctx_user()
WHERE c.id = $1"""
_PACKAGE = """SELECT q.channel, k.content, k.withheld_at, i.name AS institution, r.concern_code,
r.concern_text
FROM referrals r
JOIN referral_requests q ON q.municipal_area_id = r.municipal_area_id AND q.id = r.id
JOIN institutions i ON i.municipal_area_id = q.municipal_area_id AND i.id = q.institution_id
LEFT JOIN referral_packages k ON k.municipal_area_id = r.municipal_area_id AND k.id = r.id
WHERE r.id = $1 AND r.case_id = $2"""
_CONTACT = """SELECT happened_at, minutes, contact_type FROM contacts
WHERE id = $1 AND case_id = $2 AND corrected_by_id IS NULL"""
_INSTITUTION = "SELECT name FROM institutions WHERE id = $1"
_PRESENT = frozenset({"office", "visit", "accompanied"})
"""Contacts at which the client was there in person."""

Content = dict[str, Any]


async def write_letter(ctx: Context, shelf: Shelf, case_id: UUID, body: LetterWrite) -> UUID:
    """Write a letter and return the document that it is kept as.

    Raises 409 where safe contact forbids post, no address is known, or what the letter rests on is not there.
    """
    subject = await open_case(ctx, case_id)
    facts = await _facts(ctx, subject, getattr(body, "delivery", "handed_over"))
    content = await _KINDS[type(body)](ctx, subject, facts, body)
    incoming = await store_sealed(shelf, ctx.actor.municipal_area_id, await render(content))
    try:
        made = await add_to_case(
            ctx, case_id, incoming, title=content["title"]["de"], category="letter", source="letter"
        )
        await journal.record(ctx.db, f"letter.{body.kind}", "document", made, clients=[subject.pseudonym])
    except BaseException:
        with suppress(StoreAway):
            await shelf.store.delete(name_in(incoming.area, str(incoming.blob_id)))
        raise
    return made


async def _facts(ctx: Context, subject: Subject, delivery: str) -> Facts:
    driver = await ctx.db.driver()
    row = await driver.fetchrow(_FACTS, subject.case_id)
    return Facts(
        unit=row["unit"],
        office=row["office"],
        sender=row["sender"],
        case_number=row["number"],
        name=row["name"],
        birth_date=row["birth_date"] if row["birth_precision"] == "day" else None,
        today=local_date(ctx.now),
        address=await _address(ctx, subject, row) if delivery == "post" else None,
    )


async def _address(ctx: Context, subject: Subject, client: Any) -> tuple[str, ...]:
    """Return where a letter reaches the client; the rules are those of every package."""
    channels = client["contact_channels"]
    if client["no_post"] or client["is_restricted"] or (channels is not None and "post" not in channels):
        raise Conflict("Safe contact: this client gets no post. Hand the letter over.", code="post_forbidden")
    known = await collect(ctx, subject.client_id, {"contact": ("address",)})
    address = known.get("contact", {}).get("address")
    if not address:
        raise Incomplete("No address is known to which a letter may go.", missing=["address"])
    town = " ".join(address[part] for part in ("postcode", "town") if part in address)
    care_of = f"c/o {address['care_of']}" if "care_of" in address else ""
    return tuple(line for line in (care_of, address.get("street", ""), town) if line)


async def _appointment(_: Context, __: Subject, facts: Facts, body: AppointmentLetter) -> Content:
    require_not_past(local_date(body.starts_at), facts.today, "body.starts_at", what="An appointment")
    return composing.appointment(
        facts,
        body.language,
        starts_at=body.starts_at,
        place=body.place,
        with_interpreter=body.with_interpreter,
    )


async def _privacy(_: Context, __: Subject, facts: Facts, body: PrivacyLetter) -> Content:
    other = languages.privacy_notice(body.language) if body.language else None
    return composing.privacy_notice(facts, body.language, languages.privacy_notice(BINDING_LANGUAGE), other)


async def _consent(ctx: Context, _: Subject, facts: Facts, body: ConsentLetter) -> Content:
    require_code("consent_purpose", body.purpose, "body.purpose")
    for place, code in enumerate(body.data_categories):
        require_code("data_category", code, f"body.data_categories.{place}")
    named = {"institution": body.institution_id, "receiving_unit": body.receiving_unit_id}
    if not recipient_fits(body.purpose, **{name: value is not None for name, value in named.items()}):
        raise Invalid.at("body.institution_id", "exact_recipient", "A consent names exactly one recipient.")
    institution = None
    if body.receiving_unit_id is not None:
        unit = await find_receiving_unit(ctx, body.receiving_unit_id)
        if unit is None:
            raise Invalid.at("body.receiving_unit_id", "unknown_reference", "There is no such unit.")
        institution = unit.name
    if body.institution_id is not None:
        institution = await (await ctx.db.driver()).fetchval(_INSTITUTION, body.institution_id)
        if institution is None:
            raise Invalid.at("body.institution_id", "unknown_institution", "There is no such institution.")
    german = shipped().get((body.purpose, BINDING_LANGUAGE, body.text_version))
    if german is None:
        raise Invalid.at("body.text_version", "unknown_text", "There is no such version for this purpose.")
    other = shipped().get((body.purpose, body.language, body.text_version)) if body.language else None
    if body.language and other is None:
        beside = [code for code in languages_of(body.purpose, body.text_version) if code != BINDING_LANGUAGE]
        known = ", ".join(beside) or "no other language"
        raise Invalid.at("body.language", "no_text", f"Beside German the text exists in: {known}.")
    until = body.valid_until or default_end(facts.today)
    require_not_past(until, facts.today, "body.valid_until", what="A consent")
    if until > latest_end(facts.today):
        raise Invalid.at("body.valid_until", "too_long", TOO_LONG)
    return composing.consent_form(
        facts,
        body.language,
        languages.prose_of(german.text),
        languages.prose_of(other.text) if other else None,
        institution=institution,
        categories=body.data_categories,
        direction=str(body.direction),
        valid_until=until,
    )


async def _handover(ctx: Context, subject: Subject, facts: Facts, body: HandoverLetter) -> Content:
    row = await (await ctx.db.driver()).fetchrow(_PACKAGE, body.referral_id, subject.case_id)
    if row is None:
        raise Invalid.at("body.referral_id", "unknown_referral", "This is no referral of the case.")
    if row["channel"] != BY_CLIENT:
        raise Conflict("The client does not carry this referral themselves.", code="not_carried_by_client")
    if row["content"] is None:
        raise Incomplete("The referral is not sent yet: its package is not fixed.", missing=["package"])
    if row["withheld_at"] is not None:
        raise Conflict("The consent behind the package was withdrawn.", code="package_withheld")
    package = orjson.loads(row["content"])
    code = row["concern_code"]
    concern = vocabulary("authority_concern")[code].label_de if code else row["concern_text"]
    return composing.handover(
        facts,
        institution=row["institution"],
        concern=concern,
        offer=package.get("offer", {}).get("name"),
        package=package["data"],
        disputed=package.get("disputed", {}),
    )


async def _counselling(ctx: Context, subject: Subject, facts: Facts, body: CounsellingLetter) -> Content:
    row = await (await ctx.db.driver()).fetchrow(_CONTACT, body.contact_id, subject.case_id)
    if row is None:
        raise Invalid.at("body.contact_id", "unknown_contact", "This is no contact of the case.")
    if row["contact_type"] not in _PRESENT:
        raise Conflict("At this contact the client was not present in person.", code="not_present")
    on: date = local_date(row["happened_at"])
    return composing.counselling_confirmation(facts, on=on, minutes=row["minutes"])


_KINDS: dict[type, Callable[..., Awaitable[Content]]] = {
    AppointmentLetter: _appointment,
    PrivacyLetter: _privacy,
    ConsentLetter: _consent,
    HandoverLetter: _handover,
    CounsellingLetter: _counselling,
}
