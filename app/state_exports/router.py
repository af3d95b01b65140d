"""Exports to a state-wide database over HTTP: asked for, looked at and released by the area's people."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Response

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatchOptional
from app.state_exports import actions, queries
from app.state_exports.profile import schema
from app.state_exports.schemas import StateExportRead, StateExportRequest

router = Router(prefix="/v1", tags=["state exports"])
Asking = Annotated[Context, allow(Permission.STATE_EXPORT_REQUEST)]
Reading = Annotated[Context, allow(Permission.STATE_EXPORT_READ)]
Releasing = Annotated[Context, allow(Permission.STATE_EXPORT_RELEASE)]
Discarding = Annotated[Context, allow(Permission.STATE_EXPORT_DISCARD)]
SCHEMA = "application/schema+json"
_PROFILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {SCHEMA: {"schema": {"type": "object"}}}, "description": "The JSON Schema of a line"}
}


@router.get("/state-export-profile", response_class=Response, responses=_PROFILE)
async def read_state_export_profile(
    _ctx: Annotated[Context, allow(Permission.CATALOGUE_READ)],
) -> Response:
    """Read the profile `kim-state-database/1`: every field that can leave, as JSON Schema (2020-12)."""
    return Response(orjson.dumps(schema(), option=orjson.OPT_INDENT_2), media_type=SCHEMA)


@router.get("/state-exports", response_model=Page[StateExportRead])
async def list_state_exports(ctx: Reading, page: Paging) -> JsonBytes:
    """List exports, those asked for last first; a team lead sees those of the own unit."""
    return await queries.list_exports(ctx, page)


@router.post("/state-exports", status_code=201, response_model=StateExportRead)
async def request_state_export(ctx: Asking, once: Idempotent, body: StateExportRequest) -> JsonBytes:
    """Ask what would leave: a dry run. Nothing leaves before a team lead of the unit releases it."""
    made = await once.run(ctx.db, actions.request_export(ctx, body))
    return await queries.read_export(ctx, made, status=201)


@router.get("/state-exports/{export_id}", response_model=StateExportRead)
async def read_state_export(ctx: Reading, export_id: UUID) -> JsonBytes:
    """Read where an export stands and what its dry run told."""
    return await queries.read_export(ctx, export_id)


@router.post("/state-exports/{export_id}/release", response_model=StateExportRead)
async def release_state_export(
    ctx: Releasing, once: Idempotent, expected: IfMatchOptional, export_id: UUID
) -> JsonBytes:
    """Release an export after its dry run; the worker composes it with the consents of that moment."""
    await once.run(ctx.db, actions.release_export(ctx, export_id, expected))
    return await queries.read_export(ctx, export_id)


@router.post("/state-exports/{export_id}/discard", response_model=StateExportRead)
async def discard_state_export(
    ctx: Discarding, once: Idempotent, expected: IfMatchOptional, export_id: UUID
) -> JsonBytes:
    """Put an export aside that the recipient has not fetched."""
    await once.run(ctx.db, actions.discard_export(ctx, export_id, expected))
    return await queries.read_export(ctx, export_id)
