"""Catching up: one statement says what came, changed, is gone, or may not be seen any more, by ids only.

What is asked of a reader's rights needs no memory of what they held: an assignment or membership that was
written since, or began or ended by time since, puts its case and client in question. What can be seen now is
told whole, whatever its age; the rest is lost. A right that runs out writes nothing, so time is looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import orjson

from app.access.context import Context
from app.kit.errors import Gone
from app.kit.reading import JsonBytes
from app.work.sync.kinds import BY_NAME, KINDS, Kind
from app.work.sync.rules import Mark, NotACursor, Place, decode, encode, is_too_old

_PASSED = "{0} > $2::timestamptz AND {0} <= now()"
_SCOPE = f"""WITH units AS MATERIALIZED (
    SELECT m.unit_id FROM memberships m
    WHERE m.user_id = (SELECT ctx_user()) AND m.role = 'case_manager'
        AND (m.changed_xid >= $1::text::xid8 OR {_PASSED.format("m.started_at")}
            OR {_PASSED.format("m.ended_at")})),
asked AS MATERIALIZED (
    SELECT a.case_id, a.client_id FROM assignments a
    WHERE a.user_id = (SELECT ctx_user()) AND a.kind <> 'break_glass' AND a.active_from <= now()
        AND (a.changed_xid >= $1::text::xid8 OR {_PASSED.format("a.active_from")}
            OR {_PASSED.format("a.active_until")} OR a.unit_id IN (SELECT unit_id FROM units))),
gained AS MATERIALIZED (
    SELECT CASE WHEN $3::bool THEN '{{}}' ELSE ARRAY(SELECT DISTINCT case_id FROM asked
            WHERE case_id = ANY ((SELECT my_cases())::uuid[])) END AS cases,
        CASE WHEN $3::bool THEN '{{}}' ELSE ARRAY(SELECT DISTINCT client_id FROM asked
            WHERE client_id = ANY ((SELECT my_clients())::uuid[])) || pages_showing(ARRAY(
                SELECT DISTINCT client_id FROM asked)) END AS clients)"""
_LINE = (
    "(SELECT {rank} AS rank, {key} AS key, {kind} AS kind, {id} AS id, {version} AS version,"
    " {case}::uuid AS case_id, {client}::uuid AS client_id, '{state}' AS state, {anew} AS anew"
    " FROM {rows} WHERE $4::int <= {rank} AND ({rank}, {key}) > ($4::int, $5::uuid) AND {where}"
    " ORDER BY {key} LIMIT $6::int + 1)"
)
_NOW = "pg_snapshot_xmin(pg_current_snapshot())::text AS xid, now() AS at, sync_epoch() AS epoch"
_JOURNAL = """journal AS (INSERT INTO audit_journal (action, object_type, object_id, client_pseudonyms)
    SELECT 'sync.list', 'client', NULL, ARRAY(SELECT DISTINCT k.pseudonym FROM clients k
        WHERE k.id = ANY (ARRAY(SELECT client_id FROM shown UNION SELECT c.client_id FROM cases c
            WHERE c.id = ANY (ARRAY(SELECT case_id FROM shown)))))
    WHERE EXISTS (SELECT FROM shown))"""


def _lost(rank: int, kind: str) -> str:
    rows = f"(SELECT DISTINCT {kind}_id AS id FROM asked) l"
    return _LINE.format(
        rank=rank,
        key="l.id",
        kind=f"'{kind}'",
        id="l.id",
        version="NULL::int",
        case="l.id" if kind == "case" else "NULL",
        client="l.id" if kind == "client" else "NULL",
        state="lost",
        anew="false",
        rows=rows,
        where=f"NOT $3::bool AND l.id IS NOT NULL AND l.id <> ALL ((SELECT my_{kind}s())::uuid[])",
    )


def _removed(rank: int, whose: str) -> str:
    still = (
        " AND NOT (t.kind = 'case' AND t.object_id = ANY ((SELECT my_cases())::uuid[]))"
        " AND NOT (t.kind = 'client' AND t.object_id = ANY ((SELECT my_clients())::uuid[]))"
    )
    return _LINE.format(
        rank=rank,
        key="t.id",
        kind="t.kind",
        id="t.object_id",
        version="NULL::int",
        case="t.case_id",
        client="t.client_id",
        state="removed",
        anew="false",
        rows="tombstones t",
        where=f"NOT $3::bool AND t.changed_xid >= $1::text::xid8 AND {whose}{still}",
    )


def _kind(rank: int, kind: Kind) -> str:
    """Return the SQL of a kind's lines: what was written since, and all of what was gained."""
    gained = f"(SELECT {'clients' if kind.belongs_to_client else 'cases'} FROM gained)::uuid[]"
    since = " OR ".join(f"{column} >= $1::text::xid8" for column in kind.changed)
    columns = (
        f"t.id, {kind.version} AS version, {kind.case}::uuid AS case_id, {kind.client}::uuid AS client_id,"
        f" {kind.scope} = ANY ({gained}) AS anew"
    )
    rows = (
        f"(SELECT {columns} FROM {kind.rows} WHERE ({since}) UNION ALL SELECT {columns} FROM {kind.rows}"
        f" WHERE {kind.scope} = ANY ({gained}) AND NOT ({since})) k"
    )
    return _LINE.format(
        rank=rank,
        key="k.id",
        kind=f"'{kind.name}'",
        id="k.id",
        version="k.version",
        case="k.case_id",
        client="k.client_id",
        state="changed",
        anew="k.anew",
        rows=rows,
        where="true",
    )


