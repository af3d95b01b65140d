"""Evidence of consents over HTTP: signing on a device, verifying, the scan of a paper."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.consents.queries import read_consent
from app.consents.schemas import ConsentRead
from app.consents.signatures import actions, queries
from app.consents.signatures.schemas import (
    ConsentSign,
    ConsentSignatureRead,
    EvidenceAdd,
    SignatureVerification,
)
from app.kit.errors import Unavailable
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.sealing import FieldKeys
from app.kit.versions import IfMatchOptional

router = Router(prefix="/v1/consents/{consent_id}", tags=["consents"])
Reading = Annotated[Context, allow(Permission.CONSENT_READ)]
Recording = Annotated[Context, allow(Permission.CONSENT_RECORD)]


async def _field_keys(request: Request) -> FieldKeys:
    keys: FieldKeys | None = request.app.state.field_keys
    if keys is None:
        raise Unavailable("This server was given no keys for signatures.", retry_after=3600)
    return keys


Keys = Annotated[FieldKeys, Depends(_field_keys)]


@router.post("/signatures", status_code=201, response_model=ConsentSignatureRead)
async def sign_consent(
    ctx: Recording, keys: Keys, once: Idempotent, consent_id: UUID, body: ConsentSign
) -> JsonBytes:
    """Keep what somebody signed on a device, as evidence of an electronic consent.

    A simple electronic signature: it shows which text was shown and what was drawn. Where several guardians
    consented, each of them signs. A file with a qualified signature is kept as a document instead.
    """
    made = await once.run(ctx.db, actions.sign_consent(ctx, keys, consent_id, body))
    return await queries.read_signature(ctx, consent_id, made, status=201)


@router.get("/signatures", response_model=Page[ConsentSignatureRead])
async def list_consent_signatures(ctx: Reading, page: Paging, consent_id: UUID) -> JsonBytes:
    """List who has signed a consent, the first one first."""
    return await queries.list_signatures(ctx, consent_id, page)


@router.get("/signatures/{signature_id}/verification", response_model=SignatureVerification)
async def verify_consent_signature(
    ctx: Reading, keys: Keys, consent_id: UUID, signature_id: UUID
) -> JsonBytes:
    """Tell whether a signature still stands for this consent and this text, and show what was drawn."""
    found = await queries.verify_signature(ctx, keys, consent_id, signature_id)
    return JsonBytes(found.model_dump_json())


@router.post("/evidence", response_model=ConsentRead)
async def add_consent_evidence(
    ctx: Recording, once: Idempotent, expected: IfMatchOptional, consent_id: UUID, body: EvidenceAdd
) -> JsonBytes:
    """Add the scan of the signed paper to a consent that was recorded without it; it stays for good."""
    await once.run(ctx.db, actions.add_evidence(ctx, consent_id, body, expected))
    return await read_consent(ctx, consent_id)
