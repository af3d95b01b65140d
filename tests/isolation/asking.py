"""What is asked of every table in everybody's name: reading, adding, changing, removing."""

import json
from typing import Any
from uuid import uuid4

from tests.isolation import of_state_exports, sights, sights_at_work
from tests.isolation.changes import ADDS, CHANGES, REMOVES, SLIPS
from tests.isolation.limits import LIMITS
from tests.isolation.own_names import IN_OWN_NAME
from tests.isolation.probing import PASSED, Voice
from tests.isolation.questions import SECRETS, Questions
from tests.isolation.scene import Scene
from tests.isolation.system_changes import (
    AUTH,
    AUTH_CHANGES,
    OWNER_CHANGES,
    WORKER_ADDS,
    WORKER_CHANGES,
    WORKER_REMOVES,
    WORKER_REMOVES_ONLY,
)

AS_NEW: dict[str, dict[str, Any]] = {
    "state_exports": of_state_exports.NEW,
    "cases": {"phase": "intake", "closed_on": None},
    "referral_requests": {"state": "draft", "requested_at": None, "delivery": None},
    "referral_events": {"side": "sender"},
    "referral_receipts": {"number": 4711},
    "case_transfers": {"state": "drafted"},
    "referral_deadlines": {"institution_type": "schule"},
    "partner_deputyships": {"first_day": "2030-01-01", "last_day": "2030-01-02"},
    "webhook_deliveries": {
        "state": "pending",
        "ended_at": None,
        "failure": None,
        "event_id": "00000000-0000-0000-0000-000000000001",
    },
}
"""What a new row must look like."""

SAME_ID = {"case_contents", "referral_packages", "inquiry_contents", "transfer_packages", "duty_packages"}
SAME_ID = {"case_contents", "referral_packages", "inquiry_contents", "transfer_packages", "referral_recalls"}
SAME_ID = {
    "case_contents", "referral_packages", "inquiry_contents", "transfer_packages", "received_data",
    "incoming_receipts", "referral_charges",
}  # fmt: skip
"""Their id is that of the case, the referral or the inquiry."""


async def questions(scene: Scene) -> Questions:
    """Think of everything that can be asked about the scene."""
    made = Questions(scene)
    await made.read_catalogue()
    for table in made.columns:
        for voice in made.voices():
            await _reads(made, table, voice)
            await _changes(made, table, voice)
            await _removes(made, table, voice)
            _adds(made, table, voice)
            _oversteps(made, table, voice)
    return made


def _here(voice: Voice, condition: str) -> str:
    return f"municipal_area_id = '{voice.area}' AND ({condition})"


def _auth_may(table: str, what: str) -> bool:
    return what in AUTH.get(table, "").split()


# Reading


async def _reads(made: Questions, table: str, voice: Voice) -> None:
    sql = made.reading(table, voice)
    if voice.role != "kim_app":
        sql += f" WHERE {made.of_the_scene(table)}"
    condition = _sight(made, table, voice)
    made.put(table, "reads", voice, sql, condition and await made.keys(table, condition, voice))


def _sight(made: Questions, table: str, voice: Voice) -> str | None:
    """Return the condition for what somebody should see; None when they may not even ask."""
    if voice.role == "kim_auth":
        return made.of_the_scene(table) if _auth_may(table, "read") else None
    if voice.role == "kim_owner":
        condition = sights_at_work.AT_WORK["kim_owner"].get(table, "false")
        return f"{made.of_the_scene(table)} AND {condition}"
    if voice.role != "kim_app":
        known = sights_at_work.AT_WORK[voice.role].get(table)
        return known and _here(voice, known)
    if table not in sights.SEES:
        return None
    if (table, voice.name) in sights.EVERYWHERE:
        return "true"
    return _here(voice, sights.SEES[table].get(voice.name, "false"))


# Adding


def _adds(made: Questions, table: str, voice: Voice) -> None:
    may = _may_add(table, voice)
    area = voice.area or made.scene.world.area
    if table in SECRETS:
        made.put(table, "adds", voice, _insertion(made, table, voice, {}), PASSED if may else None)
        return
    made.put(
        table,
        "adds",
        voice,
        _insertion(made, table, voice, _new(made, table, area, voice)),
        PASSED if may else None,
    )
    everywhere = voice.role == "kim_auth" and may and table != "audit_journal"
    elsewhere = _new(made, table, made.scene.mirror, voice)
    sql = _insertion(made, table, voice, elsewhere, always=("municipal_area_id",))
    made.put(table, "adds in another area", voice, sql, PASSED if everywhere else None)
    if voice.role == "kim_app" and may and table in IN_OWN_NAME:
        other = {**_new(made, table, area), IN_OWN_NAME[table]: str(uuid4())}
        made.put(
            table, "adds in another's name", voice, _insertion(made, table, voice, other, own=False), None
        )


