"""What the sender does: draft, offer, withdraw, and settle what the closed case left open."""

from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.audit import journal
from app.cases.actions.settling import settle, settled_kinds
from app.cases.events import CaseSettled
from app.cases.models import CaseContent
from app.cases.rules import CLOSED
from app.cases.schemas.cases import CaseClose, Settling
from app.cases.subject import Subject, closed, find_case, open_case, require_usable
from app.catalogues.check import require_code
from app.consents.gate import require_consent
from app.consents.rules import Direction
from app.kit.changes import locked
from app.kit.clock import local_date
from app.kit.errors import Conflict, Invalid, NotFound, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected
from app.organisations.queries import find_receiving_unit
from app.referrals.actions.parties import hold_person
from app.referrals.rules import HOUSEHOLD
from app.transfers.documents import require_carried
from app.transfers.models import CaseTransfer, TransferPackage
from app.transfers.package import build, chosen_contacts
from app.transfers.rules import (
    CASE_RECORD,
    MASTER_DATA,
    PURPOSE,
    TRANSFERRED,
    UNDER_WAY,
    WAY,
    Side,
    State,
    Step,
    deadline,
    not_carried,
)
from app.transfers.schemas import TransferDraft, TransferWithdraw

_UNDER_WAY = select(CaseTransfer.state).where(CaseTransfer.state.in_(list(map(str, UNDER_WAY))))
_OFFER = "SELECT offer_transfer($1)"
_END = "SELECT end_offer($1, $2)"


async def draft_transfer(ctx: Context, case_id: UUID, body: TransferDraft) -> UUID:
    """Draft a transfer of an open case; nothing leaves.

    Raises 409 while another one is under way and for a category that no package carries, 422 for a unit that
    takes no cases over and for entries of another case.
    """
    subject = await open_case(ctx, case_id, to_change=True)
    unit = await find_receiving_unit(ctx, body.receiving_unit_id)
    if unit is None or unit.id == subject.unit_id:
        raise Invalid.at(
            "body.receiving_unit_id",
            "unknown_reference",
            "There is no such other unit that takes cases over.",
        )
    await _check(ctx, case_id, body)
    await require_carried(ctx, subject, body)
    under_way = await ctx.db.scalar(_UNDER_WAY.where(CaseTransfer.case_id == case_id))
    if under_way is not None:
        raise WrongState(
            "A transfer of this case is under way.",
            state=under_way,
            allowed=WAY.steps_from(under_way, Side.SENDER),
        )
    transfer = CaseTransfer(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        case_id=case_id,
        receiving_area_id=unit.municipal_area_id,
        receiving_unit_name=unit.name,
        state=State.DRAFTED,
        created_by=ctx.actor.user_id,
        **body.model_dump(),
    )
    ctx.db.add(transfer)
    await journal.record(ctx.db, "transfer.draft", "transfer", transfer.id, clients=[subject.pseudonym])
    return transfer.id


async def _check(ctx: Context, case_id: UUID, body: TransferDraft) -> None:
    require_code("language", body.language, "body.language")
    for position, code in enumerate(body.data_categories):
        require_code("data_category", code, f"body.data_categories.{position}")
    if len(set(body.data_categories)) < len(body.data_categories):
        raise Invalid.at("body.data_categories", "repeated", "Each data category is named once.")
    if MASTER_DATA not in body.data_categories:
        raise Invalid.at("body.data_categories", "missing", "Without master data nobody can be registered.")
    if refused := not_carried(body.data_categories):
        raise Conflict(
            f"The category {refused[0]} does not go along.", code="category_not_allowed", category=refused[0]
        )
    if body.contact_ids and CASE_RECORD not in body.data_categories:
        raise Invalid.at(
            "body.contact_ids", "category_missing", "Entries go along with the record of the case only."
        )
    found = await chosen_contacts(ctx, case_id, body.contact_ids)
    if len(found) < len(body.contact_ids):
        raise Invalid.at(
            "body.contact_ids", "unknown_reference", "These are not entries of the case that count."
        )


