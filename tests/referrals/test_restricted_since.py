"""A package that was made before its person was restricted: once shut, it is opened to nobody again."""

from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.clients.arrange import add_period, etag_of
from tests.notifications.test_telling import told
from tests.referrals.arrange import Scene, a_scene, draft, put_in_state, sent, step
from tests.referrals.interleaving import interleave, stops
from tests.world import World

STREET = "Lindenallee"
COVERS = ["master_data", "contact", "housing"]
TOLD = "restricted_while_referred"
ORDERS = 30


async def _with_address(world: World, **client: Any) -> tuple[Scene, str]:
    """Return a referral whose package says where the person lives."""
    scene = await a_scene(world, **client)
    await add_period(
        scene.manager, scene.client_id, "addresses", strand="actual", street=STREET, valid_from="2025-01-01"
    )
    referral_id = await sent(scene, consent={"data_categories": COVERS}, data_categories=COVERS)
    return scene, referral_id


async def _restricting(scene: Scene) -> Any:
    path = f"/v1/clients/{scene.client_id}"
    etag = await etag_of(scene.manager, path)
    return partial(scene.manager.patch, path, {"is_restricted": True}, if_match=etag)


async def _restrict(scene: Scene) -> None:
    answer = await (await _restricting(scene))()
    assert answer.status_code == 200, answer.text


async def _into_a_shelter(scene: Scene) -> None:
    where = {"strand": "registered", "housing_type": "womens_shelter", "valid_from": "2026-01-01"}
    await add_period(scene.manager, scene.client_id, "addresses", **where)


HIDES = {"by the flag": _restrict, "by an address in a shelter": _into_a_shelter}


async def _seen(scene: Scene, referral_id: str) -> str:
    answer = await scene.partner.get(f"/v1/partner/referrals/{referral_id}")
    assert answer.status_code == 200, answer.text
    return answer.text


async def _send_back(scene: Scene, referral_id: str) -> tuple[int, str | None]:
    answer = await scene.manager.post(f"/v1/referrals/{referral_id}/send-back")
    return answer.status_code, answer.json().get("code")


@pytest.mark.parametrize("how", HIDES)
async def test_second_look_opens_no_package_of_somebody_restricted_since(world: World, how: str) -> None:
    scene, referral_id = await _with_address(world)
    assert STREET in await _seen(scene, referral_id)
    await step(scene, referral_id, "reject", reason="no_capacity")
    await HIDES[how](scene)
    assert (TOLD, "referral", referral_id) in await told(scene.manager)
    assert await _send_back(scene, referral_id) == (409, "package_outdated")
    assert STREET not in await _seen(scene, referral_id)


async def test_what_was_open_when_they_were_restricted_stays_shut_from_a_rejection_on(world: World) -> None:
    scene, referral_id = await _with_address(world)
    await _restrict(scene)
    assert STREET in await _seen(scene, referral_id)
    await step(scene, referral_id, "reject", reason="no_capacity")
    assert await _send_back(scene, referral_id) == (409, "package_outdated")


async def test_package_that_was_made_afterwards_is_opened_again(world: World) -> None:
    scene, referral_id = await _with_address(world, is_restricted=True)
    assert STREET not in await _seen(scene, referral_id)
    await step(scene, referral_id, "reject", reason="no_capacity")
    assert await _send_back(scene, referral_id) == (200, None)


async def test_without_a_restriction_it_is_opened_again(world: World) -> None:
    scene, referral_id = await _with_address(world)
    await step(scene, referral_id, "reject", reason="no_capacity")
    assert await _send_back(scene, referral_id) == (200, None)
    assert STREET in await _seen(scene, referral_id)


