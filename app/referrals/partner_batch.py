"""Many steps of a recipient in one request: each in a transaction of its own, answered in their order.

No lock is held from one to the next, so a batch stands in nobody's way for longer than a single step does,
and a process that is killed has done some of them whole and the others not at all. What was done is found
by the batch's key and the place in it, as a single step is by its key (decision 0258).
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import Depends, Request

from app.access.context import Context
from app.access.guard import PERMISSION, Gate, SessionOpening, asked_again, entered, turn_of
from app.access.permissions import Permission
from app.access.policy import POLICY
from app.audit.journal import record_refusal
from app.kit.database import UNREACHABLE
from app.kit.errors import Forbidden, NotFound, Problem
from app.kit.idempotency import IdempotentForSure, Once
from app.kit.ids import new_id
from app.kit.problems import from_database, respond
from app.kit.reading import JsonBytes
from app.kit.versions import Expected, etag
from app.referrals import partner_queries, receipts
from app.referrals.actions import partner
from app.referrals.actions.answer import Answer
from app.referrals.partner_schemas import BatchItem
from app.referrals.receipts import Notary
from app.referrals.rules import Step

ANSWER = Permission.PARTNER_REFERRAL_ANSWER


@dataclass(frozen=True, slots=True)
class BatchDesk:
    """Whose batch it is: opens a transaction for each item, in which session and roles are asked anew."""

    gate: Gate
    session_id: UUID
    request_id: str
    once: Once

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Context]:
        """Open the transaction of one item."""
        async with asked_again(self.gate, self.session_id, self.request_id, ANSWER) as ctx:
            yield ctx

    async def note(self, referral_id: UUID, reason: str) -> None:
        """Write down that the person was refused, also when they hold no role here any more."""
        again = SessionOpening(self.session_id, tuple(sorted(POLICY[ANSWER].roles)), self.request_id)
        async with self.gate.database.transaction(again) as db:
            await record_refusal(db, action=ANSWER, reason=reason, asked_for=("referral", referral_id))

    def once_for(self, place: int) -> Once:
        """Return what runs the item at this place once; a space is in no key that is sent."""
        return Once(f"{self.once.key} {place}", self.once.operation, self.once.digest)


async def _admitted(request: Request) -> UUID:
    async with entered(request, ANSWER) as ctx:
        return ctx.actor.session_id


setattr(_admitted, PERMISSION, ANSWER)


async def _desk(
    request: Request, session_id: Annotated[UUID, Depends(_admitted)], once: IdempotentForSure
) -> AsyncIterator[BatchDesk]:
    desk = BatchDesk(request.app.state.gate, session_id, request.state.request_id, once)
    async with turn_of(request):
        # Committed before the first item: from then on the key stands for this body.
        async with desk.turn() as ctx:
            await once.run(ctx.db, _nothing())
        yield desk


Desk = Annotated[BatchDesk, Depends(_desk, scope="function")]
"""The guard of its operation: it holds no transaction while the items have theirs."""


async def _nothing() -> UUID:
    return new_id()


async def take_steps(desk: BatchDesk, notary: Notary, items: Sequence[BatchItem]) -> JsonBytes:
    """Take each step and return what came of it: its receipt, or the problem that stood in its way."""
    told = [await _told(desk, notary, place, item) for place, item in enumerate(items)]
    return JsonBytes(b'{"items":[' + b",".join(told) + b"]}")


async def _told(desk: BatchDesk, notary: Notary, place: int, item: BatchItem) -> bytes:
    try:
        async with desk.turn() as ctx:
            receipt_id = await desk.once_for(place).run(ctx.db, _take(ctx, item))
            taken = await partner_queries.read_taken(ctx, item.id)
            answer = await receipts.with_receipt(ctx, notary, taken, receipt_id)
    except Problem as problem:
        return await _refused(desk, item, problem)
    except UNREACHABLE as error:
        known = from_database(error)
        if known is None:
            raise
        return await _refused(desk, item, known)
    return b'{"status":200,' + bytes(answer.body)[1:]


async def _take(ctx: Context, item: BatchItem) -> UUID:
    step, expected = Step(item.step), Expected(etag(item.version))
    if step is Step.FETCH:
        return await partner.mark_fetched(ctx, item.id, expected)
    if step is Step.ACKNOWLEDGE:
        return await partner.acknowledge_revocation(ctx, item.id, expected)
    needs = item.model_dump(include={"reason", "outcome", "text"})
    return await partner.answer_referral(ctx, item.id, Answer(step, **needs), expected)


async def _refused(desk: BatchDesk, item: BatchItem, problem: Problem) -> bytes:
    """Return a refusal as the item's answer; what is denied or not found leaves its trace, as everywhere."""
    if isinstance(problem, Forbidden | NotFound):
        await desk.note(item.id, problem.problem_code)
    answer = respond(problem)
    head = orjson.dumps({"status": answer.status_code, "id": item.id})
    return head[:-1] + b',"problem":' + bytes(answer.body) + b"}"
