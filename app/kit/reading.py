"""Reads as SQL that returns the answer: a Core select, compiled once, whose JSON PostgreSQL builds.

Labels that begin with an underscore serve the machinery (sort keys, pseudonyms) and never leave.
`beside` is further SQL of the same statement that may read the rows in `shown` (the journal uses it).
`withheld` are labels that come and go together: where the first is null, none of them is in the answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import asyncpg as dialect
from starlette.responses import Response

from app.kit.database import Db
from app.kit.errors import NotFound
from app.kit.pages import PageRequest, bad_cursor, encode_cursor
from app.kit.versions import etag

AnySelect = Select[*tuple[Any, ...]]
_DIALECT = dialect.dialect()  # type: ignore[no-untyped-call]


class JsonBytes(Response):
    """An answer that PostgreSQL has rendered."""

    media_type = "application/json"


@dataclass(frozen=True)
class Compiled:
    """SQL for the driver, the order of its parameters, and those with a fixed value."""

    sql: str
    names: tuple[str, ...]
    fixed: Mapping[str, Any]

    @classmethod
    def of(cls, statement: AnySelect) -> "Compiled":
        """Return a select as the driver takes it."""
        compiled = statement.compile(dialect=_DIALECT)
        asked = {name for name, bind in compiled.binds.items() if bind.required}
        fixed = {name: value for name, value in compiled.params.items() if name not in asked}
        return cls(str(compiled), tuple(compiled.positiontup or ()), fixed)

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """Return the values in the driver's order; KeyError names one that is missing."""
        return [values[name] if name in values else self.fixed[name] for name in self.names]


@dataclass(frozen=True)
class One:
    """A read of one object."""

    statement: AnySelect
    beside: str = ""
    withheld: tuple[str, ...] = ()

    @cached_property
    def _compiled(self) -> Compiled:
        inner = Compiled.of(self.statement)
        version = "version" if "version" in self.statement.selected_columns else "NULL"
        sql = (
            f"WITH shown AS MATERIALIZED ({inner.sql}){self.beside} SELECT"
            f" ({_bodies(self.statement, self.withheld, 'shown')}) AS body,"
            f" (SELECT {version} FROM shown) AS version"
        )
        return Compiled(sql, inner.names, inner.fixed)

    async def answer(self, db: Db, *, status: int = 200, **values: Any) -> JsonBytes:
        """Return the object as an answer with its ETag; raise `NotFound` where nothing can be seen."""
        compiled = self._compiled
        driver = await db.driver()
        row = await driver.fetchrow(compiled.sql, *compiled.arguments(values))
        if row is None or row["body"] is None:
            raise NotFound
        headers = {} if row["version"] is None else {"ETag": etag(row["version"])}
        return JsonBytes(row["body"], status_code=status, headers=headers)


@dataclass(frozen=True)
class Many:
    """A read of a list, in pages by the values of `order`: labels, the last unique, none of them null.

    A cursor stands in the address of the next page: values of `unsaid` labels (names) are not in it, but
    looked up by the others, which point at one row.
    """

    statement: AnySelect
    order: tuple[str, ...]
    descending: bool = False
    beside: str = ""
    unsaid: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()

    @property
    def _said(self) -> tuple[str, ...]:
        return tuple(label for label in self.order if label not in self.unsaid)

    @cached_property
    def _first(self) -> Compiled:
        return self._compile(following=False)

    @cached_property
    def _following(self) -> Compiled:
        return self._compile(following=True)

    def _compile(self, *, following: bool) -> Compiled:
        inner = Compiled.of(self.statement)
        extra = tuple(f"after_{label}" for label in self._said) if following else ()
        numbered = enumerate((*extra, "limit"), len(inner.names) + 1)
        places = {name: f"${number}" for number, name in numbered}
        way, back = (" DESC", " ASC") if self.descending else (" ASC", " DESC")
        keys = ", ".join(f"q.{label}" for label in self.order)
        condition, place = "", ""
        if following:
            cursor = ", ".join(
                f"{places[f'after_{label}']}::text::{self._type(label)}" for label in self._said
            )
            if self.unsaid:
                said = ", ".join(f"q.{label}" for label in self._said)
                where = f"({said}) = ({cursor}) LIMIT 1"
                place = f"place AS MATERIALIZED (SELECT {keys} FROM ({inner.sql}) q WHERE {where}), "
                cursor = f"SELECT {keys} FROM place q"
            condition = f" WHERE ({keys}) {'<' if self.descending else '>'} ({cursor})"
        sort = ", ".join(f"q.{label}{way}" for label in self.order)
        last = ", ".join(f"q.{label}{back}" for label in self.order)
        texts = ", ".join(f"q.{label}::text" for label in self._said)
        limit = places["limit"]
        sql = (
            f"WITH {place}page AS MATERIALIZED (SELECT q.* FROM ({inner.sql}) q{condition}"
            f" ORDER BY {sort} LIMIT {limit}::int + 1),"
            f" shown AS MATERIALIZED (SELECT q.* FROM page q ORDER BY {sort} LIMIT {limit}::int){self.beside}"
            f" SELECT (SELECT string_agg(body, ',') FROM"
            f" ({_bodies(self.statement, self.withheld, f'shown q ORDER BY {sort}')}) b) AS items,"
            f" CASE WHEN (SELECT count(*) FROM page) > {limit}::int THEN"
            f" (SELECT json_build_array({texts})::text FROM shown q ORDER BY {last} LIMIT 1) END AS next,"
            f" {'EXISTS (SELECT FROM place)' if place else 'true'} AS stands"
        )
        return Compiled(sql, (*inner.names, *extra, "limit"), inner.fixed)

    def _type(self, label: str) -> str:
        kind = self.statement.selected_columns[label].type
        return _DIALECT.type_compiler_instance.process(kind)

    async def answer(self, db: Db, page: PageRequest, **values: Any) -> JsonBytes:
        """Return one page; raise `Invalid` for a cursor of another list, or whose place is out of sight."""
        after = page.after(len(self._said))
        compiled = self._following if after else self._first
        keys = dict(zip((f"after_{label}" for label in self._said), after or (), strict=False))
        driver = await db.driver()
        arguments = compiled.arguments({**values, **keys, "limit": page.limit})
        row = await driver.fetchrow(compiled.sql, *arguments)
        if not row["stands"]:
            raise bad_cursor()
        following = "null" if row["next"] is None else f'"{encode_cursor(orjson.loads(row["next"]))}"'
        return JsonBytes(f'{{"items":[{row["items"] or ""}],"next":{following}}}')


def _bodies(statement: AnySelect, withheld: tuple[str, ...], rows: str) -> str:
    names = [name for name in statement.selected_columns.keys() if not name.startswith("_")]  # noqa: SIM118
    columns = ", ".join(f'"{name}"' for name in names)
    if not withheld:
        return f"SELECT row_to_json(r)::text AS body FROM (SELECT {columns} FROM {rows}) r"
    full, short = _object(names), _object(name for name in names if name not in withheld)
    body = f'CASE WHEN r."{withheld[0]}" IS NULL THEN {short} ELSE {full} END'
    return f"SELECT {body} AS body FROM (SELECT {columns} FROM {rows}) r"


def _object(names: Iterable[str]) -> str:
    columns = ", ".join(f'r."{name}"' for name in names)
    return f"(SELECT row_to_json(o)::text FROM (SELECT {columns}) o)"
