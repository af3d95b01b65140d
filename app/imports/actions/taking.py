"""Taking the next rows: what a chunk writes and that it is taken commit together, so nothing comes twice."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

import orjson

from app.access.context import Context
from app.audit import journal
from app.imports.actions.reading import finding
from app.imports.actions.subject import locked_import
from app.imports.models import Import
from app.imports.rules import BAD, CASES, CHUNK, CLIENTS, CONTACTS, DUPLICATE, HOUSEHOLDS
from app.imports.schemas import ImportTake
from app.imports.writing.cases import write_cases
from app.imports.writing.clients import write_clients
from app.imports.writing.contacts import write_contacts
from app.imports.writing.effects import WaitingRow, Written, keep_effects
from app.imports.writing.households import write_households
from app.kit.errors import Conflict

# Two imports of one person take one after the other: what the first has taken is known to the second.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('imports:' || ctx_user(), 0))"
_HINDERING = (
    "SELECT state, count(*) FROM import_rows WHERE import_id = $1 AND state = ANY ($2) GROUP BY state"
)
_KNOWN = """UPDATE import_rows r SET state = 'known', content = NULL, findings = '[]', duplicates = '{}',
    object_id = e.object_id
FROM import_effects e
WHERE r.import_id = $1 AND r.state = 'ready' AND r.number <= $2 AND e.user_id = ctx_user()
    AND e.unit_id = $3 AND e.kind = $4 AND e.mark = r.mark"""
_NEXT = """SELECT id, number, mark, content::text FROM import_rows
WHERE import_id = $1 AND state = 'ready' AND number <= $2 ORDER BY number"""
_LAST_OF_CHUNK = """SELECT max(number) FROM (SELECT number FROM import_rows
WHERE import_id = $1 AND state = 'ready' ORDER BY number LIMIT $2) chunk"""
_TAKEN = """UPDATE import_rows r SET state = 'taken', content = NULL, object_id = t.object_id
FROM unnest($2::uuid[], $3::uuid[]) AS t(id, object_id) WHERE r.import_id = $1 AND r.id = t.id"""
_BAD = """UPDATE import_rows r SET state = 'bad', content = NULL, findings = b.findings::jsonb
FROM unnest($2::uuid[], $3::text[]) AS b(id, findings) WHERE r.import_id = $1 AND r.id = b.id"""
_LEFT = "SELECT EXISTS (SELECT FROM import_rows WHERE import_id = $1 AND state = 'ready')"

_WRITE: Mapping[str, Callable[[Context, Import, Sequence[WaitingRow]], Awaitable[Written]]] = {
    CLIENTS: write_clients,
    HOUSEHOLDS: write_households,
    CASES: write_cases,
    CONTACTS: write_contacts,
}


async def take_rows(ctx: Context, import_id: UUID, body: ImportTake) -> None:
    """Take the next rows of an import that was read.

    Raises 409 `rows_hinder` while a row is bad or undecided, unless the others are to be taken without it.
    """
    subject = await locked_import(ctx, import_id, ("read", "taking", "taken"))
    driver = await ctx.db.driver()
    await driver.execute(_LOCK)
    subject.skip_bad = subject.skip_bad or body.skip_bad
    if not subject.skip_bad:
        await _refuse_hindered(ctx, subject)
    last = await driver.fetchval(_LAST_OF_CHUNK, import_id, CHUNK)
    if last is not None:
        await driver.execute(_KNOWN, import_id, last, subject.unit_id, subject.kind)
        rows = [_waiting(row) for row in await driver.fetch(_NEXT, import_id, last)]
        await _take(ctx, subject, rows)
    driver = await ctx.db.driver()
    subject.state = "taking" if await driver.fetchval(_LEFT, import_id) else "taken"
    await journal.record(ctx.db, "import.take", "import", subject.id)


async def _refuse_hindered(ctx: Context, subject: Import) -> None:
    driver = await ctx.db.driver()
    found = {
        row["state"]: row["count"] for row in await driver.fetch(_HINDERING, subject.id, [BAD, DUPLICATE])
    }
    if found:
        raise Conflict(
            "Some rows are bad or wait for a decision. Mend the sheet, decide, or ask for the others alone.",
            code="rows_hinder",
            bad=found.get(BAD, 0),
            duplicate=found.get(DUPLICATE, 0),
        )


async def _take(ctx: Context, subject: Import, rows: Sequence[WaitingRow]) -> None:
    written = await _WRITE[subject.kind](ctx, subject, rows)
    await keep_effects(ctx, subject, written.effects)
    driver = await ctx.db.driver()
    taken = written.effects
    await driver.execute(
        _TAKEN, subject.id, [each.row.id for each in taken], [each.object_id for each in taken]
    )
    refused = [(row.id, _found(subject, field, kind)) for row, field, kind in written.refused]
    await driver.execute(_BAD, subject.id, [row for row, _ in refused], [found for _, found in refused])


def _found(subject: Import, field: str, kind: str) -> str:
    heading = str(subject.mapping["columns"].get(field, ""))
    return orjson.dumps([finding(field, kind, heading)]).decode()


def _waiting(row: Mapping[str, object]) -> WaitingRow:
    content = orjson.loads(str(row["content"]))
    named = {name: UUID(each) for name, each in content.pop("named", {}).items()}
    identity, number = row["id"], row["number"]
    assert isinstance(identity, UUID)
    assert isinstance(number, int)
    return WaitingRow(identity, number, str(row["mark"]), content, named)
