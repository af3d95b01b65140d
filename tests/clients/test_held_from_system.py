"""What worker and reporting get and write without a person: nothing of somebody whose data are only kept.

Every function that works with more rights than its caller, and every table that hangs on a person: each is
tried out with such a person in the scene, or named with its reason.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.kit.database import Database, System
from app.kit.ids import new_id
from app.settings import Settings, driver_url
from tests.clients.arrange import look, new_client, the_check
from tests.clients.counted import COUNTED, ELSEWHERE
from tests.clients.holding import hanging
from tests.clients.test_restrictions import lifted, restrict, use
from tests.school_entries.arrange import Desk
from tests.school_entries.arrange import a_desk as a_school_desk
from tests.world import World

DEFINERS = """SELECT p.oid::regprocedure::text AS function FROM pg_proc p
WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace AND p.prorettype <> 'trigger'::regtype
    AND EXISTS (SELECT FROM unnest($1::text[]) AS r(name)
        WHERE has_function_privilege(r.name, p.oid, 'EXECUTE'))"""
RIGHTS = """SELECT r.name AS role, t.name AS table, p.name AS privilege
FROM unnest($1::text[]) AS r(name), unnest($2::text[]) AS t(name),
    unnest('{SELECT,INSERT,UPDATE,DELETE}'::text[]) AS p(name)
