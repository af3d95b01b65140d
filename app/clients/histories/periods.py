"""The verbs on a period: add, end, correct, withdraw. Each supersedes rather than changes."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal
from app.clients.disputes.follow import follow_period
from app.clients.histories.consequences import (
    restrict_sheltered,
    tell_change_of_legal_domain,
    tell_correction_of_legal_domain,
)
from app.clients.histories.kinds import HistoryKind, Values
from app.clients.histories.models import PERIOD_KEYS, Period, model_of
from app.clients.histories.schemas import PeriodEnd, PeriodInput
from app.clients.touch import is_restricted_entry, processing_restricted, touch_client
from app.kit.errors import Conflict, Invalid, NotFound, WrongState
from app.kit.ids import new_id


async def add_period(ctx: Context, kind: HistoryKind, client_id: UUID, body: PeriodInput) -> UUID:
    """Add a period; 409 `overlap` names the periods of its strand that it would overlap.

    With `ends_previous` the one that runs when it begins is ended on the day before.
    """
    await require_relation(ctx, client_id=client_id)
    pseudonym = await touch_client(ctx, client_id)
    period = await place_period(ctx, kind, client_id, body)
    await journal.record(ctx.db, f"{kind.act}.add", kind.act, period.id, clients=[pseudonym])
    return period.id


async def place_period(
    ctx: Context, kind: HistoryKind, client_id: UUID, body: PeriodInput, place: str = "body"
) -> Period:
    """Write a new period of a client that is locked; journal and relation are the caller's."""
    sent = body.model_dump()
    ends_previous = sent.pop("ends_previous", False)
    values, valid = _split(kind, sent, place)
    before = await _overlapping(ctx, kind, client_id, values, valid)
    if ends_previous and before:
        before = await _end_previous(ctx, before, valid, place)
    _refuse_overlap(before)
    period = _row(ctx, model_of(kind), client_id, values, valid)
    ctx.db.add(period)
    await restrict_sheltered(ctx, period)
    await tell_change_of_legal_domain(ctx, period)
    return period


async def end_period(
    ctx: Context, kind: HistoryKind, client_id: UUID, period_id: UUID, body: PeriodEnd
) -> UUID:
    """Say on which day a period ended and return the row that says so; 409 for one that is superseded."""
    pseudonym, old = await _believed(ctx, kind, client_id, period_id)
    if old.valid.lower is not None and body.valid_until < old.valid.lower:
        raise Invalid.at("body.valid_until", "period_backwards", "A period ends after it begins.")
    valid = Range(old.valid.lower, body.valid_until + timedelta(days=1), bounds="[)")
    values = _values_of(old)
    _refuse_overlap(await _overlapping(ctx, kind, client_id, values, valid, besides=old.id))
    new = await _replace(ctx, old, values, valid, "ended")
    await restrict_sheltered(ctx, new)
    await journal.record(ctx.db, f"{kind.act}.end", kind.act, new.id, clients=[pseudonym])
    return new.id


async def correct_period(
    ctx: Context, kind: HistoryKind, client_id: UUID, period_id: UUID, body: PeriodInput
) -> UUID:
    """Say what is believed instead and return the new row; what was believed before stays readable."""
    pseudonym, old = await _believed(ctx, kind, client_id, period_id)
    values, valid = _split(kind, body.model_dump(), "body")
    _refuse_overlap(await _overlapping(ctx, kind, client_id, values, valid, besides=old.id))
    before = _values_of(old)
    new = await _replace(ctx, old, values, valid, "corrected")
    await restrict_sheltered(ctx, new)
    await tell_correction_of_legal_domain(ctx, old, new)
    changed = [name for name, value in values.items() if before[name] != value]
    await journal.record(
        ctx.db, f"{kind.act}.correct", kind.act, new.id, clients=[pseudonym], changed=changed
    )
    return new.id


async def withdraw_period(ctx: Context, kind: HistoryKind, client_id: UUID, period_id: UUID) -> UUID:
    """Mark a period as entered in error: nothing is believed instead."""
    pseudonym, old = await _believed(ctx, kind, client_id, period_id)
    old.superseded_at, old.superseded_because = ctx.now, "entered_in_error"
    await tell_correction_of_legal_domain(ctx, old, None)
    await journal.record(ctx.db, f"{kind.act}.withdraw", kind.act, old.id, clients=[pseudonym])
    return old.id


async def _believed(ctx: Context, kind: HistoryKind, client_id: UUID, period_id: UUID) -> tuple[UUID, Period]:
    await require_relation(ctx, client_id=client_id)
    pseudonym = await touch_client(ctx, client_id)
    model = model_of(kind)
    old: Period | None = await ctx.db.scalar(
        select(model).where(model.id == period_id, model.client_id == client_id)
    )
    if old is None:
        raise NotFound
    if await is_restricted_entry(ctx, period_id):
        raise processing_restricted()
    if old.superseded_at is not None:
        raise WrongState("Something else is believed now.", state=str(old.superseded_because), allowed=())
    return pseudonym, old


async def _replace(ctx: Context, old: Period, values: Values, valid: Range[date], because: str) -> Period:
    new = _row(ctx, type(old), old.client_id, values, valid)
    old.superseded_at, old.superseded_by, old.superseded_because = ctx.now, new.id, because
    await ctx.db.flush()  # the old row must be out of the way before the new one comes
    ctx.db.add(new)
    await follow_period(ctx, old.client_id, old.id, new.id)
    return new


async def _end_previous(ctx: Context, before: list[Period], valid: Range[date], place: str) -> list[Period]:
    if valid.lower is None:
        raise Invalid.at(f"{place}.valid_from", "missing", "Without a first day nothing can end before it.")
    begun = [each for each in before if each.valid.lower is None or each.valid.lower < valid.lower]
    for old in begun:
        await _replace(ctx, old, _values_of(old), Range(old.valid.lower, valid.lower, bounds="[)"), "ended")
    return [each for each in before if each not in begun]


async def _overlapping(
    ctx: Context,
    kind: HistoryKind,
    client_id: UUID,
    values: Values,
    valid: Range[date],
    *,
    besides: UUID | None = None,
) -> list[Period]:
    model = model_of(kind)
    same = [getattr(model, column) == value for column, value in kind.strand(values).items()]
    statement = select(model).where(
        model.client_id == client_id, model.superseded_at.is_(None), model.valid.overlaps(valid), *same
    )
    return [each for each in await ctx.db.scalars(statement) if each.id != besides]


def _refuse_overlap(periods: list[Period]) -> None:
    if periods:
        ids = sorted(str(each.id) for each in periods)
        raise Conflict("It overlaps another period of its strand.", code="overlap", periods=ids)


def _split(kind: HistoryKind, sent: Values, place: str) -> tuple[Values, Range[date]]:
    first, last = sent.pop("valid_from"), sent.pop("valid_until")
    upper = None if last is None else last + timedelta(days=1)
    return kind.values(sent, place), Range(first, upper, bounds="[)")


def _row(ctx: Context, model: type[Period], client_id: UUID, values: Values, valid: Range[date]) -> Period:
    return model(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        client_id=client_id,
        valid=valid,
        recorded_at=ctx.now,
        recorded_by=ctx.actor.user_id,
        **values,
    )


def _values_of(period: Period) -> Values:
    own = {column.key for column in type(period).__table__.columns} - PERIOD_KEYS
    return {name: getattr(period, name) for name in own}
