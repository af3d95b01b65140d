"""Reading imports and their rows. Who reads is who sent the sheet; no value of it is in an answer."""

from uuid import UUID

from sqlalchemy import and_, bindparam, case, func, or_, select

from app.access.context import Context
from app.imports.models import Import, ImportEffect, ImportRow
from app.imports.rules import HINDERING, ROW_STATES, STAYS
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One

_OF_THE_IMPORT = and_(
    ImportRow.municipal_area_id == Import.municipal_area_id, ImportRow.import_id == Import.id
)
_COUNTS = [each for state in ROW_STATES for each in (state, func.count().filter(ImportRow.state == state))]
_ROWS = select(func.json_build_object(*_COUNTS)).where(_OF_THE_IMPORT).correlate(Import).scalar_subquery()
_READY = select(func.count()).where(_OF_THE_IMPORT, ImportRow.state == "ready").correlate(Import)
_TO_UNDO = (
    select(func.count())
    .where(
        ImportEffect.municipal_area_id == Import.municipal_area_id,
        ImportEffect.import_id == Import.id,
        ImportEffect.stays_because.is_(None),
    )
    .correlate(Import)
)
_LEFT = case(
    (or_(Import.state == "undoing", Import.state == "undone"), _TO_UNDO.scalar_subquery()),
    else_=_READY.scalar_subquery(),
)
_IMPORT = select(
    Import.id,
    Import.kind,
    Import.state,
    Import.unit_id,
    Import.skip_bad,
    Import.created_at,
    Import.read_at,
    _ROWS.label("rows"),
    _LEFT.label("left"),
)
ONE_IMPORT = One(_IMPORT.where(Import.id == bindparam("id")))
IMPORTS = Many(_IMPORT, order=("created_at", "id"), descending=True)

_ROW = select(
    ImportRow.number,
    ImportRow.state,
    ImportRow.findings,
    ImportRow.duplicates,
    ImportRow.object_id,
).where(ImportRow.import_id == bindparam("import_id"))
ONE_ROW = One(_ROW.where(ImportRow.number == bindparam("number")))
ALL_ROWS = Many(_ROW, order=("number",))
BAD_ROWS = Many(
    _ROW.where(or_(*(ImportRow.state == state for state in (*HINDERING, STAYS)))), order=("number",)
)


async def list_imports(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return one's own imports, the latest first."""
    return await IMPORTS.answer(ctx.db, page)


async def read_import(ctx: Context, import_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_IMPORT.answer(ctx.db, status=status, id=import_id)


async def list_rows(ctx: Context, import_id: UUID, page: PageRequest, *, only_bad: bool) -> JsonBytes:
    """Return the report, row by row; on demand only the rows with which something is the matter."""
    if await ctx.db.scalar(select(Import.id).where(Import.id == import_id)) is None:
        raise NotFound
    return await (BAD_ROWS if only_bad else ALL_ROWS).answer(ctx.db, page, import_id=import_id)


async def read_row(ctx: Context, import_id: UUID, number: int) -> JsonBytes:
    return await ONE_ROW.answer(ctx.db, import_id=import_id, number=number)
