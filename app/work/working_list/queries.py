"""Reading a working list: one statement that counts and shows every group, each to its bound."""

from collections.abc import Iterator

import asyncpg
import orjson

from app.access.context import Context
from app.access.roles import Role
from app.kit.clock import local_date
from app.kit.errors import Invalid
from app.kit.pages import PageRequest, encode_cursor
from app.kit.reading import JsonBytes
from app.work.cursors import place_of
from app.work.working_list.decisions import DECISIONS, OF_CASE
from app.work.working_list.groups import GROUPS, OF_TEAM_LEADS, SHOWN, Group, Source
from app.work.working_list.sources import SHARED, SOURCES, WITHOUT_CASE

BEFORE_EVERYTHING = ("-infinity", "00000000-0000-0000-0000-000000000000", "")
"""Before everything: where each group begins."""
_CASES = """SELECT c.id, c.number, c.client_id, c.opened_on, c.is_restricted, c.lead_user_id, c.unit_id,
    a.relation, k.given_name, k.family_name,
    k.pseudonym, k.birth_date, row_number() OVER (PARTITION BY c.client_id ORDER BY c.id) = 1 AS is_first
FROM (SELECT a.case_id, CASE min(array_position('{lead,deputy,member}', a.kind))
            WHEN 1 THEN 'lead' WHEN 2 THEN 'deputy' ELSE 'member' END AS relation
        FROM assignments a
        WHERE a.municipal_area_id = (SELECT ctx_area()) AND a.user_id = (SELECT ctx_user())
            AND a.case_id = ANY ((SELECT my_cases())::uuid[]) AND a.kind IN ('lead', 'deputy', 'member')
            AND a.active_from <= now() AND (a.active_until IS NULL OR a.active_until > now())
        GROUP BY a.case_id) a
JOIN cases c ON c.municipal_area_id = (SELECT ctx_area()) AND c.id = a.case_id AND c.closed_on IS NULL
JOIN clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id"""
_COLUMNS = (
    "id", "number", "client_id", "opened_on", "relation", "given_name", "family_name", "pseudonym",
    "birth_date", "is_first", "is_restricted", "lead_user_id", "unit_id",
)  # fmt: skip
_MINE = f"""SELECT u.* FROM (SELECT {", ".join(f"array_agg({each}) AS {each}" for each in _COLUMNS)}
        FROM ({_CASES}) c) packed,
    unnest({", ".join(f"packed.{each}" for each in _COLUMNS)}) AS u({", ".join(_COLUMNS)})"""
"""The actor's open cases. Packed and unpacked: of an array the planner expects ten rows, of the query behind
it one, and then it would look into every table once for each case instead of once for all of them.
"""
_LINE = """json_build_object('reason', s.reason, 'due_on', s.due_on,
    'case', CASE WHEN s.case_id IS NOT NULL THEN json_build_object('id', s.case_id, 'number', s.number) END,
    'relation', s.relation,
    'client', CASE WHEN s.case_id IS NOT NULL THEN json_build_object('id', s.client_id,
        'given_name', s.given_name, 'family_name', s.family_name) END,
    'target', json_build_object('type', s.target, 'id', s.target_id), 'title', s.title, 'code', s.code,
    'institution', (SELECT json_build_object('id', i.id, 'name', i.name) FROM institutions i
        WHERE i.municipal_area_id = (SELECT ctx_area()) AND i.id = s.institution_id),
    'responsible', (SELECT json_build_object('id', u.id, 'name', u.display_name) FROM users u
        WHERE u.municipal_area_id = (SELECT ctx_area()) AND u.id = s.responsible_id),
    'since', s.since, 'printed_end', s.printed_end, 'continued_effect', s.continued_effect,
    'continued_until', s.continued_until, 'hint', s.hint)"""
_CASE = ("number", "relation", "client_id", "given_name", "family_name", "pseudonym")
_NO_CASE = (
    "NULL::uuid AS case_id, NULL::text AS number, NULL::text AS relation, NULL::uuid AS client_id,"
    " NULL::text AS given_name, NULL::text AS family_name, NULL::uuid AS pseudonym"
)
_ORDER = "due_on, target_id, reason"


