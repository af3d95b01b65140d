"""A partner's batch: each item by itself and in order, nothing twice, and a refusal keeps no other back."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app.access.roles import Role
from app.referrals import partner_batch, partner_queries
from app.referrals.partner_schemas import PartnerBatch
from tests.referrals.arrange import Scene, a_scene, agreed, draft, send, sent
from tests.refusals import places
from tests.world import Person, World

PATH = "/v1/partner/referrals/batch"
KEY = "batch-of-the-morning"


async def several(scene: Scene, count: int) -> list[str]:
    """Return so many referrals that were sent."""
    await agreed(scene)
    found = [await draft(scene) for _ in range(count)]
    for each in found:
        await send(scene, each)
    return found


async def item(person: Person, referral_id: str, name: str, **body: Any) -> dict[str, Any]:
    """Return an item for a referral as it stands now."""
    seen = (await person.get(f"/v1/partner/referrals/{referral_id}")).json()
    return {"id": referral_id, "version": seen["version"], "step": name, **body}


async def answered(person: Person, *items: dict[str, Any], key: str = KEY) -> list[dict[str, Any]]:
    answer = await person.post(PATH, {"items": list(items)}, Idempotency_Key=key)
    assert answer.status_code == 200, answer.text
    told: list[dict[str, Any]] = answer.json()["items"]
    return told


async def state(scene: Scene, referral_id: str) -> str:
    return str((await scene.manager.get(f"/v1/referrals/{referral_id}")).json()["state"])


async def steps_taken(scene: Scene) -> int:
    found: int = await scene.world.admin.fetchval(
        "SELECT count(*) FROM referral_events WHERE municipal_area_id = $1 AND side = 'recipient'",
        scene.world.area,
    )
    return found


async def test_items_are_answered_one_by_one_in_their_order(world: World) -> None:
    scene = await a_scene(world)
    one, two, three = await several(scene, 3)
    told = await answered(
        scene.partner,
        await item(scene.partner, one, "accept"),
        {**await item(scene.partner, two, "accept"), "version": 1},
        await item(scene.partner, three, "start"),
        {"id": str(uuid4()), "version": 1, "step": "accept"},
        await item(scene.partner, two, "reject", reason="no_mood"),
        await item(scene.partner, three, "reject", reason="no_capacity"),
    )
    assert [(each["status"], each["id"]) for each in told][:3] == [(200, one), (412, two), (409, three)]
    assert [each["status"] for each in told] == [200, 412, 409, 404, 422, 200]
    assert told[0]["state"] == "accepted"
    assert (told[1]["problem"]["code"], told[2]["problem"]["allowed"]) == (
        "version_stale", ["accept", "cancel", "reject"],
    )  # fmt: skip
    assert [await state(scene, each) for each in (one, two, three)] == ["accepted", "requested", "rejected"]


async def test_item_answers_what_its_own_address_would(world: World) -> None:
    scene = await a_scene(world)
    (referral_id,) = await several(scene, 1)
    (told,) = await answered(scene.partner, await item(scene.partner, referral_id, "start"))
    alone = await scene.partner.post(f"/v1/partner/referrals/{referral_id}/start")
    assert (told["status"], told["problem"]) == (alone.status_code, alone.json())


async def test_every_step_can_be_taken_in_a_batch(world: World) -> None:
    scene = await a_scene(world)
    (referral_id,) = await several(scene, 1)
    steps = [
        ("fetched", {}), ("accept", {}), ("start", {}), ("hold", {"reason": "capacity"}), ("resume", {}),
        ("complete", {"outcome": "helped", "text": "Bescheid ist da."}),
    ]  # fmt: skip
    first = await item(scene.partner, referral_id, "fetched")
    items = [
        {"id": referral_id, "version": first["version"] + n, "step": name, **body}
        for n, (name, body) in enumerate(steps)
    ]
    told = await answered(scene.partner, *items)
    assert [each["status"] for each in told] == [200] * 6
    assert len({each["receipt"] for each in told}) == 6
    assert await state(scene, referral_id) == "completed"


async def test_replayed_batch_does_nothing_twice_and_gives_the_same_receipts(world: World) -> None:
    scene = await a_scene(world)
    one, two = await several(scene, 2)
    items = [
        await item(scene.partner, one, "accept"),
        await item(scene.partner, two, "reject", reason="no_capacity"),
    ]
    first = await answered(scene.partner, *items)
    taken = await steps_taken(scene)
    again = await answered(scene.partner, *items)
    assert [each | {"receipt": ""} for each in first] == [each | {"receipt": ""} for each in again]
    assert [each["receipt"].split(".")[1] for each in first] == [
        each["receipt"].split(".")[1] for each in again
    ]
    assert await steps_taken(scene) == taken == 2


async def test_replay_shows_what_stands_there_today_and_only_what_may_be_seen(world: World) -> None:
    scene = await a_scene(world)
    (referral_id,) = await several(scene, 1)
    items = [await item(scene.partner, referral_id, "accept")]
    await answered(scene.partner, *items)
    await scene.manager.post(f"/v1/referrals/{referral_id}/cancel", {"reason": "solved_otherwise"})
    (told,) = await answered(scene.partner, *items)
    assert (told["status"], told["state"]) == (200, "cancelled")
    await world.admin.execute(
        "UPDATE memberships SET institution_id = $2 WHERE user_id = $1",
        scene.partner.user_id, await world.institution("sozialamt"),
    )  # fmt: skip
    (told,) = await answered(scene.partner, *items)
    assert told["status"] == 404


async def test_key_of_another_batch_is_refused_as_a_whole(world: World) -> None:
    scene = await a_scene(world)
    one, two = await several(scene, 2)
    await answered(scene.partner, await item(scene.partner, one, "accept"))
    items = [await item(scene.partner, one, "start"), await item(scene.partner, two, "accept")]
    answer = await scene.partner.post(PATH, {"items": items}, Idempotency_Key=KEY)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert await state(scene, two) == "requested"


async def test_batch_without_a_key_is_refused(world: World) -> None:
    scene = await a_scene(world)
    (referral_id,) = await several(scene, 1)
    items = [await item(scene.partner, referral_id, "accept")]
    answer = await scene.partner.http.post(PATH, json={"items": items})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
    assert await state(scene, referral_id) == "requested"


@pytest.mark.parametrize(
    ("items", "place"),
    [
        ([], "body.items"),
        ([{"id": str(UUID(int=1)), "version": 1, "step": "accept"}] * 51, "body.items"),
        ([{"id": str(UUID(int=1)), "step": "accept"}], "body.items.0.version"),
        ([{"id": str(UUID(int=1)), "version": 1, "step": "send"}], "body.items.0"),
        ([{"id": str(UUID(int=1)), "version": 1, "step": "reject"}], "body.items.0.reason"),
        ([{"id": str(UUID(int=1)), "version": "1", "step": "start"}], "body.items.0.version"),
    ],
    ids=["none", "too many", "no version", "no step of theirs", "no reason", "no number"],
)
async def test_batch_of_another_shape_does_nothing(world: World, items: list[Any], place: str) -> None:
    partner_user = await world.person(Role.PARTNER_USER)
    answer = await partner_user.post(PATH, {"items": items})
    assert answer.status_code == 422
    assert places(answer)[0]["place"] == place


async def test_what_was_not_found_in_a_batch_leaves_its_trace(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    stranger = await world.person(Role.PARTNER_USER, institution="sozialamt")
    (told,) = await answered(stranger, {"id": referral_id, "version": 2, "step": "accept"})
    assert told["status"] == 404
    row = await world.admin.fetchrow(
        """SELECT object_id, outcome, reason FROM audit_journal WHERE user_id = $1
        ORDER BY position DESC LIMIT 1""",
        stranger.user_id,
    )
    assert (row["object_id"], row["outcome"], row["reason"]) == (UUID(referral_id), "refused", "not_found")


async def test_two_programs_with_one_batch_do_it_once(world: World) -> None:
    scene = await a_scene(world)
    found = await several(scene, 4)
    items = [await item(scene.partner, each, "accept") for each in found]
    twice = await asyncio.gather(
        *(scene.partner.post(PATH, {"items": items}, Idempotency_Key=KEY) for _ in "ab")
    )
    assert await steps_taken(scene) == 4
    statuses = [
        each["status"] for answer in twice if answer.status_code == 200 for each in answer.json()["items"]
    ]
    assert set(statuses) <= {200, 409}
    assert [each["status"] for each in await answered(scene.partner, *items)] == [200] * 4


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("moment", range(5))
async def test_process_that_is_killed_leaves_no_half_item_and_the_repetition_does_the_rest(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    scene = await a_scene(world)
    found = await several(scene, 5)
    items = [await item(scene.partner, each, "accept") for each in found]
    calls = 0

    async def killed(ctx: Any, referral_id: UUID) -> Any:
        nonlocal calls
        calls += 1
        if calls > moment:
            raise Killed  # after the step, before its commit
        return await read(ctx, referral_id)

    read = partner_queries.read_taken
    with monkeypatch.context() as patch:
        patch.setattr(partner_queries, "read_taken", killed)
        with pytest.raises((Killed, BaseExceptionGroup)):
            await scene.partner.post(PATH, {"items": items}, Idempotency_Key=KEY)
    assert [await state(scene, each) for each in found].count("accepted") == moment
    assert await steps_taken(scene) == moment
    assert [each["status"] for each in await answered(scene.partner, *items)] == [200] * 5
    assert await steps_taken(scene) == 5


async def test_item_whose_key_is_forgotten_is_not_found_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planted fault: the key of an item is forgotten, and only its version is left to hold."""
    scene = await a_scene(world)
    (referral_id,) = await several(scene, 1)
    items = [await item(scene.partner, referral_id, "accept")]
    monkeypatch.setattr(partner_batch.BatchDesk, "once_for", lambda desk, _place: _without_key(desk.once))
    await answered(scene.partner, *items)
    (told,) = await answered(scene.partner, *items)
    assert told["status"] == 412


