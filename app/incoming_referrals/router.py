"""Incoming referrals over HTTP: what the institution does and sees, then what the unit does."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.incoming_referrals import answering, queries, referring, sent_feed
from app.incoming_referrals.read_schemas import (
    IncomingLine,
    IncomingRead,
    PartnerIncomingPage,
    PartnerIncomingRead,
)
from app.incoming_referrals.schemas import (
    IncomingAccept,
    IncomingAsk,
    IncomingAssign,
    IncomingRefer,
    IncomingReject,
    IncomingReply,
    IncomingWithdraw,
    State,
)
from app.kit.catching_up import LONGEST_CURSOR
from app.kit.errors import Invalid
from app.kit.following import refuse_cursor
from app.kit.idempotency import Idempotent, IdempotentForSure
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatchOptional
from app.organisations.queries import list_referral_units
from app.organisations.schemas import MunicipalityKey, ReferralUnitRead

router = Router(tags=["incoming referrals"])
SENT = "/v1/partner/incoming-referrals"
HERE = "/v1/incoming-referrals"

Since = Annotated[
    str | None,
    Query(
        max_length=LONGEST_CURSOR,
        description="`next` of the feed's page before; empty: begin with everything that was sent",
    ),
]
Referring = Annotated[Context, allow(Permission.INCOMING_REFERRAL_SEND)]
Reading = Annotated[Context, allow(Permission.INCOMING_REFERRAL_READ)]
Answering = Annotated[Context, allow(Permission.INCOMING_REFERRAL_ANSWER)]
Assigning = Annotated[Context, allow(Permission.INCOMING_REFERRAL_ASSIGN)]


@router.get("/v1/partner/units", response_model=Page[ReferralUnitRead])
async def list_units_to_refer_to(
    ctx: Referring,
    page: Paging,
    municipality: Annotated[MunicipalityKey | None, Query(description="only those for this town")] = None,
) -> JsonBytes:
    """List the units of KIM that take referrals, of the area or for one town."""
    return await list_referral_units(ctx, municipality, page)


@router.get(SENT, response_model=PartnerIncomingPage)
async def list_sent_referrals(
    ctx: Referring,
    page: Paging,
    state: Annotated[State | None, Query(description="only those in this state")] = None,
    since: Since = None,
) -> JsonBytes:
    """List whom one's institution referred to KIM and where it stands, newest first; with `since`, follow.

    The feed tells what was sent or has moved since its cursor, the oldest change first, without gaps and
    once; what moves while a round of several pages is read may come twice. Nothing goes out of sight.
    """
    if since is None:
        return await queries.list_sent(ctx, page, state=state)
    if state is not None:
        raise Invalid.at("query.since", "one_of", "The feed tells of every state.")
    refuse_cursor(page)
    return await sent_feed.read_sent_feed(ctx, since, page.limit)


@router.post(SENT, status_code=201, response_model=PartnerIncomingRead)
async def refer_to_kim(ctx: Referring, once: IdempotentForSure, body: IncomingRefer) -> JsonBytes:
    """Refer a person to a unit of KIM. Whether the person is known there is never told."""
    incoming_id = await once.run(ctx.db, referring.refer(ctx, body))
    return await queries.read_sent(ctx, incoming_id, status=201)


@router.get(SENT + "/{incoming_id}", response_model=PartnerIncomingRead)
async def read_sent_referral(ctx: Referring, incoming_id: UUID) -> JsonBytes:
    """Read where a referral to KIM stands, with questions and replies."""
    return await queries.read_sent(ctx, incoming_id)


@router.post(SENT + "/{incoming_id}/reply", response_model=PartnerIncomingRead)
async def reply_to_question(
    ctx: Referring, once: IdempotentForSure, expected: IfMatchOptional, incoming_id: UUID, body: IncomingReply
) -> JsonBytes:
    """Answer the unit's question; its time to decide begins anew."""
    await once.run(ctx.db, referring.reply(ctx, incoming_id, body, expected))
    return await queries.read_sent(ctx, incoming_id)


