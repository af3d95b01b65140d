"""Who is in charge of a referral: taken over, handed on, given back; of two at once one wins."""

from typing import Any
from uuid import UUID

import pytest

from app.access.roles import Role
from app.kit.database import Database
from tests.conftest import Clock
from tests.joining.arrange import charge, colleague, nobody, seen_by, site, work_at
from tests.notifications.test_telling import deliver, told
from tests.referrals.arrange import Scene, a_scene, sent
from tests.referrals.interleaving import interleave, stops
from tests.referrals.test_partner_sql import rows
from tests.world import Person, World


async def _in_charge(person: Person, referral: str) -> str | None:
    answer = await person.get(f"/v1/partner/referrals/{referral}/charge")
    assert answer.status_code == 200, answer.text
    in_charge: str | None = answer.json()["in_charge"]
    return in_charge


async def test_charge_is_taken_handed_on_and_given_back(world: World) -> None:
    scene = await a_scene(world)
    petra, omar = scene.partner, await colleague(scene)
    referral = await sent(scene)
    taken = await charge(petra, referral, "take-charge")
    assert (taken.status_code, taken.json()["in_charge"]) == (200, str(petra.user_id))
    assert (await charge(petra, referral, "take-charge")).json() == taken.json()
    handed = await charge(petra, referral, "hand-on", user_id=str(omar.user_id))
    assert handed.json()["in_charge"] == str(omar.user_id)
    refused = await charge(petra, referral, "give-back")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_in_charge")
    assert (await charge(omar, referral, "give-back")).json()["in_charge"] is None
    assert await seen_by(petra, assigned="nobody") == await seen_by(omar, assigned="nobody") == [referral]


async def test_lists_tell_mine_from_what_is_nobodys(world: World) -> None:
    scene = await a_scene(world)
    petra, omar = scene.partner, await colleague(scene)
    first, second, third = [await sent(scene) for _ in range(3)]
    await charge(petra, first, "take-charge")
    await charge(omar, second, "take-charge")
    assert await seen_by(petra, assigned="me") == [first]
    assert await seen_by(omar, assigned="me") == [second]
    assert await seen_by(petra, assigned="nobody") == [third]
    assert set(await seen_by(petra)) == {first, second, third}


