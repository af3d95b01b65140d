"""Reading hand-overs with their items."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, case, func, literal_column, null, select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import reading
from app.cases.handovers.models import Handover, HandoverItem
from app.cases.queries.plan import PSEUDONYM
from app.cases.queries.shapes import json_list, json_object
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes

_OF_IT = (HandoverItem.municipal_area_id == Handover.municipal_area_id) & (
    HandoverItem.handover_id == Handover.id
)
_ITEM = json_object(
    **{
        name: getattr(HandoverItem, name)
        for name in (
            "id", "code", "side", "label_de", "label_en", "source", "checklist_version", "state", "reason",
            "settled_at", "settled_by", "task_id", "version",
        )
    }
)  # fmt: skip
_OPEN: ColumnElement[str] = literal_column("'open'")
_SUGGESTION: Any = case(
    (
        (Handover.days_without > literal_column("0")) & Handover.between_domains,
        json_object(
            effect=literal_column("'benefit_gap'"),
            from_legal_domain=Handover.before,
            to_legal_domain=Handover.after,
            days=Handover.days_without,
        ),
    ),
    else_=null(),
)
_HANDOVER = select(
    Handover.id,
    Handover.before,
    Handover.after,
    Handover.changed_on,
    Handover.days_without,
    Handover.opened_at,
    select(func.count())
    .where(_OF_IT, HandoverItem.state == _OPEN)
    .correlate(Handover)
    .scalar_subquery()
    .label("open_items"),
    select(json_list(_ITEM, by=HandoverItem.position))
    .where(_OF_IT)
    .correlate(Handover)
    .scalar_subquery()
    .label("items"),
    _SUGGESTION.label("barrier_suggestion"),
    PSEUDONYM,
).where(Handover.case_id == bindparam("case_id"))
HANDOVERS = reading.many("handover.list", "handover", _HANDOVER, order=("changed_on", "id"), descending=True)
ONE = reading.one("handover.read", "handover", _HANDOVER.where(Handover.id == bindparam("id")))


async def list_handovers(ctx: Context, case_id: UUID, page: PageRequest) -> JsonBytes:
    """Return a page of a case's hand-overs, the latest change first."""
    await require_relation(ctx, case_id=case_id)
    return await HANDOVERS.answer(ctx.db, page, case_id=case_id)


async def read_handover(ctx: Context, case_id: UUID, handover_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE.answer(ctx.db, status=status, case_id=case_id, id=handover_id)
