"""A consent that runs out by time ends what rests on it; a renewal in time carries it on."""

from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from app.kit.clock import end_of
from app.kit.database import Database
from app.referrals.actions import answer as answering
from app.referrals.deadlines import end_with_consent
from tests.consents.arrange import consent_body, give_consent, withdraw
from tests.notifications.test_telling import told
from tests.referrals.aftermath import deliver, do, last_day, recall, titles
from tests.referrals.arrange import Scene, a_scene, assign, draft, put_in_state, send, sent, step
from tests.referrals.interleaving import interleave, stops
from tests.world import World

OPEN = ("requested", "accepted", "in_progress", "on_hold", "expired")
SHORT = {"valid_until": last_day(5)}


async def _referral(scene: Scene, referral_id: str) -> dict[str, Any]:
    seen: dict[str, Any] = (await scene.manager.get(f"/v1/referrals/{referral_id}")).json()
    return seen


async def _let_end(scene: Scene, referral_id: str) -> None:
    """Let the consent's last moment be past, behind the API."""
    for table, column in (("referral_requests", "consent_ends_at"), ("referral_packages", "readable_until")):
        await scene.world.admin.execute(
            f"UPDATE {table} SET {column} = now() - interval '1 second' WHERE id = $1", UUID(referral_id)
        )


@pytest.mark.parametrize("state", OPEN)
async def test_every_open_referral_ends_with_its_consent(
    world: World, worker_database: Database, state: str
) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent=SHORT)
    await put_in_state(world, referral_id, state)
    done = [await do(worker_database, scene, end_with_consent, days=days) for days in (4.9, 7, 8)]
    assert done == [0, 1, 0]
    seen = await _referral(scene, referral_id)
    last = seen["history"][-1]
    assert (seen["state"], seen["revoke_reason"], seen["outcome"]) == ("revoked", "consent_ended", None)
    assert (last["step"], last["from_state"], last["side"], last["reason"]) == (
        "revoke", state, "system", "consent_ended",
    )  # fmt: skip
    assert "package" not in (await scene.partner.get(f"/v1/partner/referrals/{referral_id}")).json()


async def test_both_sides_are_told_and_the_team_gets_a_task(world: World, worker_database: Database) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent=SHORT)
    await do(worker_database, scene, end_with_consent, days=7)
    for person in (scene.manager, scene.partner):
        assert ("referral_revoked", "referral", referral_id) in await told(person)
    assert await titles(scene) == ["Einwilligung abgelaufen, Vermittlung beendet: jobcenter"]
    asked = await recall(scene, referral_id)
    assert asked is not None
    assert asked["reason"] == "consent_ended"
    await step(scene, referral_id, "acknowledge-revocation")


@pytest.mark.parametrize("channel", ["phone", "accompanied", "letter"])
async def test_off_the_platform_the_team_has_to_ask_though_nobody_recorded_the_delivery(
    world: World, worker_database: Database, channel: str
) -> None:
    scene = await a_scene(world)
    referral_id, unsent = (
        await sent(scene, consent=SHORT, channel=channel),
        await draft(scene, channel=channel),
    )
    assert await do(worker_database, scene, end_with_consent, days=7) == 1
    asked = await recall(scene, referral_id)
    assert asked is not None
    assert (asked["is_on_platform"], asked["reason"]) == (False, "consent_ended")
    assert await recall(scene, unsent) is None
    assert await titles(scene) == ["Ende der Einwilligung mitteilen und Antwort eintragen: jobcenter"]


async def test_what_has_ended_stays_as_it_is(world: World, worker_database: Database) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent=SHORT)
    await put_in_state(world, referral_id, "completed")
    assert await do(worker_database, scene, end_with_consent, days=400) == 0
    assert await recall(scene, referral_id) is None


async def test_what_rests_on_no_consent_has_no_such_end(world: World, worker_database: Database) -> None:
    scene = await a_scene(world)
    await send(scene, await draft(scene, legal_basis="vital_interest", necessity="Lebensgefahr"))
    assert await do(worker_database, scene, end_with_consent, days=4000) == 0


@pytest.mark.parametrize("name", ["accept", "reject", "fetched"])
async def test_recipient_takes_no_step_after_the_end_also_before_the_worker_comes(
    world: World, name: str
) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent=SHORT)
    await _let_end(scene, referral_id)
    body = {"reason": "no_capacity"} if name == "reject" else None
    answer = await scene.partner.post(f"/v1/partner/referrals/{referral_id}/{name}", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "consent_ended")
    assert (await _referral(scene, referral_id))["state"] == "requested"


