"""The SQL of catching up: the reader's rights, asked for once; what changed or is gone; what was gained.

Every part of a page ends when the page is full, and what lies behind a full page is not looked at: a page
costs what it shows, however much is to come. The policies of each table have the last word on every row,
whatever cases and clients the statements are asked about.
"""

from collections.abc import Sequence

from app.kit.catching_up import NOW, written_since
from app.work.sync.kinds import KINDS, Kind

_WRITTEN = {each: written_since(f"{each}.changed_xid", "$1") for each in ("m", "a")}
_PASSED = "{0} > $2::timestamptz AND {0} <= now()"
RIGHTS = f"""WITH units AS MATERIALIZED (
    SELECT m.unit_id FROM memberships m
    WHERE m.user_id = (SELECT ctx_user()) AND m.role = 'case_manager'
        AND ({_WRITTEN["m"]} OR {_PASSED.format("m.started_at")}
            OR {_PASSED.format("m.ended_at")})),
asked AS MATERIALIZED (
    SELECT a.case_id, a.client_id FROM assignments a
    WHERE NOT $3::bool AND a.user_id = (SELECT ctx_user()) AND a.kind <> 'break_glass'
        AND a.active_from <= now()
        AND ({_WRITTEN["a"]} OR {_PASSED.format("a.active_from")}
            OR {_PASSED.format("a.active_until")} OR a.unit_id IN (SELECT unit_id FROM units))),
mine AS MATERIALIZED (SELECT my_cases() AS cases, my_clients() AS clients)
SELECT cases, clients,
    CASE WHEN $3::bool THEN cases
        ELSE ARRAY(SELECT DISTINCT case_id FROM asked WHERE case_id = ANY (cases)) END AS gained_cases,
    CASE WHEN $3::bool THEN clients WHEN NOT EXISTS (SELECT FROM asked) THEN '{{}}'
        ELSE ARRAY(SELECT DISTINCT client_id FROM asked WHERE client_id = ANY (clients))
            || pages_showing(ARRAY(SELECT DISTINCT client_id FROM asked)) END AS gained_clients,
    CASE WHEN $3::bool OR NOT EXISTS (SELECT FROM asked) THEN '{{}}'
        ELSE cases_showing(ARRAY(SELECT DISTINCT client_id FROM asked)) END AS touched_cases,
    ARRAY(SELECT DISTINCT case_id FROM asked
        WHERE case_id IS NOT NULL AND case_id <> ALL (cases)) AS lost_cases,
    ARRAY(SELECT DISTINCT client_id FROM asked WHERE client_id <> ALL (clients)) AS lost_clients, {NOW}
FROM mine"""
"""`$1` and `$2` are mark and moment of the cursor, `$3` says whether it is the first time."""

_AFTER = "({rank}, {scope}, {key}) > ($1::int, $2::uuid, $3::uuid)"
_LOST = """SELECT l.id AS scope, l.id AS key, '{kind}' AS kind, l.id, NULL::int AS version,
        {case} AS case_id, {client} AS client_id, NULL::uuid AS member_client_id, false AS anew
    FROM unnest({lost}) AS l(id) WHERE {after}"""
_REMOVED = """SELECT {scope} AS scope, t.id AS key, t.kind, t.object_id AS id, NULL::int AS version,
        t.case_id, t.client_id, t.member_client_id, false AS anew
    FROM tombstones t WHERE {since} AND {whose} AND {after}
        AND NOT (t.kind = 'case' AND t.object_id = ANY ($6::uuid[]))
        AND NOT (t.kind = 'client' AND t.object_id = ANY ($7::uuid[]))"""
_CHANGED = """SELECT {scope} AS scope, {columns}, false AS anew
    FROM {rows} WHERE {any_held} AND {sought} AND ({since}) AND {scope} <> ALL ({gained}) AND {after}"""
_GAINED = """SELECT m.id AS scope, found.*, $7::bool AS anew
    FROM (SELECT DISTINCT unnest({gained}) AS id ORDER BY 1) m
    CROSS JOIN LATERAL (SELECT {columns} FROM {rows} WHERE {scope} = m.id AND {after}
        ORDER BY t.id LIMIT $4::int + 1) found
    WHERE ({rank}, m.id) >= ($1::int, $2::uuid)"""
_PART = """part{rank} AS MATERIALIZED (
    SELECT {rank} AS rank, '{state}' AS state, l.* FROM ({lines}) l
    WHERE {rank} >= $1::int AND {room} ORDER BY l.scope, l.key LIMIT $4::int + 1),
full{rank} AS MATERIALIZED (SELECT {before} + count(*) AS n FROM part{rank})"""
_JOURNAL = """journal AS (INSERT INTO audit_journal (action, object_type, object_id, client_pseudonyms)
    SELECT 'sync.list', 'client', NULL, ARRAY(SELECT DISTINCT k.pseudonym FROM clients k
        WHERE k.id = ANY (ARRAY(SELECT client_id FROM shown UNION SELECT c.client_id FROM cases c
            WHERE c.id = ANY (ARRAY(SELECT case_id FROM shown)))))
    WHERE EXISTS (SELECT FROM shown))"""
_MARK = "$5"


def _lost(rank: int, kind: str, lost: str) -> str:
    case, client = ("l.id", "NULL::uuid") if kind == "case" else ("NULL::uuid", "l.id")
    after = _AFTER.format(rank=rank, scope="l.id", key="l.id")
    return _LOST.format(kind=kind, case=case, client=client, lost=lost, after=after)


