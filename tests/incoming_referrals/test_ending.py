"""The institution ends it: what was received is used no further, the unit is told, later all is gone."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.access.context import SystemContext
from app.incoming_referrals.upkeep import erase_ended
from app.kit.clock import local_date, months_later, utc_now
from app.kit.database import Database, System
from app.wiring import wire
from tests.incoming_referrals.arrange import HERE, SENT, a_desk, deliver, kinds_told, send, state_of
from tests.inquiries.arrange import figures
from tests.world import World

ENDINGS = {
    "withdraw": ({"reason": "solved_otherwise"}, "withdrawn"),
    "withdraw-consent": (None, "revoked"),
    "enter-in-error": (None, "entered_in_error"),
}


async def _left(world: World, incoming_id: str) -> tuple[int, int]:
    row = await world.admin.fetchrow(
        """SELECT (SELECT count(*) FROM received_data WHERE id = $1) AS received,
        (SELECT count(*) FROM incoming_messages WHERE incoming_id = $1) AS messages""",
        UUID(incoming_id),
    )
    return row["received"], row["messages"]


async def _erase_on(world: World, worker: Database, moment: datetime, months: int = 6) -> None:
    async with worker.transaction(System(world.area, "test")) as db:
        await erase_ended(SystemContext(db, world.area, moment, wire()), months)


@pytest.mark.parametrize("step", ENDINGS)
async def test_before_the_answer_the_unit_reads_it_no_more(
    world: World, worker_database: Database, step: str
) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    await desk.manager.post(f"{HERE}/{incoming_id}/ask", {"question": "concern"})
    body, state = ENDINGS[step]
    ended = await send(desk.partner, f"{SENT}/{incoming_id}/{step}", body)
    assert (ended.status_code, ended.json()["state"]) == (200, state)
    assert "content" not in ended.json()
    assert await state_of(world, incoming_id) == (state, "removed", str(desk.manager.user_id))
    seen = (await desk.manager.get(f"{HERE}/{incoming_id}")).json()
    assert (seen["state"], "content" in seen, seen["messages"]) == (state, False, [])
    inquiry = (await desk.manager.get(f"/v1/inquiries/{incoming_id}")).json()
    assert [inquiry[name] for name in ("name", "reachable", "note")] == [None, None, None]
    assert await figures(world) == []
    await deliver(world, worker_database)
    assert (await kinds_told(world, desk.manager))[-1] == "incoming_ended"
    async with world.sql(desk.manager) as db:
        driver = await db.driver()
        assert await driver.fetchval("SELECT count(*) FROM received_data") == 0
        assert await driver.fetchval("SELECT count(*) FROM incoming_messages") == 0


async def test_what_nobody_has_taken_leaves_the_waiting_list(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.refer()
    await send(desk.partner, f"{SENT}/{incoming_id}/withdraw", {"reason": "other"})
    assert await state_of(world, incoming_id) == ("withdrawn", "removed", None)
    for path in (HERE, "/v1/inquiries/waiting"):
        assert (await desk.manager.get(path)).json()["items"] == []
    assert (await desk.manager.post(f"/v1/inquiries/{incoming_id}/take")).status_code == 404


@pytest.mark.parametrize("step", ["withdraw-consent", "enter-in-error"])
async def test_after_the_acceptance_the_team_is_told_and_acknowledges(
    world: World, worker_database: Database, step: str
) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    accepted = await desk.accept(incoming_id)
    early = await desk.manager.post(f"{HERE}/{incoming_id}/acknowledge-end")
    assert early.status_code == 409
    ended = await send(desk.partner, f"{SENT}/{incoming_id}/{step}")
    assert (ended.status_code, ended.json()["state"]) == (200, ENDINGS[step][1])
    seen = (await desk.manager.get(f"{HERE}/{incoming_id}")).json()
    assert (seen["state"], "content" in seen) == (ENDINGS[step][1], False)
    assert (await desk.manager.get(f"/v1/clients/{accepted['receipt']['client_id']}")).status_code == 200
    await deliver(world, worker_database)
    assert (await kinds_told(world, desk.manager))[-1] == "incoming_ended"
    (item,) = [
        item for group in (await desk.manager.get("/v1/me/work")).json()["groups"] for item in group["items"]
        if item["reason"] == "referral_ended"
    ]  # fmt: skip
    assert item["target"] == {"type": "incoming_referral", "id": incoming_id}
    known = await desk.manager.post(f"{HERE}/{incoming_id}/acknowledge-end")
    assert known.json()["receipt"]["end_acknowledged_at"] is not None
    again = await desk.manager.post(f"{HERE}/{incoming_id}/acknowledge-end")
    assert (again.status_code, again.json()["state"]) == (409, "acknowledged")
    sent = (await desk.partner.get(f"{SENT}/{incoming_id}")).json()
    assert sent == ended.json()


async def test_what_rests_on_no_consent_has_none_to_withdraw(world: World) -> None:
    desk = await a_desk(world)
    changes = {"legal_basis": "vital_interest", "consent": None, "necessity": "Droht zu erfrieren"}
    incoming_id = await desk.refer(**changes)
    refused = await send(desk.partner, f"{SENT}/{incoming_id}/withdraw-consent")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_consent")
    not_asked = await send(desk.partner, f"{SENT}/{incoming_id}/reply", {"text": "Doch"})
    assert not_asked.json()["allowed"] == ["enter-in-error", "withdraw"]
    with_consent = await send(desk.partner, f"{SENT}/{await desk.refer()}/reply", {"text": "Doch"})
    assert with_consent.json()["allowed"] == ["enter-in-error", "withdraw", "withdraw-consent"]


async def test_what_came_to_nothing_is_erased_after_some_months_and_errors_at_once(
    world: World, worker_database: Database
) -> None:
    desk = await a_desk(world)
    rejected, wrong, open_one = [await desk.taken() for _ in range(3)]
    body = {"reason": "no_capacity", "text": "Wieder ab Mai."}
    await desk.manager.post(f"{HERE}/{rejected}/reject", body)
    await send(desk.partner, f"{SENT}/{wrong}/enter-in-error")
    await _erase_on(world, worker_database, utc_now())
    assert [await _left(world, each) for each in (rejected, wrong, open_one)] == [(1, 1), (0, 0), (1, 0)]
    later = months_later(local_date(utc_now()), 7)
    await _erase_on(world, worker_database, datetime(later.year, later.month, later.day, tzinfo=UTC))
    assert [await _left(world, each) for each in (rejected, open_one)] == [(0, 0), (1, 0)]
    left = (await desk.partner.get(f"{SENT}/{rejected}")).json()
    assert (left["state"], left["messages"], len(left["sha256"])) == ("rejected", [], 64)


async def test_accepted_data_are_erased_with_the_client(world: World, worker_database: Database) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    await desk.manager.post(f"{HERE}/{incoming_id}/ask", {"question": "concern"})
    accepted = await desk.accept(incoming_id)
    later = months_later(local_date(utc_now()), 30)
    await _erase_on(world, worker_database, datetime(later.year, later.month, later.day, tzinfo=UTC))
    assert await _left(world, incoming_id) == (1, 1)
    async with world.admin.transaction():
        await world.admin.execute(
            "DELETE FROM incoming_receipts WHERE client_id = $1", UUID(accepted["receipt"]["client_id"])
        )
    assert await _left(world, incoming_id) == (0, 0)