def _without_key(once: Any) -> Any:
    return type(once)(None, once.operation, once.digest)


async def test_batch_holds_one_connection_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many batches as there are connections wait for nobody."""
    scene = await a_scene(world)
    found = await several(scene, 3)
    items = [await item(scene.partner, each, "accept") for each in found]
    gate = world.app.state.gate
    open_now: set[int] = set()
    most = 0
    transaction = type(gate.database).transaction

    def counted(database: Any, opening: Any) -> Any:
        entered = transaction(database, opening)

        class Counted:
            async def __aenter__(self) -> Any:
                nonlocal most
                open_now.add(id(self))
                most = max(most, len(open_now))
                return await entered.__aenter__()

            async def __aexit__(self, *error: object) -> Any:
                open_now.discard(id(self))
                return await entered.__aexit__(*error)

        return Counted()

    monkeypatch.setattr(type(gate.database), "transaction", counted)
    answer: httpx.Response = await scene.partner.post(PATH, {"items": items})
    assert [each["status"] for each in answer.json()["items"]] == [200] * 3
    assert most == 1


def test_steps_of_a_batch_are_those_of_the_addresses() -> None:
    mapping = PartnerBatch.model_json_schema()["properties"]["items"]["items"]["discriminator"]["mapping"]
    assert set(mapping) == {
        "fetched", "accept", "reject", "start", "hold", "resume", "complete", "fail", "cancel",
        "acknowledge-revocation",
    }  # fmt: skip
