"""Catching up: what came, changed, is gone, or may not be seen any more, by ids only.

What is asked of a reader's rights needs no memory of what they held: an assignment or membership that was
written since, or began or ended by time since, puts its case and client in question. What can be seen now is
told whole, whatever its age; the rest is lost. A right that runs out writes nothing, so time is looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from app.access.context import Context
from app.catalogues.language import Language
from app.kit.catching_up import NOW, Line, Mark, Place, encode, refuse_outdated, resumed
from app.kit.errors import NotFound
from app.kit.reading import JsonBytes
from app.work.sync.kinds import BY_NAME, KINDS
from app.work.sync.statement import CHANGED, FIRST_GAINED, GAINED, RIGHTS


@dataclass(frozen=True, slots=True)
class Changes:
    """One page: its lines as JSON, the cursor that follows, and whether there is more at once."""

    items: str
    following: str
    more: bool

    def answer(self) -> JsonBytes:
        """Return the page as an answer."""
        more = "true" if self.more else "false"
        return JsonBytes(f'{{"items":[{self.items}],"next":"{self.following}","more":{more}}}')


async def read_changes(ctx: Context, since: str | None, limit: int) -> Changes:
    """Return a page of what changed since a cursor; 410 for one that cannot be gone on with."""
    place, epoch = resumed(since, _owner(ctx))
    driver = await ctx.db.driver()
    rights = await driver.fetchrow(RIGHTS, place.since.snapshot, place.since.at, place.is_first)
    now = Mark.of(rights)
    if since is not None:
        refuse_outdated(place, epoch, now, rights["epoch"])
    told, last, more = await _lines(driver, place, rights, limit)
    following = encode(place.after(now, last if more else None), rights["epoch"], _owner(ctx))
    return Changes(",".join(told), following, more)


async def _lines(
    driver: asyncpg.Connection, place: Place, rights: asyncpg.Record, limit: int
) -> tuple[list[str], Line, bool]:
    """Return the lines of a page as JSON, the last one, and whether there may be more."""
    told: list[str] = []
    last = place.last
    for statement, arguments in statements(place, rights):
        if limit == 0:
            return told, last, True
        row = await driver.fetchrow(statement, last.rank, last.scope, last.key, limit, *arguments)
        if row["shown"]:
            told.append(row["items"])
            last = Line(row["rank"], row["scope"], row["key"])
            limit -= row["shown"]
        if row["more"]:
            return told, last, True
    return told, last, False


def statements(
    place: Place, rights: asyncpg.Record | Mapping[str, Any]
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Return what has still to be asked in a round, each with its arguments after those of the page.

    The mark of the round is that of the first statement: what is written between them comes once more.
    """
    gained = (rights["gained_cases"], rights["gained_clients"])
    touched = rights["touched_cases"]
    if not place.is_first and place.last.rank < FIRST_GAINED:
        own = (rights["cases"], rights["clients"])
        held = (not set(each).issubset(new) for each, new in zip(own, gained, strict=True))
        lost = (rights["lost_cases"], rights["lost_clients"])
        yield CHANGED, (place.since.snapshot, *own, *gained, *lost, *held, touched)
    if any(gained) or touched:
        yield GAINED, (*gained, not place.is_first, touched)


async def present_cursor(ctx: Context) -> str:
    """Return the cursor of somebody who wants to hear only what comes from now on."""
    driver = await ctx.db.driver()
    row = await driver.fetchrow(f"SELECT {NOW}")
    return encode(Place(Mark.of(row)), row["epoch"], _owner(ctx))


async def check_cursor(ctx: Context, cursor: str) -> None:
    """Raise 410 for a cursor that cannot be gone on with."""
    place, epoch = resumed(cursor, _owner(ctx))
    driver = await ctx.db.driver()
    row = await driver.fetchrow(f"SELECT {NOW}")
    refuse_outdated(place, epoch, Mark.of(row), row["epoch"])


def _owner(ctx: Context) -> str:
    return f"{ctx.actor.municipal_area_id} {ctx.actor.user_id}"


_LOCATE = " UNION ALL ".join(
    f"SELECT '{kind.name}' AS kind, t.id, {kind.case}::uuid AS case_id FROM {kind.rows}"
    f" WHERE '{kind.name}' = ANY ($1::text[]) AND t.id = ANY ($2::uuid[])"
    for kind in KINDS
)


async def read_contents(ctx: Context, language: Language, asked: Sequence[tuple[str, UUID]]) -> JsonBytes:
    """Return the contents of what was asked for, each as its own address answers; the rest is `missing`."""
    wanted = list(dict.fromkeys(asked))
    driver = await ctx.db.driver()
    rows = await driver.fetch(_LOCATE, [kind for kind, _ in wanted], [one for _, one in wanted])
    cases = {(row["kind"], row["id"]): row["case_id"] for row in rows}
    items, missing = [], []
    for kind, one in wanted:
        answer = None
        if (kind, one) in cases:
            with suppress(NotFound):  # it may have gone since it was looked for
                answer = await BY_NAME[kind].content(ctx, language, cases[kind, one], one)
        if answer is None:
            missing.append({"kind": kind, "id": str(one)})
            continue
        head = orjson.dumps({"kind": kind, "id": str(one), "etag": answer.headers.get("etag")})
        items.append(head[:-1] + b',"content":' + bytes(answer.body) + b"}")
    return JsonBytes(b'{"items":[' + b",".join(items) + b'],"missing":' + orjson.dumps(missing) + b"}")
