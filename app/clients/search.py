"""Finding persons among those one sees: candidates by keys, then by likeness; each with its reasons."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Integer, Numeric, Text, Uuid, bindparam, cast, column, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, REAL

from app.access.context import Context
from app.audit import reading
from app.clients.births import Birth
from app.clients.finding import CANDIDATES, Candidate, Found, found
from app.clients.matching.forms import forms_of
from app.clients.matching.keys import Asked
from app.clients.models import Client
from app.clients.queries import line
from app.clients.schemas import ClientSearch
from app.kit.errors import Invalid
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many

# Row-level security cuts by assignment before these conditions are looked at, and no index serves them;
# whoever sees many persons pays for each of them.
CANDIDATES_SEEN = """WITH asked AS MATERIALIZED (SELECT $1::text::tsquery AS one, $4::text::tsquery AS w1,
    $5::text::tsquery AS w2, $6::text::tsquery AS w3, $7::text::tsquery AS w4)
SELECT id, name_forms, birth_date, birth_precision FROM clients, asked
WHERE merged_into IS NULL AND (name_index @@ one OR birth_date BETWEEN $2 AND $3)
ORDER BY coalesce(name_index @@ w1, false)::int + coalesce(name_index @@ w2, false)::int
    + coalesce(name_index @@ w3, false)::int + coalesce(name_index @@ w4, false)::int
    + coalesce(birth_date BETWEEN $2 AND $3, false)::int DESC, id
LIMIT $8"""

_rows = (
    func.unnest(
        bindparam("ids", type_=ARRAY(Uuid)),
        bindparam("likenesses", type_=ARRAY(REAL)),
        bindparam("reasons", type_=ARRAY(Text)),
        bindparam("pairs", type_=ARRAY(Integer)),
    )
    .table_valued(
        column("id", Uuid),
        column("likeness", REAL),
        column("reasons", Text),
        column("pair", Integer),
        name="found",
    )
    .render_derived()
)
_likeness = cast(_rows.c.likeness, Numeric(6, 4))
_FIELDS = (
    *line(),
    _likeness.label("likeness"),
    func.string_to_array(_rows.c.reasons, literal_column("' '", Text)).label("reasons"),
)
_HIDDEN = ((-_likeness).label("_rank"), Client.pseudonym.label("_client"))


def _shown(action: str) -> Many:
    shown = select(*_FIELDS, *_HIDDEN).join_from(Client, _rows, Client.id == _rows.c.id)
    return reading.many(action, "client", shown, order=("_rank", "id"))


SEARCH = _shown("client.search")
DUPLICATES = _shown("client.duplicates")
REVIEW = reading.many(
    "client.duplicates",
    "client",
    select(*_FIELDS, _rows.c.pair.label("pair"), *_HIDDEN).join_from(Client, _rows, Client.id == _rows.c.id),
    order=("pair", "id"),
)


async def search_clients(ctx: Context, page: PageRequest, body: ClientSearch) -> JsonBytes:
    """Answer the persons who fit, best first; 422 when nothing to look for was sent."""
    if body.birth_date and body.birth_year:
        raise Invalid.at("body.birth_year", "one_of", "Send a birth date or a year.")
    birth = Birth.of(body.birth_date)
    if body.birth_year:
        birth = Birth.of(date(body.birth_year, 1, 1), "year")
    forms = forms_of([body.name])
    if not forms and birth.first is None:
        raise Invalid.at("body.name", "missing", "Send a name or a date of birth.")
    asked = Asked.of(forms)
    driver = await ctx.db.driver()
    rows = await driver.fetch(CANDIDATES_SEEN, asked.one, birth.first, birth.last, *asked.exact, CANDIDATES)
    return await show_found(ctx, SEARCH, page, found(forms, birth, map(Candidate.of, rows)))


async def show_found(
    ctx: Context, read: Many, page: PageRequest, persons: Sequence[Found], pairs: Sequence[int] = ()
) -> JsonBytes:
    """Answer persons who were found; what the actor does not see is not shown."""
    ids: list[UUID] = [each.client_id for each in persons]
    return await read.answer(
        ctx.db,
        page,
        ids=ids,
        likenesses=[each.likeness for each in persons],
        reasons=[" ".join(each.reasons) for each in persons],
        pairs=list(pairs) or [0] * len(ids),
    )
