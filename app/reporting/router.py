"""Releases, their tables and the signals over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.catalogues.language import Preferred
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.quarters import QuarterCode
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatchOptional
from app.reporting import actions, queries
from app.reporting.schemas import ReleaseRead, ReleaseRequest, SignalRead

router = Router(prefix="/v1", tags=["reporting"])

Reader = Annotated[Context, allow(Permission.RELEASE_READ)]
Preparer = Annotated[Context, allow(Permission.RELEASE_PREPARE)]
Publisher = Annotated[Context, allow(Permission.RELEASE_PUBLISH)]


@router.get("/releases", response_model=Page[ReleaseRead])
async def list_releases(ctx: Reader, language: Preferred, page: Paging) -> JsonBytes:
    """List releases, newest quarter first: published ones, and for coordinators those in preparation."""
    return await queries.list_releases(ctx, language, page)


@router.post("/releases", status_code=201, response_model=ReleaseRead)
async def request_release(
    ctx: Preparer, once: Idempotent, language: Preferred, body: ReleaseRequest
) -> JsonBytes:
    """Ask for a release of a quarter that has ended."""
    release_id = await once.run(ctx.db, actions.request_release(ctx, body))
    return await queries.read_release(ctx, language, release_id, status=201)


@router.get("/releases/{release_id}", response_model=ReleaseRead)
async def read_release(ctx: Reader, language: Preferred, release_id: UUID) -> JsonBytes:
    """Read what a release says about itself."""
    return await queries.read_release(ctx, language, release_id)


@router.post("/releases/{release_id}/publish", response_model=ReleaseRead)
async def publish_release(
    ctx: Publisher, once: Idempotent, expected: IfMatchOptional, language: Preferred, release_id: UUID
) -> JsonBytes:
    """Publish a computed release; not by the one who asked for it."""
    await once.run(ctx.db, actions.publish_release(ctx, release_id, expected))
    return await queries.read_release(ctx, language, release_id)


@router.post("/releases/{release_id}/discard", response_model=ReleaseRead)
async def discard_release(
    ctx: Preparer, once: Idempotent, expected: IfMatchOptional, language: Preferred, release_id: UUID
) -> JsonBytes:
    """Put a release aside that is not published."""
    await once.run(ctx.db, actions.discard_release(ctx, release_id, expected))
    return await queries.read_release(ctx, language, release_id)


@router.get("/signals", response_model=Page[SignalRead])
async def list_signals(
    ctx: Annotated[Context, allow(Permission.SIGNAL_READ)],
    language: Preferred,
    page: Paging,
    quarter: Annotated[QuarterCode | None, Query(description="one quarter only")] = None,
) -> JsonBytes:
    """List what was reported in ended quarters: a protected count, or that there was something."""
    return await queries.list_signals(ctx, language, page, quarter)
