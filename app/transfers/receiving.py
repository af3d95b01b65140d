"""What the receiving unit does: accept or decline as team lead, receive as the case manager who was named."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select

from app.access.context import Context
from app.access.relations import require_place
from app.access.roles import Role
from app.audit import journal
from app.cases.actions.opening import open_new
from app.cases.models import Goal, Measure
from app.cases.schemas.cases import CaseOpen
from app.clients.histories.kinds import (
    ADDRESSES,
    LANGUAGES,
    LEGAL_DOMAINS,
    RESIDENCE_DOCUMENTS,
    SCHOOLING,
    HistoryKind,
)
from app.clients.histories.periods import place_period
from app.clients.models import Client
from app.clients.record import HISTORIES
from app.clients.registration import create_client
from app.clients.schemas import ClientCreate
from app.clients.warnings import keep_warnings
from app.kit.changes import locked
from app.kit.errors import Forbidden, Invalid, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected
from app.transfers.documents import Carried, keep_copies
from app.transfers.events import TransferReceived
from app.transfers.hold import hold, require_usable
from app.transfers.models import ReceivedPackage, TransferOffer
from app.transfers.rules import WAY, Side, State, Step, deadline
from app.transfers.schemas import TransferAccept, TransferDecline, TransferReceive

_ANSWER = "SELECT answer_transfer($1, $2)"
_ACKNOWLEDGE = "SELECT acknowledge_transfer($1)"
_WORKS_AT = "SELECT works_at($1, $2)"
_KINDS: Mapping[str, HistoryKind] = {
    "residence_documents": RESIDENCE_DOCUMENTS,
    "legal_domains": LEGAL_DOMAINS,
    "addresses": ADDRESSES,
    "languages": LANGUAGES,
    "schooling": SCHOOLING,
}
_GOAL = ("life_domain", "wording", "indicator", "progress")
_MEASURE = ("wording", "responsible", "responsible_name", "note")


async def accept_transfer(ctx: Context, offer_id: UUID, body: TransferAccept, expected: Expected) -> UUID:
    """Take the case over: the package crosses to the case manager who is named, and to nobody else.

    Raises 409 when the consent behind it does not hold now, 422 for somebody who is no case manager there.
    """
    offer = await _held(ctx, offer_id, expected)
    require_place(ctx, offer.unit_id, Role.TEAM_LEAD)
    driver = await ctx.db.driver()
    target = _led_to(offer, Step.ACCEPT)
    if not await driver.fetchval(_WORKS_AT, body.case_manager_id, offer.unit_id):
        raise Invalid.at(
            "body.case_manager_id", "not_of_the_unit", "There is no such case manager at the unit."
        )
    offer.state, offer.case_manager_id = target, body.case_manager_id
    offer.accepted_at, offer.accepted_by = ctx.now, ctx.actor.user_id
    offer.deadline_at = deadline(State.ACCEPTED, ctx.now)
    await ctx.db.flush()
    await driver.execute(_ANSWER, offer_id, ctx.now)
    await journal.record(ctx.db, "transfer.accept", "transfer", offer_id, purpose="transfer")
    return offer_id


async def decline_transfer(ctx: Context, offer_id: UUID, body: TransferDecline, expected: Expected) -> UUID:
    """Leave the case where it is, also after an acceptance; what was handed over is gone at once."""
    offer = await _held(ctx, offer_id, expected, to_use=False)
    require_place(ctx, offer.unit_id, Role.TEAM_LEAD)
    offer.state = _led_to(offer, Step.DECLINE)
    offer.decline_reason, offer.ended_at = body.reason, ctx.now
    offer.language, offer.target_group, offer.data_categories = None, None, []
    await ctx.db.flush()
    await (await ctx.db.driver()).execute(_ANSWER, offer_id, ctx.now)
    await journal.record(ctx.db, "transfer.decline", "transfer", offer_id, purpose="transfer")
    return offer_id


async def receive_transfer(
    ctx: Context, offer_id: UUID, body: TransferReceive, expected: Expected, carried: Carried
) -> UUID:
    """Register the person, open their case in intake, take goals and documents over; close the sender's case.

    A client who is there already keeps the sender's warnings as well. No consent is carried over. Raises 409
    `possible_duplicate` as for any registration, 403 for anybody but the one who was named.
    """
    offer = await _held(ctx, offer_id, expected)
    if offer.case_manager_id != ctx.actor.user_id:
        raise Forbidden("Only the case manager who was named receives it.", code="not_given_to_you")
    target = _led_to(offer, Step.RECEIVE)
    package = (await ctx.db.scalars(select(ReceivedPackage).where(ReceivedPackage.id == offer_id))).one()
    content = orjson.loads(package.content)
    client_id = await _client(ctx, offer.unit_id, content, body)
    kept = content["case"]
    opening = CaseOpen(
        client_id=client_id,
        kind=kept["kind"],
        access_route="other",
        unit_id=offer.unit_id,
        concern=kept.get("concern"),
        summary=kept.get("summary"),
    )
    case_id = await open_new(ctx, opening)
    await _take_goals(ctx, case_id, kept.get("goals", []))
    await ctx.db.flush()
    pseudonym = (await ctx.db.scalars(select(Client.pseudonym).where(Client.id == client_id))).one()
    documents = await keep_copies(
        ctx, offer_id, carried, client_id=client_id, case_id=case_id, pseudonym=pseudonym
    )
    package.case_id = case_id
    offer.state, offer.ended_at = target, ctx.now
    await ctx.db.flush()
    await journal.record(
        ctx.db, "transfer.receive", "transfer", offer_id, clients=[pseudonym], purpose="transfer"
    )
    await ctx.publish(TransferReceived(offer_id, case_id, tuple(documents)))
    carried.are_taken = True
    return offer_id


async def acknowledge_withdrawal(ctx: Context, offer_id: UUID) -> UUID:
    """Say that one knows that the client took the consent back: nothing further rests on it."""
    offer = await locked(ctx.db, TransferOffer, offer_id)
    if offer.case_manager_id != ctx.actor.user_id:
        raise Forbidden("Only the case manager who was named acknowledges.", code="not_given_to_you")
    took_back = offer.consent_withdrawn_at is not None or offer.state == State.REVOKED
    if not took_back or offer.withdrawal_acknowledged_at is not None:
        state = "acknowledged" if offer.withdrawal_acknowledged_at else offer.state
        raise WrongState("There is nothing to acknowledge.", state=state, allowed=_steps(offer))
    offer.withdrawal_acknowledged_at = ctx.now
    await ctx.db.flush()
    await (await ctx.db.driver()).execute(_ACKNOWLEDGE, offer_id)
    await journal.record(ctx.db, "transfer.acknowledge", "transfer", offer_id, purpose="transfer")
    return offer_id


async def _held(ctx: Context, offer_id: UUID, expected: Expected, *, to_use: bool = True) -> TransferOffer:
    """Return the offer, locked after the consent and the transfer behind it; 404 where it is invisible."""
    held = await hold(ctx, offer_id)
    offer = await locked(ctx.db, TransferOffer, offer_id, expected)
    if to_use and WAY.target_of(Step.DECLINE, offer.state, Side.RECEIVER):
        require_usable(held)
    return offer


def _led_to(offer: TransferOffer, step: Step) -> State:
    target = WAY.target_of(step, offer.state, Side.RECEIVER)
    if target is None:
        raise WrongState("The transfer is in another state.", state=offer.state, allowed=_steps(offer))
    return target


def _steps(offer: TransferOffer) -> list[str]:
    if offer.withdrawal_acknowledged_at is None and (
        offer.consent_withdrawn_at or (offer.state == State.REVOKED and offer.case_manager_id)
    ):
        return ["acknowledge-withdrawal"]
    return WAY.steps_from(offer.state, Side.RECEIVER)


async def _client(ctx: Context, unit_id: UUID, content: dict[str, Any], body: TransferReceive) -> UUID:
    """Return the client they are already, with the sender's warnings, or register them."""
    if body.client_id is None:
        return await _register(ctx, unit_id, content, body)
    await keep_warnings(ctx, body.client_id, content["person"])
    return body.client_id


