"""The institution learns where its referral stands: neither who is known nor what became of them."""

import json
import re
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from app.kit.database import Database
from app.main import create_app
from app.settings import Settings, driver_url
from tests.clients.arrange import new_client
from tests.incoming_referrals.arrange import HERE, SENT, Desk, a_desk, deliver, send
from tests.world import World

SUMMARY = {
    "id", "unit", "reference", "urgency", "legal_basis", "state", "requested_at", "deadline_at",
    "answered_at", "closed_at", "reason", "withdraw_reason", "sha256", "version",
}  # fmt: skip
KNOWN = {"given_name": "Samira", "family_name": "Haddad", "birth_date": "1991-04-12"}
_JOURNAL = """SELECT action, object_type, client_pseudonyms, legal_basis, purpose, outcome, reason, changed
FROM audit_journal WHERE municipal_area_id = $1 AND user_id = $2 AND position > $3 ORDER BY position"""
_OUTBOX = "SELECT event, handler FROM outbox WHERE municipal_area_id = $1 ORDER BY id"


def _told(answer: Any) -> dict[str, Any]:
    """Return an answer without what differs from one referral to another anyhow."""
    own = {"id", "requested_at", "deadline_at", "answered_at", "closed_at"}
    return {name: value for name, value in answer.json().items() if name not in own}


async def test_statements_answers_and_journal_are_the_same_for_whoever_is_known(
    world: World, settings: Settings
) -> None:
    desk = await a_desk(world)
    database = Database.connect(driver_url(settings.database_url.get_secret_value()), pool_size=1)
    seen: list[str] = []
    database.observe_statements(seen.append)
    app = create_app(settings, database=database)
    partner = desk.partner.http.headers["authorization"].removeprefix("Bearer ")
    http = World(app, world.admin).http(partner)

    async def referred(key: str) -> tuple[list[str], dict[str, Any], list[dict[str, Any]]]:
        last = await world.admin.fetchval("SELECT coalesce(max(position), 0) FROM audit_journal")
        seen.clear()
        made = await http.post(SENT, json=desk.body(), headers={"Idempotency-Key": key})
        assert made.status_code == 201, made.text
        read = await http.get(f"{SENT}/{made.json()['id']}")
        said = [re.sub(r"\s+", " ", sql) for sql in seen]
        rows = await world.admin.fetch(_JOURNAL, world.area, desk.partner.user_id, last)
        return said, {"made": _told(made), "read": _told(read)}, [dict(row) for row in rows]

    try:
        await referred("warming-up")  # the driver's own questions, once a connection
        unknown = await referred("nobody-known")
        await new_client(desk.manager, **KNOWN)
        assert await referred("somebody-known") == unknown
        assert not any("clients" in statement for statement in unknown[0])
    finally:
        await http.aclose()
        await database.close()


async def test_decision_reads_the_same_whether_the_person_was_new_or_known(world: World) -> None:
    desk = await a_desk(world)
    new = await desk.taken()
    await desk.accept(new)
    known = await new_client(desk.manager, given_name="Rosa", family_name="Brandt")
    linked = await desk.taken()
    await desk.accept(linked, client_id=known)
    first, second = [await desk.partner.get(f"{SENT}/{each}") for each in (new, linked)]
    assert _told(first) == _told(second)
    last = await world.admin.fetchval("SELECT max(position) FROM audit_journal") - 2
    rows = await world.admin.fetch(_JOURNAL, world.area, desk.partner.user_id, last)
    assert len({tuple(map(str, row.values())) for row in rows}) == 1
    assert all(row["client_pseudonyms"] == [] for row in rows)


@pytest.mark.parametrize("known", [False, True])
async def test_no_refusal_tells_that_the_person_is_known(world: World, known: bool) -> None:
    desk = await a_desk(world)
    if known:
        await new_client(desk.manager, **KNOWN)
    incoming_id = await desk.taken()
    reason = "other_case_management" if known else "no_need"
    answer = await desk.manager.post(f"{HERE}/{incoming_id}/reject", {"reason": reason})
    assert answer.status_code == 200, answer.text
    seen = (await desk.partner.get(f"{SENT}/{incoming_id}")).json()
    assert (seen["state"], seen["reason"], seen["messages"]) == ("rejected", "not_disclosed", [])


