"""Recording a consent; how it ends is in `withdrawing`."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal
from app.catalogues.check import require_code
from app.clients.guardians.queries import running_mandates
from app.clients.guardians.rules import lacking
from app.clients.models import Client
from app.consents.events import ConsentRenewed
from app.consents.models import Consent, ConsentGuardian
from app.consents.renewal import require_followed
from app.consents.rules import (
    FEEDBACK,
    NEVER_SPOKEN,
    OWN_PURPOSES,
    SPECIAL_CATEGORIES,
    TOO_LONG,
    Direction,
    Form,
    GivenBy,
    default_end,
    is_minor,
    latest_end,
    recipient_fits,
)
from app.consents.schemas import ConsentCreate
from app.consents.texts import digest_of, languages_of, versions_of
from app.documents.evidence import rest_on
from app.kit.clock import local_date, not_ahead
from app.kit.errors import Conflict, Invalid
from app.kit.ids import new_id
from app.organisations.queries import ReceivingUnit, find_receiving_unit

_CLIENT = select(Client.unit_id, Client.pseudonym, Client.birth_date).where(Client.id == bindparam("id"))
_WITHDRAWN_SINCE = "SELECT consent_withdrawn_since($1, $2, $3, $4, $5, $6)"

_GUARDIANS = {
    "unknown": "Name those of the recorded guardians who consented and decide on that day.",
    "must_not_learn": "This guardian must not learn anything, so they are not asked.",
    "scope": "What the guardian decides about does not reach these data.",
    "joint": "Joint guardians consent together: name all of them.",
}


async def record_consent(ctx: Context, body: ConsentCreate) -> UUID:
    """Record a consent; 422 names what makes it invalid, 409 `withdrawn_since` what was taken back since."""
    await require_relation(ctx, client_id=body.client_id)
    if body.case_id is not None:
        await _require_case_of(ctx, body)
    if (given_at := not_ahead(body.given_at, ctx.now)) is None:
        raise Invalid.at("body.given_at", "in_the_future", "A consent is recorded after it was given.")
    body = body.model_copy(update={"given_at": given_at})
    given_on = local_date(body.given_at)
    client = (await ctx.db.execute(_CLIENT, {"id": body.client_id})).one()
    withdrawn_at = await _withdrawn_since(ctx, body)
    _check_recipient(body)
    _check_direction(body)
    receiving = await _receiving_unit(ctx, body, client.unit_id)
    _check_categories(body)
    _check_form(body)
    _check_giver(body, client.birth_date, given_on)
    guardians = await _guardians(ctx, body, client.birth_date, given_on)
    end = body.valid_until or default_end(given_on)
    if end < given_on:
        raise Invalid.at("body.valid_until", "before_start", "A consent ends after it was given.")
    if end > latest_end(given_on):
        raise Invalid.at("body.valid_until", "too_long", TOO_LONG)
    if body.follows_id is not None:
        await require_followed(ctx, body, end)
    if withdrawn_at is not None:
        raise Conflict(
            "The client has withdrawn this since: ask anew, and record what is given then.",
            code="withdrawn_since",
            withdrawn_at=withdrawn_at,
        )
    if body.evidence_document_id is not None:
        place = "body.evidence_document_id"
        await rest_on(ctx, body.evidence_document_id, clients=[body.client_id], place=place)
    consent = Consent(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        unit_id=client.unit_id if body.purpose in OWN_PURPOSES else None,
        receiving_area_id=receiving.municipal_area_id if receiving else None,
        receiving_unit_name=receiving.name if receiving else None,
        text_sha256=_digest(body),
        given_on=given_on,
        valid_until=end,
        recorded_by=ctx.actor.user_id,
        **body.model_dump(exclude={"valid_until", "guardian_ids"}),
    )
    ctx.db.add(consent)
    await ctx.db.flush()
    if guardians:
        ctx.db.add_all(_named(ctx, consent.id, guardians))
    await journal.record(
        ctx.db, "consent.record", "consent", consent.id, clients=[client.pseudonym], purpose=body.purpose
    )
    if body.follows_id is not None:
        await ctx.publish(ConsentRenewed(consent.id, body.client_id))
    return consent.id


async def _withdrawn_since(ctx: Context, body: ConsentCreate) -> datetime | None:
    """Hold the client against a withdrawal before any row; return when the last told one took this back."""
    driver = await ctx.db.driver()
    told: datetime | None = await driver.fetchval(
        _WITHDRAWN_SINCE, body.client_id, body.case_id, body.institution_id, body.receiving_unit_id,
        body.purpose, body.given_at,
    )  # fmt: skip
    return told


async def _require_case_of(ctx: Context, body: ConsentCreate) -> None:
    await require_relation(ctx, case_id=body.case_id)
    driver = await ctx.db.driver()
    of_client = "SELECT EXISTS (SELECT FROM cases WHERE id = $1 AND client_id = $2)"
    if not await driver.fetchval(of_client, body.case_id, body.client_id):
        raise Invalid.at("body.case_id", "of_another_client", "The case belongs to another client.")


def _check_recipient(body: ConsentCreate) -> None:
    require_code("consent_purpose", body.purpose, "body.purpose")
    named = {"institution": body.institution_id, "receiving_unit": body.receiving_unit_id}
    if not recipient_fits(body.purpose, **{name: value is not None for name, value in named.items()}):
        raise Invalid.at(
            "body.institution_id",
            "exact_recipient",
            "A consent names exactly one recipient: an institution, for a transfer the receiving unit, or for"
            " its own purposes the unit itself.",
        )


async def _receiving_unit(ctx: Context, body: ConsentCreate, own: UUID) -> ReceivingUnit | None:
    if body.receiving_unit_id is None:
        return None
    found = await find_receiving_unit(ctx, body.receiving_unit_id)
    if found is None or found.id == own:
        raise Invalid.at(
            "body.receiving_unit_id",
            "unknown_reference",
            "There is no such other unit that takes cases over.",
        )
    return found


def _check_direction(body: ConsentCreate) -> None:
    if body.purpose == FEEDBACK and body.direction is Direction.TO:
        raise Invalid.at(
            "body.direction", "nothing_told_back", "Feedback comes from the recipient: send from or mutual."
        )


def _check_categories(body: ConsentCreate) -> None:
    for position, code in enumerate(body.data_categories):
        require_code("data_category", code, f"body.data_categories.{position}")
    named = set(body.data_categories)
    if len(named) < len(body.data_categories):
        raise Invalid.at("body.data_categories", "repeated", "Each data category is named once.")
    if sorted(body.special_categories) != sorted(named & SPECIAL_CATEGORIES):
        raise Invalid.at(
            "body.special_categories",
            "special_categories_not_named",
            "Special categories (Art. 9 and 10 GDPR) are named explicitly, exactly those consented to.",
        )


def _check_form(body: ConsentCreate) -> None:
    spoken = body.form is Form.SPOKEN
    if spoken != (body.special_circumstance is not None):
        raise Invalid.at(
            "body.special_circumstance",
            "special_circumstance",
            "A spoken consent states its special circumstance; any other form has none.",
        )
    if spoken and set(body.data_categories) & NEVER_SPOKEN:
        raise Invalid.at(
            "body.form", "not_spoken", "These data categories need a written or electronic form."
        )
    if body.interpreter_used != (body.interpreter is not None):
        raise Invalid.at("body.interpreter", "interpreter", "Say who interpreted, if anybody did.")


def _check_giver(body: ConsentCreate, birth_date: date | None, given_on: date) -> None:
    if is_minor(birth_date, given_on) and body.given_by is GivenBy.CLIENT:
        raise Invalid.at(
            "body.given_by",
            "guardian_or_capacity",
            "For a minor a guardian consents, or the minor's own capacity is noted.",
        )
    is_named = body.guardian is not None or bool(body.guardian_ids)
    if (body.given_by is GivenBy.GUARDIAN) != is_named or (body.guardian is not None and body.guardian_ids):
        raise Invalid.at("body.guardian", "guardian", "Name the guardian, if a guardian consented.")
    if (body.given_by is GivenBy.MINOR_WITH_CAPACITY) != (body.capacity_note is not None):
        raise Invalid.at("body.capacity_note", "capacity_note", "Note why the minor grasps what it means.")


async def _guardians(ctx: Context, body: ConsentCreate, born: date | None, given_on: date) -> dict[UUID, str]:
    """Return the recorded guardians who consented, by name; none where the name is free.

    Raises 422 unless they may, joint ones together. A guardian whom the actor does not see is none.
    """
    if body.given_by is not GivenBy.GUARDIAN:
        return {}
    running = await running_mandates(ctx, body.client_id, born, given_on)
    if not running and not body.guardian_ids:
        return {}
    why = lacking(body.guardian_ids, [mandate for mandate, _ in running], body.data_categories)
    if why is not None:
        raise Invalid.at("body.guardian_ids", f"guardian_{why}", _GUARDIANS[why])
    return {mandate.id: name for mandate, name in running if mandate.id in body.guardian_ids}


def _named(ctx: Context, consent_id: UUID, guardians: dict[UUID, str]) -> list[ConsentGuardian]:
    return [
        ConsentGuardian(
            municipal_area_id=ctx.actor.municipal_area_id,
            id=new_id(),
            consent_id=consent_id,
            guardian_id=guardian_id,
            name=name,
        )
        for guardian_id, name in guardians.items()
    ]


def _digest(body: ConsentCreate) -> str:
    require_code("language", body.text_language, "body.text_language")
    languages = languages_of(body.purpose, body.text_version)
    if not languages:
        versions = ", ".join(versions_of(body.purpose)) or "none yet"
        raise Invalid.at(
            "body.text_version",
            "unknown_text",
            f"There is no such version of a text for this purpose. Versions: {versions}.",
        )
    digest = digest_of(body.purpose, body.text_language, body.text_version)
    if digest is None:
        raise Invalid.at(
            "body.text_language",
            "no_text",
            f"The text exists in these languages: {', '.join(languages)}. For a text that an interpreter"
            " translated aloud, name the language of that text and who interpreted.",
        )
    return digest