async def test_colleague_takes_over_from_whom_they_name_and_both_know(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene = await a_scene(world)
    petra, omar = scene.partner, await colleague(scene)
    referral = await sent(scene)
    await charge(petra, referral, "take-charge")
    for believed in ({}, {"instead_of": str(omar.user_id)}, {"instead_of": nobody()}):
        refused = await charge(omar, referral, "take-charge", **believed)
        assert (refused.status_code, refused.json()["code"]) == (409, "taken_in_charge")
    await charge(omar, referral, "take-charge", instead_of=str(petra.user_id))
    assert await _in_charge(petra, referral) == str(omar.user_id)
    await deliver(worker_database, clock)
    assert ("referral_handed_on", "referral", referral) in await told(petra)


async def _race(scene: Scene, others: list[Person], seed: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    referral = await sent(scene)
    with stops(monkeypatch):
        answers: list[Any] = await interleave(
            seed, scene.world.admin, *(lambda who=who: charge(who, referral, "take-charge") for who in others)
        )
    winner = await _in_charge(scene.partner, referral)
    won = [str(who.user_id) for who, each in zip(others, answers, strict=True) if each.status_code == 200]
    assert won == [winner]
    return sorted(each.status_code for each in answers)


async def test_of_two_who_take_it_at_once_one_wins_in_every_order(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    others = [scene.partner, await colleague(scene)]
    assert {tuple(await _race(scene, others, seed, monkeypatch)) for seed in range(25)} == {(200, 409)}


async def test_who_sees_the_referral_and_nobody_else_is_put_in_charge(world: World) -> None:
    scene = await a_scene(world)
    north, south = [await site(world, scene.institution_id, name) for name in ("Nord", "Süd")]
    northern, southern = await colleague(scene, north), await colleague(scene, south)
    machine = await world.person(Role.PARTNER_SYSTEM, institution=scene.institution_type)
    referral = await sent(scene, site_id=north)
    for stranger in (southern, scene.manager, machine):
        answer = await charge(scene.partner, referral, "hand-on", user_id=str(stranger.user_id))
        assert (answer.status_code, answer.json()["errors"][0]["place"]) == (422, "body.user_id")
    assert (await charge(northern, referral, "take-charge")).status_code == 200


async def test_what_is_over_is_taken_by_nobody(world: World) -> None:
    scene = await a_scene(world)
    referral = await sent(scene)
    await scene.partner.post(f"/v1/partner/referrals/{referral}/reject", {"reason": "no_capacity"})
    answer = await charge(scene.partner, referral, "take-charge")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


@pytest.mark.parametrize("end", ["membership", "user", "sites"])
async def test_charge_ends_with_what_it_rests_on(world: World, end: str) -> None:
    scene = await a_scene(world)
    north, south = [await site(world, scene.institution_id, name) for name in ("Nord", "Süd")]
    omar = await colleague(scene, north)
    referral = await sent(scene, site_id=north)
    await charge(omar, referral, "take-charge")
    if end == "membership":
        await world.admin.execute("UPDATE memberships SET ended_at = now() WHERE user_id = $1", omar.user_id)
    elif end == "user":
        await world.admin.execute("UPDATE users SET disabled_at = now() WHERE id = $1", omar.user_id)
    else:
        await work_at(world, omar, south)
    assert await _in_charge(scene.partner, referral) is None
    assert await seen_by(scene.partner, assigned="nobody") == [referral]


async def test_sender_and_machine_see_nothing_of_it_and_no_version_moves(world: World) -> None:
    scene = await a_scene(world)
    machine = await world.person(Role.PARTNER_SYSTEM, institution=scene.institution_type)
    referral = await sent(scene)
    before = await scene.manager.get(f"/v1/referrals/{referral}")
    await charge(scene.partner, referral, "take-charge")
    after = await scene.manager.get(f"/v1/referrals/{referral}")
    assert (before.json(), before.headers["ETag"]) == (after.json(), after.headers["ETag"])
    assert str(scene.partner.user_id) not in after.text
    assert "in_charge" not in (await machine.get(f"/v1/partner/referrals/{referral}")).json()
    for person in (machine, scene.manager):
        assert await rows(world, person, "SELECT * FROM referral_charges") == []
    asked = await machine.get("/v1/partner/referrals", assigned="nobody")
    assert (asked.status_code, asked.json()["errors"][0]["kind"]) == (422, "people_only")
    assert (await charge(machine, referral, "take-charge")).status_code == 403


async def test_colleagues_are_those_of_ones_institution_with_their_sites(world: World) -> None:
    scene = await a_scene(world)
    north = await site(world, scene.institution_id, "Nord")
    omar = await colleague(scene, north)
    await world.person(Role.PARTNER_USER, institution="schule")
    listed = (await scene.partner.get("/v1/partner/colleagues")).json()["items"]
    assert {(each["user_id"], tuple(each["site_ids"])) for each in listed} == {
        (str(scene.partner.user_id), ()),
        (str(omar.user_id), (north,)),
    }
    assert (await scene.manager.get("/v1/partner/colleagues")).status_code == 403


async def test_database_puts_nobody_in_charge_who_does_not_see_it(world: World) -> None:
    scene = await a_scene(world)
    stranger = await world.person(Role.PARTNER_USER, institution="schule")
    referral = await sent(scene)
    put = """INSERT INTO referral_charges (municipal_area_id, id, institution_id, user_id, since)
        VALUES ($1, $2, $3, $4, now())"""
    for user in (stranger.user_id, scene.manager.user_id):
        with pytest.raises(Exception, match="nobody who sees this referral"):
            await world.admin.execute(put, world.area, UUID(referral), UUID(scene.institution_id), user)
    with pytest.raises(Exception, match="row-level security"):
        async with world.sql(stranger) as db:
            await (await db.driver()).execute(
                put, world.area, UUID(referral), UUID(scene.institution_id), scene.partner.user_id
            )


async def test_charge_is_taken_without_a_body(world: World) -> None:
    scene = await a_scene(world)
    referral = await sent(scene)
    taken = await scene.partner.post(f"/v1/partner/referrals/{referral}/take-charge")
    assert (taken.status_code, taken.json()["in_charge"]) == (200, str(scene.partner.user_id))


async def test_who_does_not_exist_is_answered_like_who_is_no_colleague(world: World) -> None:
    scene = await a_scene(world)
    stranger = await world.person(Role.PARTNER_USER, institution="schule")
    referral = await sent(scene)
    unknown, foreign = [
        await charge(scene.partner, referral, "hand-on", user_id=user)
        for user in (nobody(), str(stranger.user_id))
    ]
    assert unknown.status_code == foreign.status_code == 422
    assert unknown.json()["errors"] == foreign.json()["errors"]
    assert unknown.json()["errors"][0]["place"] == "body.user_id"
