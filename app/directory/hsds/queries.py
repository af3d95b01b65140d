"""Reading the directory as the standard pages it, by number. No personal data, so no journal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.access.context import Context
from app.directory.hsds.statement import (
    AT_LOCATION,
    AT_LOCATION_ID,
    OFFERED,
    ORGANIZATION,
    ORGANIZATION_BRIEF,
    SERVED,
    SERVICE,
    SERVICE_BRIEF,
    TAXONOMIES,
    TAXONOMY,
    TAXONOMY_ID,
    TERM,
    TERM_ID,
    TERMS,
)
from app.kit.errors import NotFound
from app.kit.reading import JsonBytes


@dataclass(frozen=True, slots=True)
class Numbered:
    """Which page is asked for, counted from one, and how many items are on it."""

    page: int
    per_page: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: from where, which of it, in which order, and how one item is rendered."""

    rows: str
    where: str
    order: str
    item: str

    def sql(self, arguments: int) -> str:
        """Return the statement of one page, its limit and offset after so many arguments."""
        limit, offset = f"${arguments + 1}::int", f"${arguments + 2}::int"
        page = f"""SELECT json_strip_nulls({self.item})::text AS item,
                row_number() OVER (ORDER BY {self.order}) AS n
            FROM {self.rows} {self.where} ORDER BY {self.order} LIMIT {limit} OFFSET {offset}"""
        return f"""SELECT (SELECT count(*) FROM {self.rows} {self.where}) AS total,
            (SELECT string_agg(p.item, ',' ORDER BY p.n) FROM ({page}) p) AS items"""


_OF_TERM = """EXISTS (SELECT FROM catalogue_entries k WHERE k.vocabulary = 'life_domain'
    AND k.code = ANY (o.topics) AND {0})"""
_SERVICES_WHERE = f"""WHERE ($1::text IS NULL
        OR strpos(lower(concat_ws(' ', o.name, o.description, i.name)), lower($1::text)) > 0)
    AND ($2::uuid IS NULL OR {_OF_TERM.format(f"{TERM_ID} = $2::uuid")})
    AND ($3::uuid IS NULL OR {_OF_TERM.format(f"{TAXONOMY_ID} = $3::uuid")})
    AND ($4::uuid IS NULL OR i.id = $4::uuid)
    AND ($5::timestamptz IS NULL OR o.changed_at > $5::timestamptz)"""
_MINIMAL = "json_build_object('id', o.id, 'modified_date', o.changed_at)"
_SERVICES = {
    shape: Listing(OFFERED, _SERVICES_WHERE, "o.name, o.id", item).sql(5)
    for shape, item in (("brief", SERVICE_BRIEF), ("full", SERVICE), ("minimal", _MINIMAL))
}
_NAMED = "WHERE i.is_active AND ($1::text IS NULL OR strpos(lower(i.name), lower($1::text)) > 0)"
_ORGANIZATIONS = {
    shape: Listing("institutions i", _NAMED, "i.name, i.id", item).sql(1)
    for shape, item in (("brief", ORGANIZATION_BRIEF), ("full", ORGANIZATION))
}
_AT_LOCATIONS = Listing(
    SERVED, "WHERE ($1::uuid IS NULL OR o.id = $1::uuid)", "o.name, s.name, o.id, s.id", AT_LOCATION
).sql(1)
_TERMS = Listing(
    TERMS, f"AND ($1::uuid IS NULL OR {TAXONOMY_ID} = $1::uuid)", "k.vocabulary, k.position, k.code", TERM
).sql(1)
_LISTED = ", ".join(f"('{each}')" for each in TAXONOMIES)
_VOCABULARIES = f"(VALUES {_LISTED}) AS k (vocabulary)"
_TAXONOMIES = Listing(_VOCABULARIES, "", "k.vocabulary", TAXONOMY).sql(0)


def _one(item: str, rows: str, which: str) -> str:
    return f"SELECT json_strip_nulls({item})::text FROM {rows} {which} = $1"


_ONE = {
    "service": _one(SERVICE, OFFERED, "WHERE o.id"),
    "organization": _one(ORGANIZATION, "institutions i", "WHERE i.is_active AND i.id"),
    "service_at_location": _one(AT_LOCATION, SERVED, f"WHERE {AT_LOCATION_ID}"),
    "taxonomy": _one(TAXONOMY, _VOCABULARIES, f"WHERE {TAXONOMY_ID}"),
    "taxonomy_term": _one(TERM, TERMS, f"AND {TERM_ID}"),
}


async def read_one(ctx: Context, kind: str, identity: UUID) -> JsonBytes:
    """Return one object with everything that belongs to it; 404 for none."""
    body = await (await ctx.db.driver()).fetchval(_ONE[kind], identity)
    if body is None:
        raise NotFound
    return JsonBytes(body)


async def list_services(
    ctx: Context,
    page: Numbered,
    *,
    shape: str,
    search: str | None,
    term: UUID | None,
    taxonomy: UUID | None,
    organization: UUID | None,
    modified_after: datetime | None,
) -> JsonBytes:
    """Return the services that fit: brief, `full`, or `minimal` with id and change only."""
    asked = (search, term, taxonomy, organization, modified_after)
    return await _page(ctx, page, _SERVICES[shape], *asked)


async def list_organizations(ctx: Context, page: Numbered, *, full: bool, search: str | None) -> JsonBytes:
    return await _page(ctx, page, _ORGANIZATIONS["full" if full else "brief"], search)


async def list_at_locations(ctx: Context, page: Numbered, service: UUID | None) -> JsonBytes:
    return await _page(ctx, page, _AT_LOCATIONS, service)


async def list_taxonomies(ctx: Context, page: Numbered) -> JsonBytes:
    return await _page(ctx, page, _TAXONOMIES)


async def list_terms(ctx: Context, page: Numbered, taxonomy: UUID | None) -> JsonBytes:
    return await _page(ctx, page, _TERMS, taxonomy)


async def _page(ctx: Context, page: Numbered, sql: str, *asked: Any) -> JsonBytes:
    offset = (page.page - 1) * page.per_page
    row = await (await ctx.db.driver()).fetchrow(sql, *asked, page.per_page, offset)
    total, items = row["total"], row["items"] or ""
    pages = max(-(-total // page.per_page), 1)
    size = min(page.per_page, max(total - offset, 0))
    head = {
        "total_items": total,
        "total_pages": pages,
        "page_number": page.page,
        "size": size,
        "first_page": page.page == 1,
        "last_page": page.page >= pages,
        "empty": size == 0,
    }
    return JsonBytes(orjson.dumps(head)[:-1] + b',"contents":[' + items.encode() + b"]}")
