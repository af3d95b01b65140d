"""The lead of a case leaves: the unit's team leads are told, and find it until somebody else leads it."""

from typing import Any
from uuid import UUID

import pytest

from app.access.roles import Role
from app.kit.database import Database
from tests.cases.arrange import a_case, close, leave, team_lead
from tests.cases.hidden_team import a_hidden_case
from tests.cases.test_team import to
from tests.conftest import Clock
from tests.notifications.test_telling import deliver, told
from tests.referrals.arrange import Scene, a_scene, assign, sent, step
from tests.work.arrange import group
from tests.world import Person, World

WAYS = ["membership ended", "disabled"]


async def _left(lead: Person) -> list[tuple[str, str, str]]:
    """Return the number, the case and who led it, of each case without a lead."""
    items = await group(lead, "cases_without_lead")
    assert {each["client"] for each in items} <= {None}
    return [(each["title"], each["target"]["id"], each["responsible"]["id"]) for each in items]


async def _numbers(lead: Person) -> dict[str, str]:
    listed = (await lead.get("/v1/cases", of="team")).json()["items"]
    return {each["id"]: each["number"] for each in listed}


@pytest.mark.parametrize("how", WAYS)
async def test_team_leads_of_the_unit_are_told_and_nobody_else(world: World, how: str) -> None:
    amira, ben, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    away, gone = await team_lead(world, "Stadt Voerde"), await team_lead(world)
    await world.admin.execute("UPDATE users SET disabled_at = now() WHERE id = $1", gone.user_id)
    case_id = await a_case(world, amira)
    await close(amira, await a_case(world, amira))
    await a_case(world, ben)
    await leave(world, amira, how)
    assert await told(lead) == [("case_without_lead", "case", case_id)]
    assert await told(away) == await told(ben) == []
    count = "SELECT count(*) FROM notifications WHERE user_id = ANY ($1)"
    assert await world.admin.fetchval(count, [gone.user_id, amira.user_id]) == 0


@pytest.mark.parametrize("how", WAYS)
async def test_of_a_restricted_case_with_a_team_team_leads_learn_nothing(world: World, how: str) -> None:
    hidden = await a_hidden_case(world)
    await leave(world, hidden.lead, how)
    assert (await told(hidden.chief), await _left(hidden.chief)) == ([], [])


@pytest.mark.parametrize("how", WAYS)
async def test_case_is_on_the_list_until_somebody_else_leads_it(world: World, how: str) -> None:
    amira, ben, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    away = await team_lead(world, "Stadt Voerde")
    case_id = await a_case(world, amira)
    await a_case(world, ben)
    assert await _left(lead) == []
    await leave(world, amira, how)
    assert await _left(lead) == [((await _numbers(lead))[case_id], case_id, str(amira.user_id))]
    assert await _left(away) == []
    groups = {each["group"]: each["count"] for each in (await ben.get("/v1/me/work")).json()["groups"]}
    assert groups["cases_without_lead"] == 0
    assert (await lead.post(f"/v1/cases/{case_id}/assign", to(ben))).status_code == 201
    assert await _left(lead) == []


async def test_leaving_in_two_steps_is_told_once(world: World) -> None:
    amira, lead = await world.case_manager(), await team_lead(world)
    await a_case(world, amira)
    await leave(world, amira, "disabled")
    await leave(world, amira)
    assert len(await told(lead)) == 1
    assert len(await _left(lead)) == 1


@pytest.mark.parametrize("role", ["team_lead", "case_manager"])
async def test_who_is_still_a_case_manager_of_the_unit_has_not_left(world: World, role: str) -> None:
    """Another role there ends, or the same one elsewhere."""
    amira, lead = await world.person(Role.CASE_MANAGER, Role.TEAM_LEAD), await team_lead(world)
    await a_case(world, amira)
    await world.also_at(amira, "Stadt Voerde")
    unit = await world.unit("KI" if role == "team_lead" else "Stadt Voerde")
    end = "UPDATE memberships SET ended_at = now() WHERE user_id = $1 AND role = $2 AND unit_id = $3"
    assert await world.admin.execute(end, amira.user_id, role, unit) == "UPDATE 1"
    assert (await told(lead), await _left(lead)) == ([], [])


