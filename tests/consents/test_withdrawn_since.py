"""A withdrawal is remembered: what was given before it stands no more, whenever its paper is entered."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.kit.clock import utc_now
from tests.cases.arrange import open_case
from tests.clients.arrange import WHO
from tests.consents.arrange import consent_body, give_consent, withdraw
from tests.referrals.arrange import Scene, a_scene, agreed, assign, draft
from tests.referrals.interleaving import interleave, stops
from tests.world import World

_REMEMBERED = """SELECT institution_id::text, purpose, only_this, told_at FROM told_withdrawals
WHERE municipal_area_id = $1"""


def _ago(**time: float) -> str:
    return (utc_now() - timedelta(**time)).isoformat()


async def _recorded(scene: Scene, **fields: Any) -> Any:
    institution_id = fields.pop("institution_id", scene.institution_id)
    body = consent_body(scene.client_id, institution_id, **{"given_at": _ago(days=1), **fields})
    return await scene.manager.post("/v1/consents", body)


async def _refused(scene: Scene, **fields: Any) -> Any:
    answer = await _recorded(scene, **fields)
    assert (answer.status_code, answer.json()["code"]) == (409, "withdrawn_since"), answer.text
    return answer.json()


async def _sends(scene: Scene) -> int:
    return int((await scene.manager.post(f"/v1/referrals/{await draft(scene)}/send")).status_code)


async def _told_at_counter(scene: Scene, **fields: Any) -> None:
    colleague = await scene.world.case_manager()
    body = {"channel": "in_person", "person": WHO, **fields}
    answer = await colleague.post("/v1/withdrawals", body)
    assert answer.status_code == 201, answer.text


async def test_paper_of_before_is_refused_naming_when_it_was_withdrawn(world: World) -> None:
    scene = await a_scene(world)
    told_at = _ago(minutes=1)
    await withdraw(scene.manager, await agreed(scene), told_at=told_at)
    refused = await _refused(scene)
    assert datetime.fromisoformat(refused["withdrawn_at"]) == datetime.fromisoformat(told_at)
    assert await _sends(scene) == 409


async def test_consent_given_after_it_was_told_is_recorded_and_carries_the_next_referral(
    world: World,
) -> None:
    scene = await a_scene(world)
    await withdraw(scene.manager, await agreed(scene))
    assert (await _recorded(scene, given_at=_ago())).status_code == 201
    assert await _sends(scene) == 200


async def test_other_recipients_purposes_and_own_purposes_are_recorded(world: World) -> None:
    scene = await a_scene(world)
    await withdraw(scene.manager, await agreed(scene))
    school = str(await world.institution("schule"))
    answers = [
        await _recorded(scene, institution_id=school),
        await _recorded(scene, purpose="feedback"),
        await _recorded(scene, institution_id=None),
    ]
    assert [each.status_code for each in answers] == [201] * 3


async def test_older_paper_is_recorded_where_the_client_meant_one_alone(world: World) -> None:
    scene = await a_scene(world)
    await withdraw(scene.manager, await agreed(scene), only_this=True)
    row = await world.admin.fetchrow(_REMEMBERED, world.area)
    assert (row["institution_id"], row["purpose"], row["only_this"]) == (
        scene.institution_id, "referral", True,
    )  # fmt: skip
    assert (await _recorded(scene)).status_code == 201


async def test_withdrawal_of_one_case_is_remembered_of_that_case(world: World) -> None:
    scene = await a_scene(world)
    other = await open_case(scene.manager, scene.client_id, kind="counselling")
    await withdraw(scene.manager, await agreed(scene, case_id=scene.case_id))
    await _refused(scene, case_id=scene.case_id)
    await _refused(scene)
    assert (await _recorded(scene, case_id=other)).status_code == 201


async def test_colleague_who_knew_nothing_of_it_is_refused_too(world: World) -> None:
    scene = await a_scene(world)
    colleague = await world.case_manager()
    await assign(world, colleague, scene.client_id, scene.case_id)
    await withdraw(scene.manager, await agreed(scene))
    answer = await colleague.post("/v1/consents", consent_body(scene.client_id, scene.institution_id))
    assert (answer.status_code, answer.json()["code"]) == (409, "withdrawn_since")


@pytest.mark.parametrize("extent", ["institution", "purpose", "everything"])
async def test_what_is_told_at_the_counter_before_the_paper_is_entered_is_kept(
    world: World, extent: str
) -> None:
    scene = await a_scene(world)
    said = {
        "institution": {"institution_id": scene.institution_id},
        "purpose": {"purpose": "referral"},
        "everything": {"everything": True},
    }[extent]
    await _told_at_counter(scene, **said)
    await _refused(scene)
    assert await _sends(scene) == 409
    assert (await _recorded(scene, given_at=_ago())).status_code == 201
    assert await _sends(scene) == 200


async def test_counter_tells_nothing_by_what_it_keeps(world: World) -> None:
    scene = await a_scene(world)
    await _told_at_counter(scene, everything=True)
    await _told_at_counter(scene, everything=True, person={**WHO, "birth_date": "1931-01-01"})
    assert len(await world.admin.fetch(_REMEMBERED, world.area)) == 1
    for person in (scene.manager, scene.partner, await world.case_manager()):
        async with world.sql(person) as db:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await (await db.driver()).fetch("SELECT * FROM told_withdrawals")


_INSERT = """INSERT INTO consents SELECT r.* FROM consents c,
LATERAL jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'withdrawn_at', NULL,
    'withdrawn_by', NULL, 'withdrawal_channel', NULL, 'withdrawal_told_at', NULL,
    'given_at', now() - $2::interval)) r WHERE c.id = $1"""


async def test_database_refuses_it_whoever_writes(world: World) -> None:
    scene = await a_scene(world)
    consent_id = UUID(await agreed(scene))
    await withdraw(scene.manager, str(consent_id))
    with pytest.raises(asyncpg.CheckViolationError, match="withdrawn since"):
        await world.admin.execute(_INSERT, consent_id, timedelta(days=1))
    with pytest.raises(asyncpg.CheckViolationError, match="withdrawn since"):
        async with world.sql(scene.manager) as db:
            await (await db.driver()).execute(_INSERT, consent_id, timedelta(days=1))
    await world.admin.execute(_INSERT, consent_id, timedelta(0))


async def test_without_the_trigger_it_would_stand_and_is_noticed(world: World) -> None:
    scene = await a_scene(world)
    consent_id = UUID(await agreed(scene))
    await withdraw(scene.manager, str(consent_id))
    await world.admin.execute("ALTER TABLE consents DISABLE TRIGGER withdrawn_since")
    try:
        await world.admin.execute(_INSERT, consent_id, timedelta(days=1))
    finally:
        await world.admin.execute("ALTER TABLE consents ENABLE TRIGGER withdrawn_since")
    assert await _sends(scene) == 200


async def test_function_tells_nobody_of_a_client_whom_they_do_not_see(world: World) -> None:
    scene = await a_scene(world)
    await withdraw(scene.manager, await agreed(scene))
    asked = "SELECT consent_withdrawn_since($1, NULL, $2, NULL, 'referral', now() - interval '1 day')"
    seen = []
    for person in (scene.manager, await world.case_manager(), scene.partner):
        async with world.sql(person) as db:
            driver = await db.driver()
            answer = await driver.fetchval(asked, UUID(scene.client_id), UUID(scene.institution_id))
            seen.append(answer is not None)
    assert seen == [True, False, False]


ORDERS = 60


async def _race(scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch, *, counter: bool) -> str:
    """Withdraw and enter an older paper in one order; return what came of the paper."""
    institution_id = str(await scene.world.institution("jobcenter", f"Jobcenter {seed}"))
    known = await give_consent(scene.manager, scene.client_id, institution_id)
    path, said = f"/v1/consents/{known}/withdraw", {"channel": "phone"}
    if counter:
        path = "/v1/withdrawals"
        said = {"channel": "phone", "client_id": scene.client_id, "institution_id": institution_id}
    paper = consent_body(scene.client_id, institution_id, given_at=_ago(days=1))
    with stops(monkeypatch):
        withdrawing, recording = await interleave(
            seed,
            scene.world.admin,
            lambda: scene.manager.post(path, said),
            lambda: scene.manager.post("/v1/consents", paper),
        )
    assert withdrawing.status_code in (200, 201), withdrawing.text
    standing = await scene.world.admin.fetchval(
        "SELECT count(*) FROM consents WHERE institution_id = $1 AND withdrawn_at IS NULL",
        UUID(institution_id),
    )
    return f"{recording.status_code} {standing}"


@pytest.mark.parametrize("counter", [False, True])
async def test_paper_and_withdrawal_come_one_after_the_other(
    world: World, monkeypatch: pytest.MonkeyPatch, counter: bool
) -> None:
    scene = await a_scene(world)
    seen = Counter([await _race(scene, seed, monkeypatch, counter=counter) for seed in range(ORDERS)])
    assert set(seen) == {"201 0", "409 0"}, seen


async def test_without_the_lock_a_paper_is_left_standing_and_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    definition = await world.admin.fetchval("SELECT pg_get_functiondef('hold_withdrawals'::regproc)")
    careless = definition[: definition.index("BEGIN")] + "BEGIN NULL; END $function$"
    await world.admin.execute(careless)
    try:
        seen = Counter([await _race(scene, seed, monkeypatch, counter=False) for seed in range(ORDERS)])
    finally:
        await world.admin.execute(definition)
    assert seen["201 1"] > 0, seen
