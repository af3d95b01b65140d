"""Settling the items of a change of legal domain and making tasks of them."""

from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.cases.domain_changes.models import DomainChangeItem
from app.cases.domain_changes.schemas import DomainChangeItemChange, DomainChangeItemTask
from app.cases.subject import open_case
from app.cases.tasks.actions import create_task
from app.cases.tasks.schemas import TaskCreate
from app.kit.changes import locked
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.versions import Expected


async def settle_item(
    ctx: Context,
    case_id: UUID,
    domain_change_id: UUID,
    item_id: UUID,
    body: DomainChangeItemChange,
    expected: Expected,
) -> None:
    """Say what became of an item; 422 for one that is not needed without a reason."""
    subject = await open_case(ctx, case_id)
    item = await _item(ctx, case_id, domain_change_id, item_id, expected)
    if (body.state == "not_needed") != (body.reason is not None):
        raise Invalid.at("body.reason", "reason", "Say why it is not needed, and nothing otherwise.")
    is_open = body.state == "open"
    item.state, item.reason = body.state, body.reason
    item.settled_at = None if is_open else ctx.now
    item.settled_by = None if is_open else ctx.actor.user_id
    await journal.record(
        ctx.db,
        "domain_change.settle",
        "domain_change_item",
        item_id,
        clients=[subject.pseudonym],
        changed=["state"],
    )


async def make_task(
    ctx: Context, case_id: UUID, domain_change_id: UUID, item_id: UUID, body: DomainChangeItemTask
) -> UUID:
    """Make a task of an item; 409 when there is one."""
    subject = await open_case(ctx, case_id)
    item = await _item(ctx, case_id, domain_change_id, item_id, None)
    if item.task_id is not None:
        raise Conflict("There is a task for this already.", code="has_task", task=str(item.task_id))
    task = TaskCreate(title=body.title or item.label_de, due_on=body.due_on, participants=[])
    item.task_id = await create_task(ctx, case_id, task)
    await journal.record(
        ctx.db, "domain_change.make_task", "domain_change_item", item_id, clients=[subject.pseudonym]
    )
    return domain_change_id


async def _item(
    ctx: Context, case_id: UUID, domain_change_id: UUID, item_id: UUID, expected: Expected | None
) -> DomainChangeItem:
    item = await locked(ctx.db, DomainChangeItem, item_id, expected)
    if (item.case_id, item.domain_change_id) != (case_id, domain_change_id):
        raise NotFound
    return item
