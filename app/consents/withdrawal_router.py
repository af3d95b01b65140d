"""Withdrawals over HTTP: taken down by whoever is told, settled where nobody could be placed."""

from typing import Annotated
from uuid import UUID

import orjson

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.consents import queries, withdrawing
from app.consents.schemas import (
    UnplacedWithdrawalRead,
    WithdrawalReceipt,
    WithdrawalSettle,
    WithdrawalTake,
)
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatchOptional

router = Router(prefix="/v1/withdrawals", tags=["consents"])

Settling = Annotated[Context, allow(Permission.WITHDRAWAL_SETTLE)]


@router.post("", status_code=201, response_model=WithdrawalReceipt)
async def take_withdrawal(
    ctx: Annotated[Context, allow(Permission.WITHDRAWAL_TAKE)], once: Idempotent, body: WithdrawalTake
) -> JsonBytes:
    """Take down a withdrawal of whoever stands before you. The answer is the same whoever they are."""
    receipt = await once.run(ctx.db, withdrawing.take_withdrawal(ctx, body))
    answer = {"id": receipt, **body.model_dump(include={"channel", "institution_id", "purpose"})}
    return JsonBytes(orjson.dumps(answer, default=str), status_code=201)


@router.get("", response_model=Page[UnplacedWithdrawalRead])
async def list_unplaced_withdrawals(ctx: Settling, page: Paging) -> JsonBytes:
    """List the withdrawals that could not be placed, newest first."""
    return await queries.list_unplaced(ctx, page)


@router.post("/{withdrawal_id}/settle", response_model=UnplacedWithdrawalRead)
async def settle_withdrawal(
    ctx: Settling, once: Idempotent, expected: IfMatchOptional, withdrawal_id: UUID, body: WithdrawalSettle
) -> JsonBytes:
    """Say what became of one; the name is forgotten."""
    await once.run(ctx.db, withdrawing.settle_withdrawal(ctx, withdrawal_id, body, expected))
    return await queries.read_unplaced(ctx, withdrawal_id)
