"""A conference that nobody had planned is written down afterwards, and what was told in it is logged."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from app.access.roles import Role
from app.kit.clock import utc_now
from tests.conferences.arrange import PLAN, Table, a_table
from tests.consents.arrange import withdraw
from tests.refusals import places
from tests.world import World


def _ago(**time: int) -> str:
    return (utc_now() - timedelta(**time)).isoformat()


async def _told(world: World, row: dict[str, str]) -> int:
    told = """SELECT count(*) FROM outbox WHERE event = 'conference.colleague_invited'
        AND payload::text LIKE $1"""
    return int(await world.admin.fetchval(told, f"%{row['id']}%"))


async def _consented(world: World, *, days: int = 5) -> tuple[Table, str]:
    table = await a_table(world)
    return table, await table.agreed(given_at=_ago(days=days))


async def test_spontaneous_conference_of_yesterday_reaches_the_disclosure_log(world: World) -> None:
    table, _ = await _consented(world)
    officer = await world.person(Role.PRIVACY_OFFICER)
    row = await table.plan(starts_at=_ago(days=1))
    there = await table.invited(row)
    held = await table.step(row, "hold", attended=[there], record="Spontan im Jobcenter")
    assert (held.status_code, held.json()["state"]) == (200, "held"), held.text
    entry = (await officer.get("/v1/disclosures")).json()["items"][0]
    assert (entry["institution_id"], entry["channel"], entry["legal_basis"]) == (
        table.scene.institution_id, "conference", "consent",
    )  # fmt: skip


@pytest.mark.parametrize(("days", "is_taken"), [(29, True), (32, False)])
async def test_it_is_written_down_within_thirty_days(world: World, *, days: int, is_taken: bool) -> None:
    table = await a_table(world)
    answer = await table.scene.manager.post(table.path, {**PLAN, "starts_at": _ago(days=days)})
    assert (answer.status_code == 201) is is_taken, answer.text
    if not is_taken:
        assert places(answer) == [{"place": "body.starts_at", "kind": "in_the_past"}]
        assert "30 days" in answer.json()["errors"][0]["message"]


async def test_wrong_day_of_one_that_lies_back_is_corrected(world: World) -> None:
    table = await a_table(world)
    row = await table.plan(starts_at=_ago(days=1))
    path = f"{table.path}/{row['id']}"
    moved = await table.scene.manager.patch(path, {"starts_at": _ago(days=2)}, if_match='"1"')
    assert moved.status_code == 200, moved.text


async def test_what_is_to_come_is_not_moved_into_the_past(world: World) -> None:
    table = await a_table(world)
    row = await table.plan()
    path = f"{table.path}/{row['id']}"
    moved = await table.scene.manager.patch(path, {"starts_at": _ago(days=2)}, if_match='"1"')
    assert places(moved) == [{"place": "body.starts_at", "kind": "in_the_past"}]


async def test_consent_that_came_after_it_carries_nothing(world: World) -> None:
    table, _ = await _consented(world, days=1)
    row = await table.plan(starts_at=_ago(days=3))
    answer = await table.invite(row)
    assert (answer.status_code, answer.json()["code"]) == (409, "consent_missing")


async def test_withdrawn_consent_carries_nothing_that_is_written_down_afterwards(world: World) -> None:
    table, consent = await _consented(world)
    await withdraw(table.scene.manager, consent)
    row = await table.plan(starts_at=_ago(days=2))
    answer = await table.invite(row)
    assert (answer.status_code, answer.json()["code"]) == (409, "consent_missing")


@pytest.mark.parametrize(("is_past", "told"), [(True, 0), (False, 1)])
async def test_nobody_is_invited_to_what_has_passed(world: World, *, is_past: bool, told: int) -> None:
    table = await a_table(world)
    ben = await world.case_manager()
    lead = await world.person(Role.TEAM_LEAD)
    await lead.post(
        f"/v1/cases/{table.scene.case_id}/assign", {"user_id": str(ben.user_id), "kind": "member"}
    )
    starts_at = _ago(days=1) if is_past else (utc_now() + timedelta(days=1)).isoformat()
    row = await table.plan(starts_at=starts_at)
    assert datetime.fromisoformat(row["starts_at"])
    assert (await table.colleague(row, UUID(str(ben.user_id)))).status_code == 200
    assert await _told(world, row) == told
