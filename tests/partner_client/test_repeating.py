"""What is lost on the way is repeated, takes effect once, and is not repeated for ever."""

import asyncio
from collections.abc import Callable

import httpx
import pytest

from kim_partner import Kim, PersonCredential, Retries, TooManyRequests, Unavailable, Unreachable
from kim_partner.problems import refusal
from tests.hurry import NO_HURRY
from tests.identity.arrange import PASSWORD, give_password
from tests.identity.partner_systems.arrange import Machine
from tests.incoming_referrals.arrange import a_desk
from tests.partner_client.stage import BUSY, LOST, NO_JSON, PLAIN_GATEWAY, TOO_MANY, Stage, run
from tests.referrals.arrange import Scene, sent
from tests.webhooks.arrange import KINDS


async def ready(stage: Stage, machine: Machine, naps: list[float], **options: object) -> Kim:
    """Return a client that has its token, so that the next answer is that of what it does next."""
    kim = stage.kim_of(machine, sleep=naps.append, **options)
    await run(lambda: list(kim.referrals.listed()))
    return kim


@pytest.mark.parametrize(
    ("faults", "pauses"),
    [
        ([LOST], [(0, 1)]),
        ([LOST, LOST, LOST], [(0, 1), (0, 1.1), (0, 2.1)]),
        ([BUSY], [(7, 8)]),
        ([TOO_MANY, BUSY], [(9, 10), (7, 8)]),
        ([PLAIN_GATEWAY], [(0, 1)]),
        ([NO_JSON], [(0, 1)]),
    ],
)
async def test_step_whose_answer_was_lost_is_repeated_and_taken_once(
    stage: Stage, machine: Machine, scene: Scene, faults: list[bytes], pauses: list[tuple[float, float]]
) -> None:
    referral_id = await sent(scene)
    naps: list[float] = []
    kim = await ready(stage, machine, naps)
    stage.line.faults += faults
    taken = await run(kim.referrals.accept, referral_id)
    assert taken["state"] == "accepted"
    assert [low <= nap <= high for nap, (low, high) in zip(naps, pauses, strict=True)] == [True] * len(pauses)
    kept = await run(lambda: list(kim.referrals.receipts(referral_id)))
    assert [each["step"] for each in kept] == ["send", "accept"]


async def test_person_is_referred_once_although_the_answer_was_lost_twice(
    stage: Stage, machine: Machine, scene: Scene
) -> None:
    desk = await a_desk(scene.world)
    kim = await ready(stage, machine, [])
    stage.line.faults += [LOST, BUSY]
    made = await run(kim.incoming.refer, desk.body())
    assert [each["id"] for each in await run(lambda: list(kim.incoming.listed()))] == [made["id"]]


async def test_two_new_keys_would_refer_twice(stage: Stage, machine: Machine, scene: Scene) -> None:
    """The fault that the shared key prevents, planted."""
    desk = await a_desk(scene.world)
    kim = await ready(stage, machine, [])
    body = desk.body(reference="A-1")
    first, second = [await run(kim.incoming.refer, body, key=f"attempt-number-{number}") for number in (1, 2)]
    assert first["id"] != second["id"]


@pytest.mark.parametrize(("fault", "raised"), [(LOST, Unreachable), (BUSY, Unavailable)])
async def test_removal_that_may_have_been_done_is_not_repeated(
    stage: Stage, scene: Scene, fault: bytes, raised: type[Exception]
) -> None:
    naps: list[float] = []
    email = await give_password(scene.world, scene.partner)
    people = stage.kim(PersonCredential(email, PASSWORD), sleep=naps.append)
    made = await run(
        people.webhooks.register, scene.institution_id, "https://office.example/kim", "Amt", KINDS
    )
    version = made["webhook"]["version"]
    stage.line.faults += [TOO_MANY, fault]
    with pytest.raises(raised):
        await run(people.webhooks.remove, made["webhook"]["id"], version=version)
    assert len(naps) == 1
    assert stage.line.faults == []


async def test_repeats_end_after_so_many_attempts(stage: Stage, machine: Machine) -> None:
    naps: list[float] = []
    kim = await ready(stage, machine, naps, retries=Retries(attempts=3))
    stage.line.faults += [LOST] * 3
    with pytest.raises(Unreachable):
        await run(lambda: list(kim.referrals.listed()))
    assert len(naps) == 2
    assert stage.line.faults == []


async def test_repeats_end_when_the_time_is_over(stage: Stage, machine: Machine) -> None:
    naps: list[float] = []
    kim = await ready(stage, machine, naps, retries=Retries(attempts=50, seconds=20))
    stage.line.faults += [TOO_MANY] * 4
    with pytest.raises(TooManyRequests) as refused:
        await run(lambda: list(kim.referrals.listed()))
    assert refused.value.retry_after == 9
    assert sum(naps) <= 20
    assert len(naps) == 2
    stage.line.faults.clear()


async def test_server_that_asks_for_more_patience_than_there_is_is_not_waited_for(
    stage: Stage, machine: Machine
) -> None:
    naps: list[float] = []
    kim = await ready(stage, machine, naps, retries=Retries(seconds=5))
    stage.line.faults += [BUSY]
    with pytest.raises(Unavailable):
        await run(lambda: list(kim.referrals.listed()))
    assert naps == []


async def test_work_goes_on_after_a_restart_of_the_server(
    stage: Stage, machine: Machine, scene: Scene
) -> None:
    referral_id = await sent(scene)
    loop = asyncio.get_running_loop()
    naps: list[float] = []

    def starts_again(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 2:
            asyncio.run_coroutine_threadsafe(stage.start(), loop).result(NO_HURRY)

    kim = stage.kim_of(machine, sleep=starts_again)
    cursor = await run(lambda: next(iter(kim.referrals.changes())).cursor)
    await stage.stop()
    taken = await run(kim.referrals.accept, referral_id)
    assert taken["state"] == "accepted"
    assert len(naps) == 2
    pages = await run(lambda: list(kim.referrals.changes(cursor)))
    assert [each["id"] for page in pages for each in page.changed] == [referral_id]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("5", 5.0),
        ("Thu, 01 Jan 1970 00:00:20 GMT", 15.0),
        ("Thu, 01 Jan 1970 00:00:01 GMT", 0.0),
        ("soon", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    answer = httpx.Response(503, headers={"retry-after": header} if header else {})
    assert refusal(answer, now=5.0).retry_after == seconds


@pytest.mark.parametrize("body", [b"", b"oops", b"[1]", b"\xff"])
def test_refusal_without_problem_details_is_named_after_its_status(body: bytes) -> None:
    answer = httpx.Response(503, headers={"content-type": "application/json"}, content=body)
    assert isinstance(refusal(answer, now=0.0), Unavailable)
    assert refusal(answer, now=0.0).code == "unknown"


def test_pauses_grow_and_are_not_the_same_for_everybody() -> None:
    retries = Retries(attempts=9, seconds=1000)
    drawn: Callable[[int], set[float | None]] = lambda attempt: {  # noqa: E731
        retries.pause(attempt, None, 0.0) for _ in range(40)
    }
    assert len(drawn(1)) > 5
    assert max(each or 0 for each in drawn(1)) <= 0.5
    assert min(each or 0 for each in drawn(4)) >= 2.0
