"""Machines of partner institutions and their credentials over HTTP, for administrators."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.identity.partner_systems import queries
from app.identity.partner_systems.actions import credentials, systems
from app.identity.partner_systems.schemas import (
    KeyRegister,
    PartnerCredentialRead,
    PartnerSecret,
    PartnerSystemChange,
    PartnerSystemCreate,
    PartnerSystemRead,
    SecretCreate,
)
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatch, IfMatchOptional

router = Router(prefix="/v1/partner-systems", tags=["partner systems"])

Reading = Annotated[Context, allow(Permission.PARTNER_SYSTEM_READ)]
Keeping = Annotated[Context, allow(Permission.PARTNER_SYSTEM_KEEP)]


@router.get("", response_model=Page[PartnerSystemRead])
async def list_partner_systems(ctx: Reading, page: Paging) -> JsonBytes:
    """List the machines of the area's institutions, the newest first."""
    return await queries.list_systems(ctx, page)


@router.post("", status_code=201, response_model=PartnerSystemRead)
async def create_partner_system(ctx: Keeping, once: Idempotent, body: PartnerSystemCreate) -> JsonBytes:
    """Create a machine of an institution; it opens nothing until it has a key or a secret."""
    system_id = await once.run(ctx.db, systems.create_partner_system(ctx, body))
    return await queries.read_system(ctx, system_id, status=201)


@router.get("/{system_id}", response_model=PartnerSystemRead)
async def read_partner_system(ctx: Reading, system_id: UUID) -> JsonBytes:
    """Read one machine, and when it last asked for something."""
    return await queries.read_system(ctx, system_id)


@router.patch("/{system_id}", response_model=PartnerSystemRead)
async def change_partner_system(
    ctx: Keeping, expected: IfMatch, system_id: UUID, body: PartnerSystemChange
) -> JsonBytes:
    """Change name, scopes or allowance; a scope that is taken is gone with the next request."""
    await systems.change_partner_system(ctx, system_id, body, expected)
    return await queries.read_system(ctx, system_id)


@router.delete("/{system_id}", status_code=204)
async def revoke_partner_system(ctx: Keeping, expected: IfMatchOptional, system_id: UUID) -> None:
    """Revoke a machine with everything it has, at once and for good."""
    await systems.revoke_partner_system(ctx, system_id, expected)


@router.get("/{system_id}/credentials", response_model=Page[PartnerCredentialRead])
async def list_partner_credentials(ctx: Reading, system_id: UUID, page: Paging) -> JsonBytes:
    """List the keys and secrets of a machine and when each last got a token; revoked ones too."""
    return await queries.list_credentials(ctx, system_id, page)


@router.post("/{system_id}/keys", status_code=201, response_model=PartnerCredentialRead)
async def register_partner_key(
    ctx: Keeping, once: Idempotent, system_id: UUID, body: KeyRegister
) -> JsonBytes:
    """Register a public key beside those that are there; the answer names it (`kid`)."""
    credential_id = await once.run(ctx.db, credentials.register_key(ctx, system_id, body))
    return await queries.read_credential(ctx, system_id, credential_id, status=201)


@router.post("/{system_id}/secrets", status_code=201)
async def create_partner_secret(ctx: Keeping, system_id: UUID, body: SecretCreate) -> PartnerSecret:
    """Make a secret for a machine that cannot sign; it is shown this once, so repeating makes another."""
    return await credentials.create_secret(ctx, system_id, body)


@router.delete("/{system_id}/credentials/{credential_id}", status_code=204)
async def revoke_partner_credential(ctx: Keeping, system_id: UUID, credential_id: UUID) -> None:
    """Take a key or secret back; tokens got with it open nothing with their next request."""
    await credentials.revoke_credential(ctx, system_id, credential_id)
