"""Reading signature blocks and holding them against what stands there today; each read is journalled."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import bindparam, select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal, reading
from app.clients.models import Client
from app.consents.models import Consent, ConsentText
from app.consents.signatures.actions import place_of
from app.consents.signatures.models import ConsentSignature
from app.consents.signatures.rules import FORMAT, differing, repeated
from app.consents.signatures.schemas import SignatureVerification
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes
from app.kit.sealing import FieldKeys, Unsealable

_SIGNATURE = (
    select(
        ConsentSignature.id,
        ConsentSignature.consent_id,
        ConsentSignature.signed_by,
        ConsentSignature.guardian_id,
        ConsentSignature.text_sha256,
        ConsentSignature.signed_at,
        ConsentSignature.device,
        ConsentSignature.recorded_at,
        ConsentSignature.recorded_by,
        Client.pseudonym.label("_client"),
    )
    .join(Consent, Consent.id == ConsentSignature.consent_id)
    .join(Client, Client.id == Consent.client_id)
    .where(ConsentSignature.consent_id == bindparam("consent_id"))
)
_ACTION, _TYPE = "consent.read_signatures", "consent_signature"
ONE = reading.one(_ACTION, _TYPE, _SIGNATURE.where(ConsentSignature.id == bindparam("id")))
OF_CONSENT = reading.many(_ACTION, _TYPE, _SIGNATURE, order=("id",))


async def read_signature(
    ctx: Context, consent_id: UUID, signature_id: UUID, *, status: int = 200
) -> JsonBytes:
    return await ONE.answer(ctx.db, status=status, consent_id=consent_id, id=signature_id)


async def list_signatures(ctx: Context, consent_id: UUID, page: PageRequest) -> JsonBytes:
    """Return who has signed a consent, the first one first; 404 for a consent that one does not see."""
    await _consent(ctx, consent_id)
    return await OF_CONSENT.answer(ctx.db, page, consent_id=consent_id)


async def verify_signature(
    ctx: Context, keys: FieldKeys, consent_id: UUID, signature_id: UUID
) -> SignatureVerification:
    """Open a block and compare it with its row, its consent and its text as they stand today."""
    consent = await _consent(ctx, consent_id)
    found = select(ConsentSignature).where(
        ConsentSignature.consent_id == consent_id, ConsentSignature.id == signature_id
    )
    signature = (await ctx.db.scalars(found)).one_or_none()
    if not isinstance(signature, ConsentSignature):
        raise NotFound
    whose = (await ctx.db.scalars(select(Client.pseudonym).where(Client.id == consent.client_id))).one()
    await journal.record(ctx.db, "consent.verify_signature", _TYPE, signature_id, clients=[whose])
    block = _opened(keys, signature)
    text_matches = await _text_matches(ctx, consent, signature.text_sha256)
    if block is None:
        state, differs = "unreadable", []
    else:
        differs = differing(block["consent"], repeated(consent))
        state = "consent_differs" if differs else "matches" if text_matches else "text_differs"
    return SignatureVerification.model_validate(
        {
            "signature_id": signature_id,
            "state": state,
            "differs": differs,
            "text_matches": text_matches,
            "signer_name": block and block["signer_name"],
            "signed_at": signature.signed_at,
            "device": signature.device,
            "strokes": block and block["strokes"],
        }
    )


def _opened(keys: FieldKeys, signature: ConsentSignature) -> dict[str, Any] | None:
    """Return the block; None where it does not open, or the row beside it says something else."""
    try:
        text = keys.unseal(signature.sealed, *place_of(signature.municipal_area_id, signature.id))
    except Unsealable:
        return None
    block: dict[str, Any] = orjson.loads(text)
    beside = {
        "format": FORMAT,
        "consent_id": str(signature.consent_id),
        "guardian_id": signature.guardian_id and str(signature.guardian_id),
        "text_sha256": signature.text_sha256,
        "device": signature.device,
        "recorded_by": str(signature.recorded_by),
    }
    moments = {"signed_at": signature.signed_at, "recorded_at": signature.recorded_at}
    is_same = (
        all(block.get(name) == value for name, value in beside.items())
        and all(datetime.fromisoformat(block[name]) == value for name, value in moments.items())
        and block["consent"]["given_by"] == signature.signed_by
    )
    return block if is_same else None


async def _text_matches(ctx: Context, consent: Consent, signed: str) -> bool:
    stored = await ctx.db.scalar(
        select(ConsentText.text).where(
            ConsentText.purpose == consent.purpose,
            ConsentText.language == consent.text_language,
            ConsentText.version == consent.text_version,
        )
    )
    return stored is not None and hashlib.sha256(str(stored).encode()).hexdigest() == signed


async def _consent(ctx: Context, consent_id: UUID) -> Consent:
    consent = await ctx.db.scalar(select(Consent).where(Consent.id == consent_id))
    if not isinstance(consent, Consent):
        raise NotFound
    await require_relation(ctx, client_id=consent.client_id)
    return consent
