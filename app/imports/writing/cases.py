"""Taking cases: each begins in intake today, led by the importer, without a basis of documentation."""

from collections.abc import Sequence
from uuid import UUID

from app.access.context import Context
from app.cases.rules import IN_ORDER
from app.imports.models import Import
from app.imports.sets import insert_set, record_set
from app.imports.writing.effects import Effect, WaitingRow, Written
from app.kit.clock import local_date
from app.kit.ids import new_id

_SHELL_AND_CONTENT = 2
"""The version of a new case: that of its shell and of its content together."""
_CLIENTS = """SELECT c.id, c.pseudonym, c.merged_into, c.unit_id, may_process(c.id) AS may_process, EXISTS (
    SELECT FROM assignments a WHERE a.user_id = ctx_user() AND a.client_id = c.id
        AND a.kind IN ('lead', 'registrar') AND a.active_from <= now()
        AND a.unit_id = ANY (ctx_places('case_manager'))
        AND (a.active_until IS NULL OR a.active_until > now())) AS may_open
FROM clients c WHERE c.id = ANY ($1::uuid[])"""
_NUMBER = "SELECT draw_case_number($1)"
_LEAD = "SELECT lead_new_cases($1::uuid[], $2::uuid[])"


async def write_cases(ctx: Context, subject: Import, rows: Sequence[WaitingRow]) -> Written:
    """Open the cases of a chunk, each of a client whom the importer registered or leads another case of."""
    driver = await ctx.db.driver()
    clients = {
        row["id"]: row
        for row in await driver.fetch(_CLIENTS, list({row.named["client_key"] for row in rows}))
    }
    written = Written()
    taken: list[tuple[WaitingRow, UUID]] = []
    for row in rows:
        client = clients.get(row.named["client_key"])
        if client is None:
            written.refused.append((row, "client_key", "unknown_client"))
        elif client["merged_into"] is not None:
            written.refused.append((row, "client_key", "merged"))
        elif not client["may_process"]:
            written.refused.append((row, "client_key", "processing_restricted"))
        elif client["unit_id"] != subject.unit_id:
            written.refused.append((row, "client_key", "other_unit"))
        elif not client["may_open"]:
            written.refused.append((row, "client_key", "client_not_yours"))
        else:
            taken.append((row, new_id()))
    if taken:
        await _open(ctx, subject, taken)
        opened = [(case_id, clients[row.named["client_key"]]["pseudonym"]) for row, case_id in taken]
        await record_set(ctx.db, "case.open", "case", opened)
    written.effects = [
        Effect(row, case_id, row.named["client_key"], case_id, version=_SHELL_AND_CONTENT)
        for row, case_id in taken
    ]
    return written


async def _open(ctx: Context, subject: Import, taken: Sequence[tuple[WaitingRow, UUID]]) -> None:
    area, today = ctx.actor.municipal_area_id, local_date(ctx.now)
    numbers = await _numbers(ctx, today.year, len(taken))
    shells = [
        {
            "municipal_area_id": area,
            "id": case_id,
            "number": number,
            "client_id": row.named["client_key"],
            "unit_id": subject.unit_id,
            "lead_user_id": ctx.actor.user_id,
            "kind": row.content["kind"],
            "phase": IN_ORDER[0],
            "opened_on": today,
            "version": 1,
            "created_at": ctx.now,
            "changed_at": ctx.now,
        }
        for (row, case_id), number in zip(taken, numbers, strict=True)
    ]
    await insert_set(ctx.db, "cases", shells)
    driver = await ctx.db.driver()
    ids = [case_id for _, case_id in taken]
    await driver.execute(_LEAD, [new_id() for _ in ids], ids)
    contents = [
        {
            "municipal_area_id": area,
            "id": case_id,
            **{name: row.content[name] for name in ("access_route", "concern", "summary")},
        }
        for row, case_id in taken
    ]
    await insert_set(ctx.db, "case_contents", contents)
    phases = [
        {
            "municipal_area_id": area,
            "id": new_id(),
            "case_id": case_id,
            "at": ctx.now,
            "target": IN_ORDER[0],
            "user_id": ctx.actor.user_id,
        }
        for case_id in ids
    ]
    await insert_set(ctx.db, "case_phases", phases)


async def _numbers(ctx: Context, year: int, count: int) -> list[str]:
    """Draw numbers that nobody has, and that are all different."""
    driver = await ctx.db.driver()
    numbers: dict[str, None] = {}
    while len(numbers) < count:
        numbers[await driver.fetchval(_NUMBER, year)] = None
    return list(numbers)
