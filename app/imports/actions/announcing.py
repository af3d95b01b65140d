"""Announcing a sheet: what kind it is, how it is read, for which unit."""

from datetime import timedelta
from uuid import UUID

from app.access.context import Context
from app.access.roles import Role
from app.audit import journal
from app.imports.fields import template_mapping
from app.imports.mapping import check_mapping
from app.imports.models import Import
from app.imports.rules import SHEETS_AN_HOUR
from app.imports.schemas import ImportAnnounce, SheetMapping
from app.kit.errors import Invalid, TooMany
from app.kit.ids import new_id

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('imports:' || ctx_user(), 0))"
_COUNT = "SELECT count(*), min(created_at) FROM imports WHERE user_id = ctx_user() AND created_at > $1"


async def announce_import(ctx: Context, body: ImportAnnounce) -> UUID:
    """Announce a sheet; 422 for a mapping that does not fit, 429 past the limit of the hour."""
    mapping = body.mapping or SheetMapping.model_validate(template_mapping(body.kind))
    if body.mapping is not None:
        check_mapping(body.kind, mapping)
    unit_id = _unit(ctx, body.unit_id)
    await _require_rate(ctx)
    made = Import(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        user_id=ctx.actor.user_id,
        unit_id=unit_id,
        kind=body.kind,
        mapping={**mapping.model_dump(), "is_template": body.mapping is None},
        skip_bad=body.skip_bad,
        created_at=ctx.now,
    )
    ctx.db.add(made)
    await journal.record(ctx.db, "import.announce", "import", made.id)
    return made.id


def _unit(ctx: Context, wanted: UUID | None) -> UUID:
    units = ctx.actor.places(Role.CASE_MANAGER)
    if wanted is None and len(units) != 1:
        raise Invalid.at("body.unit_id", "missing", "You work at several units: name one.")
    if wanted is not None and wanted not in units:
        raise Invalid.at("body.unit_id", "not_your_unit", "You import for your own units.")
    return wanted or next(iter(units))


async def _require_rate(ctx: Context) -> None:
    driver = await ctx.db.driver()
    await driver.execute(_LOCK)
    count, first = await driver.fetchrow(_COUNT, ctx.now - timedelta(hours=1))
    if count >= SHEETS_AN_HOUR:
        again = first + timedelta(hours=1) - ctx.now
        raise TooMany("So many sheets an hour are enough.", retry_after=int(again.total_seconds()) + 1)
