"""What a schema consists of and what tables hold, read from the catalogues of PostgreSQL."""

import asyncpg

_PARTS = """
SELECT concat_ws(' ', 'table', c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity,
    pg_get_userbyid(c.relowner), c.reloptions)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
UNION ALL
SELECT concat_ws(' ', 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attcollation)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
UNION ALL
SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL
SELECT concat_ws(' ', 'index', indexdef) FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT concat_ws(' ', 'policy', tablename, policyname, permissive, roles, cmd, qual, '/', with_check)
FROM pg_policies WHERE schemaname = 'public'
UNION ALL
SELECT concat_ws(' ', 'routine', pg_get_userbyid(p.proowner), pg_get_functiondef(p.oid))
FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind IN ('f', 'p')
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = p.oid AND e.deptype = 'e')
UNION ALL
SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT concat_ws(' ', 'right', g.name, a.grantee::regrole, a.privilege_type)
FROM (
    SELECT relname::text AS name, coalesce(relacl, acldefault('r', relowner)) AS acl FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
    UNION ALL
    SELECT c.relname || '.' || t.attname, t.attacl FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND t.attacl IS NOT NULL
    UNION ALL
    SELECT p.oid::regprocedure::text, coalesce(p.proacl, acldefault('f', p.proowner)) FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = p.oid AND e.deptype = 'e')
) g CROSS JOIN LATERAL aclexplode(g.acl) a
"""

_TABLES = """SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'alembic_version' ORDER BY 1"""


async def parts(url: str) -> set[str]:
    """Return one sentence for each part of the schema; alembic's own table is none."""
    connection = await asyncpg.connect(url)
    try:
        return await parts_seen_by(connection)
    finally:
        await connection.close()


async def parts_seen_by(connection: asyncpg.Connection) -> set[str]:
    """Return the same within a transaction."""
    return {row[0] for row in await connection.fetch(_PARTS) if "alembic_version" not in row[0]}


async def contents(url: str, without: frozenset[str] = frozenset()) -> dict[str, tuple[int, str]]:
    """Return the number of rows and a digest of each table, less some columns ("name" or "table.name")."""
    connection = await asyncpg.connect(url)
    found = {}
    try:
        for (table,) in await connection.fetch(_TABLES):
            row = await connection.fetchrow(
                f"""SELECT count(*) AS rows, coalesce(md5(string_agg(one, ',' ORDER BY one)), '') AS digest
                FROM (SELECT (to_jsonb(t) - $1::text[])::text AS one FROM "{table}" t) each""",
                [name.removeprefix(f"{table}.") for name in without],
            )
            found[table] = (row["rows"], row["digest"])
    finally:
        await connection.close()
    return found
