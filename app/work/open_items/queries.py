"""Reading what is open in a case: one statement that counts and shows every kind, each to its bound."""

from uuid import UUID

from app.access.context import Context
from app.access.permissions import Permission
from app.access.policy import POLICY, Relation
from app.access.relations import require_relation
from app.kit.clock import local_date
from app.kit.reading import JsonBytes
from app.work.open_items.sources import MOST, SHOWN, SOURCES, Source

_PERSON = """(SELECT json_build_object('id', u.id, 'name', u.display_name) FROM users u
    WHERE u.municipal_area_id = (SELECT ctx_area()) AND u.id = {})"""
_ITEM = f"""json_build_object('id', n.id, 'title', n.title, 'code', n.code, 'state', n.state,
    'due_on', n.due_on, 'institution', (SELECT json_build_object('id', i.id, 'name', i.name)
        FROM institutions i WHERE i.municipal_area_id = (SELECT ctx_area()) AND i.id = n.institution_id),
    'responsible', {_PERSON.format("n.responsible_id")})"""
_HANDOVER = f"""(SELECT json_build_object('id', h.id, 'at', h.at,
    'from_user', {_PERSON.format("h.from_user_id")}, 'to_user', {_PERSON.format("h.to_user_id")},
    'acknowledged_at', h.acknowledged_at, 'note', h.note)
    FROM case_handovers h WHERE h.municipal_area_id = (SELECT ctx_area()) AND h.case_id = $1
    ORDER BY h.at DESC, h.id DESC LIMIT 1)"""


def _items(source: Source) -> str:
    shown = ", ".join(f"({source.shows.get(name, 'NULL')})::{kind} AS {name}" for name, kind in SHOWN.items())
    return (
        f"SELECT '{source.kind}' AS kind, t.id, {source.state} AS state, {shown} FROM {source.rows}"
        f" WHERE t.municipal_area_id = (SELECT ctx_area()) AND '{source.kind}' = ANY ($3::text[])"
        f" AND {source.where}"
    )


STATEMENT = f"""WITH items AS MATERIALIZED ({" UNION ALL ".join(_items(each) for each in SOURCES)}),
numbered AS MATERIALIZED (
    SELECT i.*, row_number() OVER (PARTITION BY i.kind ORDER BY i.due_on, i.id) AS place FROM items i),
journal AS (INSERT INTO audit_journal (action, object_type, object_id, client_pseudonyms)
    VALUES ('case.open_items', 'case', $1, ARRAY[case_pseudonym($1)]))
SELECT json_build_object('case_id', $1, 'is_closed', c.closed_on IS NOT NULL, 'handover', {_HANDOVER},
    'kinds', (SELECT coalesce(json_agg(json_build_object('kind', k.kind,
            'count', (SELECT count(*) FROM items i WHERE i.kind = k.kind),
            'items', (SELECT coalesce(json_agg({_ITEM} ORDER BY n.place), '[]')
                FROM numbered n WHERE n.kind = k.kind AND n.place <= {MOST})) ORDER BY k.place), '[]')
        FROM unnest($3::text[]) WITH ORDINALITY AS k (kind, place)))::text
FROM cases c WHERE c.id = $1"""


async def read_open_items(ctx: Context, case_id: UUID) -> JsonBytes:
    """Return what is open in a case; kinds that the actor's relation does not show are left out."""
    held = await require_relation(ctx, case_id=case_id)
    kinds = [source.kind for source in SOURCES if _shows(ctx, held, source.permission)]
    driver = await ctx.db.driver()
    return JsonBytes(await driver.fetchval(STATEMENT, case_id, local_date(ctx.now), kinds))


def _shows(ctx: Context, held: set[Relation], permission: Permission) -> bool:
    grants = POLICY[permission].grants
    return any(held & grants.get(role, frozenset()) for role in ctx.actor.roles)
