"""Until when a recipient reads a package: the state is there for ever, the package while it may be used."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.kit.clock import end_of
from app.referrals.rules import SHUT, Task
from tests.conftest import Clock
from tests.consents.arrange import withdraw
from tests.referrals.arrange import Scene, a_scene, agreed, draft, send, sent, step
from tests.world import World

SECOND = timedelta(seconds=1)
WITH_PACKAGE = ("requested", "accepted", "in_progress", "on_hold", "completed", "failed")


async def _as_partner(scene: Scene, referral_id: str) -> dict[str, Any]:
    answer = await scene.partner.get(f"/v1/partner/referrals/{referral_id}")
    assert answer.status_code == 200, answer.text
    seen: dict[str, Any] = answer.json()
    listed = (await scene.partner.get("/v1/partner/referrals")).json()["items"]
    assert [(each["id"], each.get("concern")) for each in listed] == [(referral_id, seen.get("concern"))]
    return seen


def _is_tombstone(seen: dict[str, Any]) -> bool:
    there = {"concern", "package", "package_sha256"} & set(seen)
    assert len(there) in {0, 3}
    return not there


async def _rows(scene: Scene) -> int:
    async with scene.world.sql(scene.partner) as db:
        return int(await (await db.driver()).fetchval("SELECT count(*) FROM referral_packages"))


async def _move(scene: Scene, referral_id: str, state: str) -> None:
    """Move the state and nothing else, behind the API."""
    await scene.world.admin.execute(
        "UPDATE referral_requests SET state = $2 WHERE id = $1", UUID(referral_id), state
    )


@pytest.mark.parametrize("state", sorted(set(Task) - {Task.DRAFT}))
async def test_package_is_read_in_exactly_these_states(world: World, state: Task) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await _move(scene, referral_id, state)
    seen = await _as_partner(scene, referral_id)
    assert seen["state"] == state
    assert (not _is_tombstone(seen)) == (await _rows(scene) == 1) == (state in WITH_PACKAGE)
    assert (state in SHUT) == (state not in WITH_PACKAGE)


async def test_rejection_ends_reading_and_a_second_look_begins_it_again(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    assert _is_tombstone(await step(scene, referral_id, "reject", reason="no_capacity"))
    refused = await scene.partner.post(f"/v1/partner/referrals/{referral_id}/fetched")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    await scene.manager.post(f"/v1/referrals/{referral_id}/send-back")
    assert not _is_tombstone(await _as_partner(scene, referral_id))


async def test_late_acceptance_opens_what_silence_has_shut(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await _move(scene, referral_id, "expired")
    assert _is_tombstone(await _as_partner(scene, referral_id))
    assert not _is_tombstone(await step(scene, referral_id, "accept"))


async def _readable_until(scene: Scene, referral_id: str) -> datetime | None:
    found: datetime | None = await scene.world.admin.fetchval(
        "SELECT readable_until FROM referral_packages WHERE id = $1", UUID(referral_id)
    )
    return found


async def _let_end(scene: Scene, referral_id: str, moment: datetime) -> None:
    await scene.world.admin.execute(
        "UPDATE referral_packages SET readable_until = $2 WHERE id = $1", UUID(referral_id), moment
    )


async def test_reading_ends_with_the_last_day_of_the_consent(world: World) -> None:
    scene = await a_scene(world)
    last_day = (datetime.now(UTC) + timedelta(days=30)).date()
    referral_id = await sent(scene, consent={"valid_until": last_day.isoformat()})
    assert await _readable_until(scene, referral_id) == end_of(last_day)


async def test_reading_ends_to_the_second(world: World, clock: Clock) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    end = datetime.now(UTC) + timedelta(minutes=5)
    await _let_end(scene, referral_id, end)
    clock.fixed = end - SECOND
    assert not _is_tombstone(await _as_partner(scene, referral_id))
    clock.fixed = end
    gone = await _as_partner(scene, referral_id)
    assert (_is_tombstone(gone), gone["state"]) == (True, "requested")


async def test_a_day_ends_at_midnight_of_the_offices() -> None:
    assert end_of(date(2026, 1, 31)) == datetime(2026, 1, 31, 23, tzinfo=UTC)
    assert end_of(date(2026, 6, 30)) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert end_of(date(2026, 3, 29)) == datetime(2026, 3, 29, 22, tzinfo=UTC)


async def test_database_ends_reading_by_itself(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await _let_end(scene, referral_id, datetime.now(UTC) + timedelta(hours=1))
    assert await _rows(scene) == 1
    await _let_end(scene, referral_id, datetime.now(UTC))
    assert await _rows(scene) == 0


async def test_second_look_rests_on_the_consent_of_that_day(world: World) -> None:
    scene = await a_scene(world)
    first = (datetime.now(UTC) + timedelta(days=5)).date()
    referral_id = await sent(scene, consent={"valid_until": first.isoformat()})
    await step(scene, referral_id, "reject", reason="no_capacity")
    await agreed(scene, valid_until=(first + timedelta(days=9)).isoformat())
    answer = await scene.manager.post(f"/v1/referrals/{referral_id}/send-back")
    assert answer.status_code == 200, answer.text
    assert await _readable_until(scene, referral_id) == end_of(first + timedelta(days=9))


async def test_what_rests_on_no_consent_has_no_end_by_time(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await draft(scene, legal_basis="vital_interest", necessity="Lebensgefahr")
    await send(scene, referral_id)
    assert await _readable_until(scene, referral_id) is None
    assert not _is_tombstone(await _as_partner(scene, referral_id))


async def test_withdrawal_is_not_undone_by_a_state_that_is_open(world: World) -> None:
    scene = await a_scene(world)
    consent_id, referral_id = await agreed(scene), await draft(scene)
    await send(scene, referral_id)
    await withdraw(scene.manager, consent_id)
    await _move(scene, referral_id, "accepted")
    assert (_is_tombstone(await _as_partner(scene, referral_id)), await _rows(scene)) == (True, 0)


async def test_team_goes_on_reading_what_it_sent(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await step(scene, referral_id, "reject", reason="no_capacity")
    await _let_end(scene, referral_id, datetime.now(UTC))
    seen = await scene.manager.get(f"/v1/referrals/{referral_id}/preview")
    assert seen.json()["content"]["concern"]["text"] == "Hilfe beim Antrag"


@pytest.mark.parametrize(
    ("fault", "shows"),
    [
        ("ALTER TABLE referral_requests DISABLE TRIGGER shut", "rejected"),
        ("ALTER POLICY addressed ON referral_packages USING (withheld_at IS NULL AND NOT is_shut)", "time"),
        ("ALTER POLICY addressed ON referral_packages USING (withheld_at IS NULL)", "rejected"),
    ],
)
async def test_each_missing_rule_would_show_the_package(world: World, fault: str, shows: str) -> None:
    """The planted faults: without the trigger, or without its condition, the partner's row is back."""
    scene = await a_scene(world)
    referral_id = UUID(await sent(scene))
    spoiled = {
        "rejected": "UPDATE referral_requests SET state = 'rejected' WHERE id = $1",
        "time": "UPDATE referral_packages SET readable_until = now() WHERE id = $1",
    }[shows]
    admin = world.admin
    transaction = admin.transaction()
    await transaction.start()
    try:
        counted = await _seen_with(scene, spoiled, referral_id)
        await admin.execute(fault)
        assert (counted, await _seen_with(scene, spoiled, referral_id)) == (0, 1)
    finally:
        await transaction.rollback()


async def _seen_with(scene: Scene, spoiled: str, referral_id: UUID) -> int:
    """Return how many packages the partner sees after a change, which is undone."""
    admin = scene.world.admin
    inner = admin.transaction()
    await inner.start()
    try:
        await admin.execute(spoiled, referral_id)
        await admin.execute("SET LOCAL ROLE kim_app")
        held = (["partner_user"], [f"partner_user:{scene.partner.place_id}"])
        await admin.execute(
            "SELECT set_context($1, $2, $3, 'test', $4, $5)",
            scene.world.area, str(scene.partner.user_id), str(scene.partner.session_id), *held,
        )  # fmt: skip
        return int(await admin.fetchval("SELECT count(*) FROM referral_packages"))
    finally:
        await inner.rollback()