async def _register(ctx: Context, unit_id: UUID, content: dict[str, Any], body: TransferReceive) -> UUID:
    """Register the person as anybody is: after a look for duplicates, which tells the sender nothing."""
    person = {
        **content["person"],
        "unit_id": unit_id,
        "household_members": content["household"],
        "not_duplicate_of": body.not_duplicate_of,
        "confirm_new": body.confirm_new,
    }
    client_id = await create_client(ctx, ClientCreate.model_validate_json(orjson.dumps(person, default=str)))
    await ctx.db.flush()
    for name, periods in content["histories"].items():
        shape = HISTORIES[name][1]
        for period in periods:
            await place_period(
                ctx, _KINDS[name], client_id, shape.model_validate_json(orjson.dumps(period)), "content"
            )
    return client_id


async def _take_goals(ctx: Context, case_id: UUID, goals: list[dict[str, Any]]) -> None:
    """Let the goals and measures go on as one's own. What was assessed and noted stays the sender's word."""
    area = ctx.actor.municipal_area_id
    for goal in goals:
        goal_id = new_id()
        ctx.db.add(
            Goal(
                municipal_area_id=area,
                id=goal_id,
                case_id=case_id,
                set_on=_day(goal["set_on"]),
                target_on=_day(goal.get("target_on")),
                **{name: goal.get(name) for name in _GOAL},
            )
        )
        await ctx.db.flush()
        for measure in goal["measures"]:
            ctx.db.add(
                Measure(
                    municipal_area_id=area,
                    id=new_id(),
                    case_id=case_id,
                    goal_id=goal_id,
                    due_on=_day(measure.get("due_on")),
                    **{name: measure.get(name) for name in _MEASURE},
                )
            )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
