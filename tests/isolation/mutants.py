"""Every way in which one policy could be weaker or gone: the statements that make it so."""

from collections.abc import Iterator
from dataclasses import dataclass

import asyncpg

from tests.isolation.probing import Probe

PUBLIC = ""
"""What `pg_policy` calls everybody, whose oid is no role's."""

POLICIES = """SELECT c.relname AS "table", p.polname AS name, p.polpermissive AS permissive,
    CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE'
        ELSE 'ALL' END AS command,
    array_to_string(ARRAY(SELECT r.rolname FROM pg_roles r WHERE r.oid = ANY (p.polroles)), ', ') AS roles,
    pg_get_expr(p.polqual, p.polrelid) AS using, pg_get_expr(p.polwithcheck, p.polrelid) AS checked
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
WHERE c.relnamespace = 'public'::regnamespace ORDER BY c.relname, p.polname"""


@dataclass(frozen=True)
class Mutant:
    """A weakened policy or table."""

    table: str
    name: str
    how: str
    statements: tuple[str, ...]
    roles: frozenset[str] = frozenset({PUBLIC})
    command: str = "ALL"

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.table, self.name, self.how)

    def __str__(self) -> str:
        return f"{self.table}: {self.name} {self.how}"

    def is_near(self, probe: Probe) -> bool:
        """Tell whether a probe asks in a role and by a command that the policy is for.

        What a policy for `SELECT` shows, `UPDATE` and `DELETE` find as well.
        """
        command = probe.sql.partition(" ")[0]
        asks = self.command in ("ALL", command) or (self.command == "SELECT" and command != "INSERT")
        return asks and not self.roles.isdisjoint({probe.voice.role, PUBLIC})


async def mutants(admin: asyncpg.Connection) -> list[Mutant]:
    """Return every mutant of every policy and of every protected table."""
    policies = await admin.fetch(POLICIES)
    tables = await admin.fetch(
        """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity
        ORDER BY relname"""
    )
    found = [mutant for policy in policies for mutant in _of_policy(policy)]
    for (table,) in tables:
        found.append(
            Mutant(table, "table", "not forced", (f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",))
        )
        found.append(Mutant(table, "table", "disabled", (f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",)))
    return found


def _of_policy(policy: asyncpg.Record) -> Iterator[Mutant]:
    table, name = policy["table"], policy["name"]
    drop, alter = f"DROP POLICY {name} ON {table}", f"ALTER POLICY {name} ON {table}"
    whose = (frozenset(policy["roles"].split(", ")), policy["command"])
    yield Mutant(table, name, "dropped", (drop,), *whose)
    if policy["using"] not in (None, "true"):
        # Without a check of its own a policy checks what it shows: that stays as it was.
        keeps_check = policy["command"] in ("ALL", "UPDATE") and policy["checked"] is None
        check = f" WITH CHECK ({policy['using']})" if keeps_check else ""
        yield Mutant(table, name, "shows everything", (f"{alter} USING (true){check}",), *whose)
    if policy["checked"] not in (None, "true"):
        yield Mutant(table, name, "checks nothing", (f"{alter} WITH CHECK (true)",), *whose)
    if not policy["permissive"]:
        yield Mutant(table, name, "permissive", (drop, _made_permissive(policy)), *whose)


def _made_permissive(policy: asyncpg.Record) -> str:
    check = f" WITH CHECK ({policy['checked']})" if policy["checked"] else ""
    using = f" USING ({policy['using']})" if policy["using"] else ""  # one for INSERT has none
    return (
        f"CREATE POLICY {policy['name']} ON {policy['table']} AS PERMISSIVE FOR {policy['command']}"
        f" TO {policy['roles']}{using}{check}"
    )
