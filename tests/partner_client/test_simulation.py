"""The simulated office answers like a real one: by its seed, in its time, and without naming anybody."""

import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.kit.database import Database
from app.referrals.deadlines import expire_due
from kim_partner import Kim, Retries, Unreachable
from kim_partner.simulation import command
from kim_partner.simulation.courses import Act, Course, Rates, course_of, due
from kim_partner.simulation.office import Office
from tests.identity.partner_systems.arrange import Machine
from tests.partner_client.stage import LOST, Stage, run
from tests.referrals.arrange import Scene, sent
from tests.referrals.test_deadlines import Worker
from tests.world import World

ROOT = Path(__file__).parents[2]
MINUTE = 60.0
AT_ONCE = Rates(0.5, 0.3, 0.2, delay_minutes=0)
NAMES = ("Amina", "Al-Hadi", "Samira", "Haddad")


class Watch:
    """The office's clock."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


def an_office(kim: Kim, rates: Rates = AT_ONCE, seed: int = 7, **more: Any) -> tuple[Office, list[str]]:
    said: list[str] = []
    return Office(kim, rates, seed, say=said.append, **more), said


async def states(kim: Kim) -> dict[str, str]:
    return {each["id"]: each["state"] for each in await run(lambda: list(kim.referrals.listed()))}


def reached(referral_id: str, rates: Rates, seed: int) -> str:
    """Return where a referral ends whose time has come, by the rules alone."""
    course = course_of(referral_id, rates, seed)
    if course.answer == "silent":
        return "requested"
    return (
        "rejected"
        if course.answer == "reject"
        else {"complete": "completed", "fail": "failed"}[course.ending]
    )


def waits_long(course: Course) -> bool:
    """Say whether it is held, and minutes pass between any two of its steps, however slow the machine."""
    if course.held is None:
        return False
    moments = [course.answered, course.started, *course.held, course.ended]
    return all(later - earlier > 10 for earlier, later in pairwise(moments))


def with_answer(answer: str, *ids: str, rates: Rates = AT_ONCE) -> int:
    """Return a seed by which all of these are answered so."""
    return next(
        seed for seed in range(10_000) if all(course_of(each, rates, seed).answer == answer for each in ids)
    )


async def test_office_does_what_its_seed_says_and_nothing_twice(kim: Kim, scene: Scene) -> None:
    ids = [await sent(scene) for _ in range(6)]
    office, said = an_office(kim)
    await run(office.turn)
    assert await states(kim) == {each: reached(each, AT_ONCE, 7) for each in ids}
    done = dict(office.taken)
    await run(office.turn)
    other, _ = an_office(kim)
    await run(other.turn)
    assert (dict(office.taken), dict(other.taken)) == (done, {})
    assert not [line for line in said for name in NAMES if name in line]


async def test_delayed_answers_come_when_their_time_has_come(kim: Kim, scene: Scene) -> None:
    ids = [await sent(scene) for _ in range(4)]
    rates, watch = Rates(1, 0, 0, delay_minutes=100), Watch()
    seed = next(
        seed
        for seed in range(10_000)
        if sum(course_of(each, rates, seed).answered == 0 for each in ids) == 2
        and sum(course_of(each, rates, seed).answered > 15 for each in ids) == 2
        and all(course_of(each, rates, seed).started > 15 for each in ids)
    )
    office, _ = an_office(kim, rates, seed, clock=watch)
    await run(office.turn)
    assert sorted((await states(kim)).values()) == ["accepted", "accepted", "requested", "requested"]
    watch.ahead = 100 * MINUTE
    await run(office.turn)
    assert "requested" not in (await states(kim)).values()
    watch.ahead = 1000 * MINUTE
    await run(office.turn)
    assert await states(kim) == {each: reached(each, rates, seed) for each in ids}


async def test_work_that_waits_is_held_and_resumed(kim: Kim, scene: Scene) -> None:
    referral_id = await sent(scene)
    rates, watch = Rates(1, 0, 0, delay_minutes=100), Watch()
    seed = next(seed for seed in range(10_000) if waits_long(course_of(referral_id, rates, seed)))
    course = course_of(referral_id, rates, seed)
    assert course.held
    office, _ = an_office(kim, rates, seed, clock=watch)
    for minute, state in [
        (course.started, "in_progress"), (course.held[0], "on_hold"), (course.held[1], "in_progress"),
    ]:  # fmt: skip
        watch.ahead = (minute + 0.1) * MINUTE
        await run(office.turn)
        assert await states(kim) == {referral_id: state}


async def test_silence_lets_a_referral_expire(
    kim: Kim, scene: Scene, world: World, worker_database: Database
) -> None:
    referral_id = await sent(scene)
    office, said = an_office(kim, Rates(0, 0, 1))
    await run(office.turn)
    assert await Worker(worker_database, world).run(expire_due, days=14.1) == 1
    await run(office.turn)
    seen = (await scene.manager.get(f"/v1/referrals/{referral_id}")).json()
    assert (seen["state"], seen["outcome"]) == ("expired", "no_answer")
    assert len(said) == 1


async def test_late_office_answers_what_has_expired(
    kim: Kim, scene: Scene, world: World, worker_database: Database
) -> None:
    referral_id = await sent(scene)
    await Worker(worker_database, world).run(expire_due, days=14.1)
    seed = with_answer("reject", referral_id)
    office, _ = an_office(kim, seed=seed)
    assert await states(kim) == {referral_id: "expired"}
    await run(office.turn)
    assert await states(kim) == {referral_id: "rejected"}


async def test_withdrawn_consent_is_acknowledged_and_the_data_are_deleted(kim: Kim, scene: Scene) -> None:
    referral_id = await sent(scene)
    office, said = an_office(kim, Rates(0, 0, 1))
    await run(office.turn)
    consents = (await scene.manager.get("/v1/consents", client_id=scene.client_id)).json()["items"]
    for each in consents:
        await scene.manager.post(f"/v1/consents/{each['id']}/withdraw", {"channel": "phone"})
    await run(office.turn)
    (recall,) = await run(lambda: list(kim.referrals.recalls()))
    assert (recall["id"], recall["account"]) == (referral_id, "deleted")
    assert recall["acknowledged_at"]
    assert said[-2:] == [
        f"…{referral_id[-8:]}  out of sight: forgotten", f"…{referral_id[-8:]}  acknowledge  data deleted",
    ]  # fmt: skip


async def test_colleague_who_was_faster_is_left_alone(kim: Kim, scene: Scene) -> None:
    referral_id = await sent(scene)
    office, said = an_office(kim, seed=with_answer("accept", referral_id))
    await run(office._catch_up)
    answer = await scene.partner.post(
        f"/v1/partner/referrals/{referral_id}/reject", {"reason": "no_capacity"}
    )
    assert answer.status_code == 200
    await run(office._go_on, referral_id)
    assert said == [f"…{referral_id[-8:]}  accept: version_stale, left alone"]
    assert await states(kim) == {referral_id: "rejected"}


async def test_office_begins_anew_with_a_cursor_that_is_too_old(kim: Kim, scene: Scene) -> None:
    office, said = an_office(kim, Rates(0, 0, 1))
    office._cursor = (await scene.partner.get("/v1/partner/referrals", since="")).json()["next"]
    await run(office.turn)
    assert said == ["The cursor is too old: beginning anew."]
    assert office._cursor == ""


async def test_server_that_is_away_is_asked_again_and_once_says_so(stage: Stage, machine: Machine) -> None:
    kim = stage.kim_of(machine, retries=Retries(attempts=1))
    await run(lambda: list(kim.referrals.listed()))
    office, _ = an_office(kim)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            raise KeyboardInterrupt

    stage.line.faults.append(LOST)
    with pytest.raises(KeyboardInterrupt):
        await run(command._work, office, every=5.0, once=False, sleep=sleep)
    assert slept == [5.0, 5.0]
    stage.line.faults.append(LOST)
    with pytest.raises(Unreachable):
        await run(command._work, office, every=5.0, once=True, sleep=sleep)


def test_shares_are_what_was_asked_for() -> None:
    rates = Rates(0.6, 0.25, 0.15, 10)
    drawn = [course_of(f"referral {number}", rates, 1) for number in range(4000)]
    for answer, share in (("accept", 0.6), ("reject", 0.25), ("silent", 0.15)):
        assert abs(sum(each.answer == answer for each in drawn) / 4000 - share) < 0.03


def test_same_seed_says_the_same_and_another_one_something_else() -> None:
    rates, ids = Rates(), [f"referral {number}" for number in range(50)]
    first, again, other = ([course_of(each, rates, seed) for each in ids] for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.parametrize("state", ["completed", "rejected", "revoked", "cancelled", "entered_in_error"])
def test_nothing_is_due_at_the_end(state: str) -> None:
    assert due(state, course_of("referral", AT_ONCE, 1), 1e9) is None


def test_hold_that_somebody_else_set_is_resumed() -> None:
    seed = next(seed for seed in range(100) if course_of("r", AT_ONCE, seed).held is None)
    assert due("on_hold", course_of("r", AT_ONCE, seed), 0.0) == Act("resume")
