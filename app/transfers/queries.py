"""Reading transfers from either side; each read writes its journal entry."""

from uuid import UUID

import orjson
from sqlalchemy import bindparam, case, func, select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal, reading
from app.cases.models import Case
from app.cases.queries.plan import PSEUDONYM
from app.cases.queries.shapes import json_object
from app.clients.models import Client
from app.consents.gate import missing_consent
from app.consents.rules import Direction
from app.kit.clock import local_date
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes
from app.transfers.hold import hold, require_usable
from app.transfers.models import CaseTransfer, TransferOffer, TransferPackage
from app.transfers.package import build
from app.transfers.rules import PURPOSE, State

_TRANSFER = select(
    CaseTransfer.id,
    CaseTransfer.case_id,
    json_object(
        id=CaseTransfer.receiving_unit_id,
        name=CaseTransfer.receiving_unit_name,
        municipal_area_id=CaseTransfer.receiving_area_id,
    ).label("receiving_unit"),
    CaseTransfer.reason,
    CaseTransfer.urgency,
    CaseTransfer.language,
    CaseTransfer.target_group,
    CaseTransfer.data_categories,
    CaseTransfer.contact_ids,
    CaseTransfer.document_ids,
    CaseTransfer.state,
    case(
        (
            CaseTransfer.ended_at.is_(None),
            func.hold_of_transfer(CaseTransfer.municipal_area_id, CaseTransfer.id),
        )
    ).label("on_hold"),
    CaseTransfer.consent_id,
    CaseTransfer.offered_at,
    CaseTransfer.deadline_at,
    CaseTransfer.accepted_at,
    CaseTransfer.ended_at,
    CaseTransfer.decline_reason,
    CaseTransfer.withdraw_reason,
    CaseTransfer.settled_at,
    CaseTransfer.consent_withdrawn_at,
    CaseTransfer.withdrawal_acknowledged_at,
    CaseTransfer.version,
    PSEUDONYM,
).where(CaseTransfer.case_id == bindparam("case_id"))
ONE_TRANSFER = reading.one("transfer.read", "transfer", _TRANSFER.where(CaseTransfer.id == bindparam("id")))
TRANSFERS = reading.many("transfer.list", "transfer", _TRANSFER, order=("id",), descending=True)

_OFFER = select(
    TransferOffer.id,
    TransferOffer.unit_id,
    json_object(
        id=TransferOffer.sending_unit_id,
        name=TransferOffer.sending_unit_name,
        municipal_area_id=TransferOffer.sending_area_id,
    ).label("sending_unit"),
    TransferOffer.reason,
    TransferOffer.urgency,
    TransferOffer.language,
    TransferOffer.target_group,
    TransferOffer.data_categories,
    TransferOffer.state,
    TransferOffer.offered_at,
    TransferOffer.deadline_at,
    TransferOffer.accepted_at,
    TransferOffer.case_manager_id,
    TransferOffer.ended_at,
    TransferOffer.decline_reason,
    TransferOffer.consent_withdrawn_at,
    TransferOffer.withdrawal_acknowledged_at,
    TransferOffer.version,
)
# No person of this area yet, so no pseudonym in the journal.
ONE_OFFER = reading.one("transfer.read_offer", "transfer", _OFFER.where(TransferOffer.id == bindparam("id")))
OFFERS = reading.many("transfer.list_offers", "transfer", _OFFER, order=("offered_at", "id"), descending=True)