async def test_without_that_look_the_recipient_could_still_accept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault."""
    scene = await a_scene(world)
    referral_id = await sent(scene, consent=SHORT)
    await _let_end(scene, referral_id)
    monkeypatch.setattr(answering, "require_running", lambda *_: None)
    assert (await step(scene, referral_id, "accept"))["state"] == "accepted"


async def test_acceptance_and_the_end_come_one_after_the_other(
    world: World, worker_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    seen = set()
    for seed in range(40):
        referral_id = await sent(scene, consent=SHORT)
        with stops(monkeypatch):
            accepting, ending = await interleave(
                seed,
                world.admin,
                partial(scene.partner.post, f"/v1/partner/referrals/{referral_id}/accept"),
                lambda: do(worker_database, scene, end_with_consent, days=7),
            )
        # Whoever is passed over because of the other's lock comes in the next round.
        ending += await do(worker_database, scene, end_with_consent, days=7)
        seen.add((accepting.status_code, ending, (await _referral(scene, referral_id))["state"]))
    assert seen == {(200, 1, "revoked"), (409, 1, "revoked")}


async def _renew(scene: Scene, consent_id: str, **fields: Any) -> Any:
    body = consent_body(scene.client_id, scene.institution_id, follows_id=consent_id, **fields)
    return await scene.manager.post("/v1/consents", body)


async def test_renewal_carries_on_what_it_covers(world: World, worker_database: Database) -> None:
    scene = await a_scene(world)
    old = await give_consent(scene.manager, scene.client_id, scene.institution_id, **SHORT)
    referral_id = await draft(scene)
    await send(scene, referral_id)
    answer = await _renew(scene, old, valid_until=last_day(40))
    assert answer.status_code == 201, answer.text
    new = answer.json()
    assert new["follows_id"] == old
    assert (await scene.manager.get(f"/v1/consents/{old}")).json()["followed_by_id"] == new["id"]
    seen = await _referral(scene, referral_id)
    assert seen["consent_id"] == new["id"]
    assert datetime.fromisoformat(seen["consent_ends_at"]) == end_of(date.fromisoformat(new["valid_until"]))
    assert [await do(worker_database, scene, end_with_consent, days=days) for days in (10, 42)] == [0, 1]


async def test_team_is_told_of_what_a_narrower_renewal_leaves_out(
    world: World, worker_database: Database
) -> None:
    scene = await a_scene(world)
    old = await give_consent(scene.manager, scene.client_id, scene.institution_id, **SHORT)
    referral_id = await draft(scene)
    await send(scene, referral_id)
    await _renew(scene, old, valid_until=last_day(40), data_categories=["master_data"])
    assert (await _referral(scene, referral_id))["consent_id"] == old
    await deliver(worker_database)
    assert ("referral_not_renewed", "referral", referral_id) in await told(scene.manager)
    assert await do(worker_database, scene, end_with_consent, days=10) == 1


async def test_renewal_reaches_cases_that_its_recorder_does_not_see(world: World) -> None:
    scene = await a_scene(world)
    old = await give_consent(scene.manager, scene.client_id, scene.institution_id, **SHORT)
    referral_id = await draft(scene)
    await send(scene, referral_id)
    colleague = await world.case_manager()
    body = {"client_id": scene.client_id, "kind": "counselling", "access_route": "self"}
    other = str((await scene.manager.post("/v1/cases", body)).json()["id"])
    await assign(world, colleague, scene.client_id, other)
    renewal = consent_body(scene.client_id, scene.institution_id, follows_id=old, valid_until=last_day(40))
    answer = await colleague.post("/v1/consents", renewal)
    assert answer.status_code == 201, answer.text
    assert (await _referral(scene, referral_id))["consent_id"] == answer.json()["id"]


async def test_withdrawal_reaches_what_was_renewed_so_that_nothing_is_sent_on_the_old_one(
    world: World,
) -> None:
    scene = await a_scene(world)
    old = await give_consent(scene.manager, scene.client_id, scene.institution_id, **SHORT)
    new = (await _renew(scene, old, valid_until=last_day(40))).json()["id"]
    await withdraw(scene.manager, new)
    assert (await scene.manager.get(f"/v1/consents/{old}")).json()["state"] == "withdrawn"
    referral_id = await draft(scene)
    answer = await scene.manager.post(f"/v1/referrals/{referral_id}/send")
    assert (answer.status_code, answer.json()["code"]) == (409, "consent_missing")


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"valid_until": last_day(5)}, 422, "not_longer"),
        ({"valid_until": last_day(40), "purpose": "feedback"}, 422, "follows_another"),
    ],
)
async def test_renewal_is_of_the_same_and_longer(
    world: World, fields: dict[str, Any], status: int, said: str
) -> None:
    scene = await a_scene(world)
    old = await give_consent(scene.manager, scene.client_id, scene.institution_id, **SHORT)
    answer = await _renew(scene, old, **fields)
    assert answer.status_code == status, answer.text
    assert said in answer.text
    listed = (await scene.manager.get("/v1/consents", client_id=scene.client_id)).json()["items"]
    assert [each["id"] for each in listed] == [old]


async def test_what_was_withdrawn_or_is_followed_is_not_renewed(world: World) -> None:
    scene = await a_scene(world)
    old = await give_consent(scene.manager, scene.client_id, scene.institution_id, **SHORT)
    assert (await _renew(scene, old, valid_until=last_day(40))).status_code == 201
    twice = await _renew(scene, old, valid_until=last_day(50))
    assert (twice.status_code, twice.json()["code"]) == (409, "consent_followed")
    await withdraw(scene.manager, old)
    late = await _renew(scene, old, valid_until=last_day(50))
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")


async def test_withdrawal_and_renewal_come_one_after_the_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    seen = set()
    for seed in range(40):
        institution_id = str(await world.institution("jobcenter", f"Jobcenter {seed}"))
        old = await give_consent(scene.manager, scene.client_id, institution_id, **SHORT)
        body = consent_body(scene.client_id, institution_id, follows_id=old, valid_until=last_day(40))
        with stops(monkeypatch):
            renewing, withdrawing = await interleave(
                seed,
                world.admin,
                partial(scene.manager.post, "/v1/consents", body),
                partial(scene.manager.post, f"/v1/consents/{old}/withdraw", {"channel": "phone"}),
            )
        assert withdrawing.status_code == 200, withdrawing.text
        listed = (await scene.manager.get("/v1/consents", client_id=scene.client_id)).json()["items"]
        mine = [each["state"] for each in listed if each["institution_id"] == institution_id]
        seen.add((renewing.status_code, *mine))
    assert seen == {(201, "withdrawn", "withdrawn"), (409, "withdrawn")}
