"""What the worker does: deleting the bytes of what was removed, ending what is kept no longer, sweeping."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from app.access.context import SystemContext
from app.documents.store import Store, name_in
from app.kit.clock import local_date
from app.kit.events import id_in

ORPHAN_AGE = timedelta(hours=24)
"""Bytes without a row are left alone for so long: their upload may still be under way."""
BATCH = 200

# What is restricted stays as it is (Art. 18 GDPR): some have asked for just that instead of a deletion.
_END = """UPDATE documents SET removed_at = $1, removal_reason = 'retention', title = NULL, sealed_key = NULL,
sha256 = NULL WHERE id = ANY (ARRAY(SELECT id FROM documents
WHERE removed_at IS NULL AND NOT is_evidence AND keep_until < $2
    AND client_id <> ALL (ARRAY(SELECT c.id FROM clients c WHERE c.processing_restricted_at IS NOT NULL))
LIMIT $3 FOR UPDATE SKIP LOCKED))"""
_KEPT = "SELECT blob_id FROM documents WHERE removed_at IS NULL AND blob_id = ANY ($1::text[]::uuid[])"


def delete_bytes(store: Store | None) -> Callable[[SystemContext, dict[str, Any]], Awaitable[None]]:
    """Return the handler that deletes a tombstone's bytes; repeated by the worker while the store is away.

    Whoever may write to the outbox could name any bytes: those of a document that is there stay.
    """

    async def handler(ctx: SystemContext, payload: dict[str, Any]) -> None:
        blob = str(id_in(payload, "blob_id"))
        if store is None or await (await ctx.db.driver()).fetch(_KEPT, [blob]):
            return
        await store.delete(name_in(ctx.municipal_area_id, blob))

    return handler


async def end_keeping(ctx: SystemContext) -> bool:
    """Make tombstones of what is kept no longer; its bytes are swept."""
    driver = await ctx.db.driver()
    ended = str(await driver.execute(_END, ctx.now, local_date(ctx.now), BATCH))
    return int(ended.rpartition(" ")[2]) >= BATCH


def sweep(store: Store | None) -> Callable[[SystemContext], Awaitable[bool]]:
    """Return the job that deletes bytes without a document: of uploads that came to nothing, of tombstones,
    of erased persons.
    """

    async def work(ctx: SystemContext) -> bool:
        if store is None:
            return False
        old: list[str] = []
        async for name, put_at in store.names(ctx.municipal_area_id):
            if put_at < ctx.now - ORPHAN_AGE:
                old.append(name)
            if len(old) >= BATCH:
                await _sweep(ctx, store, old)
                old = []
        await _sweep(ctx, store, old)
        return False

    return work


async def _sweep(ctx: SystemContext, store: Store, names: list[str]) -> None:
    driver = await ctx.db.driver()
    by_blob = {name.rpartition("/")[2]: name for name in names}
    asked = [blob for blob in by_blob if _is_id(blob)]
    kept = {str(row["blob_id"]) for row in await driver.fetch(_KEPT, asked)}
    for blob, name in by_blob.items():
        if blob not in kept:
            await store.delete(name)


def _is_id(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4