_SUBJECT = select(Case.client_id, Client.pseudonym).join(
    Client, (Client.municipal_area_id == Case.municipal_area_id) & (Client.id == Case.client_id)
)
_PACKAGE = """SELECT r.id, r.case_id, r.sha256, r.frozen_at, r.content,
    (SELECT k.pseudonym FROM cases c JOIN clients k
        ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
        WHERE c.municipal_area_id = r.municipal_area_id AND c.id = r.case_id) AS client,
    ARRAY(SELECT needed FROM (SELECT json_array_elements_text(r.content::json -> 'consents') AS needed
            UNION SELECT 'case_documentation') n
        WHERE NOT EXISTS (SELECT FROM consents s JOIN cases c
                ON c.municipal_area_id = s.municipal_area_id AND c.client_id = s.client_id
            WHERE c.municipal_area_id = r.municipal_area_id AND c.id = r.case_id AND s.purpose = n.needed
                AND (s.case_id IS NULL OR s.case_id = c.id)
                AND s.withdrawn_at IS NULL AND s.valid_until >= $2)
        ORDER BY needed) AS missing_consents
FROM received_packages r WHERE r.id = $1"""


async def read_transfer(ctx: Context, case_id: UUID, transfer_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_TRANSFER.answer(ctx.db, status=status, case_id=case_id, id=transfer_id)


async def list_transfers(ctx: Context, case_id: UUID, page: PageRequest) -> JsonBytes:
    """Return the transfers of a case, newest first."""
    await require_relation(ctx, case_id=case_id)
    return await TRANSFERS.answer(ctx.db, page, case_id=case_id)


async def preview_transfer(ctx: Context, case_id: UUID, transfer_id: UUID) -> JsonBytes:
    """Return the package as it would leave now, or as it was frozen, and what the consent lacks."""
    await require_relation(ctx, case_id=case_id)
    wanted = select(CaseTransfer).where(CaseTransfer.id == transfer_id, CaseTransfer.case_id == case_id)
    transfer = await ctx.db.scalar(wanted)
    if not isinstance(transfer, CaseTransfer):
        raise NotFound
    subject = (await ctx.db.execute(_SUBJECT.where(Case.id == case_id))).one()
    kept = await ctx.db.scalar(select(TransferPackage).where(TransferPackage.id == transfer_id))
    package = kept or await build(ctx, transfer, subject.client_id)
    missing: tuple[str, ...] = ()
    if transfer.state == State.DRAFTED:
        missing = await missing_consent(
            ctx,
            client_id=subject.client_id,
            case_id=case_id,
            recipient_id=transfer.receiving_unit_id,
            purpose=PURPOSE,
            categories=transfer.data_categories,
            direction=Direction.TO,
            on=local_date(ctx.now),
        )
    await journal.record(ctx.db, "transfer.preview", "transfer", transfer_id, clients=[subject.pseudonym])
    answer = {
        "id": transfer_id,
        "state": transfer.state,
        "is_frozen": kept is not None,
        "sha256": package.sha256,
        "missing": missing,
    }
    # The frozen text itself goes out, not a copy that was read and written again.
    return JsonBytes(orjson.dumps({**answer, "content": orjson.Fragment(package.content)}, default=str))


async def read_offer(ctx: Context, offer_id: UUID) -> JsonBytes:
    return await ONE_OFFER.answer(ctx.db, id=offer_id)


async def list_offers(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return what was offered to the units whose teams one leads, and what was given to oneself."""
    return await OFFERS.answer(ctx.db, page)


async def read_package(ctx: Context, offer_id: UUID) -> JsonBytes:
    """Return what was handed over, byte by byte as it was frozen.

    Raises 409 while there is no case yet and what was offered may not be used now.
    """
    row = await (await ctx.db.driver()).fetchrow(_PACKAGE, offer_id, local_date(ctx.now))
    if row is None:
        raise NotFound
    if row["case_id"] is None:
        held = await hold(ctx, offer_id)
        if held == "withdrawn":
            raise NotFound
        require_usable(held)
    clients = [row["client"]] if row["client"] else []
    await journal.record(ctx.db, "transfer.read_package", "transfer", offer_id, clients=clients)
    shown = {name: row[name] for name in ("id", "case_id", "sha256", "frozen_at", "missing_consents")}
    return JsonBytes(
        orjson.dumps(
            {**shown, "content": orjson.Fragment(row["content"])},
            default=str,  # the driver's own kind of UUID
        )
    )