WHERE CASE p.name WHEN 'DELETE' THEN has_table_privilege(r.name, t.name, p.name)
    ELSE has_any_column_privilege(r.name, t.name, p.name) END"""
ROLES = ["kim_worker", "kim_reporting"]
LATE = date(2040, 1, 1)


@dataclass
class Family:
    """A mother and her child, both clients, with all that worker and reporting look for."""

    desk: Desk
    child: str
    own_entry: UUID
    childs_entry: UUID
    series: UUID
    reminds_at: datetime
    check: UUID
    worker: Database
    reporting: Database

    async def ask(self, sql: str, *values: Any) -> list[Any]:
        """Return the first column of what the worker is told; what it writes is undone."""
        return await self._ask(self.worker, sql, *values)

    async def count(self, sql: str, *values: Any) -> list[Any]:
        """Do the same as reporting."""
        return await self._ask(self.reporting, sql, *values)

    async def _ask(self, database: Database, sql: str, *values: Any) -> list[Any]:
        found: list[Any] = []
        with suppress(_Undone):
            async with database.transaction(System(self.desk.world.area, "test")) as db:
                found = [row[0] for row in await (await db.driver()).fetch(sql, *values)]
                raise _Undone
        return found

    async def pseudonym(self, client_id: str) -> UUID:
        found: UUID = await self.desk.world.admin.fetchval(
            "SELECT pseudonym FROM clients WHERE id = $1", UUID(client_id)
        )
        return found


class _Undone(Exception):
    pass


@pytest.fixture
async def family(world: World, worker_database: Database, settings: Settings) -> AsyncIterator[Family]:
    desk = await a_school_desk(world)
    child = await new_client(desk.lead, given_name="Samir", birth_date="2015-04-01")
    member = await desk.member(client_id=child, relation="child")
    own = await desk.register(registered_on="2026-01-12")
    childs = await desk.register(registered_on="2026-01-12", member_id=member)
    body = {
        "title": "Bescheid",
        "due_on": "2030-01-31",
        "remind_minutes": 0,
        "recurrence": {"frequency": "monthly"},
    }
    task = await desk.lead.post(f"/v1/cases/{desk.case_id}/tasks", body)
    assert task.status_code == 201, task.text
    row = await world.admin.fetchrow(
        "SELECT series_id, remind_at FROM tasks WHERE case_id = $1", UUID(desk.case_id)
    )
    searcher = await world.case_manager()
    await look(searcher, given_name="Samir", birth_date="2015-04-01")
    assert settings.reporting_database_url is not None
    address = driver_url(settings.reporting_database_url.get_secret_value())
    reporting = Database.connect(address, pool_size=1)
    yield Family(
        desk, child, UUID(own["id"]), UUID(childs["id"]), row["series_id"], row["remind_at"],
        await the_check(world, searcher), worker_database, reporting,
    )  # fmt: skip
    await reporting.close()


Found = Callable[[Family], Awaitable[bool]]
"""Whether a function tells of the person, or writes something about them."""


async def _series_is_due(family: Family) -> bool:
    return family.series in await family.ask("SELECT id FROM due_task_series($1, 100)", LATE)


async def _occurrence_is_made(family: Family) -> bool:
    call = "SELECT make_task_occurrence($1, $2, $3, 2, '2030-02-28', now())"
    return (await family.ask(call, family.series, new_id(), new_id())) == [True]


async def _is_reminded(family: Family) -> bool:
    return (await family.ask("SELECT tell_due_tasks($1)", family.reminds_at)) == [1]


async def _own_entry_waits(family: Family) -> bool:
    return family.own_entry in await family.ask("SELECT id FROM long_school_waiting($1)", LATE)


async def _childs_entry_waits(family: Family) -> bool:
    return family.childs_entry in await family.ask("SELECT id FROM long_school_waiting($1)", LATE)


async def _own_entry_counts(family: Family) -> bool:
    counted = await family.count("SELECT person_key FROM school_waiting_figures($1)", LATE)
    return await family.pseudonym(family.desk.client_id) in counted


async def _childs_entry_counts(family: Family) -> bool:
    counted = await family.count("SELECT person_key FROM school_waiting_figures($1)", LATE)
    return await family.pseudonym(family.child) in counted


async def _child_is_found(family: Family) -> bool:
    keys = await family.desk.world.admin.fetchval(
        "SELECT name_keys FROM clients WHERE id = $1", UUID(family.child)
    )
    found = await family.ask(
        "SELECT id FROM duplicate_candidates($1, $2, $3, NULL, NULL, '{}', now(), 10)",
        family.check,
        keys[0],
        keys,
    )
    return UUID(family.child) in found


TRIED = {
    **{function: [(counts, "mother")] for function, counts in COUNTED.items()},
    "due_task_series(date,integer)": [(_series_is_due, "mother")],
    "make_task_occurrence(uuid,uuid,uuid,integer,date,timestamp with time zone)": [
        (_occurrence_is_made, "mother"),
    ],
    "tell_due_tasks(timestamp with time zone)": [(_is_reminded, "mother")],
    "long_school_waiting(date)": [
        (_own_entry_waits, "mother"), (_childs_entry_waits, "mother"), (_childs_entry_waits, "child"),
    ],
    "school_waiting_figures(date)": [
        (_own_entry_counts, "mother"), (_childs_entry_counts, "mother"), (_childs_entry_counts, "child"),
    ],
    "duplicate_candidates(uuid,text,text[],date,date,date[],timestamp with time zone,integer)": [
        (_child_is_found, "child"),
    ],
}  # fmt: skip
NOBODY = {
    **ELSEWHERE,
    "claim_webhook_deliveries(integer,integer,integer,timestamp with time zone,interval)": (
        "ids for the institution that has what was sent"
    ),
    "belongs_to(uuid,uuid,text[])": "about a colleague, and no person",
    "claim_outbox(integer)": "hands on what was announced; what its handlers read and write is judged here",
    "credentials_ending(timestamp with time zone,interval,interval)": "of machines, and about nobody",
    "expire_transfers(timestamp with time zone,integer)": "takes back what was offered; tells nothing",
    "forget_old_sign_ins()": "sessions and tokens of colleagues",
    "hear_of_conference(uuid,uuid[])": "which of the colleagues named to it may hear of a conference",
    "hears_of_handover(uuid,uuid)": "whether a colleague may hear that a case was taken over",
    "open_referral_task(uuid,text,timestamp with time zone)": "none where only kept: test_recalls.py",
    "state_exports_to_follow(timestamp with time zone)": "of exports, and about nobody",
    "team_leads_of_referral(uuid)": "whom to tell instead of a team of which nobody is left",
    "told_of_referral(uuid,date,boolean)": "whom of the institution to tell of what was sent to it",
    "tell_of_revocation(uuid,timestamp with time zone)": "ids to both sides of a referral that is over",
    "make_audit_partition(date)": "a table for the journal of a month",
    "remind_of_reviews(timestamp with time zone,timestamp with time zone,integer)": (
        "reminds of a judgement on what a colleague did; ids only"
    ),
    "remind_to_settle(timestamp with time zone,timestamp with time zone,integer)": (
        "reminds of a transferred case; not of who is only kept: tests/transfers/test_deadlines.py"
    ),
}
CASES = [(name, found, who) for name, tries in TRIED.items() for found, who in tries]


@pytest.mark.parametrize(("name", "found", "who"), CASES)
async def test_function_leaves_out_whose_data_are_only_kept_and_nobody_else(
    family: Family, name: str, found: Found, who: str
) -> None:
    assert await found(family), f"{name} does not see the person at all, so this proves nothing"
    made = await restrict(family.desk.lead, family.child if who == "child" else family.desk.client_id)
    assert not await found(family)
    await lifted(family.desk.lead, made)
    assert await found(family)


async def unjudged(admin: asyncpg.Connection) -> set[str]:
    """Return the functions that are neither tried out nor said to tell of nobody."""
    rows = await admin.fetch(DEFINERS, ROLES)
    return {row["function"] for row in rows} - TRIED.keys() - NOBODY.keys()


async def test_every_function_of_the_system_is_judged(world: World) -> None:
    rows = await world.admin.fetch(DEFINERS, ROLES)
    assert await unjudged(world.admin) == set()
    assert TRIED.keys() | NOBODY.keys() == {row["function"] for row in rows}


@pytest.mark.parametrize("role", ROLES)
async def test_new_function_is_noticed(world: World, role: str) -> None:
    transaction = world.admin.transaction()
    await transaction.start()
    try:
        await world.admin.execute(
            f"""CREATE FUNCTION who() RETURNS SETOF uuid LANGUAGE sql SECURITY DEFINER SET search_path = ''
            BEGIN ATOMIC SELECT c.id FROM public.clients c; END;
            REVOKE EXECUTE ON FUNCTION who() FROM PUBLIC; GRANT EXECUTE ON FUNCTION who() TO {role}"""
        )
        assert await unjudged(world.admin) == {"who()"}
    finally:
        await transaction.rollback()


# The tables, where the roles work with their own rights.
WHY = {
    ("kim_reporting", "assignments"): "counts clients without those who are held (`is_held`)",
    ("kim_reporting", "barrier_figures"): "its policy shows no row that is held",
    ("kim_worker", "assignments"): "whom to tell",
    ("kim_worker", "audit_journal"): "what the worker does is recorded",
    ("kim_worker", "barrier_proposals"): "only from what is not held: a long wait, or a referral's outcome",
    ("kim_worker", "client_merge_moves"): "forgets how a merge is undone, when its time is over",
    ("kim_worker", "client_merges"): "makes a merge final, when its time is over",
    ("kim_worker", "clients"): "whose, not who; deletes after an erasure or a merge",
    ("kim_worker", "contact_drafts"): "forgets what nobody has finished for 30 days; no entry of a case",
    ("kim_worker", "documents"): "ends what is kept no longer, but nothing that is restricted",
    ("kim_worker", "duties"): "what nobody decided or used in time ends; nothing leaves by that",
    ("kim_worker", "incoming_receipts"): "whom to tell that an institution ended what it had referred",
    ("kim_worker", "inquiry_contents"): "forgets of whom nothing came, who is no client yet",
    ("kim_worker", "referral_events"): "that a referral has expired",
    ("kim_worker", "referral_recalls"): "what recipients are asked, and when they are asked after",
    ("kim_worker", "referral_requests"): "what was sent expires; nobody is reminded of what is held",
    ("kim_worker", "referrals"): "whose case a referral is of",
    ("kim_worker", "webhook_attempts"): "that a receiver was called",
    ("kim_worker", "webhook_deliveries"): "ids of what happens to what was sent before",
    ("kim_worker", "tombstones"): "forgets them when every device has read them",
}


async def unreasoned(admin: asyncpg.Connection) -> set[tuple[str, str]]:
    """Return role and table where a role has a right, and nobody has said what it does with held persons."""
    tables = sorted({each.table for each in await hanging(admin)} | {"clients", "cases"})
    return {(row["role"], row["table"]) for row in await admin.fetch(RIGHTS, ROLES, tables)} - WHY.keys()


async def test_every_table_that_the_system_touches_has_its_reason(world: World) -> None:
    tables = sorted({each.table for each in await hanging(world.admin)} | {"clients", "cases"})
    rows = await world.admin.fetch(RIGHTS, ROLES, tables)
    assert {(row["role"], row["table"]) for row in rows} == WHY.keys()


async def test_new_right_is_noticed(world: World) -> None:
    transaction = world.admin.transaction()
    await transaction.start()
    try:
        await world.admin.execute(
            "GRANT SELECT (id) ON goals TO kim_reporting; GRANT DELETE ON tasks TO kim_worker"
        )
        assert await unreasoned(world.admin) == {("kim_reporting", "goals"), ("kim_worker", "tasks")}
    finally:
        await transaction.rollback()


async def test_permitted_use_lets_a_series_go_on_for_its_user_alone(family: Family) -> None:
    await restrict(family.desk.lead, family.desk.client_id)
    assert (await use(family.desk.lead, family.desk.client_id)).status_code == 201
    (task,) = (await family.desk.lead.get(f"/v1/cases/{family.desk.case_id}/tasks")).json()["items"]
    assert not await _occurrence_is_made(family)
    path = f"/v1/cases/{family.desk.case_id}/tasks/{task['id']}/step"
    assert (await family.desk.lead.post(path, {"step": "finish"})).status_code == 200
    tasks = (await family.desk.lead.get(f"/v1/cases/{family.desk.case_id}/tasks")).json()["items"]
    assert [each["occurrence"] for each in tasks] == [1, 2]
