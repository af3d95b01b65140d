"""Undoing what an import made and nobody has gone on with; what stays is told with its reason."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from app.access.context import Context
from app.audit import journal
from app.imports.actions.reading import finding
from app.imports.actions.subject import locked_import
from app.imports.actions.untouched import still_used
from app.imports.models import Import
from app.imports.rules import CASES, CHUNK, CLIENTS, CONTACTS, HOUSEHOLDS
from app.imports.sets import record_set
from app.imports.writing.effects import follow_versions
from app.kit.ids import random_id

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('imports:' || ctx_user(), 0))"
# A row that was never taken is given up; one that stayed is looked at again when undoing is asked for anew.
_GIVE_UP = """UPDATE import_rows SET state = 'skipped', content = NULL, findings = '[]', duplicates = '{}'
WHERE import_id = $1 AND state IN ('ready', 'duplicate')"""
_AGAIN = "UPDATE import_effects SET stays_because = NULL WHERE import_id = $1 AND stays_because IS NOT NULL"
_NEXT = """SELECT id, object_id, client_id, is_linked, version, row_number FROM import_effects
WHERE import_id = $1 AND stays_because IS NULL ORDER BY row_number DESC LIMIT $2"""
_GONE = "DELETE FROM import_effects WHERE import_id = $1 AND id = ANY ($2::uuid[])"
_STAY = """UPDATE import_effects e SET stays_because = s.because
FROM unnest($2::uuid[], $3::text[]) AS s(id, because) WHERE e.import_id = $1 AND e.id = s.id"""
_ROWS = """UPDATE import_rows r SET state = n.state, findings = n.findings::jsonb,
    object_id = CASE WHEN n.state = 'stays' THEN r.object_id END
FROM unnest($2::int[], $3::text[], $4::text[]) AS n(number, state, findings)
WHERE r.import_id = $1 AND r.number = n.number"""
_LEFT = "SELECT EXISTS (SELECT FROM import_effects WHERE import_id = $1 AND stays_because IS NULL)"

_CLIENTS = "SELECT id, version, pseudonym FROM clients WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE"
_CASES = """SELECT c.id, c.version + t.version AS version, p.pseudonym
FROM cases c JOIN case_contents t ON t.municipal_area_id = c.municipal_area_id AND t.id = c.id
JOIN clients p ON p.municipal_area_id = c.municipal_area_id AND p.id = c.client_id
WHERE c.id = ANY ($1::uuid[]) ORDER BY c.id FOR UPDATE OF c"""
_CONTACTS = """SELECT k.id, k.version, p.pseudonym FROM contacts k
JOIN cases c ON c.municipal_area_id = k.municipal_area_id AND c.id = k.case_id
JOIN clients p ON p.municipal_area_id = c.municipal_area_id AND p.id = c.client_id
WHERE k.id = ANY ($1::uuid[]) ORDER BY k.id FOR UPDATE OF k"""
_MEMBERS = """SELECT m.id, m.version, p.pseudonym FROM household_members m
JOIN clients p ON p.municipal_area_id = m.municipal_area_id AND p.id = m.client_id
WHERE m.id = ANY ($1::uuid[]) ORDER BY m.id FOR UPDATE OF m"""
_PAIRED = """SELECT DISTINCT unnest(ARRAY[client_id, member_client_id]) AS id FROM household_members
WHERE id = ANY ($1::uuid[]) AND member_client_id IS NOT NULL"""
_REMOVE_MEMBERS = """WITH gone AS (DELETE FROM household_members WHERE id = ANY ($1::uuid[])
    RETURNING id, client_id, member_client_id),
inverse AS (DELETE FROM household_members h USING gone g
    WHERE h.client_id = g.member_client_id AND h.member_client_id = g.client_id)
