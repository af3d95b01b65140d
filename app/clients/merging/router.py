"""Merging persons who were registered twice, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.access.relations import require_relation
from app.clients.merging import actions, distinct, preview, reading, undoing
from app.clients.merging.schemas import (
    DistinctCreate,
    DistinctRead,
    MergeCreate,
    MergePreview,
    MergeRead,
)
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.sealing import FieldKeys

router = Router(prefix="/v1/clients", tags=["merging"])

Merging = Annotated[Context, allow(Permission.CLIENT_MERGE)]
Reading = Annotated[Context, allow(Permission.CLIENT_READ)]


async def _keys(request: Request) -> FieldKeys | None:
    keys: FieldKeys | None = request.app.state.field_keys
    return keys


Keys = Annotated[FieldKeys | None, Depends(_keys)]


@router.get("/distinct", response_model=Page[DistinctRead])
async def list_distinct_clients(ctx: Merging, page: Paging) -> JsonBytes:
    """List pairs of persons whom you see and who are not the same, the newest first."""
    return await reading.list_distinct(ctx, page)


@router.post("/distinct", status_code=201, response_model=DistinctRead)
async def say_clients_distinct(ctx: Merging, once: Idempotent, body: DistinctCreate) -> JsonBytes:
    """Say that two persons are not the same; they are no longer listed as a pair."""
    made = await once.run(ctx.db, distinct.say_distinct(ctx, body))
    return await reading.read_distinct(ctx, made, status=201)


@router.delete("/distinct/{distinct_id}", status_code=204)
async def take_back_distinct(ctx: Merging, distinct_id: UUID) -> None:
    """Take back that two persons are not the same."""
    await distinct.take_back(ctx, distinct_id)


@router.get("/{client_id}/merge-preview/{merged_client_id}")
async def preview_merge(ctx: Merging, keys: Keys, client_id: UUID, merged_client_id: UUID) -> MergePreview:
    """Show side by side what a merge of the second record into the first would do."""
    return await preview.preview_merge(ctx, keys, client_id, merged_client_id)


@router.get("/{client_id}/merges", response_model=Page[MergeRead])
async def list_merges(ctx: Reading, page: Paging, client_id: UUID) -> JsonBytes:
    """List which records were merged into a person, the newest first."""
    await require_relation(ctx, client_id=client_id)
    return await reading.list_merges(ctx, client_id, page)


@router.post("/{client_id}/merges", status_code=201, response_model=MergeRead)
async def merge_clients(
    ctx: Merging, keys: Keys, once: Idempotent, client_id: UUID, body: MergeCreate
) -> JsonBytes:
    """Let another record of the same person follow into this one, with everything that refers to it.

    Send the versions of the preview; within 30 days it can be undone.
    """
    made = await once.run(ctx.db, actions.merge(ctx, keys, client_id, body))
    return await reading.read_merge(ctx, made, status=201)


@router.post("/{client_id}/merges/{merge_id}/undo", response_model=MergeRead)
async def undo_merge(ctx: Merging, once: Idempotent, client_id: UUID, merge_id: UUID) -> JsonBytes:
    """Make two records of one again; `stayed` names what could not be given back."""
    return await reading.read_merge(ctx, await once.run(ctx.db, undoing.undo(ctx, client_id, merge_id)))