async def test_institution_sees_exactly_these_fields(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken(reference="BG-31")
    waits = (await desk.partner.get(f"{SENT}/{incoming_id}")).json()
    assert set(waits) == SUMMARY | {"messages", "content"}
    await desk.accept(incoming_id)
    decided = (await desk.partner.get(f"{SENT}/{incoming_id}")).json()
    assert set(decided) == SUMMARY | {"messages"}
    assert decided["deadline_at"] is None
    (line,) = (await desk.partner.get(SENT)).json()["items"]
    assert (set(line), line["reference"]) == (SUMMARY, "BG-31")
    assert "Haddad" not in json.dumps([decided, line])
    assert "Yilmaz" not in json.dumps([waits, decided, line])


async def test_nothing_moves_for_the_institution_when_the_case_goes_on_or_ends(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    accepted = await desk.accept(incoming_id)
    before = await desk.partner.get(f"{SENT}/{incoming_id}")
    case = f"/v1/cases/{accepted['receipt']['case_id']}"
    closed = await desk.manager.post(f"{case}/close", {"reason": "client_ended"})
    assert closed.status_code == 200, closed.text
    after = await desk.partner.get(f"{SENT}/{incoming_id}")
    assert (after.json(), after.headers["etag"]) == (before.json(), before.headers["etag"])


async def test_institution_reads_nothing_of_the_unit_in_the_tables(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    await desk.accept(incoming_id)
    async with world.sql(desk.partner) as db:
        driver = await db.driver()
        assert await driver.fetchval("SELECT count(*) FROM incoming_referrals") == 1
        for table in (
            "received_data",
            "incoming_receipts",
            "inquiries",
            "inquiry_contents",
            "clients",
            "cases",
        ):
            assert await driver.fetchval(f"SELECT count(*) FROM {table}") == 0, table


async def test_each_side_writes_its_own_states_only(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = UUID(await desk.taken())
    for person, state in ((desk.partner, "accepted"), (desk.manager, "withdrawn")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.sql(person) as db:
                await (await db.driver()).execute(
                    """UPDATE incoming_referrals SET state = $2, deadline_at = NULL,
                    withdraw_reason = CASE WHEN $2 = 'withdrawn' THEN 'other' END WHERE id = $1""",
                    incoming_id, state,
                )  # fmt: skip


async def test_with_a_careless_policy_the_unit_would_read_what_was_received(world: World) -> None:
    desk = await a_desk(world)
    ben = await world.case_manager()
    await desk.refer()
    planted = "CREATE POLICY planted ON received_data FOR SELECT TO kim_app USING (true)"
    await world.admin.execute(planted)
    try:
        async with world.sql(ben) as db:
            assert "Haddad" in await (await db.driver()).fetchval("SELECT content FROM received_data")
    finally:
        await world.admin.execute("DROP POLICY planted ON received_data")


async def test_other_institution_sees_neither_list_nor_one(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.refer()
    school = await world.person(Role.PARTNER_USER, institution="schule")
    assert (await school.get(SENT)).json()["items"] == []
    assert (await school.get(f"{SENT}/{incoming_id}")).status_code == 404
    colleague = await world.person(Role.PARTNER_USER)
    assert (await colleague.get(f"{SENT}/{incoming_id}")).status_code == 200


async def _rejected(desk: Desk, reason: str, **more: Any) -> dict[str, Any]:
    incoming_id = await desk.taken()
    answer = await desk.manager.post(f"{HERE}/{incoming_id}/reject", {"reason": reason, **more})
    assert answer.status_code == 200, answer.text
    seen: dict[str, Any] = (await desk.partner.get(f"{SENT}/{incoming_id}")).json()
    return seen


async def test_reasons_that_speak_of_the_unit_are_told_with_a_text(
    world: World, worker_database: Database
) -> None:
    desk = await a_desk(world)
    seen = await _rejected(desk, "no_capacity", text="Wieder ab Mai; bitte an die Stadt wenden.")
    assert (seen["reason"], seen["messages"][0]["step"]) == ("no_capacity", "reject")
    assert seen["messages"][0]["text"].startswith("Wieder ab Mai")
    await deliver(world, worker_database)
    told = (await desk.partner.get("/v1/me/notifications")).json()["items"]
    assert [each["kind"] for each in told] == ["incoming_decided"]


async def test_reasons_that_speak_of_the_person_or_a_colleague_are_not(world: World) -> None:
    desk = await a_desk(world)
    assert (await _rejected(desk, "could_not_contact"))["reason"] == "not_disclosed"
    assert (await _rejected(desk, "conflict_of_interest"))["reason"] == "not_responsible"
    incoming_id = await desk.taken()
    body = {"reason": "not_voluntary", "text": "Sie möchte nicht."}
    refused = await desk.manager.post(f"{HERE}/{incoming_id}/reject", body)
    assert (refused.status_code, refused.json()["errors"][0]["kind"]) == (422, "not_told")


async def test_what_came_stays_as_it_came(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    before = (await desk.manager.get(f"{HERE}/{incoming_id}")).json()
    version = (await desk.manager.get(f"/v1/inquiries/{incoming_id}")).headers["etag"]
    changed = await desk.manager.patch(
        f"/v1/inquiries/{incoming_id}", {"name": "Samira Al-Haddad"}, if_match=version
    )
    assert changed.status_code == 200
    after = (await desk.manager.get(f"{HERE}/{incoming_id}")).json()
    assert after["content"] == before["content"]
    row = await world.admin.fetchrow(
        "SELECT content, encode(sha256(content::bytea), 'hex') AS digest FROM received_data WHERE id = $1",
        UUID(incoming_id),
    )
    assert row["digest"] == before["sha256"]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(desk.manager) as db:
            await (await db.driver()).execute("UPDATE received_data SET content = '{}'")


async def test_every_act_and_read_is_in_the_journal(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    await desk.manager.get(f"{HERE}/{incoming_id}")
    await desk.manager.post(f"{HERE}/{incoming_id}/ask", {"question": "person"})
    await send(desk.partner, f"{SENT}/{incoming_id}/reply", {"text": "Ja"})
    await desk.accept(incoming_id)
    rows = await world.admin.fetch(
        """SELECT action FROM audit_journal WHERE municipal_area_id = $1 AND object_id = $2
        AND action LIKE 'incoming_referral.%' ORDER BY position""",
        world.area, UUID(incoming_id),
    )  # fmt: skip
    acts = [row["action"].removeprefix("incoming_referral.") for row in rows]
    assert [act for act in acts if not act.startswith("read")] == ["refer", "ask", "reply", "accept"]
    assert acts.count("read") == 3
    assert acts.count("read_sent") == 2
