"""Reading inquiries: one's own with their content, and the waiting list of one's units without any."""

from uuid import UUID

from sqlalchemy import Text, bindparam, case, func, null, or_, select, text

from app.access.context import Context
from app.audit import reading
from app.cases.queries.shapes import json_object
from app.directory.models import Institution
from app.inquiries.models import Inquiry, InquiryContent
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes

_KNOWN = (
    select(json_object(id=Institution.id, name=Institution.name))
    .where(
        Institution.municipal_area_id == InquiryContent.municipal_area_id,
        Institution.id == InquiryContent.institution_id,
    )
    .scalar_subquery()
)
_NAMED = case(
    (
        InquiryContent.institution_name.is_not(None),
        json_object(id=null(), name=InquiryContent.institution_name),
    )
)
_STATE = bindparam("state", type_=Text)
_INQUIRY = (
    select(
        Inquiry.id,
        Inquiry.unit_id,
        Inquiry.state,
        Inquiry.language,
        Inquiry.waiting_since,
        Inquiry.priority_reason,
        Inquiry.referral,
        Inquiry.answer_until,
        InquiryContent.received_on,
        InquiryContent.access_route,
        InquiryContent.concerns,
        InquiryContent.name.is_(None).label("is_anonymous"),
        InquiryContent.name,
        InquiryContent.reachable,
        InquiryContent.minutes,
        InquiryContent.note,
        InquiryContent.finished_on,
        func.coalesce(_KNOWN, _NAMED).label("institution"),
        InquiryContent.reason,
        InquiryContent.case_id,
        InquiryContent.forgotten_at,
        (Inquiry.version + InquiryContent.version).label("version"),
    )
    .join(
        InquiryContent,
        (InquiryContent.municipal_area_id == Inquiry.municipal_area_id) & (InquiryContent.id == Inquiry.id),
    )
    .where(text("inquiries.id = ANY ((SELECT my_inquiries())::uuid[])"))
)
ONE = reading.one("inquiry.read", "inquiry", _INQUIRY.where(Inquiry.id == bindparam("id")))
MINE = reading.many(
    "inquiry.list",
    "inquiry",
    _INQUIRY.where(or_(_STATE.is_(None), Inquiry.state == _STATE)),
    order=("received_on", "id"),
    descending=True,
)
_WAITING = select(
    Inquiry.id,
    Inquiry.unit_id,
    Inquiry.language,
    Inquiry.waiting_since,
    Inquiry.priority_reason,
    Inquiry.referral,
    Inquiry.answer_until,
    Inquiry.version,
).where(
    Inquiry.state == "waiting",
    text("inquiries.unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[])"),
)
ONE_WAITING = reading.one("inquiry.waiting_list", "inquiry", _WAITING.where(Inquiry.id == bindparam("id")))
WAITING = reading.many(
    "inquiry.waiting_list",
    "inquiry",
    _WAITING.add_columns(Inquiry.priority_reason.is_(None).label("_later")),
    order=("_later", "waiting_since", "id"),
)


async def list_inquiries(ctx: Context, page: PageRequest, *, state: str | None) -> JsonBytes:
    """Return the inquiries for which the actor is responsible, the newest first."""
    return await MINE.answer(ctx.db, page, state=state)


async def read_inquiry(ctx: Context, inquiry_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE.answer(ctx.db, status=status, id=inquiry_id)


async def read_waiting(ctx: Context, inquiry_id: UUID) -> JsonBytes:
    """Return what the waiting list shows of one."""
    return await ONE_WAITING.answer(ctx.db, id=inquiry_id)


async def list_waiting(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return who waits at one's units: first those with a reason, then who has waited longest."""
    return await WAITING.answer(ctx.db, page)
