"""What is reported about a referral to a site is seen and withdrawn by who sees that site."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from tests.barriers.partners.arrange import FILED, TEXT, a_partner, report, reported
from tests.barriers.test_proposals import proposals
from tests.joining.arrange import colleague, site
from tests.referrals.arrange import Scene, a_scene, agreed, draft, send
from tests.referrals.test_partner_sql import rows
from tests.world import Person, World

_FILE = """INSERT INTO partner_barriers (municipal_area_id, id, reporting_institution_id, reported_by,
    reported_on, quarter, barrier_type, institution_type, institution_group, effect, since,
    referral_id, observation_id)
VALUES (ctx_area(), new_id(), $1, ctx_user(), current_date, '2026Q1', 'D1', 'sozialamt', 'x', 'delay',
    current_date, $2, $3)"""


async def two_sites(world: World, **client: Any) -> tuple[Scene, Person, Person, str]:
    """Return people of the north and the south, and a referral to the south."""
    scene = await a_scene(world, **client)
    north, south = [await site(world, scene.institution_id, name) for name in ("Nord", "Süd")]
    await agreed(scene, direction="mutual")
    referral = await draft(scene, site_id=south)
    await send(scene, referral)
    return scene, await colleague(scene, north), await colleague(scene, south), referral


async def test_report_about_a_referral_is_seen_and_withdrawn_by_who_sees_its_site(world: World) -> None:
    scene, northern, southern, referral = await two_sites(world)
    made = await reported(southern, referral_id=referral)
    path = f"{FILED}/{made['id']}"
    assert (await northern.get(FILED)).json()["items"] == []
    assert (await northern.get(path)).status_code == 404
    assert (await northern.post(f"{path}/withdraw")).status_code == 404
    assert [each["state"] for each in await proposals(scene)] == ["open"]
    machine = await world.person(Role.PARTNER_SYSTEM, institution=scene.institution_type)
    for person in (southern, scene.partner, machine):
        assert await rows(world, person, "SELECT id FROM partner_barriers") == [(UUID(made["id"]),)]
    assert (await southern.post(f"{path}/withdraw")).status_code == 200


async def test_report_about_no_referral_is_the_whole_institutions(world: World) -> None:
    _, northern, southern, _ = await two_sites(world)
    made = await reported(southern)
    assert (await northern.get(f"{FILED}/{made['id']}")).json() == made


async def test_database_withdraws_and_files_for_who_sees_the_site(world: World) -> None:
    scene, northern, southern, referral = await two_sites(world)
    await reported(southern, referral_id=referral)
    withdraw = "UPDATE partner_barriers SET state = 'withdrawn', withdrawn_on = current_date"
    async with world.sql(northern) as db:
        assert await (await db.driver()).execute(withdraw) == "UPDATE 0"
    at = (UUID(scene.institution_id), UUID(referral), None)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(northern) as db:
            await (await db.driver()).execute(_FILE, *at)
    async with world.sql(southern) as db:
        await (await db.driver()).execute(_FILE, *at)


async def test_nobody_files_with_what_somebody_else_observed(world: World) -> None:
    first = await a_partner(world)
    await reported(first, observation=TEXT)
    observation = await world.admin.fetchval(
        "SELECT id FROM observations WHERE municipal_area_id = $1", world.area
    )
    await world.admin.execute(
        "UPDATE partner_barriers SET observation_id = NULL WHERE municipal_area_id = $1", world.area
    )
    other, institution = await a_partner(world, "sozialamt"), await world.institution("sozialamt")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(other) as db:
            await (await db.driver()).execute(_FILE, institution, None, observation)


async def test_whom_only_another_site_knows_is_no_name(world: World) -> None:
    """What is planted: who tries names learns of no referral to a site that they do not see."""
    scene, northern, southern, _ = await two_sites(world, given_name="Zubaida", family_name="Qarluqi")
    machine = await world.person(Role.PARTNER_SYSTEM, institution=scene.institution_type)
    asked = "SELECT names FROM words_of_referred($1::text::uuid)"
    both = ["Qarluqi", "Zubaida"]
    for person, found in ((northern, []), (southern, both), (scene.partner, both), (machine, both)):
        async with world.sql(person) as db:
            assert await (await db.driver()).fetchval(asked, scene.institution_id) == found
    text = "Weil Qarluqi keinen Platz bekam"
    assert (await report(southern, observation=text)).json()["code"] == "observation_identifies"
    assert (await report(northern, observation=text)).status_code == 201


async def test_journal_names_no_client_for_a_report_about_nobody(world: World) -> None:
    _, _, southern, referral = await two_sites(world)
    await reported(southern)
    told = """SELECT client_pseudonyms FROM audit_journal
        WHERE user_id = $1 AND action = 'partner_barrier.read' ORDER BY at DESC LIMIT 1"""
    await southern.get(FILED)
    assert await world.admin.fetchval(told, southern.user_id) == []
    await reported(southern, referral_id=referral)
    await southern.get(FILED)
    pseudonym = "SELECT client_pseudonym FROM referral_requests WHERE id = $1"
    assert await world.admin.fetchval(told, southern.user_id) == [
        await world.admin.fetchval(pseudonym, UUID(referral))
    ]
