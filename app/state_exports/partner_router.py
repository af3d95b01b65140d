"""Exports over HTTP, as the recipient: what waits, the file, once, and the acknowledgement."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.identity.tokens import KeyRing
from app.kit.errors import Unavailable
from app.kit.idempotency import IdempotentForSure
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.sealing import FieldKeys
from app.state_exports import actions, queries
from app.state_exports.schemas import (
    PartnerStateExportManifest,
    PartnerStateExportRead,
    StateExportAcknowledge,
)

router = Router(prefix="/v1/partner/state-exports", tags=["partner state exports"])
Receiving = Annotated[Context, allow(Permission.STATE_EXPORT_FETCH)]
LINES = "application/jsonl"
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {LINES: {"schema": {"type": "string", "format": "binary"}}}, "description": "JSON Lines"}
}


async def _keys(request: Request) -> FieldKeys:
    keys: FieldKeys | None = request.app.state.field_keys
    if keys is None:
        raise Unavailable("This server was given no keys for sealed files.", retry_after=3600)
    return keys


async def _signing(request: Request) -> tuple[KeyRing, str]:
    return request.app.state.key_ring, request.app.state.settings.public_url


Keys = Annotated[FieldKeys, Depends(_keys)]
Signing = Annotated[tuple[KeyRing, str], Depends(_signing)]


@router.get("", response_model=Page[PartnerStateExportRead])
async def list_partner_state_exports(ctx: Receiving, page: Paging) -> JsonBytes:
    """List the files for one's institution, the newest first; with their measures once fetched."""
    return await queries.list_files(ctx, page)


@router.get("/{export_id}", response_model=PartnerStateExportManifest)
async def read_partner_state_export(ctx: Receiving, signing: Signing, export_id: UUID) -> JsonBytes:
    """Read what is known of a file; once it was fetched with its measures and a signed manifest."""
    return await queries.read_file(ctx, *signing, export_id)


@router.post("/{export_id}/fetch", response_class=Response, responses=_FILE)
async def fetch_state_export(
    ctx: Receiving, once: IdempotentForSure, keys: Keys, export_id: UUID
) -> Response:
    """Fetch the file, once. A repetition with the same key gets it again until it is acknowledged."""
    await actions.require_other_hands(ctx, export_id)
    await once.run(ctx.db, actions.fetch_export(ctx, export_id))
    content = await queries.content_of(ctx, keys, export_id)
    await actions.note_shown(ctx, export_id)
    headers = {
        "Content-Disposition": f'attachment; filename="{export_id}.jsonl"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=LINES, headers=headers)


@router.post("/{export_id}/acknowledge", response_model=PartnerStateExportManifest)
async def acknowledge_state_export(
    ctx: Receiving, once: IdempotentForSure, signing: Signing, export_id: UUID, body: StateExportAcknowledge
) -> JsonBytes:
    """Say that the file arrived whole and that whoever it names as withdrawn was deleted."""
    await actions.require_other_hands(ctx, export_id)
    await once.run(ctx.db, actions.acknowledge_export(ctx, export_id, body))
    return await queries.read_file(ctx, *signing, export_id)
