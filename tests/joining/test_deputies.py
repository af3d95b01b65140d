"""Deputies: from the first to the last day where the offices are, what one is told and lists is theirs."""

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from app.access.roles import Role
from app.kit.clock import local_date, utc_now
from app.kit.database import Database
from tests import world as world_module
from tests.conftest import Clock
from tests.joining.arrange import charge, colleague, nobody, site, work_at
from tests.notifications.test_telling import deliver, told
from tests.referrals.arrange import Scene, a_scene, sent
from tests.world import Person, World

DAY = timedelta(days=1)


async def _name(scene: Scene, away: Person, deputy: Person, first: date, last: date) -> httpx.Response:
    body = {
        "institution_id": scene.institution_id, "deputy_id": str(deputy.user_id),
        "first_day": str(first), "last_day": str(last),
    }  # fmt: skip
    return await away.post("/v1/partner/deputyships", body)


async def _named(scene: Scene, away: Person, deputy: Person, first: date, last: date) -> str:
    answer = await _name(scene, away, deputy, first, last)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _midnight(day: date) -> datetime:
    """Return when a day of the offices begins, in winter or summer."""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=3)
    while local_date(moment) < day:
        moment += timedelta(minutes=30)
    return moment


async def test_list_of_the_absent_is_the_deputys_to_the_second(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    petra, omar = scene.partner, await colleague(scene)
    referral = await sent(scene)
    await charge(petra, referral, "take-charge")
    first = local_date(utc_now()) + 2 * DAY
    await _named(scene, petra, omar, first, first + DAY)
    begins, ends = _midnight(first), _midnight(first + 2 * DAY)
    expected = {
        begins - timedelta(seconds=1): [],
        begins: [referral],
        ends - timedelta(seconds=1): [referral],
        ends: [],
    }
    for moment, mine in expected.items():
        clock.fixed = moment
        monkeypatch.setattr(world_module, "utc_now", lambda moment=moment: moment)
        for person, listed in ((omar, mine), (petra, [referral])):
            async with world.http(world.token(person.account_id, person.session_id)) as http:
                answer = await http.get("/v1/partner/referrals", params={"assigned": "me"})
            assert [each["id"] for each in answer.json()["items"]] == listed, moment


async def test_deputy_is_told_what_the_absent_one_is_told_and_the_others_are_not(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene = await a_scene(world)
    petra, omar, lea = scene.partner, await colleague(scene), await colleague(scene)
    referral = await sent(scene)
    await charge(petra, referral, "take-charge")
    today = local_date(utc_now())
    await _named(scene, petra, omar, today, today)
    await scene.manager.post(f"/v1/referrals/{referral}/cancel", {"reason": "no_longer_wanted"})
    await deliver(worker_database, clock)
    ended = ("referral_cancelled", "referral", referral)
    assert [ended in await told(each) for each in (petra, omar, lea)] == [True, True, False]
    came = ("referral_received", "referral", referral)
    assert [came in await told(each) for each in (petra, omar, lea)] == [True, True, True]


async def test_without_anybody_in_charge_everybody_is_told(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene = await a_scene(world)
    lea = await colleague(scene)
    referral = await sent(scene)
    await scene.manager.post(f"/v1/referrals/{referral}/cancel", {"reason": "no_longer_wanted"})
    await deliver(worker_database, clock)
    ended = ("referral_cancelled", "referral", referral)
    assert [ended in await told(each) for each in (scene.partner, lea)] == [True, True]


async def test_deputy_hands_on_for_the_absent_and_not_afterwards(world: World) -> None:
    scene = await a_scene(world)
    petra, omar, lea = scene.partner, await colleague(scene), await colleague(scene)
    referral = await sent(scene)
    await charge(petra, referral, "take-charge")
    to_lea = {"user_id": str(lea.user_id)}
    assert (await charge(omar, referral, "hand-on", **to_lea)).status_code == 403
    today = local_date(utc_now())
    deputyship = await _named(scene, petra, omar, today, today)
    assert (await charge(omar, referral, "hand-on", user_id=str(petra.user_id))).status_code == 200
    assert (await omar.delete(f"/v1/partner/deputyships/{deputyship}")).status_code == 204
    assert (await charge(omar, referral, "hand-on", **to_lea)).status_code == 403
    again = await petra.delete(f"/v1/partner/deputyships/{deputyship}")
    assert (again.status_code, again.json()["state"]) == (409, "ended")


async def test_one_deputy_a_day_who_is_a_colleague_and_sees_as_much(world: World) -> None:
    scene = await a_scene(world)
    north = await site(world, scene.institution_id, "Nord")
    petra, omar, lea = scene.partner, await colleague(scene), await colleague(scene, north)
    await site(world, scene.institution_id, "Süd")
    stranger = await world.person(Role.PARTNER_USER, institution="schule")
    today = local_date(utc_now())
    await _named(scene, petra, omar, today, today + DAY)
    twice = await _name(scene, petra, omar, today + DAY, today + 2 * DAY)
    assert (twice.status_code, twice.json()["code"]) == (409, "deputy_named")
    later = today + 9 * DAY
    for other in (lea, stranger, petra, scene.manager):
        refused = await _name(scene, petra, other, later, later)
        assert (refused.status_code, refused.json()["errors"][0]["place"]) == (422, "body.deputy_id")
    for first, last in ((today - DAY, today - DAY), (today, today + 400 * DAY), (later, today)):
        assert (await _name(scene, petra, omar, first, last)).status_code == 422
    assert (await _name(scene, stranger, omar, later, later)).status_code == 404
    assert (await _name(scene, lea, petra, later, later)).status_code == 201


async def test_deputyship_is_seen_by_its_two_alone(world: World) -> None:
    scene = await a_scene(world)
    petra, omar, lea = scene.partner, await colleague(scene), await colleague(scene)
    today = local_date(utc_now())
    deputyship = await _named(scene, petra, omar, today, today)
    listed = [(await each.get("/v1/partner/deputyships")).json()["items"] for each in (petra, omar, lea)]
    assert [[each["id"] for each in one] for one in listed] == [[deputyship], [deputyship], []]
    assert (await lea.delete(f"/v1/partner/deputyships/{deputyship}")).status_code == 404


@pytest.mark.parametrize("end", ["deputy", "away", "sites"])
async def test_deputyship_ends_with_the_membership_or_the_sight(world: World, end: str) -> None:
    scene = await a_scene(world)
    north = await site(world, scene.institution_id, "Nord")
    await site(world, scene.institution_id, "Süd")
    petra, omar = scene.partner, await colleague(scene)
    await colleague(scene)
    today = local_date(utc_now())
    await _named(scene, petra, omar, today, today)
    if end == "sites":
        await work_at(world, omar, north)
    else:
        gone = omar if end == "deputy" else petra
        await world.admin.execute("UPDATE memberships SET ended_at = now() WHERE user_id = $1", gone.user_id)
    ended = "SELECT count(*) FROM partner_deputyships WHERE municipal_area_id = $1 AND ended_at IS NOT NULL"
    assert await world.admin.fetchval(ended, world.area) == 1


async def test_last_day_before_the_first_is_said_by_its_place(world: World) -> None:
    scene = await a_scene(world)
    today = local_date(utc_now())
    answer = await _name(scene, scene.partner, await colleague(scene), today + DAY, today)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["place"], error["kind"]) == (
        422, "body.last_day", "ends_before_it_begins",
    )  # fmt: skip


async def test_deputy_who_does_not_exist_is_answered_like_who_is_no_colleague(world: World) -> None:
    scene = await a_scene(world)
    today = local_date(utc_now())
    days = {"first_day": str(today), "last_day": str(today)}
    stranger = await world.person(Role.PARTNER_USER, institution="schule")
    unknown, foreign = [
        await scene.partner.post(
            "/v1/partner/deputyships", {"institution_id": scene.institution_id, "deputy_id": who, **days}
        )
        for who in (nobody(), str(stranger.user_id))
    ]
    assert unknown.status_code == foreign.status_code == 422
    assert unknown.json()["errors"] == foreign.json()["errors"]
