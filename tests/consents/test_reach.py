"""A withdrawal reaches what its recorder does not see: consents bound to a colleague's case."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from app.kit.database import Database
from tests.cases.arrange import open_case
from tests.consents.arrange import give_consent, withdraw
from tests.notifications.test_telling import told
from tests.referrals.aftermath import deliver
from tests.referrals.arrange import Scene, a_scene, assign, draft, send
from tests.world import Person, World

_STATES = "SELECT id::text, withdrawn_by, withdrawal_told_at FROM consents WHERE withdrawn_at IS NOT NULL"
_JOURNAL = """SELECT object_id::text FROM audit_journal WHERE action = 'consent.withdraw'
AND municipal_area_id = $1 ORDER BY object_id"""


async def _colleague(scene: Scene) -> Scene:
    """Return a colleague's case of the same client, which the first manager does not see."""
    murat = await scene.world.case_manager()
    second = await open_case(scene.manager, scene.client_id, kind="counselling")
    await assign(scene.world, murat, scene.client_id, second, kind="lead")
    await scene.world.admin.execute(
        "DELETE FROM assignments WHERE case_id = $1 AND user_id = $2", UUID(second), scene.manager.user_id
    )
    assert (await scene.manager.get(f"/v1/cases/{second}")).status_code == 404
    return replace(scene, manager=murat, case_id=second)


async def _bound(scene: Scene) -> str:
    return await give_consent(scene.manager, scene.client_id, scene.institution_id, case_id=scene.case_id)


async def _withdrawn(world: World) -> set[str]:
    return {row["id"] for row in await world.admin.fetch(_STATES)}


async def test_general_withdrawal_ends_what_is_bound_to_a_colleagues_case(
    world: World, worker_database: Database
) -> None:
    anja = await a_scene(world)
    murat = await _colleague(anja)
    bound = await _bound(murat)
    referral_id = await draft(murat)
    await send(murat, referral_id)
    general = await give_consent(anja.manager, anja.client_id, anja.institution_id)
    answer = await anja.manager.post(f"/v1/consents/{general}/withdraw", {"channel": "phone"})
    assert answer.status_code == 200, answer.text
    assert bound not in answer.text
    assert (await anja.manager.get(f"/v1/consents/{bound}")).status_code == 404
    assert await _withdrawn(world) >= {general, bound}
    seen = (await murat.manager.get(f"/v1/referrals/{referral_id}")).json()
    assert (seen["state"], seen["revoke_reason"]) == ("revoked", "consent_withdrawn")
    again = await murat.manager.post(f"/v1/referrals/{await draft(murat)}/send")
    assert again.status_code == 409, again.text
    journalled = [row["object_id"] for row in await world.admin.fetch(_JOURNAL, world.area)]
    assert journalled == sorted((general, bound))
    await deliver(worker_database)
    assert ("consent_withdrawn", "consent", bound) in await told(murat.manager)
    assert ("consent_withdrawn", "consent", bound) not in await told(anja.manager)


async def test_colleagues_consent_stands_where_the_client_meant_one_alone(world: World) -> None:
    anja = await a_scene(world)
    murat = await _colleague(anja)
    bound = await _bound(murat)
    general = await give_consent(anja.manager, anja.client_id, anja.institution_id)
    await withdraw(anja.manager, general, only_this=True)
    assert await _withdrawn(world) & {general, bound} == {general}


async def test_withdrawal_of_one_case_leaves_the_other_cases(world: World) -> None:
    anja = await a_scene(world)
    murat = await _colleague(anja)
    bound, mine = await _bound(murat), await _bound(anja)
    await withdraw(anja.manager, mine)
    assert await _withdrawn(world) & {mine, bound} == {mine}


async def test_version_is_that_of_the_named_consent(world: World) -> None:
    anja = await a_scene(world)
    murat = await _colleague(anja)
    bound = await _bound(murat)
    await world.admin.execute("UPDATE consents SET evidence = 'anderswo' WHERE id = $1", UUID(bound))
    general = await give_consent(anja.manager, anja.client_id, anja.institution_id)
    path = f"/v1/consents/{general}/withdraw"
    stale = await anja.manager.post(path, {"channel": "phone"}, If_Match='"2"')
    assert stale.status_code == 412
    assert await _withdrawn(world) & {general, bound} == set()
    answer = await anja.manager.post(path, {"channel": "phone"}, If_Match='"1"')
    assert answer.status_code == 200, answer.text
    assert await _withdrawn(world) >= {general, bound}


_WITHDRAW = "SELECT * FROM withdraw_consents($1, false, 'phone', NULL, now(), now())"


async def _by_function(world: World, person: Person, consent_id: str) -> list[Any]:
    async with world.sql(person) as db:
        driver = await db.driver()
        assert not await driver.fetchval("SELECT lock_withdrawn($1, false, now())", UUID(consent_id))
        return list(await driver.fetch(_WITHDRAW, UUID(consent_id)))


async def test_functions_serve_only_those_who_see_the_named_consent(world: World) -> None:
    anja = await a_scene(world)
    murat = await _colleague(anja)
    bound = await _bound(murat)
    strangers = [anja.manager, await world.case_manager(), anja.partner]
    strangers.append(await (await world.neighbour()).case_manager())
    for person in strangers:
        assert await _by_function(world, person, bound) == []
    assert bound not in await _withdrawn(world)


@pytest.mark.parametrize("column", ["withdrawn_at", "withdrawn_by", "withdrawal_channel"])
async def test_application_writes_no_withdrawal_past_the_function(world: World, column: str) -> None:
    scene = await a_scene(world)
    await _bound(scene)
    async with world.sql(scene.manager) as db:
        may = "SELECT has_column_privilege('consents', $1, 'UPDATE')"
        assert not await (await db.driver()).fetchval(may, column)
