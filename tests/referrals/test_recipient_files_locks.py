"""Second locks of files that institutions send: a withdrawal meanwhile, and what the database refuses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import pytest

from app.access.context import Context
from app.access.roles import Role
from app.documents import receiving
from app.documents.shelf import AT_ONCE, GUESTS_AT_ONCE
from app.kit.ids import new_id
from app.referrals.messages import bringing
from app.referrals.rules import Side
from tests.cases.test_row_security import weakened
from tests.consents.arrange import give_consent, just_now, withdraw
from tests.documents.arrange import another_shelf, upload
from tests.documents.files import TEXT
from tests.referrals.arrange import AUTHORITIES, Scene, a_scene, put_in_state, sent
from tests.referrals.interleaving import interleave, stops
from tests.referrals.test_recipient_files import bring, files
from tests.world import World, fresh_key

ORDERS = 30
LATE, REFUSED, BEFORE = "taken after the withdrawal", "refused", "taken before the withdrawal"
TAKE = "SELECT take_recipients_file($1, $2, $3, 'pdf', 1, 'x', true, 'x', 'x', now(), current_date)"
ASKED = " OR NOT public.feedback_agreed(v.referral_id, p_on)"
SAY = """INSERT INTO referral_messages
    (municipal_area_id, id, referral_id, institution_id, at, side, kind, data_categories)
VALUES ($1, $2, $3, $4, now(), $5, 'file', '{}')"""


@asynccontextmanager
async def without(admin: asyncpg.Connection, name: str, part: str) -> AsyncIterator[None]:
    """Take a part out of a function of the database, and put it back: a planted fault."""
    kept = await admin.fetchval("SELECT pg_get_functiondef($1::regproc)", name)
    assert part in kept
    await admin.execute(kept.replace(part, ""))
    try:
        yield
    finally:
        await admin.execute(kept)


async def race(scene: Scene, referral_id: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """Send a file and withdraw the consent to feedback in one order, and return what came of it."""
    consent_id = await give_consent(
        scene.manager, scene.client_id, scene.institution_id, purpose="feedback", direction="from",
        given_at=just_now(),
    )  # fmt: skip
    ended = []

    async def bringing() -> int:
        status = (await bring(scene.partner, referral_id)).status_code
        ended.append("file")
        return status

    async def withdrawing() -> int:
        path = f"/v1/consents/{consent_id}/withdraw"
        status = (await scene.manager.post(path, {"channel": "phone"})).status_code
        ended.append("withdrawal")
        return status

    with stops(monkeypatch):
        file, withdrawal = await interleave(seed, scene.world.admin, bringing, withdrawing)
    assert withdrawal == 200
    if file != 201:
        return REFUSED
    return LATE if ended[0] == "withdrawal" else BEFORE


async def raced(world: World, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    monkeypatch.setattr(bringing, "MOST_FILES", ORDERS)
    scene = await a_scene(world)
    referral_id = await sent(scene, consent={"direction": "to"})
    return {await race(scene, referral_id, seed, monkeypatch) for seed in range(ORDERS)}


async def test_file_and_withdrawal_come_one_after_the_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await raced(world, monkeypatch) == {REFUSED, BEFORE}


async def test_file_without_the_lock_comes_after_the_withdrawal_and_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with without(world.admin, "feedback_agreed", "FOR SHARE"):
        assert LATE in await raced(world, monkeypatch)


async def test_database_asks_for_the_consent_where_the_application_forgets_to(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def always(_ctx: Context, _referral_id: UUID) -> bool:
        return True

    scene = await a_scene(world)
    referral_id = await sent(scene, consent={"direction": "to"})
    monkeypatch.setattr(bringing, "feedback_agreed", always)  # a planted fault
    refused = await bring(scene.partner, referral_id)
    assert (refused.status_code, refused.json()["code"]) == (409, "file_not_taken")
    async with without(world.admin, "take_recipients_file", ASKED):
        assert (await bring(scene.partner, referral_id)).status_code == 201


async def _taken(scene: Scene, referral_id: str) -> bool:
    """Write a file's message and its document with the role of the application, as the institution."""
    world = scene.world
    async with world.sql(scene.partner) as db:
        driver = await db.driver()
        message = new_id()
        place = (UUID(referral_id), UUID(scene.institution_id))
        await driver.execute(SAY, world.area, message, *place, Side.RECIPIENT)
        return bool(await driver.fetchval(TAKE, message, new_id(), new_id()))


async def test_database_takes_no_file_without_the_consent_to_feedback(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent={"direction": "to"})
    assert not await _taken(scene, referral_id)
    consent_id = await give_consent(
        scene.manager, scene.client_id, scene.institution_id, purpose="feedback", direction="from"
    )
    assert await _taken(scene, referral_id)
    await withdraw(scene.manager, consent_id)
    assert not await _taken(scene, referral_id)


async def test_database_takes_no_file_of_what_is_over(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await put_in_state(world, referral_id, "completed")
    assert not await _taken(scene, referral_id)


@pytest.mark.parametrize("kind", AUTHORITIES)
async def test_database_takes_no_file_of_an_authority_of_residence_law(world: World, kind: str) -> None:
    scene = await a_scene(world, kind)
    referral_id = await sent(scene, consent={"data_categories": ["master_data"]})
    assert not await _taken(scene, referral_id)


async def test_thread_that_everybody_may_write_in_takes_a_strangers_file_and_is_noticed(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    stranger = await world.person(Role.PARTNER_USER, institution="sozialamt")
    add = """INSERT INTO referral_messages
        (municipal_area_id, id, referral_id, institution_id, at, side, kind)
    SELECT $1, $2, $3, $4, now(), 'recipient', 'file'"""
    values = (world.area, new_id(), UUID(referral_id), UUID(scene.institution_id))

    async def added() -> bool:
        try:
            async with world.sql(stranger) as db:
                await (await db.driver()).execute(add, *values)
        except Exception:  # noqa: BLE001 - refused by the policy, whatever it is called
            return False
        return True

    assert not await added()
    async with weakened(world, "referral_messages", "addressed_write", "WITH CHECK"):
        assert await added()
    await world.admin.execute("DELETE FROM referral_messages WHERE id = $1", values[1])


async def _beside_slow_senders(world: World, guests: int) -> int:
    """Upload as a case manager while an institution sends more files than it has places for, without end."""
    scene = await a_scene(world)
    path = files(await sent(scene))
    begun, go_on = asyncio.Semaphore(0), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        begun.release()
        yield TEXT
        await go_on.wait()

    def headers(number: int) -> dict[str, str]:
        return {"Content-Type": "application/octet-stream", **fresh_key("POST", path, f"slow-file-{number}")}

    senders = [
        asyncio.create_task(scene.partner.http.post(path, content=slowly(), headers=headers(number)))
        for number in range(AT_ONCE)
    ]
    for _ in range(guests):
        await begun.acquire()
    status = (await upload(scene.manager, f"/v1/cases/{scene.case_id}/documents")).status_code
    go_on.set()
    assert [each.status_code for each in await asyncio.gather(*senders)] == [201] * AT_ONCE
    return status


async def test_slow_senders_leave_the_offices_room(world: World) -> None:
    assert await _beside_slow_senders(world, GUESTS_AT_ONCE) == 201


async def test_slow_senders_who_take_every_place_are_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "WAIT_SECONDS", 2.0)
    with another_shelf(world.app, guests=asyncio.Semaphore(AT_ONCE)):  # a planted fault
        assert await _beside_slow_senders(world, AT_ONCE) == 503
