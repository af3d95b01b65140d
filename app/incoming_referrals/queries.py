"""Reading incoming referrals: as the institution that sent them, as the unit, and what waits there."""

from uuid import UUID

from sqlalchemy import JSON, Text, bindparam, cast, or_, select, text

from app.access.context import Context
from app.audit import reading
from app.cases.queries.shapes import json_list, json_object, person
from app.clients.models import Client
from app.directory.models import Institution
from app.incoming_referrals.models import (
    IncomingMessage,
    IncomingReceipt,
    IncomingReferral,
    ReceivedData,
)
from app.inquiries.models import Inquiry
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes
from app.organisations.models import Unit

_STATE = bindparam("state", type_=Text)
_MESSAGES = (
    select(
        json_list(
            json_object(
                at=IncomingMessage.at,
                side=IncomingMessage.side,
                step=IncomingMessage.step,
                question=IncomingMessage.question,
                text=IncomingMessage.text,
            ),
            IncomingMessage.id,
        )
    )
    .where(
        IncomingMessage.municipal_area_id == IncomingReferral.municipal_area_id,
        IncomingMessage.incoming_id == IncomingReferral.id,
    )
    .scalar_subquery()
)
_CONTENT = (
    select(cast(ReceivedData.content, JSON))
    .where(
        ReceivedData.municipal_area_id == IncomingReferral.municipal_area_id,
        ReceivedData.id == IncomingReferral.id,
    )
    .scalar_subquery()
)
_BOTH = (
    IncomingReferral.reference,
    IncomingReferral.urgency,
    IncomingReferral.legal_basis,
    IncomingReferral.state,
    IncomingReferral.requested_at,
    IncomingReferral.deadline_at,
    IncomingReferral.answered_at,
    IncomingReferral.closed_at,
    IncomingReferral.reason,
    IncomingReferral.withdraw_reason,
    IncomingReferral.sha256,
)

_SENT = (
    select(
        IncomingReferral.id,
        json_object(id=Unit.id, name=Unit.name).label("unit"),
        *_BOTH,
        IncomingReferral.version,
    )
    .join(
        Unit,
        (Unit.municipal_area_id == IncomingReferral.municipal_area_id)
        & (Unit.id == IncomingReferral.unit_id),
    )
    # The policy says it too; here it leads to the index of the institution.
    .where(text("incoming_referrals.institution_id = ANY ((SELECT my_referring())::uuid[])"))
)
# No pseudonym: the journal of the institution's reads is the same for whoever is known.
ONE_SENT = reading.one(
    "incoming_referral.read_sent",
    "incoming_referral",
    _SENT.add_columns(_MESSAGES.label("messages"), _CONTENT.label("content")).where(
        IncomingReferral.id == bindparam("id")
    ),
    withheld=("content",),
)
SENT = reading.many(
    "incoming_referral.list_sent",
    "incoming_referral",
    _SENT.where(or_(_STATE.is_(None), IncomingReferral.state == _STATE)),
    order=("id",),
    descending=True,
)

_RECEIPT = (
    select(
        json_object(
            client_id=IncomingReceipt.client_id,
            case_id=IncomingReceipt.case_id,
            accepted_at=IncomingReceipt.accepted_at,
            end_acknowledged_at=IncomingReceipt.end_acknowledged_at,
        )
    )
    .where(
        IncomingReceipt.municipal_area_id == IncomingReferral.municipal_area_id,
        IncomingReceipt.id == IncomingReferral.id,
    )
    .scalar_subquery()
)
_PSEUDONYM = (
    select(Client.pseudonym)
    .join(
        IncomingReceipt,
        (IncomingReceipt.municipal_area_id == Client.municipal_area_id)
        & (IncomingReceipt.client_id == Client.id),
    )
    .where(
        IncomingReceipt.municipal_area_id == IncomingReferral.municipal_area_id,
        IncomingReceipt.id == IncomingReferral.id,
    )
    .scalar_subquery()
)
ONE = reading.one(
    "incoming_referral.read",
    "incoming_referral",
    select(
        IncomingReferral.id,
        IncomingReferral.unit_id,
        json_object(id=Institution.id, name=Institution.name).label("institution"),
        *_BOTH,
        _MESSAGES.label("messages"),
        _RECEIPT.label("receipt"),
        _CONTENT.label("content"),
        IncomingReferral.version,
        _PSEUDONYM.label("_client"),
    )
    .join(
        Institution,
        (Institution.municipal_area_id == IncomingReferral.municipal_area_id)
        & (Institution.id == IncomingReferral.institution_id),
    )
    .where(
        IncomingReferral.id == bindparam("id"),
        text("incoming_referrals.id = ANY ((SELECT my_incoming())::uuid[])"),
    ),
    withheld=("content",),
)
WAITING = reading.many(
    "incoming_referral.list",
    "inquiry",
    select(
        Inquiry.id,
        Inquiry.unit_id,
        Inquiry.state,
        Inquiry.language,
        Inquiry.waiting_since,
        Inquiry.priority_reason,
        Inquiry.answer_until,
        person(Inquiry.municipal_area_id, Inquiry.responsible_id).label("responsible"),
    ).where(text("inquiries.referral = 'unanswered' AND inquiries.state IN ('open', 'waiting')")),
    order=("waiting_since", "id"),
)


async def read_sent(ctx: Context, incoming_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_SENT.answer(ctx.db, status=status, id=incoming_id)


async def list_sent(ctx: Context, page: PageRequest, *, state: str | None) -> JsonBytes:
    """Return what one's institutions referred, newest first."""
    return await SENT.answer(ctx.db, page, state=state)


async def read_incoming(ctx: Context, incoming_id: UUID) -> JsonBytes:
    return await ONE.answer(ctx.db, id=incoming_id)


async def list_waiting(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return what waits for an answer at one's units, who waits longest first; nothing of the persons."""
    return await WAITING.answer(ctx.db, page)