def _may_add(table: str, voice: Voice) -> bool:
    if voice.role == "kim_app":
        return voice.name in ADDS.get(table, ())
    if voice.role == "kim_worker":
        return table in WORKER_ADDS
    return voice.role == "kim_auth" and _auth_may(table, "add")


def _new(made: Questions, table: str, area: str, voice: Voice | None = None) -> dict[str, Any]:
    row: dict[str, Any] = {"municipal_area_id": area, **AS_NEW.get(table, {})}
    if voice and voice.role != "kim_app" and "side" in row:
        row["side"] = "system"
    if "id" in made.columns[table] and table not in SAME_ID:
        row["id"] = str(uuid4())
    return row


def _insertion(
    made: Questions,
    table: str,
    voice: Voice,
    overrides: dict[str, Any],
    *,
    own: bool = True,
    always: tuple[str, ...] = (),
) -> str:
    """Return an INSERT of the scene's row with the columns that a role may write."""
    row = {**made.rows[table], **overrides}
    if own and table in IN_OWN_NAME:
        row[IN_OWN_NAME[table]] = made.filled("{me}", voice)
    writable = [each for each in made.columns[table] if made.may(voice.role, table, "INSERT", each)]
    columns = ", ".join(dict.fromkeys((*always, *(writable or made.columns[table]))))
    content = json.dumps(row).replace("'", "''").replace("{", "{{").replace("}", "}}")
    return (
        f"INSERT INTO {table} ({columns}) SELECT {columns}"
        f" FROM jsonb_populate_record(NULL::public.{table}, '{content}')"
    )


def _oversteps(made: Questions, table: str, voice: Voice) -> None:
    for name, what, who, how, right in LIMITS:
        if name == table and voice.name in who:
            sql = how
            if isinstance(how, dict):
                said = {key: value and made.filled(value, voice) for key, value in how.items()}
                sql = _insertion(made, table, voice, {**_new(made, table, voice.area), **said})
            made.put(table, what, voice, str(sql), right)


# Changing and removing


async def _changes(made: Questions, table: str, voice: Voice) -> None:
    assignment, reach = _change_of(made, table, voice)
    where = "" if voice.role == "kim_app" else f" WHERE {made.of_the_scene(table)}"
    right = None if reach is None else await made.count(table, reach, voice)
    made.put(table, "changes", voice, f"UPDATE {table} SET {assignment}{where}", right)
    if voice.role == "kim_app" and table in CHANGES:
        away = f"municipal_area_id = '{made.scene.mirror}'"
        if made.may("kim_app", table, "UPDATE", "municipal_area_id"):
            made.put(table, "moves away", voice, f"UPDATE {table} SET {away}", _none_or_refused(right))
        if table in SLIPS:
            slip = f"UPDATE {table} SET {SLIPS[table]}"
            made.put(table, "lets slip", voice, slip, _none_or_refused(right))


def _none_or_refused(right: str | None) -> str | None:
    """Return what a change meets that goes too far: no row, or for rows in reach a refusal."""
    return "0" if right == "0" else None


def _change_of(made: Questions, table: str, voice: Voice) -> tuple[str, str | None]:
    """Return a change and the condition for the rows in reach; None when it is not granted."""
    first = f"{made.columns[table][0]} = NULL"
    if voice.role == "kim_auth":
        reach = made.of_the_scene(table) if _auth_may(table, "change") else None
        return AUTH_CHANGES.get(table, first), reach
    if voice.role == "kim_owner":
        assignment, condition = OWNER_CHANGES.get(table, (first, "false"))
        return assignment, f"{made.of_the_scene(table)} AND {condition}"
    if voice.role == "kim_worker":
        assignment, condition = WORKER_CHANGES.get(table, (first, None))
        return assignment, condition and _here(voice, condition)
    if voice.role == "kim_reporting" or table not in CHANGES:
        return first, None
    assignment, reaches = CHANGES[table]
    return assignment, _here(voice, reaches.get(voice.name, "false"))


async def _removes(made: Questions, table: str, voice: Voice) -> None:
    reach: str | None = None
    if voice.role == "kim_app" and table in REMOVES:
        reach = _here(voice, REMOVES[table].get(voice.name, "false"))
    elif voice.role == "kim_worker" and table in WORKER_REMOVES:
        reach = _here(voice, WORKER_REMOVES_ONLY.get(table, "true"))
    elif voice.role == "kim_owner":
        reach = "false"
    elif voice.role == "kim_auth" and _auth_may(table, "remove"):
        reach = made.of_the_scene(table)
    where = f" WHERE {made.of_the_scene(table)}" if voice.role in ("kim_auth", "kim_owner") else ""
    right = None if reach is None else await made.count(table, reach, voice)
    made.put(table, "removes", voice, f"DELETE FROM {table}{where}", right)
