"""Taking contacts: entries in open cases on whose team the importer is, in their own name."""

from collections.abc import Sequence
from datetime import date, datetime

from app.access.context import Context
from app.cases.contact import KEPT
from app.cases.rules import CLOSED
from app.clients.lifetime import BEFORE_BIRTH, lies_before_birth
from app.imports.models import Import
from app.imports.sets import insert_set, record_set
from app.imports.writing.effects import Effect, WaitingRow, Written
from app.kit.clock import local_date
from app.kit.ids import new_id

_CASES = """SELECT c.id, c.phase, c.client_id, p.pseudonym, p.birth_date,
may_process(c.client_id) AS may_process
FROM cases c JOIN clients p ON p.municipal_area_id = c.municipal_area_id AND p.id = c.client_id
WHERE c.id = ANY ($1::uuid[]) AND c.id = ANY ((SELECT my_cases())::uuid[]) ORDER BY c.id FOR KEY SHARE OF c"""


async def write_contacts(ctx: Context, subject: Import, rows: Sequence[WaitingRow]) -> Written:
    """Write the entries of a chunk."""
    del subject
    driver = await ctx.db.driver()
    found = await driver.fetch(_CASES, list({row.named["case_key"] for row in rows}))
    cases = {row["id"]: row for row in found}
    written, contacts, entries = Written(), [], []
    for row in rows:
        case = cases.get(row.named["case_key"])
        if case is None:
            written.refused.append((row, "case_key", "unknown_case"))
        elif case["phase"] == CLOSED:
            written.refused.append((row, "case_key", "case_closed"))
        elif not case["may_process"]:
            written.refused.append((row, "case_key", "processing_restricted"))
        elif lies_before_birth(_day_of(row), case["birth_date"]):
            written.refused.append((row, "happened_at", BEFORE_BIRTH))
        else:
            contact_id = new_id()
            contacts.append(
                {
                    "municipal_area_id": ctx.actor.municipal_area_id,
                    "id": contact_id,
                    "case_id": case["id"],
                    "author_id": ctx.actor.user_id,
                    **{name: row.content[name] for name in KEPT},
                }
            )
            written.effects.append(Effect(row, contact_id, case["client_id"], case["id"]))
            entries.append((contact_id, case["pseudonym"]))
    await insert_set(ctx.db, "contacts", contacts)
    if entries:
        await record_set(ctx.db, "contact.create", "contact", entries)
    return written


def _day_of(row: WaitingRow) -> date:
    return local_date(datetime.fromisoformat(row.content["happened_at"]))