def _items(source: Source, *, of_case: bool = True) -> str:
    shown = ", ".join(f"({source.shows.get(name, 'NULL')})::{kind} AS {name}" for name, kind in SHOWN.items())
    whose = f"m.id AS case_id, {', '.join(f'm.{name}' for name in _CASE)}" if of_case else _NO_CASE
    return (
        f"SELECT '{source.group}' AS grp, {whose}, ({source.due})::date AS due_on,"
        f" {source.reason} AS reason, '{source.target}' AS target, {source.target_id} AS target_id, {shown}"
        f" FROM {source.rows} WHERE '{source.group}' = ANY ($4::text[]) AND ({source.where})"
    )


def statement() -> str:
    """Return the SQL of the list: `$4` the groups, `$5` to `$7` where to go on, `$8` items of each group.

    `$9` are the weeks of waiting for a school, `$10` the days without evidence of a consent.
    """
    every = [_items(source) for source in (*SOURCES, *OF_CASE)]
    every += [_items(source, of_case=False) for source in (*WITHOUT_CASE, *DECISIONS)]
    items = " UNION ALL ".join(every)
    shared = ", ".join(f"{name} AS MATERIALIZED ({rows})" for name, rows in SHARED.items())
    return f"""WITH mine AS MATERIALIZED ({_MINE}), {shared}, items AS MATERIALIZED ({items}),
    counted AS (SELECT grp, count(*) AS count FROM items GROUP BY grp),
    page AS MATERIALIZED (SELECT * FROM (
        SELECT i.*, row_number() OVER (PARTITION BY grp ORDER BY {_ORDER}) AS n
        FROM items i WHERE ({_ORDER}) > ($5::text::date, $6::text::uuid, $7::text)) i WHERE n <= $8::int + 1),
    journal AS (INSERT INTO audit_journal (action, object_type, client_pseudonyms)
        SELECT 'work.list', 'case', coalesce(array_agg(DISTINCT s.pseudonym)
            FILTER (WHERE s.pseudonym IS NOT NULL), '{{}}') FROM page s WHERE s.n <= $8::int),
    rendered AS (SELECT s.grp,
            string_agg({_LINE}::text, ',' ORDER BY s.n) FILTER (WHERE s.n <= $8::int) AS items,
            CASE WHEN max(s.n) > $8::int THEN min(json_build_array(s.due_on, s.target_id, s.reason)::text)
                FILTER (WHERE s.n = $8::int) END AS last
        FROM page s GROUP BY s.grp)
    SELECT g.name, coalesce(c.count, 0) AS count, r.items, r.last
    FROM unnest($4::text[]) WITH ORDINALITY AS g (name, place)
    LEFT JOIN counted c ON c.grp = g.name LEFT JOIN rendered r ON r.grp = g.name ORDER BY g.place"""


STATEMENT = statement()


async def read_work(
    ctx: Context, page: PageRequest, group: Group | None, weeks: int, school_weeks: int, evidence_days: int
) -> JsonBytes:
    """Return what is due in the actor's open cases: every group to its bound, or one group page by page.

    Who leads a team and works on no case gets the groups that concern them.

    Raises `Invalid` for a cursor without its group.
    """
    if page.cursor is not None and group is None:
        raise Invalid.at("query.group", "group_missing", "A cursor goes on in one group: name it.")
    place = place_of(page, "day", "id", "code") or BEFORE_EVERYTHING
    today = local_date(ctx.now)
    mine = GROUPS if Role.CASE_MANAGER in ctx.actor.roles else OF_TEAM_LEADS
    groups = [each for each in mine if group in (None, each)]
    driver = await ctx.db.driver()
    bounds = (page.limit, school_weeks, evidence_days)
    rows = await driver.fetch(STATEMENT, today, ctx.now, weeks, groups, *place, *bounds)
    listed = ",".join(_rendered(rows))
    return JsonBytes(f'{{"today":"{today}","weeks_without_contact":{weeks},"groups":[{listed}]}}')


def _rendered(rows: list[asyncpg.Record]) -> Iterator[str]:
    for row in rows:
        following = "null" if row["last"] is None else f'"{encode_cursor(orjson.loads(row["last"]))}"'
        yield (
            f'{{"group":"{row["name"]}","count":{row["count"]},'
            f'"items":[{row["items"] or ""}],"next":{following}}}'
        )
