"""Who is told that a review is overdue, and when: the team leads, then the privacy officers."""

import pytest

from app.access.roles import Role
from app.kit.database import Database
from app.privacy.reminding import remind_due
from tests.cases.arrange import a_case
from tests.duties.arrange import told
from tests.referrals.arrange import a_scene, draft, send
from tests.referrals.test_deadlines import Worker
from tests.world import Person, World


@pytest.fixture
def worker(worker_database: Database, world: World) -> Worker:
    return Worker(worker_database, world)


async def _emergency(world: World) -> Person:
    scene = await a_scene(world)
    await send(scene, await draft(scene, legal_basis="vital_interest", necessity="Suizidgefahr"))
    return scene.manager


async def test_team_leads_are_reminded_and_privacy_officers_told_when_that_did_not_help(
    world: World, worker: Worker
) -> None:
    lead, elsewhere = await world.person(Role.TEAM_LEAD), await world.person(Role.TEAM_LEAD, unit="Träger")
    officer = await world.person(Role.PRIVACY_OFFICER)
    await _emergency(world)
    assert await worker.run(remind_due, days=2.9) == 0
    assert await worker.run(remind_due, days=3.1) == 1
    assert (len(await told(lead, "review_overdue")), await told(officer, "review_overdue")) == (1, [])
    assert await worker.run(remind_due, days=3.2) == 0
    assert await worker.run(remind_due, days=5.1) == 1
    assert (len(await told(officer, "review_escalated")), await told(elsewhere, "review_overdue")) == (1, [])
    assert await worker.run(remind_due, days=60) == 0
    assert await told(lead, "review_overdue") == await told(officer, "review_escalated")


async def test_look_by_break_glass_is_for_the_privacy_officers_from_the_first(
    world: World, worker: Worker
) -> None:
    amira, lead = await world.case_manager(), await world.person(Role.TEAM_LEAD)
    officer = await world.person(Role.PRIVACY_OFFICER)
    path = f"/v1/cases/{await a_case(world, amira)}/break-glass"
    assert (await lead.post(path, {"reason": "Lebensgefahr am Abend"})).status_code == 201
    assert await worker.run(remind_due, days=6.9) == 0
    assert await worker.run(remind_due, days=7.1) == 1
    assert (len(await told(officer, "review_overdue")), await told(lead, "review_overdue")) == (1, [])


async def test_review_of_a_restricted_person_is_told_to_the_privacy_officers_only(
    world: World, worker: Worker
) -> None:
    lead, officer = await world.person(Role.TEAM_LEAD), await world.person(Role.PRIVACY_OFFICER)
    await _emergency(world)
    await world.admin.execute(
        "UPDATE clients SET is_restricted = true WHERE municipal_area_id = $1", world.area
    )
    assert await worker.run(remind_due, days=3.1) == 1
    assert (await told(lead, "review_overdue"), len(await told(officer, "review_overdue"))) == ([], 1)


async def test_what_was_reviewed_is_not_reminded_of(world: World, worker: Worker) -> None:
    lead = await world.person(Role.TEAM_LEAD)
    await _emergency(world)
    (review,) = (await lead.get("/v1/access-reviews")).json()["items"]
    done = await lead.post(f"/v1/access-reviews/{review['id']}/review", {"outcome": "justified"})
    assert done.status_code == 200
    assert await worker.run(remind_due, days=30) == 0


async def test_nobody_is_reminded_of_their_own_act(world: World, worker: Worker) -> None:
    scene = await a_scene(world)
    await world.admin.execute(
        """INSERT INTO memberships (municipal_area_id, id, user_id, role, unit_id)
        VALUES ($1, gen_random_uuid(), $2, 'team_lead', $3)""",
        world.area, scene.manager.user_id, await world.unit(),
    )  # fmt: skip
    await send(scene, await draft(scene, legal_basis="vital_interest", necessity="Suizidgefahr"))
    assert await worker.run(remind_due, days=3.1) == 1
    assert await told(scene.manager, "review_overdue") == []


async def test_open_review_stands_first_in_the_team_leads_day(world: World) -> None:
    lead = await world.person(Role.TEAM_LEAD)
    await _emergency(world)
    group = (await lead.get("/v1/me/work")).json()["groups"][0]
    assert (group["group"], [each["reason"] for each in group["items"]]) == (
        "decisions_due", ["review_to_judge"],
    )  # fmt: skip
    assert group["items"][0]["target"]["type"] == "access_review"
