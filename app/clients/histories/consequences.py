"""What follows from a new period: a sheltered person is restricted, a changed livelihood is told."""

from datetime import date

from sqlalchemy import func, select

from app.access.context import Context
from app.clients.events import LegalDomainChanged
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
