"""Signing a consent on a device, and adding the scan of a paper to it."""

from uuid import UUID

import orjson
from sqlalchemy import select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal
from app.clients.models import Client
from app.consents.models import Consent, ConsentGuardian
from app.consents.rules import GivenBy
from app.consents.signatures.models import ConsentSignature
from app.consents.signatures.rules import FORMAT, repeated, takes_signature
from app.consents.signatures.schemas import ConsentSign, EvidenceAdd
from app.consents.texts import digest_of
from app.documents.evidence import rest_on
from app.kit.changes import locked
from app.kit.clock import local_date, not_ahead
from app.kit.errors import Conflict, Invalid, WrongState
from app.kit.ids import new_id
from app.kit.sealing import FieldKeys
from app.kit.versions import Expected

_SIGNED = """SELECT EXISTS (SELECT FROM consent_signatures
WHERE consent_id = $1 AND guardian_id IS NOT DISTINCT FROM $2)"""


def place_of(area: str, signature_id: UUID) -> tuple[str, str, str, str]:
    """Return where a block belongs; moved elsewhere it does not open."""
    return area, "consent_signatures", "sealed", str(signature_id)


async def sign_consent(ctx: Context, keys: FieldKeys, consent_id: UUID, body: ConsentSign) -> UUID:
    """Seal what was signed and return the block's id.

    Raises 409 for a paper, a withdrawn consent, another text than it names, and who has signed already; 422
    for a guardian who did not consent, and for a moment before the consent or to come.
    """
    consent = await _standing(ctx, consent_id, Expected(None))
    if not takes_signature(consent.form):
        raise Conflict("Only an electronic consent is signed on a device.", code="not_electronic")
    _require_text(consent, body.text_sha256)
    await _require_signer(ctx, consent, body.guardian_id)
    if (signed_at := not_ahead(body.signed_at, ctx.now)) is None:
        raise Invalid.at("body.signed_at", "in_the_future", "A signature is recorded after it was given.")
    body = body.model_copy(update={"signed_at": signed_at})
    if local_date(body.signed_at) < consent.given_on:
        raise Invalid.at(
            "body.signed_at", "before_start", "It is signed on the day of the consent, or later."
        )
    driver = await ctx.db.driver()
    if await driver.fetchval(_SIGNED, consent_id, body.guardian_id):
        raise Conflict("They have signed this consent already.", code="already_signed")
    signature_id = new_id()
    block = {
        "format": FORMAT,
        "consent_id": str(consent.id),
        "consent": repeated(consent),
        "guardian_id": body.guardian_id and str(body.guardian_id),
        "recorded_at": ctx.now.isoformat(),
        "recorded_by": str(ctx.actor.user_id),
        **body.model_dump(mode="json", exclude={"guardian_id"}),
    }
    sealed = orjson.dumps(block, option=orjson.OPT_SORT_KEYS).decode()
    ctx.db.add(
        ConsentSignature(
            municipal_area_id=consent.municipal_area_id,
            id=signature_id,
            consent_id=consent.id,
            signed_by=consent.given_by,
            guardian_id=body.guardian_id,
            text_sha256=body.text_sha256,
            signed_at=body.signed_at,
            device=body.device,
            sealed=keys.seal(sealed, *place_of(consent.municipal_area_id, signature_id)),
            recorded_at=ctx.now,
            recorded_by=ctx.actor.user_id,
        )
    )
    await ctx.db.flush()
    await _note(ctx, "consent.sign", consent)
    return signature_id


async def add_evidence(ctx: Context, consent_id: UUID, body: EvidenceAdd, expected: Expected) -> UUID:
    """Let a consent rest on the scan of its paper; 409 where it has one, 422 for another's document."""
    consent = await _standing(ctx, consent_id, expected)
    if consent.evidence_document_id is not None:
        raise Conflict("This consent has its document already, which stays.", code="evidence_there")
    await rest_on(ctx, body.document_id, clients=[consent.client_id], place="body.document_id")
    consent.evidence_document_id = body.document_id
    await ctx.db.flush()
    await _note(ctx, "consent.add_evidence", consent)
    return consent_id


async def _standing(ctx: Context, consent_id: UUID, expected: Expected) -> Consent:
    consent = await locked(ctx.db, Consent, consent_id, expected)
    await require_relation(ctx, client_id=consent.client_id)
    if consent.withdrawn_at is not None:
        raise WrongState("What was withdrawn takes no evidence any more.", state="withdrawn", allowed=[])
    return consent


def _require_text(consent: Consent, shown: str) -> None:
    known = digest_of(consent.purpose, consent.text_language, consent.text_version)
    if not consent.text_sha256 == known == shown:
        raise Conflict(
            "Another text was shown than the one that this consent names: show that one to be signed.",
            code="text_differs",
        )


async def _require_signer(ctx: Context, consent: Consent, guardian_id: UUID | None) -> None:
    named = select(ConsentGuardian.guardian_id).where(ConsentGuardian.consent_id == consent.id)
    guardians = set((await ctx.db.scalars(named)).all())
    may_be_nobody = consent.given_by != GivenBy.GUARDIAN or consent.guardian is not None
    if guardian_id not in guardians and not (guardian_id is None and may_be_nobody):
        raise Invalid.at(
            "body.guardian_id", "signer", "Whoever consented signs: name which of the guardians it is."
        )


async def _note(ctx: Context, action: str, consent: Consent) -> None:
    whose = select(Client.pseudonym).where(Client.id == consent.client_id)
    pseudonym = (await ctx.db.scalars(whose)).one()
    await journal.record(ctx.db, action, "consent", consent.id, clients=[pseudonym], purpose=consent.purpose)
