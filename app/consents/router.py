"""Consents over HTTP."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.consents import actions, queries, withdrawing
from app.consents.schemas import ConsentCreate, ConsentRead, ConsentTextRead, ConsentWithdraw
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatchOptional

router = Router(prefix="/v1", tags=["consents"])


@router.get("/consent-texts", response_model=Page[ConsentTextRead])
async def list_consent_texts(
    ctx: Annotated[Context, allow(Permission.CATALOGUE_READ)], page: Paging
) -> JsonBytes:
    """List the texts that are explained before a client consents."""
    return await queries.list_texts(ctx, page)


@router.post("/consents", status_code=201, response_model=ConsentRead)
async def record_consent(
    ctx: Annotated[Context, allow(Permission.CONSENT_RECORD)], once: Idempotent, body: ConsentCreate
) -> JsonBytes:
    """Record a consent as it was given."""
    consent_id = await once.run(ctx.db, actions.record_consent(ctx, body))
    return await queries.read_consent(ctx, consent_id, status=201)


@router.get("/consents", response_model=Page[ConsentRead])
async def list_consents(
    ctx: Annotated[Context, allow(Permission.CONSENT_READ)], page: Paging, client_id: UUID
) -> JsonBytes:
    """List a client's consents, newest first."""
    return await queries.list_consents(ctx, client_id, page)


@router.get("/consents/{consent_id}", response_model=ConsentRead)
async def read_consent(
    ctx: Annotated[Context, allow(Permission.CONSENT_READ)], consent_id: UUID
) -> JsonBytes:
    """Read one consent."""
    return await queries.read_consent(ctx, consent_id)


@router.post("/consents/{consent_id}/withdraw", response_model=ConsentRead)
async def withdraw_consent(
    ctx: Annotated[Context, allow(Permission.CONSENT_WITHDRAW)],
    once: Idempotent,
    expected: IfMatchOptional,
    consent_id: UUID,
    body: ConsentWithdraw,
) -> JsonBytes:
    """Take down a withdrawal: it ends the consent now and revokes what rests on it."""
    await once.run(ctx.db, withdrawing.withdraw_consent(ctx, consent_id, body, expected))
    return await queries.read_consent(ctx, consent_id)