async def test_late_acceptance_is_refused_as_after_a_consent_that_ran_out(world: World) -> None:
    scene, hidden = await _with_address(world)
    other, ended = await _with_address(world)
    await put_in_state(world, hidden, "expired")
    await put_in_state(world, ended, "expired")
    await _restrict(scene)
    await world.admin.execute(
        "UPDATE referral_requests SET consent_ends_at = now() WHERE id = $1", UUID(ended)
    )
    assert (TOLD, "referral", hidden) in await told(scene.manager)
    answers = []
    for whose, each in ((scene, hidden), (other, ended)):
        answer = await whose.partner.post(f"/v1/partner/referrals/{each}/accept")
        answers.append((answer.status_code, answer.json()))
    assert answers[0] == answers[1]
    assert (answers[0][0], answers[0][1]["code"]) == (409, "consent_ended")
    assert STREET not in await _seen(scene, hidden)
    await step(scene, hidden, "reject", reason="no_capacity")


async def test_late_acceptance_without_a_restriction_opens_it(world: World) -> None:
    scene, referral_id = await _with_address(world)
    await put_in_state(world, referral_id, "expired")
    assert STREET not in await _seen(scene, referral_id)
    await step(scene, referral_id, "accept")
    assert STREET in await _seen(scene, referral_id)


async def test_teams_are_not_told_of_what_cannot_be_opened_again(world: World) -> None:
    scene, referral_id = await _with_address(world)
    await put_in_state(world, referral_id, "cancelled")
    await _restrict(scene)
    assert [each for each in await told(scene.manager) if each[0] == TOLD] == []


async def test_restriction_meets_a_sending_and_is_heeded_or_marks_what_was_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, _ = await _with_address(world)
    seen = set()
    for seed in range(ORDERS):
        referral_id = await draft(scene, data_categories=COVERS)
        with stops(monkeypatch):
            answers = await interleave(
                seed,
                world.admin,
                partial(scene.manager.post, f"/v1/referrals/{referral_id}/send"),
                await _restricting(scene),
            )
        assert [answer.status_code for answer in answers] == [200, 200]
        says_where = STREET in await _seen(scene, referral_id)
        seen.add((says_where, (TOLD, "referral", referral_id) in await told(scene.manager)))
        await step(scene, referral_id, "reject", reason="no_capacity")
        assert await _send_back(scene, referral_id) == (
            (409, "package_outdated") if says_where else (200, None)
        )
        await world.admin.execute(
            "UPDATE clients SET is_restricted = false WHERE id = $1", UUID(scene.client_id)
        )
    assert seen == {(True, True), (False, False)}


_ACCEPT = "UPDATE referral_requests SET state = 'accepted' WHERE id = $1"
_READ = "SELECT count(*) FROM referral_packages WHERE id = $1"


async def _opened_by_sql(world: World) -> bool:
    scene, referral_id = await _with_address(world)
    await put_in_state(world, referral_id, "expired")
    await _restrict(scene)
    async with world.sql(scene.partner) as db:
        driver = await db.driver()
        assert await driver.execute(_ACCEPT, UUID(referral_id)) == "UPDATE 1"
        return bool(await driver.fetchval(_READ, UUID(referral_id)))


async def test_database_opens_it_for_no_state(world: World) -> None:
    assert not await _opened_by_sql(world)


async def test_state_alone_would_open_it(world: World) -> None:
    definition = await world.admin.fetchval("SELECT pg_get_functiondef('shut_package'::regproc)")
    careless = definition.replace("AND NOT (p.is_shut AND p.is_outdated)", "")
    assert careless != definition
    await world.admin.execute(careless)
    try:
        assert await _opened_by_sql(world)
    finally:
        await world.admin.execute(definition)


async def test_nobody_but_the_database_says_what_is_outdated(world: World) -> None:
    scene, _ = await _with_address(world)
    for person in (scene.manager, scene.partner):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.sql(person) as db:
                await (await db.driver()).execute("UPDATE referral_packages SET is_outdated = false")


async def test_whether_it_stays_shut_is_told_to_its_two_sides_alone(world: World) -> None:
    scene, referral_id = await _with_address(world)
    await put_in_state(world, referral_id, "expired")
    await _restrict(scene)
    stranger = await world.case_manager()
    for person, answer in ((scene.manager, True), (scene.partner, True), (stranger, False)):
        async with world.sql(person) as db:
            found = await (await db.driver()).fetchval("SELECT stays_shut($1)", UUID(referral_id))
            assert found is answer
