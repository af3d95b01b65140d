"""Two who act at once on one referral: one wins, the other is told, and nothing is left half."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from app.access.context import SystemContext
from app.access.roles import Role
from app.kit.database import Database, System
from app.referrals import partner_batch
from app.referrals.deadlines import expire_due
from app.wiring import wire
from tests.consents.arrange import give_consent, just_now
from tests.joining.arrange import set_active
from tests.referrals.arrange import Scene, a_scene, agreed, draft, send, sent
from tests.referrals.following import Follower
from tests.referrals.interleaving import interleave, stops
from tests.world import World

ORDERS = 40
PARTNER, OWN = "/v1/partner/referrals", "/v1/referrals"


async def history(scene: Scene, referral_id: str) -> list[str]:
    """Return the steps in the order in which they were taken, which is that of the receipts."""
    seen = (await scene.manager.get(f"{OWN}/{referral_id}/receipts")).json()
    return [each["step"] for each in seen["items"]]


async def test_of_two_people_of_an_institution_who_accept_at_once_one_wins(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    colleague = await world.person(Role.PARTNER_USER)
    await agreed(scene)
    seen = set()
    for seed in range(ORDERS):
        referral_id = await draft(scene)
        await send(scene, referral_id)
        with stops(monkeypatch):
            both = await interleave(
                seed,
                world.admin,
                partial(scene.partner.post, f"{PARTNER}/{referral_id}/accept"),
                partial(colleague.post, f"{PARTNER}/{referral_id}/accept"),
            )
        statuses = tuple(answer.status_code for answer in both)
        loser = both[statuses.index(409)]
        assert (loser.json()["state"], "start" in loser.json()["allowed"]) == ("accepted", True)
        assert (await history(scene, referral_id)).count("accept") == 1
        seen.add(statuses)
    assert seen == {(200, 409), (409, 200)}


async def test_accepting_meets_a_revocation_and_the_recipient_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    follower = Follower(scene.partner)
    seen = set()
    for seed in range(ORDERS):
        consent_id = await agreed(scene, given_at=just_now())
        referral_id = await draft(scene)
        await send(scene, referral_id)
        await follower.catch_up()
        with stops(monkeypatch):
            accepting, withdrawing = await interleave(
                seed,
                world.admin,
                partial(scene.partner.post, f"{PARTNER}/{referral_id}/accept"),
                partial(scene.manager.post, f"/v1/consents/{consent_id}/withdraw", {"channel": "phone"}),
            )
        assert withdrawing.status_code == 200, withdrawing.text
        if accepting.status_code == 409:
            told = accepting.json()
            assert (told["state"], told["allowed"]) == ("revoked", ["acknowledge-revocation"])
        else:
            assert "package" not in (await scene.partner.get(f"{PARTNER}/{referral_id}")).json()
        assert (await history(scene, referral_id))[-1] == "revoke"
        assert await follower.catch_up() == [{"id": referral_id, "lost": True}]
        news = (await scene.partner.get("/v1/me/notifications", limit=1)).json()["items"]
        assert news[0]["object_id"] == referral_id
        seen.add(accepting.status_code)
    assert seen == {200, 409}


async def test_batch_meets_withdrawals_and_neither_waits_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    for seed in range(10):
        places = [await agreed(scene), await agreed(scene)]
        found = [await draft(scene) for _ in range(2)]
        for each in found:
            await send(scene, each)
        items = [{"id": each, "version": 2, "step": "accept"} for each in found]
        with stops(monkeypatch):
            batch, *withdrawn = await interleave(
                seed,
                world.admin,
                partial(scene.partner.post, f"{PARTNER}/batch", {"items": items}),
                *(
                    partial(
                        scene.manager.post,
                        f"/v1/consents/{consent}/withdraw",
                        {"channel": "phone", "only_this": True},
                    )
                    for consent in places
                ),
            )
        assert [answer.status_code for answer in withdrawn] == [200, 200]
        assert {each["status"] for each in batch.json()["items"]} <= {200, 409, 412}
        for each in found:
            assert (await history(scene, each))[-1] == "revoke"


async def _expire(pool: Database, world: World) -> int:
    async with pool.transaction(System(world.area)) as db:
        moment = datetime.now(UTC) + timedelta(days=15)
        return await expire_due(SystemContext(db, world.area, moment, wire()))


async def test_deadline_that_passes_while_it_is_fetched_leaves_one_story(
    world: World, worker_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    await agreed(scene)
    seen = set()
    for seed in range(ORDERS):
        referral_id = await draft(scene)
        await send(scene, referral_id)
        with stops(monkeypatch):
            fetching, expired = await interleave(
                seed,
                world.admin,
                partial(scene.partner.post, f"{PARTNER}/{referral_id}/fetched"),
                lambda: _expire(worker_database, world),
            )
        if not expired:  # somebody else held the row: the next turn of the worker takes it
            assert await _expire(worker_database, world) == 1
        row = await world.admin.fetchrow(
            "SELECT state, delivery FROM referral_requests WHERE id = $1", UUID(referral_id)
        )
        seen.add((fetching.status_code, row["state"], row["delivery"]))
        if fetching.status_code == 409:
            assert fetching.json()["allowed"] == ["accept", "reject"]
        late = await scene.partner.post(f"{PARTNER}/{referral_id}/accept")
        assert late.status_code == 200, late.text
    assert seen == {(200, "expired", "fetched"), (409, "expired", "expired")}


async def _deactivated(world: World, institution_id: str) -> Any:
    coordinator = await world.person(Role.COORDINATOR)
    path = f"/v1/institutions/{institution_id}"
    etag = (await coordinator.get(path)).headers["etag"]
    return lambda: coordinator.patch(path, {"is_active": False}, If_Match=etag)


async def test_institution_that_is_deactivated_while_something_is_sent_to_it_gets_it_before_or_not_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    seen = set()
    for seed in range(ORDERS):
        place = str(await world.institution("jobcenter", f"Jobcenter {seed}"))
        await give_consent(scene.manager, scene.client_id, place)
        referral_id = await draft(scene, institution_id=place)
        with stops(monkeypatch):
            sending, deactivating = await interleave(
                seed,
                world.admin,
                partial(scene.manager.post, f"{OWN}/{referral_id}/send"),
                await _deactivated(world, place),
            )
        assert deactivating.status_code == 200, deactivating.text
        answer = sending.json()
        seen.add((sending.status_code, answer.get("code") or answer["state"]))
    assert seen == {(200, "requested"), (409, "institution_inactive")}


async def test_institution_that_is_deactivated_goes_on_with_what_it_has_once_it_is_active_again(
    world: World,
) -> None:
    scene = await a_scene(world)
    await agreed(scene)
    at_work, rejected, drafted = [await draft(scene) for _ in range(3)]
    for each in (at_work, rejected):
        await send(scene, each)
    await scene.partner.post(f"{PARTNER}/{rejected}/reject", {"reason": "no_capacity"})
    follower = Follower(scene.partner)
    await follower.catch_up()
    await set_active(world, scene.institution_id, active=False)
    for path in (f"{OWN}/{drafted}/send", f"{OWN}/{rejected}/send-back"):
        answer = await scene.manager.post(path)
        assert (answer.status_code, answer.json()["code"]) == (409, "institution_inactive")
    steps: tuple[tuple[str, Any], ...] = (("accept", None), ("complete", {"outcome": "helped"}))
    for status, is_active in ((403, False), (200, True)):
        await set_active(world, scene.institution_id, active=is_active)
        for name, body in steps:
            assert (await scene.partner.post(f"{PARTNER}/{at_work}/{name}", body)).status_code == status
    (told,) = await follower.catch_up()
    assert (told["id"], told["state"]) == (at_work, "completed")


async def test_membership_that_ends_in_flight_ends_sight_and_steps_at_once(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    follower = Follower(scene.partner)
    await follower.catch_up()
    await world.admin.execute(
        "UPDATE memberships SET ended_at = now() WHERE user_id = $1", scene.partner.user_id
    )
    for answer in (
        await scene.partner.get(PARTNER, since=follower.cursor),
        await scene.partner.get(f"{PARTNER}/{referral_id}/receipts"),
        await scene.partner.post(f"{PARTNER}/{referral_id}/accept"),
        await scene.partner.post(
            f"{PARTNER}/batch", {"items": [{"id": referral_id, "version": 2, "step": "accept"}]}
        ),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")


async def test_membership_that_ends_between_two_items_ends_the_batch_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    await agreed(scene)
    found = [await draft(scene) for _ in range(2)]
    for each in found:
        await send(scene, each)
    told = partner_batch._told

    async def then_ends(*arguments: Any) -> bytes:
        answer = await told(*arguments)
        await world.admin.execute(
            "UPDATE memberships SET ended_at = now() WHERE user_id = $1", scene.partner.user_id
        )
        return answer

    monkeypatch.setattr(partner_batch, "_told", then_ends)
    items = [{"id": each, "version": 2, "step": "accept"} for each in found]
    answer = await scene.partner.post(f"{PARTNER}/batch", {"items": items})
    assert [each["status"] for each in answer.json()["items"]] == [200, 403]
    assert (await history(scene, found[1]))[-1] == "send"