def _removed(rank: int, scope: str, whose: str) -> str:
    after = _AFTER.format(rank=rank, scope=scope, key="t.id")
    return _REMOVED.format(scope=scope, whose=whose, since=written_since("t.changed_xid", _MARK), after=after)


def _columns(kind: Kind) -> str:
    return (
        f"t.id AS key, '{kind.name}' AS kind, t.id, {kind.version} AS version, {kind.case}::uuid AS case_id,"
        f" {kind.client}::uuid AS client_id, {kind.member}::uuid AS member_client_id"
    )


def _gained_of(kind: Kind, *, cases: str, clients: str, touched: str) -> str:
    """Return the SQL of what brings the rows of a kind anew."""
    if kind.belongs_to_client:
        return f"{clients}::uuid[]"
    return f"({cases}::uuid[] || {touched}::uuid[])" if kind.shows_members else f"{cases}::uuid[]"


def _changed(rank: int, kind: Kind) -> str:
    return _CHANGED.format(
        scope=kind.scope,
        columns=_columns(kind),
        rows=kind.rows,
        since=" OR ".join(f"({written_since(column, _MARK)})" for column in kind.changed),
        sought=kind.sought,
        gained=_gained_of(kind, cases="$8", clients="$9", touched="$14"),
        any_held="$13::bool" if kind.belongs_to_client else "$12::bool",
        after=_AFTER.format(rank=rank, scope=kind.scope, key="t.id"),
    )


def _gained(rank: int, kind: Kind) -> str:
    return _GAINED.format(
        gained=_gained_of(kind, cases="$5", clients="$6", touched="$8"),
        columns=_columns(kind),
        rows=kind.rows,
        scope=kind.scope,
        after=_AFTER.format(rank=rank, scope="m.id", key="t.id"),
        rank=rank,
    )


def _page(parts: Sequence[tuple[str, str]], first: int) -> str:
    """Return the SQL of a page of parts (state and lines): each looked at while those before leave room."""
    steps = []
    for rank, (state, lines) in enumerate(parts, first):
        before = f"(SELECT n FROM full{rank - 1})" if rank > first else "0"
        room = f"{before} <= $4::int"
        steps.append(_PART.format(rank=rank, state=state, lines=lines, room=room, before=before))
    ranks = range(first, first + len(parts))
    columns = "rank, scope, key, kind, id, state, version, anew, case_id, client_id, member_client_id"
    lines = " UNION ALL ".join(f"SELECT {columns} FROM part{rank}" for rank in ranks)
    order = "rank, scope, key"
    return f"""WITH {", ".join(steps)},
    page AS MATERIALIZED (SELECT * FROM ({lines}) l ORDER BY {order} LIMIT $4::int + 1),
    shown AS MATERIALIZED (SELECT * FROM page ORDER BY {order} LIMIT $4::int),
    last AS MATERIALIZED (SELECT * FROM shown ORDER BY rank DESC, scope DESC, key DESC LIMIT 1),
    {_JOURNAL}
    SELECT (SELECT string_agg(json_build_object('kind', kind, 'id', id, 'state', state, 'version', version,
            'anew', anew, 'case_id', case_id, 'client_id', client_id,
            'member_client_id', member_client_id)::text, ',' ORDER BY {order})
            FROM shown) AS items,
        (SELECT count(*) FROM shown) AS shown, (SELECT count(*) FROM page) > $4::int AS more,
        (SELECT rank FROM last) AS rank, (SELECT scope FROM last) AS scope, (SELECT key FROM last) AS key"""


_AWAY = [
    ("lost", _lost(0, "case", "$10::uuid[]")),
    ("lost", _lost(1, "client", "$11::uuid[]")),
    ("removed", _removed(2, "t.user_id", "t.user_id = (SELECT ctx_user())")),
    ("removed", _removed(3, "t.case_id", "t.user_id IS NULL AND t.case_id = ANY ($6::uuid[])")),
    ("removed", _removed(4, "t.client_id", """t.user_id IS NULL AND t.case_id IS NULL
        AND t.client_id = ANY ($7::uuid[])""")),
]  # fmt: skip
FIRST_GAINED = len(_AWAY) + len(KINDS)
CHANGED = _page(
    [*_AWAY, *(("changed", _changed(rank, kind)) for rank, kind in enumerate(KINDS, len(_AWAY)))], first=0
)
"""What is lost, what is gone, then kind by kind what was written since, but for what was gained.

`$1` to `$3` are the place within the round (rank, scope, key), `$4` the size of a page, `$5` the mark of the
cursor, `$6` and `$7` the reader's cases and clients, `$8` and `$9` those gained, `$10` and `$11` those lost,
`$12` and `$13` whether any were held before, `$14` cases of which the right to a member came or went.
"""
GAINED = _page(
    [("changed", _gained(rank, kind)) for rank, kind in enumerate(KINDS, FIRST_GAINED)], FIRST_GAINED
)
"""All that is in what was gained, whatever its age, case by case (or client by client) in order of their ids.

`$1` to `$4` as above, `$5` and `$6` the cases and clients, `$7` whether to fetch what is held already, `$8`
cases of which the right to a member came or went: what is shown with members comes anew.
"""
