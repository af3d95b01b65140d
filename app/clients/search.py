"""Finding persons among those one sees: cut by assignment first, then by likeness; each with its reasons."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import (
    ColumnElement,
    Date,
    Float,
    Integer,
    Numeric,
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    column,
    false,
    func,
    literal_column,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, REAL

from app.access.context import Context
from app.audit import reading
from app.clients.duplicates import Duplicate
from app.clients.models import Client
from app.clients.names import name_keys
from app.clients.queries import LINE
from app.clients.schemas import ClientSearch
from app.kit.errors import Invalid
from app.kit.pages import MAXIMUM, PageRequest
from app.kit.reading import JsonBytes

LEAST_LIKENESS: ColumnElement[float] = literal_column("0.3")
SAME: ColumnElement[float] = literal_column("0.999")
PART: ColumnElement[float] = literal_column("0.85")
"""Weight of a part of a name against a whole one."""
NAME_AND_BIRTH = (0.7, 0.3)
"""Weights of both when both are given."""


def _reason(word: str) -> ColumnElement[str]:
    return literal_column(f"'{word}'", Text)


_name = func.lower(func.unaccent(bindparam("name", type_=Text)))
_words = bindparam("words", type_=ARRAY(Text))
_blank: ColumnElement[str] = literal_column("' '", Text)
_text = func.array_to_string(_words, _blank)
_plain = func.lower(func.unaccent(func.concat(Client.given_name, _blank, Client.family_name)))
_exchanged = func.lower(func.unaccent(func.concat(Client.family_name, _blank, Client.given_name)))
_whole = func.name_likeness(
    _words, bindparam("consonants", type_=ARRAY(Text)), Client.name_words, Client.name_consonants, type_=REAL
)

# The likeness is computed once a person; MATERIALIZED keeps the planner from repeating it in each reason.
_scored = (
    select(
        *LINE,
        Client.pseudonym,
        _plain.label("plain"),
        _exchanged.label("exchanged"),
        _whole.label("whole"),
        (func.word_similarity(_text, Client.name_text, type_=REAL) * PART).label("part"),
        (func.cardinality(Client.name_words) > func.cardinality(_words)).label("has_more"),
        func.coalesce(
            Client.birth_date.between(
                bindparam("born_from", type_=Date), bindparam("born_until", type_=Date)
            ),
            false(),
        ).label("born"),
    )
    .where(Client.merged_into.is_(None))
    .cte("scored")
    .prefix_with("MATERIALIZED")
)
_s = _scored.c
_name_reason = case(
    (_s.plain == _name, _reason("name")),
    (_s.exchanged == _name, _reason("names_exchanged")),
    ((_s.whole >= SAME) & ~_s.has_more, _reason("spelling")),
    (_s.has_more & ((_s.whole >= SAME) | (_s.part > _s.whole)), _reason("part_of_name")),
    else_=_reason("name_similar"),
)
_best = func.greatest(_s.whole, _s.part)
_likeness = cast(
    _best * bindparam("name_weight", type_=Float)
    + cast(_s.born, Integer) * bindparam("birth_weight", type_=Float),
    Numeric(6, 4),
)
_reasons = func.string_to_array(
    func.concat_ws(
        _blank,
        case((_best >= LEAST_LIKENESS, _name_reason), else_=null()),
        case((_s.born, bindparam("birth_reason", type_=Text)), else_=null()),
    ),
    _blank,
)

_line = [_s[column.key] for column in LINE]
SEARCH = reading.many(
    "client.search",
    "client",
    select(
        *_line,
        _likeness.label("likeness"),
        _reasons.label("reasons"),
        (-_likeness).label("_rank"),
        _s.pseudonym.label("_client"),
    ).where((_best >= LEAST_LIKENESS) | _s.born),
    order=("_rank", "id"),
)

_found = (
    func.unnest(
        bindparam("ids", type_=ARRAY(Uuid)),
        bindparam("likenesses", type_=ARRAY(REAL)),
        bindparam("reasons", type_=ARRAY(Text)),
    )
    .table_valued(column("id", Uuid), column("likeness", REAL), column("reasons", Text), name="found")
    .render_derived()
)
DUPLICATES = reading.many(
    "client.duplicates",
    "client",
    select(
        *LINE,
        cast(_found.c.likeness, Numeric(6, 4)).label("likeness"),
        func.string_to_array(_found.c.reasons, _blank).label("reasons"),
        cast(-_found.c.likeness, Numeric(6, 4)).label("_rank"),
        Client.pseudonym.label("_client"),
    ).join_from(Client, _found, Client.id == _found.c.id),
    order=("_rank", "id"),
)


async def search_clients(ctx: Context, page: PageRequest, body: ClientSearch) -> JsonBytes:
    """Answer the persons who fit, best first; 422 when nothing to look for was sent."""
    if body.birth_date and body.birth_year:
        raise Invalid.at("body.birth_year", "one_of", "Send a birth date or a year.")
    first, last = _span(body)
    keys = name_keys([body.name])
    if not keys.words and first is None:
        raise Invalid.at("body.name", "missing", "Send a name or a date of birth.")
    by_name, by_birth = (
        NAME_AND_BIRTH if keys.words and first else (float(bool(keys.words)), float(bool(first)))
    )
    return await SEARCH.answer(
        ctx.db,
        page,
        name=body.name or "",
        words=list(keys.words),
        consonants=list(keys.consonants),
        born_from=first,
        born_until=last,
        name_weight=by_name,
        birth_weight=by_birth,
        birth_reason="birth_year" if body.birth_year else "birth_date",
    )


async def show_duplicates(ctx: Context, found: Sequence[Duplicate]) -> JsonBytes:
    """Answer the persons found, who are all seen by the actor."""
    return await DUPLICATES.answer(
        ctx.db,
        PageRequest(None, MAXIMUM),
        ids=[each.client_id for each in found],
        likenesses=[each.likeness for each in found],
        reasons=[" ".join(each.reasons) for each in found],
    )


def _span(body: ClientSearch) -> tuple[date | None, date | None]:
    if body.birth_year:
        return date(body.birth_year, 1, 1), date(body.birth_year, 12, 31)
    return body.birth_date, body.birth_date
