"""Reading changes of legal domain with their items."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, case, func, literal_column, null, select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import reading
from app.cases.domain_changes.models import DomainChange, DomainChangeItem
from app.cases.queries.plan import PSEUDONYM
from app.cases.queries.shapes import json_list, json_object
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes

_OF_IT = (DomainChangeItem.municipal_area_id == DomainChange.municipal_area_id) & (
    DomainChangeItem.domain_change_id == DomainChange.id
)
_ITEM = json_object(
    **{
        name: getattr(DomainChangeItem, name)
        for name in (
            "id", "code", "side", "label_de", "label_en", "source", "checklist_version", "state", "reason",
            "settled_at", "settled_by", "task_id", "version",
        )
    }
)  # fmt: skip
_OPEN: ColumnElement[str] = literal_column("'open'")
_SUGGESTION: Any = case(
    (
        (DomainChange.days_without > literal_column("0"))
        & DomainChange.between_domains
        & DomainChange.withdrawn_at.is_(None),
        json_object(
            effect=literal_column("'benefit_gap'"),
            from_legal_domain=DomainChange.before,
            to_legal_domain=DomainChange.after,
            days=DomainChange.days_without,
        ),
    ),
    else_=null(),
)
_HANDOVER = select(
    DomainChange.id,
    DomainChange.before,
    DomainChange.after,
    DomainChange.changed_on,
    DomainChange.days_without,
    DomainChange.opened_at,
    DomainChange.withdrawn_at,
    select(func.count())
    .where(_OF_IT, DomainChangeItem.state == _OPEN)
    .correlate(DomainChange)
    .scalar_subquery()
    .label("open_items"),
    select(json_list(_ITEM, by=DomainChangeItem.position))
    .where(_OF_IT)
    .correlate(DomainChange)
    .scalar_subquery()
    .label("items"),
    _SUGGESTION.label("barrier_suggestion"),
    PSEUDONYM,
).where(DomainChange.case_id == bindparam("case_id"))
HANDOVERS = reading.many(
    "domain_change.list", "domain_change", _HANDOVER, order=("changed_on", "id"), descending=True
)
ONE = reading.one("domain_change.read", "domain_change", _HANDOVER.where(DomainChange.id == bindparam("id")))


async def list_domain_changes(ctx: Context, case_id: UUID, page: PageRequest) -> JsonBytes:
    """Return a page of a case's changes of legal domain, the latest change first."""
    await require_relation(ctx, case_id=case_id)
    return await HANDOVERS.answer(ctx.db, page, case_id=case_id)


async def read_domain_change(
    ctx: Context, case_id: UUID, domain_change_id: UUID, *, status: int = 200
) -> JsonBytes:
    return await ONE.answer(ctx.db, status=status, case_id=case_id, id=domain_change_id)
