"""Transfers over HTTP: under the case as its sender sees them, and as the receiving unit sees them."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.cases.schemas.cases import Settling
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatchOptional
from app.transfers import queries, receiving, sending
from app.transfers.documents import Copied
from app.transfers.schemas import (
    CaseTransferRead,
    ReceivedPackageRead,
    TransferAccept,
    TransferDecline,
    TransferDraft,
    TransferOfferRead,
    TransferPreview,
    TransferReceive,
    TransferWithdraw,
)

router = Router(tags=["transfers"])
CASE = "/v1/cases/{case_id}/transfers"
INCOMING = "/v1/transfers"

Reader = Annotated[Context, allow(Permission.CASE_READ)]
Sender = Annotated[Context, allow(Permission.TRANSFER_OFFER)]
Receiver = Annotated[Context, allow(Permission.TRANSFER_READ)]
Decider = Annotated[Context, allow(Permission.TRANSFER_ANSWER)]
Named = Annotated[Context, allow(Permission.TRANSFER_RECEIVE)]


@router.get(CASE, response_model=Page[CaseTransferRead])
async def list_transfers(ctx: Reader, page: Paging, case_id: UUID) -> JsonBytes:
    """List the transfers of a case, newest first."""
    return await queries.list_transfers(ctx, case_id, page)


@router.post(CASE, status_code=201, response_model=CaseTransferRead)
async def draft_transfer(ctx: Sender, once: Idempotent, case_id: UUID, body: TransferDraft) -> JsonBytes:
    """Draft a transfer: nothing leaves."""
    transfer_id = await once.run(ctx.db, sending.draft_transfer(ctx, case_id, body))
    return await queries.read_transfer(ctx, case_id, transfer_id, status=201)


@router.get(CASE + "/{transfer_id}", response_model=CaseTransferRead)
async def read_transfer(ctx: Reader, case_id: UUID, transfer_id: UUID) -> JsonBytes:
    """Read one transfer and where it stands."""
    return await queries.read_transfer(ctx, case_id, transfer_id)


@router.get(CASE + "/{transfer_id}/preview", response_model=TransferPreview)
async def preview_transfer(ctx: Reader, case_id: UUID, transfer_id: UUID) -> JsonBytes:
    """See exactly what goes along, and what the consent lacks."""
    return await queries.preview_transfer(ctx, case_id, transfer_id)


@router.post(CASE + "/{transfer_id}/offer", response_model=CaseTransferRead)
async def offer_transfer(
    ctx: Sender, once: Idempotent, expected: IfMatchOptional, case_id: UUID, transfer_id: UUID
) -> JsonBytes:
    """Offer it: the consent must hold now, the package is frozen, and the other unit sees no person."""
    await once.run(ctx.db, sending.offer_transfer(ctx, case_id, transfer_id, expected))
    return await queries.read_transfer(ctx, case_id, transfer_id)


@router.post(CASE + "/{transfer_id}/withdraw", response_model=CaseTransferRead)
async def withdraw_transfer(
    ctx: Sender,
    once: Idempotent,
    expected: IfMatchOptional,
    case_id: UUID,
    transfer_id: UUID,
    body: TransferWithdraw,
) -> JsonBytes:
    """Take it back before it was received."""
    await once.run(ctx.db, sending.withdraw_transfer(ctx, case_id, transfer_id, body, expected))
    return await queries.read_transfer(ctx, case_id, transfer_id)


@router.post(CASE + "/{transfer_id}/settle", response_model=CaseTransferRead)
async def settle_transfer(
    ctx: Sender, once: Idempotent, expected: IfMatchOptional, case_id: UUID, transfer_id: UUID, body: Settling
) -> JsonBytes:
    """Say what becomes of what is open in the case that the receipt has closed."""
    await once.run(ctx.db, sending.settle_transfer(ctx, case_id, transfer_id, body, expected))
    return await queries.read_transfer(ctx, case_id, transfer_id)


@router.get(INCOMING, response_model=Page[TransferOfferRead])
async def list_transfer_offers(ctx: Receiver, page: Paging) -> JsonBytes:
    """List what was offered to one's unit, newest first; a case manager sees what was given to them."""
    return await queries.list_offers(ctx, page)


@router.get(INCOMING + "/{transfer_id}", response_model=TransferOfferRead)
async def read_transfer_offer(ctx: Receiver, transfer_id: UUID) -> JsonBytes:
    """Read an offer: from whom, why, how urgent; no person."""
    return await queries.read_offer(ctx, transfer_id)


@router.post(INCOMING + "/{transfer_id}/accept", response_model=TransferOfferRead)
async def accept_transfer(
    ctx: Decider, once: Idempotent, expected: IfMatchOptional, transfer_id: UUID, body: TransferAccept
) -> JsonBytes:
    """Take the case over: the package crosses to the case manager who is named."""
    await once.run(ctx.db, receiving.accept_transfer(ctx, transfer_id, body, expected))
    return await queries.read_offer(ctx, transfer_id)


@router.post(INCOMING + "/{transfer_id}/decline", response_model=TransferOfferRead)
async def decline_transfer(
    ctx: Decider, once: Idempotent, expected: IfMatchOptional, transfer_id: UUID, body: TransferDecline
) -> JsonBytes:
    """Leave the case where it is."""
    await once.run(ctx.db, receiving.decline_transfer(ctx, transfer_id, body, expected))
    return await queries.read_offer(ctx, transfer_id)


@router.get(INCOMING + "/{transfer_id}/package", response_model=ReceivedPackageRead)
async def read_transfer_package(ctx: Named, transfer_id: UUID) -> JsonBytes:
    """Read what was handed over, exactly as it was frozen, and which consents are still to be taken."""
    return await queries.read_package(ctx, transfer_id)


@router.post(INCOMING + "/{transfer_id}/receive", response_model=ReceivedPackageRead)
async def receive_transfer(
    copied: Copied,
    ctx: Named,
    once: Idempotent,
    expected: IfMatchOptional,
    transfer_id: UUID,
    body: TransferReceive,
) -> JsonBytes:
    """Register the person and open their case, with its documents; the sender's case is closed."""
    await once.run(ctx.db, receiving.receive_transfer(ctx, transfer_id, body, expected, copied))
    return await queries.read_package(ctx, transfer_id)


@router.post(INCOMING + "/{transfer_id}/acknowledge-withdrawal", response_model=TransferOfferRead)
async def acknowledge_transfer_withdrawal(ctx: Named, once: Idempotent, transfer_id: UUID) -> JsonBytes:
    """Acknowledge that the client took the consent back."""
    await once.run(ctx.db, receiving.acknowledge_withdrawal(ctx, transfer_id))
    return await queries.read_offer(ctx, transfer_id)
