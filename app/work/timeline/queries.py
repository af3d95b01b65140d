"""Reading a timeline: one statement that takes the next keys from every source and then renders these lines.

Keys first, lines after: of all sources only the rows of the page are looked at a second time. Who acted comes
with the key, so that all lines share one look at the users.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

import orjson

from app.access.context import Context
from app.access.policy import POLICY, Relation
from app.access.relations import require_relation
from app.kit.errors import Forbidden
from app.kit.pages import PageRequest, encode_cursor
from app.kit.reading import JsonBytes
from app.work.cursors import place_of
from app.work.timeline.parts import PARTS
from app.work.timeline.source import KINDS, PERMISSIONS, Kind, Source
from app.work.timeline.sources import SOURCES

OLDER, NEWER = "older", "newer"
AFTER_EVERYTHING = ("infinity", "0", "00000000-0000-0000-0000-000000000000")
"""After everything: where the first page begins."""

_ACTOR = """(SELECT json_build_object('id', u.id, 'name', u.display_name) FROM users u
WHERE u.municipal_area_id = (SELECT ctx_area()) AND u.id = p.actor_id)"""
_CORRECTED = """ LEFT JOIN contacts o
    ON o.municipal_area_id = t.municipal_area_id AND o.corrected_by_id = t.id"""


def _keys(rank: int, source: Source, *, older: bool) -> str:
    compare, way = ("<", "DESC") if older else (">", "ASC")
    return (
        f"(SELECT {source.at} AS at, t.id, {rank} AS rank, ({source.actor})::uuid AS actor_id"
        f" FROM {source.rows}"
        f" WHERE '{source.kind}' = ANY ($2::text[]) AND {source.where}"
        f" AND ({source.at}, {rank}, t.id) {compare} ($3::text::timestamptz, $4::text::int, $5::text::uuid)"
        f" ORDER BY {source.at} {way}, t.id {way} LIMIT $6::int + 1)"
    )


def _line(rank: int, source: Source) -> str:
    corrected = _CORRECTED if source.kind == "contact" else ""
    return (
        f"WHEN {rank} THEN (SELECT json_build_object('kind', '{source.kind}', 'id', t.id, 'at', s.at,"
        f" 'actor', s.actor, 'what', {source.what}, 'details', {source.details})"
        f" FROM {source.rows}{corrected} WHERE {source.by_id})"
    )


def statement(*, older: bool) -> str:
    """Return the SQL of one page: going back in time, or forward."""
    order = "at DESC, rank DESC, id DESC" if older else "at, rank, id"
    keys = " UNION ALL ".join(_keys(rank, source, older=older) for rank, source in enumerate(SOURCES))
    lines = " ".join(_line(rank, source) for rank, source in enumerate(SOURCES))
    parts = " ".join(f"{name} AS MATERIALIZED ({rows})," for name, rows in PARTS.items())
    return f"""WITH {parts}
    picked AS MATERIALIZED (SELECT * FROM ({keys}) e ORDER BY {order} LIMIT $6::int + 1),
    shown AS MATERIALIZED (SELECT p.*, {_ACTOR} AS actor FROM picked p ORDER BY {order} LIMIT $6::int),
    journal AS (INSERT INTO audit_journal (action, object_type, object_id, client_pseudonyms)
        VALUES ('case_timeline.list', 'case', $1, ARRAY[case_pseudonym($1)]))
    SELECT (SELECT string_agg(line::text, ',' ORDER BY at DESC, rank DESC, id DESC)
            FROM (SELECT s.at, s.id, s.rank, CASE s.rank {lines} END AS line FROM shown s) l) AS items,
        (SELECT json_build_array(at, rank::text, id)::text FROM shown
            ORDER BY at DESC, rank DESC, id DESC LIMIT 1) AS newest,
        (SELECT json_build_array(at, rank::text, id)::text FROM shown
            ORDER BY at, rank, id LIMIT 1) AS oldest,
        (SELECT count(*) FROM picked) > $6::int AS goes_on"""


STATEMENTS = {OLDER: statement(older=True), NEWER: statement(older=False)}


async def read_timeline(
    ctx: Context, case_id: UUID, page: PageRequest, kinds: Sequence[str] | None
) -> JsonBytes:
    """Return a page of a case's story, newest first, with the cursors of both neighbours.

    404 for a case that is not the actor's; 403 when a kind is asked for that their relation does not show.
    """
    held = await require_relation(ctx, case_id=case_id)
    shown = _shown_kinds(ctx, held, kinds)
    place = place_of(page, frozenset({OLDER, NEWER}), "at", "number", "id")
    direction, *key = place or (OLDER, *AFTER_EVERYTHING)
    driver = await ctx.db.driver()
    row = await driver.fetchrow(STATEMENTS[direction], case_id, shown, *key, page.limit, ctx.now)
    goes_on = {OLDER: row["goes_on"] or direction == NEWER, NEWER: place is not None}
    if direction == NEWER:
        goes_on[NEWER] = row["goes_on"]
    following = _cursor(OLDER, row["oldest"]) if goes_on[OLDER] else b"null"
    previous = _cursor(NEWER, row["newest"]) if goes_on[NEWER] else b"null"
    listed = orjson.dumps(shown).decode()
    return JsonBytes(
        f'{{"items":[{row["items"] or ""}],"next":{following.decode()},'
        f'"previous":{previous.decode()},"kinds":{listed}}}'
    )


def _shown_kinds(ctx: Context, held: Iterable[Relation], asked: Sequence[str] | None) -> list[Kind]:
    relations = set(held)
    visible: set[Kind] = set()
    for kind in KINDS:
        grants = POLICY[PERMISSIONS[kind]].grants
        if any(relations & grants.get(role, frozenset()) for role in ctx.actor.roles):
            visible.add(kind)
    if asked and not set(asked) <= visible:
        hidden = ", ".join(sorted(set(asked) - visible))
        raise Forbidden(f"Your relation to the case does not show this: {hidden}.", code="relation_missing")
    return [kind for kind in KINDS if kind in (asked or visible)]


def _cursor(direction: str, key: str | None) -> bytes:
    return b"null" if key is None else orjson.dumps(encode_cursor([direction, *orjson.loads(key)]))
