"""Reading what one's own authority entered; nobody else reads it before it is protected."""

from uuid import UUID

from sqlalchemy import Text, bindparam, or_, select

from app.access.context import Context
from app.audit import reading
from app.authority_figures.models import AuthorityFigure
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes

_QUARTER = bindparam("quarter", type_=Text)
_FIGURE = select(
    AuthorityFigure.id,
    AuthorityFigure.institution_id,
    AuthorityFigure.quarter,
    AuthorityFigure.figure,
    AuthorityFigure.total,
    AuthorityFigure.groups,
    AuthorityFigure.entered_at,
    AuthorityFigure.superseded_at,
    AuthorityFigure.superseded_by,
    AuthorityFigure.correction_reason,
    AuthorityFigure.version,
)
ONE = reading.one(
    "authority_figure.read", "authority_figure", _FIGURE.where(AuthorityFigure.id == bindparam("id"))
)
ALL = reading.many(
    "authority_figure.list",
    "authority_figure",
    _FIGURE.where(or_(_QUARTER.is_(None), AuthorityFigure.quarter == _QUARTER)),
    order=("quarter", "figure", "entered_at", "id"),
    descending=True,
)


async def read_figure(ctx: Context, figure_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE.answer(ctx.db, status=status, id=figure_id)


async def list_figures(ctx: Context, page: PageRequest, quarter: str | None) -> JsonBytes:
    """Return what one's authority entered, the latest quarter first, corrected rows too."""
    return await ALL.answer(ctx.db, page, quarter=quarter)
