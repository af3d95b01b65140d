"""Nobody answers: it is told before the deadline, at it, and every week after it, until somebody does."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from app.access.context import SystemContext
from app.access.roles import Role
from app.incoming_referrals.rules import due_level
from app.incoming_referrals.upkeep import remind_due
from app.inquiries.actions import forget
from app.kit.database import Database, System
from app.wiring import wire
from tests.incoming_referrals.arrange import HERE, SENT, Desk, a_desk, deliver, kinds_told, send
from tests.world import World

DAY = timedelta(days=1)


async def _sent_at(desk: Desk, incoming_id: str) -> datetime:
    row = "SELECT requested_at FROM incoming_referrals WHERE id = $1"
    sent: datetime = await desk.world.admin.fetchval(row, UUID(incoming_id))
    return sent


async def _remind(world: World, worker: Database, moment: datetime) -> int:
    async with worker.transaction(System(world.area, "test")) as db:
        count = await remind_due(SystemContext(db, world.area, moment, wire()))
    await deliver(world, worker)
    return count


async def test_silence_is_told_to_the_lead_then_to_all_then_again_and_again(
    world: World, worker_database: Database
) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.refer()
    sent = await _sent_at(desk, incoming_id)
    told = [
        (days, await _remind(world, worker_database, sent + days * DAY + timedelta(minutes=1)))
        for days in (1, 9, 10, 10, 14, 15, 21, 28, 200)
    ]
    assert told == [(1, 0), (9, 0), (10, 1), (10, 0), (14, 1), (15, 0), (21, 1), (28, 1), (200, 1)]
    assert await kinds_told(world, desk.lead) == [
        "incoming_arrived", "incoming_reminder", *["incoming_overdue"] * 4,
    ]  # fmt: skip
    assert await kinds_told(world, desk.manager) == ["incoming_arrived", *["incoming_overdue"] * 4]
    assert await kinds_told(world, desk.partner) == ["incoming_overdue"] * 4
    assert (await desk.partner.get(f"{SENT}/{incoming_id}")).json()["state"] == "requested"


async def test_where_nobody_is_left_the_administrators_are_told(
    world: World, worker_database: Database
) -> None:
    desk = await a_desk(world)
    admin = await world.person(Role.ADMIN)
    incoming_id = await desk.refer()
    sent = await _sent_at(desk, incoming_id)
    await world.admin.execute(
        "UPDATE memberships SET ended_at = now() WHERE user_id = ANY ($1)",
        [desk.lead.user_id, desk.manager.user_id],
    )
    await _remind(world, worker_database, sent + 15 * DAY)
    assert await kinds_told(world, admin) == ["incoming_overdue"]


async def test_institution_that_was_asked_is_reminded_and_then_the_unit_told(
    world: World, worker_database: Database
) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    await desk.manager.post(f"{HERE}/{incoming_id}/ask", {"question": "concern"})
    asked = await _sent_at(desk, incoming_id)
    for days in (11, 15):
        assert await _remind(world, worker_database, asked + days * DAY) == 1
    assert await kinds_told(world, desk.partner) == ["incoming_asked", "incoming_reminder"]
    assert (await kinds_told(world, desk.manager))[-1] == "incoming_overdue"
    await send(desk.partner, f"{SENT}/{incoming_id}/reply", {"text": "Ja"})
    assert await _remind(world, worker_database, asked + 8 * DAY) == 0


async def test_what_was_decided_is_not_told_again(world: World, worker_database: Database) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    sent = await _sent_at(desk, incoming_id)
    await desk.accept(incoming_id)
    assert await _remind(world, worker_database, sent + 60 * DAY) == 0


async def test_inquiry_behind_an_unanswered_referral_is_never_forgotten(
    world: World, worker_database: Database
) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    sent = await _sent_at(desk, incoming_id)
    async with worker_database.transaction(System(world.area, "test")) as db:
        await forget(db, sent + 900 * DAY, 6)
    assert (await desk.manager.get(f"/v1/inquiries/{incoming_id}")).json()["name"] == "Samira Haddad"


async def test_case_manager_who_leaves_leaves_it_on_the_list_and_a_colleague_takes_it(world: World) -> None:
    desk = await a_desk(world)
    ben = await world.case_manager()
    incoming_id = await desk.taken()
    await world.admin.execute(
        "UPDATE memberships SET ended_at = now() WHERE user_id = $1", desk.manager.user_id
    )
    assert (await ben.get(f"{HERE}/{incoming_id}")).status_code == 404
    assert (await ben.post(f"/v1/inquiries/{incoming_id}/take")).status_code == 200
    assert (await ben.get(f"{HERE}/{incoming_id}")).json()["content"]["person"]["given_name"] == "Samira"


async def test_working_list_shows_who_has_to_answer(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.refer(urgency="urgent", urgent_because="housing")
    await world.admin.execute(
        "UPDATE incoming_referrals SET deadline_at = now() - interval '1 day' WHERE id = $1",
        UUID(incoming_id),
    )
    await world.admin.execute(
        "UPDATE inquiries SET answer_until = now() - interval '1 day' WHERE id = $1", UUID(incoming_id)
    )
    for person in (desk.manager, desk.lead):
        groups = {each["group"]: each for each in (await person.get("/v1/me/work")).json()["groups"]}
        (item,) = groups["referrals_incoming"]["items"]
        assert (item["reason"], item["target"]["id"], item["client"]) == ("answer_overdue", incoming_id, None)


@pytest.mark.parametrize(
    ("days", "level"), [(0, 0), (9, 0), (10, 1), (13, 1), (14, 2), (20, 2), (21, 3), (35, 5)]
)
def test_level_rises_with_silence(days: int, level: int) -> None:
    start = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
    assert due_level(start, start + 14 * DAY, start + days * DAY) == level
