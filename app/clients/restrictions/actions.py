"""Restricting, announcing, lifting, and using all the same."""

from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal
from app.clients.histories.kinds import HISTORY, HistoryName
from app.clients.histories.models import model_of
from app.clients.models import Client
from app.clients.restrictions.models import ProcessingRestriction, ProcessingUse
from app.clients.restrictions.rules import USE_LASTS, WHOLE
from app.clients.restrictions.schemas import (
    RestrictionAnnounce,
    RestrictionCreate,
    RestrictionLift,
    UseCreate,
)
from app.kit.changes import locked
from app.kit.errors import Conflict, Invalid, NotFound, WrongState
from app.kit.ids import new_id


async def restrict(ctx: Context, client_id: UUID, body: RestrictionCreate) -> UUID:
    """Restrict the processing of a person's data, or of one period; 409 for a ground that holds already."""
    await require_relation(ctx, client_id=client_id)
    client = await locked(ctx.db, Client, client_id)
    await _require_entry(ctx, client_id, body)
    row = ProcessingRestriction(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        client_id=client_id,
        restricted_at=ctx.now,
        recorded_by=ctx.actor.user_id,
        **body.model_dump(),
    )
    ctx.db.add(row)
    await _write(ctx, "restrict", row.id, client.pseudonym, body.ground)
    return row.id


async def announce(ctx: Context, client_id: UUID, restriction_id: UUID, body: RestrictionAnnounce) -> UUID:
    """Write down that the person was told that a restriction will be lifted."""
    pseudonym, row = await _open(ctx, client_id, restriction_id)
    if row.announced_at is not None:
        raise WrongState("The person was told already.", state="announced", allowed=["lift"])
    row.announced_at, row.announced_by, row.announced_how = ctx.now, ctx.actor.user_id, body.how
    await _write(ctx, "announce_lifting", row.id, pseudonym, row.ground)
    return row.id


async def lift(ctx: Context, client_id: UUID, restriction_id: UUID, body: RestrictionLift) -> UUID:
    """Lift a restriction; 409 before the person was told (Art. 18 (3) GDPR)."""
    pseudonym, row = await _open(ctx, client_id, restriction_id)
    if row.announced_at is None:
        raise WrongState(
            "The person is told before a restriction is lifted.", state="restricted", allowed=["announce"]
        )
    row.lifted_at, row.lifted_by, row.lift_reason = ctx.now, ctx.actor.user_id, body.reason
    await _write(ctx, "lift_restriction", row.id, pseudonym, row.ground)
    return row.id


async def use(ctx: Context, client_id: UUID, body: UseCreate) -> UUID:
    """Write down a use that Art. 18 (2) allows; 409 when nothing is restricted."""
    await require_relation(ctx, client_id=client_id)
    client = await locked(ctx.db, Client, client_id)
    if client.processing_restricted_at is None:
        raise Conflict("The data of this person are not restricted.", code="not_restricted")
    row = ProcessingUse(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        client_id=client_id,
        used_by=ctx.actor.user_id,
        used_at=ctx.now,
        allowed_until=ctx.now + USE_LASTS,
        **body.model_dump(),
    )
    ctx.db.add(row)
    await _write(ctx, "use_restricted", row.id, client.pseudonym, body.purpose)
    return row.id


async def _write(ctx: Context, act: str, row_id: UUID, pseudonym: UUID, purpose: str) -> None:
    await journal.record(
        ctx.db, f"client.{act}", "processing_restriction", row_id, clients=[pseudonym], purpose=purpose
    )


async def _open(ctx: Context, client_id: UUID, restriction_id: UUID) -> tuple[UUID, ProcessingRestriction]:
    await require_relation(ctx, client_id=client_id)
    client = await locked(ctx.db, Client, client_id)
    statement = select(ProcessingRestriction).where(
        ProcessingRestriction.id == restriction_id, ProcessingRestriction.client_id == client_id
    )
    row: ProcessingRestriction | None = await ctx.db.scalar(statement)
    if row is None:
        raise NotFound
    if row.lifted_at is not None:
        raise WrongState("The restriction was lifted.", state="lifted", allowed=())
    if row.ground == "consent_withdrawn":
        raise WrongState(
            "A consent that was withdrawn: only a new one lifts this.", state="consent_withdrawn", allowed=()
        )
    return client.pseudonym, row


async def _require_entry(ctx: Context, client_id: UUID, body: RestrictionCreate) -> None:
    if (body.entry == WHOLE) != (body.entry_id is None):
        raise Invalid.at("body.entry_id", "entry_named", "Name a period by its id, and no id for the person.")
    if body.entry == WHOLE:
        return
    model = model_of(HISTORY[HistoryName(body.entry)])
    found = await ctx.db.scalar(
        select(model.id).where(model.id == body.entry_id, model.client_id == client_id)
    )
    if found is None:
        raise Invalid.at("body.entry_id", "unknown_reference", "The person has no such period.")
