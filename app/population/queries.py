"""Reading official figures of residents: no personal data, so no journal."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, literal_column, select

from app.access.context import Context
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One
from app.population.models import Population

_HEAD = (
    Population.id,
    Population.stated_on,
    Population.source,
    Population.licence,
    Population.residents,
    Population.version,
)
_LINES: ColumnElement[Any] = literal_column(
    """(SELECT json_agg(json_build_object('municipality', l.line->>0, 'nationality_group', l.line->>1,
        'age_band', l.line->>2, 'persons', (l.line->>3)::integer) ORDER BY l.place)
    FROM jsonb_array_elements(populations.figures) WITH ORDINALITY AS l(line, place))"""
)
ONE = One(select(*_HEAD, _LINES.label("lines")).where(Population.id == bindparam("id")))
ALL = Many(select(*_HEAD), order=("stated_on", "id"), descending=True)


async def read_population(ctx: Context, population_id: UUID) -> JsonBytes:
    return await ONE.answer(ctx.db, id=population_id)


async def list_populations(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return the days for which there are figures, the latest first."""
    return await ALL.answer(ctx.db, page)
