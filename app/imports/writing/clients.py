"""Taking persons: the client, what belongs to them, and their registrar."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.access.context import Context
from app.imports.models import Import
from app.imports.sets import insert_set, record_set
from app.imports.writing.effects import Effect, WaitingRow, Written
from app.kit.ids import new_id, random_id

_HISTORIES = ("language_levels", "residence_documents", "legal_domain_periods", "addresses")
_REGISTER = "SELECT register_clients($1::uuid[], $2::uuid[])"


async def write_clients(ctx: Context, subject: Import, rows: Sequence[WaitingRow]) -> Written:
    """Register the persons of a chunk; the importer becomes their registrar."""
    area = ctx.actor.municipal_area_id
    made = [(row, new_id(), random_id()) for row in rows]
    clients = [
        {
            "municipal_area_id": area,
            "id": client_id,
            "pseudonym": pseudonym,
            "household_key": random_id(),
            "unit_id": subject.unit_id,
            "created_by": ctx.actor.user_id,
            "version": 1,
            "created_at": ctx.now,
            "changed_at": ctx.now,
            **row.content["clients"],
        }
        for row, client_id, pseudonym in made
    ]
    await insert_set(ctx.db, "clients", clients)
    driver = await ctx.db.driver()
    ids = [client_id for _, client_id, _ in made]
    await driver.execute(_REGISTER, [new_id() for _ in ids], ids)
    nationalities = [_part(area, client_id, each) for row, client_id, _ in made
                     for each in row.content["client_nationalities"]]  # fmt: skip
    await insert_set(ctx.db, "client_nationalities", nationalities)
    recorded = {"recorded_at": ctx.now, "recorded_by": ctx.actor.user_id}
    for table in _HISTORIES:
        periods = [_part(area, client_id, {**each, **recorded}) for row, client_id, _ in made
                   for each in row.content[table]]  # fmt: skip
        await insert_set(ctx.db, table, periods)
    await record_set(ctx.db, "client.create", "client", [(client_id, name) for _, client_id, name in made])
    return Written([Effect(row, client_id, client_id) for row, client_id, _ in made])


def _part(area: str, client_id: UUID, columns: dict[str, Any]) -> dict[str, Any]:
    return {"municipal_area_id": area, "id": new_id(), "client_id": client_id, **columns}
