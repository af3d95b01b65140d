"""What hangs on a person, and how each table is kept from use while the data are only kept (Art. 18 GDPR).

The catalogue says what hangs on a person: every column that refers to clients or cases, or is named like it,
and every table that refers to such a table. A new one belongs to `hold_use` (migrations/sql/restrictions.sql)
or below, with its reason.
"""

from typing import NamedTuple

import asyncpg

OF_A_PERSON = r"(^|_)(client|case)_id$|(^|_)pseudonyms?$|^person_key$"

_ENDS = "part of what ends (calling off, closing), which stays possible; the application asks for the rest"
_RIGHT = "a right that the restriction itself gives, or that lifts it"
_SIGHT = "who sees a person is no use of the data, and somebody must be able to lift the restriction"
_BY_FUNCTION = "the application adds nothing here itself: "

NOT_HELD = {
    "access_reviews": "the privacy officer looks at who broke the glass",
    "assignments": _SIGHT,
    "audit_journal": "what happens to a person is recorded, restricted or not",
    "barrier_figures": "held back by `is_held` from every release, also when it is added later",
    "barrier_proposals": _BY_FUNCTION + "worker and trigger do, from what leaves held persons out",
    "case_handovers": _SIGHT,
    "case_phases": _ENDS,
    "client_merge_moves": _BY_FUNCTION + "merging does, which refuses who is only kept",
    "clients": "the trigger `hold` refuses every change of the person, and `merged_into` is one",
    "consent_guardians": _RIGHT,
    "consent_signatures": _RIGHT,
    "consents": _RIGHT,
    "disputes": _RIGHT,
    "domain_change_items": _BY_FUNCTION + "a new legal domain does, which `hold` refuses",
    "domain_changes": _BY_FUNCTION + "a new legal domain does, which `hold` refuses",
    "import_effects": "what an import made, to undo it: the row itself is held",
    "interpreting_steps": _ENDS,
    "named_members": _BY_FUNCTION + "the trigger on packages does, which leaves out who is only kept",
    "partner_barriers": "of what was sent before (decision 0161); nothing is proposed of who is held",
    "plan_changes": _ENDS,
    "processing_restrictions": _RIGHT,
    "processing_uses": _RIGHT,
    "received_packages": "came from elsewhere, where it is held; the case that is made of it is held here",
    "referral_answers": "an institution answers what was sent before (decision 0161)",
    "referral_charges": "who of the institution looks after what was sent before (decision 0161)",
    "referral_events": "the steps of what was sent before (decision 0161); sending is held at the package",
    "referral_receipts": "of the steps with what was sent before (decision 0161)",
    "referral_requests": "written with `referrals`, which is held; sending is held at the package",
    "referral_recalls": "what a recipient is asked after the consent has ended: a right of the person",
    "retentions": "how long the data are kept, which is what a restriction leaves",
    "state_export_persons": _BY_FUNCTION + "composing does, which leaves out who is only kept",
    "state_export_pseudonyms": "what a recipient was told, without the person",
    "task_steps": _ENDS,
    "webhook_attempts": "that a receiver was called, and how it answered",
    "webhook_deliveries": "ids of what happens to what was sent before (decision 0161)",
    "told_withdrawals": _RIGHT,
    "tombstones": "ids for devices that take away what they may no longer show",
}  # fmt: skip

_REFERRING = """WITH RECURSIVE reference AS (
    SELECT k.conrelid AS of, a.attname AS by, k.confrelid AS target
    FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
    WHERE k.contype = 'f' AND k.conparentid = 0 AND a.attname <> 'municipal_area_id'
), direct AS (
    SELECT of, by FROM reference WHERE target IN ('clients'::regclass, 'cases'::regclass)
    UNION SELECT c.oid, a.attname FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attname ~ $1
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND c.relname NOT IN ('clients', 'cases')
), hanging AS (
    SELECT of FROM direct UNION SELECT r.of FROM reference r JOIN hanging h ON h.of = r.target
)
SELECT of::regclass::text AS "table", by AS "column" FROM direct
UNION SELECT h.of::regclass::text, NULL FROM hanging h
WHERE NOT EXISTS (SELECT FROM direct d WHERE d.of = h.of)
ORDER BY 1, 2"""

_HOLDING = """SELECT t.tgrelid::regclass::text AS "table", t.tgname AS name,
    array_remove(string_to_array(encode(t.tgargs, 'escape'), '\\000'), '') AS by
FROM pg_trigger t
WHERE t.tgenabled = 'O' AND t.tgtype & 7 = 7
    AND pg_get_triggerdef(t.oid) ~ 'WHEN \\(\\(CURRENT_USER = ''kim_app'''
    AND (t.tgname, t.tgfoid::regproc::text) IN (('hold_use', 'refuse_use'), ('hold', 'refuse_correction'))"""

_ALIASES = {"id_of_case": "id", "id_of_referral": "id"}


class Hanging(NamedTuple):
    """A column that leads to a person; without a column, a table that hangs on such a one."""

    table: str
    column: str | None


async def hanging(admin: asyncpg.Connection) -> list[Hanging]:
    """Return all that hangs on a person."""
    return [Hanging(row["table"], row["column"]) for row in await admin.fetch(_REFERRING, OF_A_PERSON)]


async def held(admin: asyncpg.Connection) -> set[Hanging]:
    """Return the columns by which a trigger refuses new rows about somebody whose data are only kept."""
    found = set()
    for row in await admin.fetch(_HOLDING):
        by = ["client_id"] if row["name"] == "hold" else row["by"]
        found |= {Hanging(row["table"], _ALIASES.get(each, each)) for each in by}
    return found


async def forgotten(admin: asyncpg.Connection) -> list[Hanging]:
    """Return what hangs on a person, and neither is held nor has a reason."""
    triggers = await held(admin)
    tables = {each.table for each in triggers}
    return [
        each
        for each in await hanging(admin)
        if each.table not in NOT_HELD
        and each not in triggers
        and not (each.table in tables and (each.column is None or "pseudonym" in each.column))
    ]