async def offer_transfer(ctx: Context, case_id: UUID, transfer_id: UUID, expected: Expected) -> UUID:
    """Freeze the package and show the receiving unit that there is a case, and nothing of the person.

    Raises 409 `consent_missing` unless the client's consent covers it now, and `unit_not_receiving` when
    nobody there takes cases over any more.
    """
    transfer, subject = await own_transfer(ctx, case_id, transfer_id, expected)
    target = led_to(transfer, Step.OFFER)
    if subject.phase == CLOSED:
        raise closed()
    require_usable(subject)
    consent = await require_consent(
        ctx,
        client_id=subject.client_id,
        case_id=case_id,
        recipient_id=transfer.receiving_unit_id,
        purpose=PURPOSE,
        categories=transfer.data_categories,
        direction=Direction.TO,
        on=local_date(ctx.now),
    )
    with_household = HOUSEHOLD in transfer.data_categories
    await hold_person(ctx, subject.client_id, with_household=with_household)
    package = await build(ctx, transfer, subject.client_id)
    ctx.db.add(
        TransferPackage(
            municipal_area_id=transfer.municipal_area_id,
            id=transfer.id,
            case_id=case_id,
            content=package.content,
            sha256=package.sha256,
            frozen_at=ctx.now,
        )
    )
    transfer.state, transfer.consent_id = target, consent.id
    transfer.offered_at, transfer.offered_by = ctx.now, ctx.actor.user_id
    transfer.deadline_at = deadline(State.OFFERED, ctx.now)
    await ctx.db.flush()
    if not await (await ctx.db.driver()).fetchval(_OFFER, transfer_id):
        raise Conflict("Nobody at this unit takes cases over.", code="unit_not_receiving")
    await journal.record(
        ctx.db,
        "transfer.offer",
        "transfer",
        transfer_id,
        clients=[subject.pseudonym],
        purpose=PURPOSE,
        legal_basis="consent",
    )
    return transfer_id


async def withdraw_transfer(
    ctx: Context, case_id: UUID, transfer_id: UUID, body: TransferWithdraw, expected: Expected
) -> UUID:
    """Take it back before it was received; what the other unit has of it is gone at once."""
    transfer, subject = await own_transfer(ctx, case_id, transfer_id, expected)
    await end(ctx, transfer, body.reason, subject.pseudonym)
    return transfer_id


async def end(ctx: Context, transfer: CaseTransfer, reason: str, pseudonym: UUID) -> None:
    """Withdraw a locked transfer, on this side and on the other."""
    transfer.state = led_to(transfer, Step.WITHDRAW)
    transfer.withdraw_reason, transfer.ended_at = reason, ctx.now
    await ctx.db.flush()
    await (await ctx.db.driver()).execute(_END, transfer.id, ctx.now)
    await journal.record(ctx.db, "transfer.withdraw", "transfer", transfer.id, clients=[pseudonym])


async def settle_transfer(
    ctx: Context, case_id: UUID, transfer_id: UUID, body: Settling, expected: Expected
) -> UUID:
    """Say what becomes of what the receipt left open in the closed case: as when closing it. Once."""
    transfer, subject = await own_transfer(ctx, case_id, transfer_id, expected)
    if transfer.state != State.RECEIVED or transfer.settled_at is not None:
        state = "settled" if transfer.settled_at else transfer.state
        raise WrongState("There is nothing to settle.", state=state, allowed=_sender_steps(transfer))
    content = await locked(ctx.db, CaseContent, case_id)
    if content.closing_reason != TRANSFERRED:
        raise WrongState("The case goes on or was closed otherwise.", state=subject.phase, allowed=[])
    left = await settle(ctx, case_id, CaseClose(reason=TRANSFERRED, settle=body))
    content.unfinished_tasks, content.unfinished_measures = left.tasks, left.measures
    transfer.settled_at = ctx.now
    await ctx.db.flush()
    await journal.record(ctx.db, "transfer.settle", "transfer", transfer_id, clients=[subject.pseudonym])
    await ctx.publish(CaseSettled(case_id, subject.client_id, settled_kinds(body)))
    return transfer_id


async def own_transfer(
    ctx: Context, case_id: UUID, transfer_id: UUID, expected: Expected
) -> tuple[CaseTransfer, Subject]:
    """Return a transfer of one's own case, locked before the case, as the receiver does."""
    transfer = await locked(ctx.db, CaseTransfer, transfer_id)
    if transfer.case_id != case_id:
        raise NotFound
    subject = await find_case(ctx, case_id)
    expected.check(transfer)
    return transfer, subject


def led_to(transfer: CaseTransfer, step: Step) -> State:
    """Return where the sender's step leads; 409 names the steps that lead on."""
    target = WAY.target_of(step, transfer.state, Side.SENDER)
    if target is None:
        raise WrongState(
            "The transfer is in another state.", state=transfer.state, allowed=_sender_steps(transfer)
        )
    return target


def _sender_steps(transfer: CaseTransfer) -> list[str]:
    if transfer.state == State.RECEIVED and transfer.settled_at is None:
        return ["settle"]
    return WAY.steps_from(transfer.state, Side.SENDER)