@router.post(SENT + "/{incoming_id}/withdraw", response_model=PartnerIncomingRead)
async def withdraw_sent_referral(
    ctx: Referring,
    once: IdempotentForSure,
    expected: IfMatchOptional,
    incoming_id: UUID,
    body: IncomingWithdraw,
) -> JsonBytes:
    """Take it back before the unit has decided."""
    await once.run(ctx.db, referring.withdraw(ctx, incoming_id, body, expected))
    return await queries.read_sent(ctx, incoming_id)


@router.post(SENT + "/{incoming_id}/withdraw-consent", response_model=PartnerIncomingRead)
async def tell_consent_withdrawn(
    ctx: Referring, once: IdempotentForSure, expected: IfMatchOptional, incoming_id: UUID
) -> JsonBytes:
    """Tell that the person took the consent back, at any time: what was received is used no further."""
    await once.run(ctx.db, referring.withdraw_consent(ctx, incoming_id, expected))
    return await queries.read_sent(ctx, incoming_id)


@router.post(SENT + "/{incoming_id}/enter-in-error", response_model=PartnerIncomingRead)
async def enter_sent_in_error(
    ctx: Referring, once: IdempotentForSure, expected: IfMatchOptional, incoming_id: UUID
) -> JsonBytes:
    """Say that it should never have been sent: what was received is stopped and soon erased."""
    await once.run(ctx.db, referring.enter_in_error(ctx, incoming_id, expected))
    return await queries.read_sent(ctx, incoming_id)


@router.get(HERE, response_model=Page[IncomingLine])
async def list_incoming_referrals(ctx: Reading, page: Paging) -> JsonBytes:
    """List what waits for an answer at one's units: nothing of the persons. Taking is that of the inquiry."""
    return await queries.list_waiting(ctx, page)


@router.get(HERE + "/{incoming_id}", response_model=IncomingRead)
async def read_incoming_referral(ctx: Answering, incoming_id: UUID) -> JsonBytes:
    """Read what was received, as responsible for the inquiry or as whoever works with the client."""
    return await queries.read_incoming(ctx, incoming_id)


@router.post(HERE + "/{incoming_id}/assign", status_code=204)
async def assign_incoming_referral(
    ctx: Assigning, once: Idempotent, incoming_id: UUID, body: IncomingAssign
) -> None:
    """Give what waits to a case manager of the unit, without reading it."""
    await once.run(ctx.db, answering.assign(ctx, incoming_id, body))


@router.post(HERE + "/{incoming_id}/ask", response_model=IncomingRead)
async def ask_institution(
    ctx: Answering, once: Idempotent, expected: IfMatchOptional, incoming_id: UUID, body: IncomingAsk
) -> JsonBytes:
    """Ask the institution back."""
    await once.run(ctx.db, answering.ask(ctx, incoming_id, body, expected))
    return await queries.read_incoming(ctx, incoming_id)


@router.post(HERE + "/{incoming_id}/accept", response_model=IncomingRead)
async def accept_incoming_referral(
    ctx: Answering, once: Idempotent, expected: IfMatchOptional, incoming_id: UUID, body: IncomingAccept
) -> JsonBytes:
    """Take the person on: as a client whom one sees or a new one, in a case."""
    await once.run(ctx.db, answering.accept(ctx, incoming_id, body, expected))
    return await queries.read_incoming(ctx, incoming_id)


@router.post(HERE + "/{incoming_id}/reject", response_model=IncomingRead)
async def reject_incoming_referral(
    ctx: Answering, once: Idempotent, expected: IfMatchOptional, incoming_id: UUID, body: IncomingReject
) -> JsonBytes:
    """Decline with a reason; the institution is told only what speaks of the unit."""
    await once.run(ctx.db, answering.reject(ctx, incoming_id, body, expected))
    return await queries.read_incoming(ctx, incoming_id)


@router.post(HERE + "/{incoming_id}/acknowledge-end", response_model=IncomingRead)
async def acknowledge_end_of_referral(ctx: Answering, once: Idempotent, incoming_id: UUID) -> JsonBytes:
    """Note that one knows that the institution ended it after the acceptance."""
    await once.run(ctx.db, answering.acknowledge_end(ctx, incoming_id))
    return await queries.read_incoming(ctx, incoming_id)
