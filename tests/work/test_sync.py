"""Catching up: what came and changed, what is gone, what may no longer be seen, and who is told nothing."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from app.kit.ids import new_id
from app.work.sync import queries
from tests.cases.arrange import a_case, a_client, deputy, etag, open_case, team_lead
from tests.cases.test_team import to
from tests.work.arrange import a_task, behind
from tests.work.syncing import Phone, told
from tests.world import Person, World


async def without_a_trace(world: World, sql: str, *values: Any) -> None:
    """Change a row as time does: no trigger marks it."""
    async with world.admin.transaction():
        await world.admin.execute("SET LOCAL session_replication_role = replica")
        await world.admin.execute(sql, *values)


async def with_a_case(world: World) -> tuple[Person, str, str, Phone]:
    """Return a case manager, a case with its client, and a phone that has caught up."""
    anna = await world.case_manager()
    client_id = await a_client(world, anna)
    case_id = await open_case(anna, client_id)
    phone = Phone(anna)
    await phone.catch_up()
    return anna, client_id, case_id, phone


async def test_first_time_brings_everything_with_its_contents(world: World) -> None:
    anna = await world.case_manager()
    case_id = await a_case(world, anna)
    task = await a_task(world, anna, case_id, "2026-06-20")
    phone = Phone(anna, limit=2)
    await phone.catch_up()
    assert {kind for kind, _ in phone.held} == {"case", "client", "task"}
    assert phone.held["task", task] == (await anna.get(f"/v1/cases/{case_id}/tasks/{task}")).json()
    assert phone.etags["case", case_id] == await etag(anna, f"/v1/cases/{case_id}")


async def test_nothing_new_is_an_empty_page(world: World) -> None:
    *_, phone = await with_a_case(world)
    assert await phone.catch_up() == []


async def test_change_is_told_with_its_version_and_what_it_belongs_to(world: World) -> None:
    anna, _, case_id, phone = await with_a_case(world)
    goal = await anna.post(f"/v1/cases/{case_id}/goals", {"life_domain": "housing", "wording": "Wohnung"})
    (line,) = await phone.catch_up()
    assert line == {
        "kind": "goal", "id": goal.json()["id"], "state": "changed", "version": 1, "anew": False,
        "case_id": case_id, "client_id": None, "member_client_id": None,
    }  # fmt: skip


async def test_content_of_a_case_moves_the_case(world: World) -> None:
    anna, _, case_id, phone = await with_a_case(world)
    path = f"/v1/cases/{case_id}"
    await anna.patch(path, {"summary": "Neu"}, if_match=await etag(anna, path))
    assert told(await phone.catch_up()) == {("changed", "case", case_id)}
    assert phone.held["case", case_id]["summary"] == "Neu"


async def test_colleague_s_case_is_never_told(world: World) -> None:
    *_, phone = await with_a_case(world)
    ben = await world.case_manager()
    theirs = await a_case(world, ben)
    await a_task(world, ben, theirs, "2026-06-20")
    assert await phone.catch_up() == []


async def test_old_case_that_is_handed_over_comes_whole_and_leaves_the_other(world: World) -> None:
    anna, client_id, case_id, phone = await with_a_case(world)
    task = await a_task(world, anna, case_id, "2026-06-20")
    ben, lead = await world.case_manager(), await team_lead(world)
    theirs = Phone(ben)
    await phone.catch_up()
    await theirs.catch_up()
    assert (await lead.post(f"/v1/cases/{case_id}/assign", to(ben))).status_code == 201
    assert told(await theirs.catch_up()) == {
        ("changed", "case", case_id), ("changed", "client", client_id), ("changed", "task", task),
    }  # fmt: skip
    assert all(line["anew"] for line in theirs.told)
    assert told(await phone.catch_up()) == {("lost", "case", case_id), ("lost", "client", client_id)}
    assert phone.held == {}


async def test_deputyship_that_runs_out_by_time_takes_the_case_away(world: World) -> None:
    anna, client_id, case_id, _ = await with_a_case(world)
    ben = await world.case_manager()
    assert (await anna.post(f"/v1/cases/{case_id}/deputies", deputy(ben))).status_code == 201
    phone = Phone(ben)
    await phone.catch_up()
    assert ("case", case_id) in phone.held
    sql = "UPDATE assignments SET active_until = clock_timestamp() WHERE user_id = $1 AND kind = 'deputy'"
    await without_a_trace(world, sql, ben.user_id)
    assert told(await phone.catch_up()) == {("lost", "case", case_id), ("lost", "client", client_id)}
    assert phone.held == {}


async def test_assignment_whose_end_commits_late_is_not_missed(world: World, database_url: str) -> None:
    anna, _, case_id, _ = await with_a_case(world)
    ben = await world.case_manager()
    assert (await anna.post(f"/v1/cases/{case_id}/deputies", deputy(ben))).status_code == 201
    phone = Phone(ben)
    slow = await asyncpg.connect(database_url)
    try:
        async with slow.transaction():
            sql = "UPDATE assignments SET active_until = now() WHERE user_id = $1 AND kind = 'deputy'"
            await slow.execute(sql, ben.user_id)
            await phone.catch_up()
            assert ("case", case_id) in phone.held
    finally:
        await slow.close()
    await phone.catch_up()
    assert phone.held == {}


async def test_deputyship_that_begins_by_time_brings_the_case(world: World) -> None:
    anna, _, case_id, _ = await with_a_case(world)
    ben = await world.case_manager()
    assert (await anna.post(f"/v1/cases/{case_id}/deputies", deputy(ben))).status_code == 201
    own = "UPDATE assignments SET active_from = {} WHERE user_id = $1 AND kind = 'deputy'"
    await without_a_trace(world, own.format("now() + interval '1 hour'"), ben.user_id)
    phone = Phone(ben)
    assert await phone.catch_up() == []
    await without_a_trace(world, own.format("clock_timestamp()"), ben.user_id)
    await phone.catch_up()
    assert ("case", case_id) in phone.held


@pytest.mark.parametrize("marked", [True, False])
async def test_end_of_a_membership_takes_all_cases_of_the_unit(world: World, marked: bool) -> None:
    anna, client_id, case_id, phone = await with_a_case(world)
    await world.person(Role.CASE_MANAGER, unit="Stadt")
    await world.admin.execute(
        """INSERT INTO memberships (municipal_area_id, id, user_id, role, unit_id)
        VALUES ($1, $2, $3, 'case_manager', $4)""",
        world.area, new_id(), anna.user_id, await world.unit("Stadt"),
    )  # fmt: skip
    await phone.catch_up()
    sql = "UPDATE memberships SET ended_at = clock_timestamp() WHERE user_id = $1 AND unit_id = $2"
    change = world.admin.execute if marked else lambda *values: without_a_trace(world, *values)
    await change(sql, anna.user_id, await world.unit("KI"))
    assert told(await phone.catch_up()) == {("lost", "case", case_id), ("lost", "client", client_id)}
    assert phone.held == {}


async def test_broken_glass_copies_nothing_to_a_phone(world: World) -> None:
    _, _, case_id, _ = await with_a_case(world)
    both = await world.person(Role.CASE_MANAGER, Role.TEAM_LEAD)
    phone = Phone(both)
    broken = await both.post(f"/v1/cases/{case_id}/break-glass", {"reason": "Kollegin ist verunglückt"})
    assert broken.status_code == 201, broken.text
    assert (await both.get(f"/v1/cases/{case_id}")).status_code == 200
    assert await phone.catch_up() == []
    asked = await both.post("/v1/sync/fetch", {"items": [{"kind": "case", "id": case_id}]})
    assert (asked.json()["items"], len(asked.json()["missing"])) == ([], 1)


async def test_draft_that_was_published_leaves_the_phone_of_its_author(world: World) -> None:
    anna, _, case_id, phone = await with_a_case(world)
    drafts = f"/v1/cases/{case_id}/contact-drafts"
    draft = (await anna.post(drafts, {"contact_type": "phone"})).json()["id"]
    await phone.catch_up()
    assert ("contact_draft", draft) in phone.held
    assert (await anna.delete(f"{drafts}/{draft}")).status_code == 204
    assert told(await phone.catch_up()) == {("removed", "contact_draft", draft)}
    assert ("contact_draft", draft) not in phone.held


async def test_draft_of_a_colleague_is_told_to_nobody_else(world: World) -> None:
    anna, _, case_id, _ = await with_a_case(world)
    ben = await world.case_manager()
    assert (await anna.post(f"/v1/cases/{case_id}/deputies", deputy(ben))).status_code == 201
    phone = Phone(ben)
    await phone.catch_up()
    drafts = f"/v1/cases/{case_id}/contact-drafts"
    draft = (await anna.post(drafts, {"contact_type": "phone"})).json()["id"]
    await anna.delete(f"{drafts}/{draft}")
    assert await phone.catch_up() == []


async def test_erased_person_is_gone_from_every_phone(world: World) -> None:
    anna = await world.case_manager()
    client_id = await a_client(world, anna)
    phone = Phone(anna)
    await phone.catch_up()
    await behind(world, "DELETE FROM clients WHERE id = $1", client_id)
    assert told(await phone.catch_up()) == {("removed", "client", client_id)}
    assert phone.held == {}


async def test_member_of_the_household_who_may_not_be_seen_any_more_leaves_the_page(world: World) -> None:
    anna, client_id, _, phone = await with_a_case(world)
    other = await a_client(world, anna)
    path = f"/v1/clients/{client_id}/household"
    made = await anna.post(path, {"client_id": other, "relation": "child"})
    assert made.status_code == 201, made.text
    await phone.catch_up()
    assert len(phone.held["client", client_id]["household_members"]) == 1
    sql = "UPDATE assignments SET active_until = clock_timestamp() WHERE client_id = $1"
    await without_a_trace(world, sql, UUID(other))
    assert told(await phone.catch_up()) == {("lost", "client", other), ("changed", "client", client_id)}
    assert phone.held["client", client_id]["household_members"] == []


async def test_round_that_is_cut_off_goes_on_where_it_was(world: World) -> None:
    anna = await world.case_manager()
    for _ in range(3):
        case_id = await a_case(world, anna)
    early = [await a_task(world, anna, case_id, "2026-06-20") for _ in range(5)]
    phone = Phone(anna, limit=2)
    assert await phone.page()
    late = await a_task(world, anna, next(one for kind, one in phone.held if kind == "case"), "2026-06-20")
    again = Phone(anna, phone.cursor, phone.held, phone.belongs, phone.etags, limit=2)
    await again.catch_up()
    await again.catch_up()
    assert sorted(kind for kind, _ in again.held) == ["case"] * 3 + ["client"] * 3 + ["task"] * 6
    assert {("task", each) for each in (late, *early)} <= again.held.keys()


async def refused(person: Person, cursor: str) -> tuple[int, str]:
    answer = await person.get("/v1/sync", since=cursor)
    return answer.status_code, answer.json()["code"]


async def test_cursor_of_somebody_else_says_to_begin_anew(world: World) -> None:
    *_, phone = await with_a_case(world)
    assert phone.cursor is not None
    assert await refused(await world.case_manager(), phone.cursor) == (410, "sync_anew")
    assert await refused(phone.person, phone.cursor[:-4] + "AAAA") == (410, "sync_anew")
    assert await refused(phone.person, "x" * 40) == (410, "sync_anew")


async def test_cursor_from_before_a_restore_says_to_begin_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, phone = await with_a_case(world)
    assert phone.cursor is not None
    monkeypatch.setattr(queries, "RIGHTS", queries.RIGHTS.replace("sync_epoch()", "'0123456789ab'"))
    assert await refused(phone.person, phone.cursor) == (410, "sync_anew")


async def test_cursor_older_than_the_tombstones_says_to_begin_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, phone = await with_a_case(world)
    assert phone.cursor is not None
    later = queries.RIGHTS.replace("now() AS at", "now() + interval '61 days' AS at")
    monkeypatch.setattr(queries, "RIGHTS", later)
    assert await refused(phone.person, phone.cursor) == (410, "sync_anew")


async def test_what_was_told_is_in_the_journal_and_an_empty_page_is_not(world: World) -> None:
    anna, client_id, _, phone = await with_a_case(world)
    sql = "SELECT client_pseudonyms FROM audit_journal WHERE action = 'sync.list' AND user_id = $1"
    known = await world.admin.fetchval("SELECT pseudonym FROM clients WHERE id = $1", UUID(client_id))
    (row,) = await world.admin.fetch(sql, anna.user_id)
    assert row["client_pseudonyms"] == [known]
    await phone.catch_up()
    assert len(await world.admin.fetch(sql, anna.user_id)) == 1


async def test_contents_are_journalled_as_at_their_own_address(world: World) -> None:
    anna, _, case_id, _ = await with_a_case(world)
    sql = "SELECT count(*) FROM audit_journal WHERE action = 'case.read' AND object_id = $1"
    before = await world.admin.fetchval(sql, UUID(case_id))
    ref = {"kind": "case", "id": case_id}
    assert len((await anna.post("/v1/sync/fetch", {"items": [ref, ref]})).json()["items"]) == 1
    assert await world.admin.fetchval(sql, UUID(case_id)) == before + 1


async def test_rebased_rows_come_once_and_not_for_ever(world: World) -> None:
    anna, _, case_id, _ = await with_a_case(world)
    task = await a_task(world, anna, case_id, "2026-06-20")
    sql = "UPDATE tasks SET changed_xid = '99999999999999' WHERE id = $1"
    await without_a_trace(world, sql, UUID(task))
    phone = Phone(anna)
    await phone.catch_up()
    assert told(await phone.catch_up()) == {("changed", "task", task)}
    await world.admin.execute("CALL rebase_changes()")
    await phone.catch_up()
    assert await phone.catch_up() == []