SELECT id, member_client_id FROM gone"""
_ALONE = """UPDATE clients c SET household_key = coalesce(a.key, c.household_key)
FROM unnest($1::uuid[], $2::uuid[]) AS a(id, key) WHERE c.id = a.id"""


@dataclass(frozen=True, slots=True)
class _Kind:
    """How the objects of a kind are looked at, and taken away; both answer for a whole chunk."""

    look: str
    act: str
    object_type: str
    remove: Callable[[Context, Import, Sequence[UUID]], Awaitable[set[UUID]]]


def _by(function: str) -> Callable[[Context, Import, Sequence[UUID]], Awaitable[set[UUID]]]:
    async def remove(ctx: Context, subject: Import, ids: Sequence[UUID]) -> set[UUID]:
        driver = await ctx.db.driver()
        return {
            row[0] for row in await driver.fetch(f"SELECT {function}($1, $2::uuid[])", subject.id, list(ids))
        }

    return remove


async def _remove_members(ctx: Context, _: Import, ids: Sequence[UUID]) -> set[UUID]:
    """Take members out; who was a client gets a household of their own in the statistics, as by hand."""
    driver = await ctx.db.driver()
    paired = [row["id"] for row in await driver.fetch(_PAIRED, list(ids))]
    before = {row["id"]: row["version"] for row in await driver.fetch(_CLIENTS, paired)}
    gone = await driver.fetch(_REMOVE_MEMBERS, list(ids))
    alone = {row["member_client_id"] for row in gone if row["member_client_id"] is not None}
    keys = [random_id() if each in alone else None for each in before]
    await driver.execute(_ALONE, list(before), keys)
    await follow_versions(ctx, before)
    return {row["id"] for row in gone}


_KINDS: Mapping[str, _Kind] = {
    CLIENTS: _Kind(_CLIENTS, "client.undo_import", "client", _by("undo_imported_clients")),
    CASES: _Kind(_CASES, "case.undo_import", "case", _by("undo_imported_cases")),
    CONTACTS: _Kind(_CONTACTS, "contact.undo_import", "contact", _by("undo_imported_contacts")),
    HOUSEHOLDS: _Kind(_MEMBERS, "household.undo_import", "household_member", _remove_members),
}


async def undo_import(ctx: Context, import_id: UUID) -> None:
    """Undo the next rows, the last first; what was touched since stays.

    Raises 409 where nothing was taken.
    """
    subject = await locked_import(ctx, import_id, ("taking", "taken", "undoing", "undone"))
    driver = await ctx.db.driver()
    await driver.execute(_LOCK)
    if subject.state != "undoing":
        await driver.execute(_GIVE_UP, import_id)
        await driver.execute(_AGAIN, import_id)
    effects = await driver.fetch(_NEXT, import_id, CHUNK)
    if effects:
        await _undo(ctx, subject, effects)
    driver = await ctx.db.driver()
    subject.state = "undoing" if await driver.fetchval(_LEFT, import_id) else "undone"
    await journal.record(ctx.db, "import.undo", "import", subject.id)


async def _undo(ctx: Context, subject: Import, effects: Sequence[Mapping[str, Any]]) -> None:
    kind = _KINDS[subject.kind]
    driver = await ctx.db.driver()
    made = {row["object_id"]: row for row in effects if not row["is_linked"]}
    seen = {row["id"]: row for row in await driver.fetch(kind.look, list(made))}
    used = await still_used(ctx, subject.kind, list(made))
    wanted = [
        identity
        for identity, row in seen.items()
        if row["version"] == made[identity]["version"] and identity not in used
    ]
    gone = await kind.remove(ctx, subject, wanted)
    await record_set(ctx.db, kind.act, kind.object_type, [(each, seen[each]["pseudonym"]) for each in gone])
    staying: dict[UUID, str] = {}
    for row in effects:
        identity = row["object_id"]
        if not row["is_linked"] and identity not in gone:
            staying[row["id"]] = "still_used" if identity in used else "changed_since"
    await driver.execute(_GONE, subject.id, [row["id"] for row in effects if row["id"] not in staying])
    await driver.execute(_STAY, subject.id, list(staying), list(staying.values()))
    await _tell(ctx, subject, [(row["row_number"], staying.get(row["id"])) for row in effects])


async def _tell(ctx: Context, subject: Import, told: Sequence[tuple[int, str | None]]) -> None:
    driver = await ctx.db.driver()
    await driver.execute(
        _ROWS,
        subject.id,
        [number for number, _ in told],
        ["undone" if because is None else "stays" for _, because in told],
        [_findings(because) for _, because in told],
    )


def _findings(because: str | None) -> str:
    return "[]" if because is None else orjson.dumps([finding("", because)]).decode()