def _statement() -> str:
    """Return the SQL of one page."""
    lines = [
        _lost(0, "case"),
        _lost(1, "client"),
        _removed(2, "t.user_id = (SELECT ctx_user())"),
        _removed(3, "t.user_id IS NULL AND t.case_id = ANY ((SELECT my_cases())::uuid[])"),
        _removed(
            4, "t.user_id IS NULL AND t.case_id IS NULL AND t.client_id = ANY ((SELECT my_clients())::uuid[])"
        ),
    ]
    lines += [_kind(rank, kind) for rank, kind in enumerate(KINDS, len(lines))]
    return f"""{_SCOPE},
    page AS MATERIALIZED (SELECT * FROM ({" UNION ALL ".join(lines)}) l ORDER BY rank, key LIMIT $6::int + 1),
    shown AS MATERIALIZED (SELECT * FROM page ORDER BY rank, key LIMIT $6::int),
    {_JOURNAL}
    SELECT (SELECT string_agg(json_build_object('kind', kind, 'id', id, 'state', state, 'version', version,
            'anew', anew, 'case_id', case_id, 'client_id', client_id)::text, ',' ORDER BY rank, key)
            FROM shown) AS items,
        (SELECT array_agg(rank ORDER BY rank DESC, key DESC) FROM shown) AS ranks,
        (SELECT array_agg(key ORDER BY rank DESC, key DESC) FROM shown) AS keys,
        (SELECT count(*) FROM page) > $6::int AS more, {_NOW}"""


STATEMENT = _statement()


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
    place, epoch = _place_of(since, _owner(ctx))
    row = await _page(ctx, place, limit)
    now = Mark(int(row["xid"]), row["at"])
    if since is not None:
        _refuse_outdated(place, epoch, now, row["epoch"])
    last = (row["ranks"][0], row["keys"][0]) if row["ranks"] else (None, None)
    following = encode(place.after(now, *last, more=row["more"]), row["epoch"], _owner(ctx))
    return Changes(row["items"] or "", following, row["more"])


async def present_cursor(ctx: Context) -> str:
    """Return the cursor of somebody who wants to hear only what comes from now on."""
    driver = await ctx.db.driver()
    row = await driver.fetchrow(f"SELECT {_NOW}")
    return encode(Place(Mark(int(row["xid"]), row["at"])), row["epoch"], _owner(ctx))


async def check_cursor(ctx: Context, cursor: str) -> None:
    """Raise 410 for a cursor that cannot be gone on with."""
    place, epoch = _place_of(cursor, _owner(ctx))
    driver = await ctx.db.driver()
    row = await driver.fetchrow(f"SELECT {_NOW}")
    _refuse_outdated(place, epoch, Mark(int(row["xid"]), row["at"]), row["epoch"])


def _refuse_outdated(place: Place, epoch: str, now: Mark, present_epoch: str) -> None:
    if epoch != present_epoch or place.since.xid > now.xid:
        raise _begin_anew("The data were restored since.")
    if is_too_old(place, now.at):
        raise _begin_anew("The cursor is too old.")


def _owner(ctx: Context) -> str:
    return f"{ctx.actor.municipal_area_id} {ctx.actor.user_id}"


async def _page(ctx: Context, place: Place, limit: int) -> asyncpg.Record:
    driver = await ctx.db.driver()
    return await driver.fetchrow(
        STATEMENT, str(place.since.xid), place.since.at, place.is_first, place.rank, place.key, limit
    )


def _place_of(since: str | None, owner: str) -> tuple[Place, str]:
    if since is None:
        return Place(), ""
    try:
        return decode(since, owner)
    except NotACursor:
        raise _begin_anew("The cursor is not one of this person.") from None


def _begin_anew(why: str) -> Gone:
    return Gone(f"{why} Forget what you hold and begin without a cursor.", code="sync_anew")


_LOCATE = " UNION ALL ".join(
    f"SELECT '{kind.name}' AS kind, t.id, {kind.case}::uuid AS case_id FROM {kind.rows}"
    f" WHERE '{kind.name}' = ANY ($1::text[]) AND t.id = ANY ($2::uuid[])"
    for kind in KINDS
)


async def read_contents(ctx: Context, asked: Sequence[tuple[str, UUID]]) -> JsonBytes:
    """Return the contents of what was asked for, each as its own address answers; the rest is `missing`."""
    wanted = list(dict.fromkeys(asked))
    driver = await ctx.db.driver()
    rows = await driver.fetch(_LOCATE, [kind for kind, _ in wanted], [one for _, one in wanted])
    cases = {(row["kind"], row["id"]): row["case_id"] for row in rows}
    items = []
    for kind, one in wanted:
        if (kind, one) in cases:
            answer = await BY_NAME[kind].content(ctx, cases[kind, one], one)
            head = orjson.dumps({"kind": kind, "id": str(one), "etag": answer.headers.get("etag")})
            items.append(head[:-1] + b',"content":' + bytes(answer.body) + b"}")
    missing = orjson.dumps(
        [{"kind": kind, "id": str(one)} for kind, one in wanted if (kind, one) not in cases]
    )
    return JsonBytes(b'{"items":[' + b",".join(items) + b'],"missing":' + missing + b"}")
