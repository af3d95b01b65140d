"""What follows from a new period: a sheltered person is restricted, a changed livelihood is told."""

from dataclasses import replace
from datetime import date

from sqlalchemy import func, select

from app.access.context import Context
from app.clients.events import LegalDomainChangeCorrected, LegalDomainChanged
from app.clients.histories.models import Address, LegalDomainPeriod, Period
from app.clients.rules import SHELTER
from app.clients.touch import restrict_client
from app.kit.clock import local_date


async def restrict_sheltered(ctx: Context, period: Period) -> None:
    """Restrict a person who lives in a women's shelter now, or will."""
    if not isinstance(period, Address) or period.housing_type != SHELTER:
        return
    if period.valid.upper is None or period.valid.upper > local_date(ctx.now):
        await restrict_client(ctx, period.client_id)


async def tell_correction_of_legal_domain(ctx: Context, old: Period, new: Period | None) -> None:
    """Tell that the change which a superseded period had opened is another one now, or none."""
    first = old.valid.lower
    if not isinstance(old, LegalDomainPeriod) or old.strand != "livelihood" or first is None:
        if new is not None:
            await tell_change_of_legal_domain(ctx, new)
        return
    begins = new.valid.lower if isinstance(new, LegalDomainPeriod) and _is_same(old, new) else None
    if begins == first:
        return
    undone = LegalDomainChangeCorrected(old.client_id, _source(old), first)
    if new is None or begins is None:
        await ctx.publish(undone)
    else:
        before, now = await _last_before(ctx, old, first), await _last_before(ctx, old, begins)
        if before is not None and now is not None and _source(before) == _source(now):
            assert now.valid.upper is not None
            days = (begins - now.valid.upper).days
            await ctx.publish(replace(undone, moved_to=begins, days_without=days))
            return
        await ctx.publish(undone)
    if new is not None:
        await tell_change_of_legal_domain(ctx, new)


def _is_same(old: LegalDomainPeriod, new: LegalDomainPeriod) -> bool:
    return old.strand == new.strand and _source(old) == _source(new)


async def tell_change_of_legal_domain(ctx: Context, period: Period) -> None:
    """Tell that a person lives on something else than before, with the days between."""
    first = period.valid.lower
    if not isinstance(period, LegalDomainPeriod) or period.strand != "livelihood" or first is None:
        return
    previous = await _last_before(ctx, period, first)
    if previous is None or _source(previous) == _source(period):
        return
    last = previous.valid.upper
    assert last is not None
    days = (first - last).days
    changed = LegalDomainChanged(period.client_id, _source(previous), _source(period), first, days)
    await ctx.publish(changed)


async def _last_before(ctx: Context, period: LegalDomainPeriod, first: date) -> LegalDomainPeriod | None:
    statement = select(LegalDomainPeriod).where(
        LegalDomainPeriod.client_id == period.client_id,
        LegalDomainPeriod.strand == period.strand,
        LegalDomainPeriod.superseded_at.is_(None),
        func.upper(LegalDomainPeriod.valid) <= first,
    )
    last = statement.order_by(func.upper(LegalDomainPeriod.valid).desc()).limit(1)
    found: LegalDomainPeriod | None = await ctx.db.scalar(last)
    return found


def _source(period: LegalDomainPeriod) -> str:
    return str(period.legal_domain or period.livelihood)
