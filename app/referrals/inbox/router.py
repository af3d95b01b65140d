"""The team inbox over HTTP, for people of the addressed institution."""

from typing import Annotated
from uuid import UUID

from fastapi import Body

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.kit.idempotency import IdempotentForSure
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.referrals.inbox import charges, deputies, queries
from app.referrals.inbox.schemas import (
    ChargeHandOn,
    ChargeRead,
    ChargeTake,
    DeputyName,
    DeputyshipRead,
    PartnerColleagueRead,
)

router = Router(prefix="/v1/partner", tags=["partner inbox"])

Working = Annotated[Context, allow(Permission.PARTNER_INBOX_WORK)]
Taking = Annotated[ChargeTake, Body(default_factory=ChargeTake)]


@router.get("/colleagues", response_model=Page[PartnerColleagueRead])
async def list_partner_colleagues(ctx: Working, page: Paging) -> JsonBytes:
    """List the people of one's institution, to hand a referral on or to name a deputy."""
    return await queries.list_colleagues(ctx, page)


@router.get("/referrals/{referral_id:uuid}/charge", response_model=ChargeRead)
async def read_charge(ctx: Working, referral_id: UUID) -> JsonBytes:
    """Read who is in charge of a referral."""
    return await queries.read_charge(ctx, referral_id)


@router.post("/referrals/{referral_id:uuid}/take-charge", response_model=ChargeRead)
async def take_charge(ctx: Working, once: IdempotentForSure, referral_id: UUID, body: Taking) -> JsonBytes:
    """Take charge of a referral that nobody has, or in the place of the colleague who has it."""
    await once.run(ctx.db, charges.take_charge(ctx, referral_id, body))
    return await queries.read_charge(ctx, referral_id)


@router.post("/referrals/{referral_id:uuid}/hand-on", response_model=ChargeRead)
async def hand_on_charge(
    ctx: Working, once: IdempotentForSure, referral_id: UUID, body: ChargeHandOn
) -> JsonBytes:
    """Put a colleague in charge, who is told."""
    await once.run(ctx.db, charges.hand_on(ctx, referral_id, body))
    return await queries.read_charge(ctx, referral_id)


@router.post("/referrals/{referral_id:uuid}/give-back", response_model=ChargeRead)
async def give_back_charge(ctx: Working, once: IdempotentForSure, referral_id: UUID) -> JsonBytes:
    """Give it back to the team: nobody is in charge then."""
    await once.run(ctx.db, charges.give_back(ctx, referral_id))
    return await queries.read_charge(ctx, referral_id)


@router.get("/deputyships", response_model=Page[DeputyshipRead])
async def list_partner_deputyships(ctx: Working, page: Paging) -> JsonBytes:
    """List who stands in for oneself and for whom one does, ended ones too, the newest first."""
    return await queries.list_deputyships(ctx, page)


@router.post("/deputyships", status_code=201, response_model=DeputyshipRead)
async def name_partner_deputy(ctx: Working, once: IdempotentForSure, body: DeputyName) -> JsonBytes:
    """Name a colleague who stands in: what one is told, and one's list, are theirs too meanwhile."""
    deputyship_id = await once.run(ctx.db, deputies.name_deputy(ctx, body))
    return await queries.read_deputyship(ctx, deputyship_id, status=201)


@router.delete("/deputyships/{deputyship_id:uuid}", status_code=204)
async def end_partner_deputyship(ctx: Working, deputyship_id: UUID) -> None:
    """End it at once, as who is away or as the deputy."""
    await deputies.end_deputyship(ctx, deputyship_id)
