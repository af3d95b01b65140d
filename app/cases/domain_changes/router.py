"""Changes of legal domain of a case over HTTP."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.cases.domain_changes import actions, queries
from app.cases.domain_changes.schemas import DomainChangeItemChange, DomainChangeItemTask, DomainChangeRead
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatch

router = Router(prefix="/v1/cases/{case_id}/domain-changes", tags=["cases"])
Reader = Annotated[Context, allow(Permission.CASE_READ)]
Worker = Annotated[Context, allow(Permission.CASE_WORK)]


@router.get("", response_model=Page[DomainChangeRead])
async def list_domain_changes(ctx: Reader, page: Paging, case_id: UUID) -> JsonBytes:
    """List the changes of what the client lives on, with what is to be seen to, the latest first."""
    return await queries.list_domain_changes(ctx, case_id, page)


@router.patch("/{domain_change_id}/items/{item_id}", response_model=DomainChangeRead)
async def settle_domain_change_item(
    ctx: Worker,
    expected: IfMatch,
    case_id: UUID,
    domain_change_id: UUID,
    item_id: UUID,
    body: DomainChangeItemChange,
) -> JsonBytes:
    """Say that an item is done, not needed for a reason, or open again; If-Match is the item's version."""
    await actions.settle_item(ctx, case_id, domain_change_id, item_id, body, expected)
    return await queries.read_domain_change(ctx, case_id, domain_change_id)


@router.post("/{domain_change_id}/items/{item_id}/task", status_code=201, response_model=DomainChangeRead)
async def make_domain_change_task(
    ctx: Worker,
    once: Idempotent,
    case_id: UUID,
    domain_change_id: UUID,
    item_id: UUID,
    body: DomainChangeItemTask,
) -> JsonBytes:
    """Make a task of an item."""
    act = actions.make_task(ctx, case_id, domain_change_id, item_id, body)
    return await queries.read_domain_change(ctx, case_id, await once.run(ctx.db, act), status=201)
