"""Retention, the journal and access reviews over HTTP, for the privacy officer."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Code, Moment, Page
from app.kit.versions import IfMatchOptional
from app.privacy import journal, queries, reviews
from app.privacy.journal import Wanted
from app.privacy.schemas import AccessReviewRead, AuditRead, RetentionRead, ReviewClose

router = Router(prefix="/v1")


@router.get("/privacy/retentions", response_model=Page[RetentionRead], tags=["privacy"])
async def list_retentions(
    ctx: Annotated[Context, allow(Permission.RETENTION_READ)],
    page: Paging,
    is_due: Annotated[bool, Query(description="only what should be erased by now")] = False,
) -> JsonBytes:
    """List how long closed cases are kept, by pseudonym, the earliest due first."""
    return await queries.list_retentions(ctx, page, is_due=is_due)


@router.get("/audit", response_model=Page[AuditRead], tags=["audit"])
async def list_audit(
    ctx: Annotated[Context, allow(Permission.AUDIT_READ)],
    page: Paging,
    since: Annotated[Moment | None, Query(alias="from")] = None,
    until: Annotated[Moment | None, Query(description="before this moment")] = None,
    user_id: UUID | None = None,
    client: Annotated[UUID | None, Query(description="a pseudonym")] = None,
    client_id: Annotated[UUID | None, Query(description="looked up, and the look-up is recorded")] = None,
    action: Code | None = None,
    object_type: Code | None = None,
    object_id: UUID | None = None,
    outcome: Literal["done", "refused"] | None = None,
) -> JsonBytes:
    """Read the journal, the newest entry first; reading it is written into it."""
    wanted = Wanted(since, until, user_id, action, object_type, object_id, outcome)
    return await journal.list_entries(ctx, page, wanted, client=client, client_id=client_id)


@router.get("/access-reviews", response_model=Page[AccessReviewRead], tags=["privacy"])
async def list_access_reviews(
    ctx: Annotated[Context, allow(Permission.ACCESS_REVIEW_READ)],
    page: Paging,
    is_open: Annotated[bool | None, Query(description="still to be judged, or judged")] = None,
) -> JsonBytes:
    """List looks by break-glass and disclosures for vital interests, the earliest due first."""
    return await reviews.list_reviews(ctx, page, is_open=is_open)


@router.get("/access-reviews/{review_id}", response_model=AccessReviewRead, tags=["privacy"])
async def read_access_review(
    ctx: Annotated[Context, allow(Permission.ACCESS_REVIEW_READ)], review_id: UUID
) -> JsonBytes:
    """Read one, with the reason that was given."""
    return await reviews.read_review(ctx, review_id)


@router.post("/access-reviews/{review_id}/review", response_model=AccessReviewRead, tags=["privacy"])
async def close_access_review(
    ctx: Annotated[Context, allow(Permission.ACCESS_REVIEW_CLOSE)],
    once: Idempotent,
    expected: IfMatchOptional,
    review_id: UUID,
    body: ReviewClose,
) -> JsonBytes:
    """Judge what a colleague did alone; nobody judges their own act."""
    await once.run(ctx.db, reviews.close_review(ctx, review_id, body, expected))
    return await reviews.read_review(ctx, review_id)