async def _shown(lead: Person, case_id: str, unit: UUID) -> list[tuple[str, bool]]:
    """Return who leads the case, and whether they can work, in list, team and caseload."""
    listed = (await lead.get("/v1/cases", of="team")).json()["items"]
    people = [each["lead"] for each in listed if each["id"] == case_id]
    people += [each["user"] for each in (await lead.get(f"/v1/cases/{case_id}/team")).json()["items"]]
    load = (await lead.get(f"/v1/units/{unit}/caseload")).json()["case_managers"]
    people += [each["user"] for each in load if each["open_cases"]]
    return [(each["id"], each["is_active"]) for each in people]


@pytest.mark.parametrize("how", WAYS)
async def test_who_has_left_is_shown_as_such(world: World, how: str) -> None:
    amira, lead = await world.case_manager(), await team_lead(world)
    case_id, unit = await a_case(world, amira), await world.unit()
    assert await _shown(lead, case_id, unit) == [(str(amira.user_id), True)] * 3
    await leave(world, amira, how)
    assert await _shown(lead, case_id, unit) == [(str(amira.user_id), False)] * 3


async def test_team_lead_with_a_broken_glass_is_shown_as_active(world: World) -> None:
    amira, lead = await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    reason = {"reason": "Kollegin ist verunglückt"}
    assert (await lead.post(f"/v1/cases/{case_id}/break-glass", reason)).status_code == 201
    seen = (await lead.get(f"/v1/cases/{case_id}/team")).json()["items"]
    assert [(each["kind"], each["user"]["is_active"]) for each in seen] == [
        ("lead", True), ("break_glass", True),
    ]  # fmt: skip


async def _expire(scene: Scene, referral: str, database: Database, clock: Clock) -> None:
    await scene.world.admin.execute(
        """INSERT INTO outbox (municipal_area_id, id, event, handler, payload)
        VALUES ($1, gen_random_uuid(), 'referral.expired', 'tell_team', jsonb_build_object(
            'referral_id', $2::text, 'institution_id', $3::text))""",
        scene.world.area, referral, scene.institution_id,
    )  # fmt: skip
    await deliver(database, clock)


def _case(kind: str, scene: Scene) -> tuple[str, str, str]:
    return (kind, "case", scene.case_id)


async def test_rejection_of_a_case_that_nobody_works_on_is_told_to_the_team_lead(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene, lead = await a_scene(world), await team_lead(world)
    referral = await sent(scene)
    await leave(world, scene.manager)
    await step(scene, referral, "reject", reason="no_capacity")
    await deliver(worker_database, clock)
    assert await told(lead) == [_case("case_without_lead", scene), _case("referral_answered", scene)]


async def test_expiry_of_a_case_that_nobody_works_on_is_told_to_the_team_lead(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene, lead = await a_scene(world), await team_lead(world)
    referral = await sent(scene)
    await leave(world, scene.manager, "disabled")
    await _expire(scene, referral, worker_database, clock)
    assert await told(lead) == [_case("case_without_lead", scene), _case("referral_expired", scene)]


@pytest.mark.parametrize("case", ["somebody is left", "restricted"])
async def test_otherwise_the_team_lead_hears_of_no_answer(
    world: World, worker_database: Database, clock: Clock, case: str
) -> None:
    scene, lead, member = await a_scene(world), await team_lead(world), await world.case_manager()
    referral = await sent(scene)
    if case == "restricted":
        await world.admin.execute("UPDATE cases SET is_restricted = true WHERE id = $1", UUID(scene.case_id))
    else:
        await assign(world, member, scene.client_id, scene.case_id)
    await leave(world, scene.manager)
    await _expire(scene, referral, worker_database, clock)
    kinds: list[Any] = [kind for kind, _, _ in await told(lead)]
    assert kinds == (["vacancy_open"] if case == "restricted" else ["case_without_lead"])
    assert await told(member) == (
        [] if case == "restricted" else [("referral_expired", "referral", referral)]
    )
