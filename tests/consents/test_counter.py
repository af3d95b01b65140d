"""A withdrawal told at the counter takes effect at once, and whoever takes it down learns nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.access.roles import Role
from app.kit.database import Database
from tests.cases.arrange import open_case
from tests.clients.arrange import WHO, new_client
from tests.consents.arrange import give_consent
from tests.notifications.test_telling import told
from tests.referrals.aftermath import deliver
from tests.referrals.arrange import Scene, a_scene, draft, send
from tests.world import Person, World

NOBODY = {"given_name": "Niemand", "family_name": "Da", "birth_date": "1980-01-01"}


async def _take(taker: Person, **fields: Any) -> Any:
    body = {"channel": "in_person", **({} if "client_id" in fields else {"person": WHO}), **fields}
    return await taker.post("/v1/withdrawals", body)


async def _state(scene: Scene, consent_id: str) -> str:
    return str((await scene.manager.get(f"/v1/consents/{consent_id}")).json()["state"])


async def _bound(scene: Scene, **fields: Any) -> str:
    return await give_consent(
        scene.manager, scene.client_id, scene.institution_id, case_id=scene.case_id, **fields
    )


async def _unplaced(world: World) -> int:
    return int(
        await world.admin.fetchval(
            "SELECT count(*) FROM unplaced_withdrawals WHERE municipal_area_id = $1", world.area
        )
    )


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.TEAM_LEAD])
async def test_whoever_of_the_unit_is_told_ends_the_consent_and_its_referrals_at_once(
    world: World, role: Role
) -> None:
    scene = await a_scene(world)
    consent_id, referral_id = await _bound(scene), await draft(scene)
    await send(scene, referral_id)
    colleague = await world.person(role)
    answer = await _take(colleague, institution_id=scene.institution_id)
    assert answer.status_code == 201, answer.text
    assert await _state(scene, consent_id) == "withdrawn"
    seen = (await scene.manager.get(f"/v1/referrals/{referral_id}")).json()
    assert (seen["state"], seen["revoke_reason"]) == ("revoked", "consent_withdrawn")
    for path in (
        f"/v1/consents/{consent_id}",
        f"/v1/cases/{scene.case_id}",
        f"/v1/clients/{scene.client_id}",
    ):
        assert (await colleague.get(path)).status_code in (403, 404)


async def test_answer_is_the_same_whether_somebody_is_found_or_not(world: World) -> None:
    scene = await a_scene(world)
    await _bound(scene)
    colleague = await world.case_manager()
    there = await _take(colleague, institution_id=scene.institution_id)
    not_there = await _take(colleague, institution_id=scene.institution_id, person=NOBODY)
    seen = [{**each.json(), "id": None} for each in (there, not_there)]
    assert seen[0] == seen[1]
    assert there.status_code == not_there.status_code == 201
    assert set(there.headers) == set(not_there.headers)


async def test_channel_taker_and_moment_are_kept(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await _bound(scene)
    colleague = await world.case_manager()
    told_at = datetime.now(UTC) - timedelta(minutes=20)
    await _take(colleague, institution_id=scene.institution_id, channel="phone", told_at=told_at.isoformat())
    seen = (await scene.manager.get(f"/v1/consents/{consent_id}")).json()
    assert (seen["withdrawal_channel"], seen["withdrawn_by"]) == ("phone", str(colleague.user_id))
    assert datetime.fromisoformat(seen["withdrawal_told_at"]) == told_at


async def test_team_is_told_and_whoever_took_it_down_is_not(world: World, worker_database: Database) -> None:
    scene = await a_scene(world)
    consent_id = await _bound(scene)
    colleague = await world.case_manager()
    await _take(colleague, institution_id=scene.institution_id)
    await deliver(worker_database)
    assert ("consent_withdrawn", "consent", consent_id) in await told(scene.manager)
    assert await told(colleague) == []


async def test_only_what_is_meant_ends(world: World) -> None:
    scene = await a_scene(world)
    feedback, referring = await _bound(scene, purpose="feedback"), await _bound(scene)
    documentation = await give_consent(scene.manager, scene.client_id)
    await _take(await world.case_manager(), institution_id=scene.institution_id, purpose="feedback")
    states = [await _state(scene, each) for each in (feedback, referring, documentation)]
    assert states == ["withdrawn", "valid", "valid"]


async def test_everything_closes_the_case_that_rests_on_it(world: World) -> None:
    scene = await a_scene(world)
    consents = [await _bound(scene), await give_consent(scene.manager, scene.client_id)]
    answer = await _take(await world.case_manager(), everything=True)
    assert answer.status_code == 201, answer.text
    assert [await _state(scene, each) for each in consents] == ["withdrawn", "withdrawn"]
    case = (await scene.manager.get(f"/v1/cases/{scene.case_id}")).json()
    assert case["phase"] == "closed"


async def test_consent_given_after_it_was_told_stays(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await _bound(scene)
    before = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    await _take(await world.case_manager(), institution_id=scene.institution_id, told_at=before)
    assert await _state(scene, consent_id) == "valid"


async def test_those_who_work_with_the_client_name_them_and_reach_other_cases(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await _bound(scene)
    colleague = await world.case_manager()
    await world.admin.execute(
        """INSERT INTO assignments (municipal_area_id, id, user_id, client_id, unit_id, kind, created_by)
        VALUES ($1, gen_random_uuid(), $2, $3, $4, 'registrar', $2)""",
        world.area, colleague.user_id, UUID(scene.client_id), await world.unit(),
    )  # fmt: skip
    assert (
        await colleague.post(f"/v1/consents/{consent_id}/withdraw", {"channel": "phone"})
    ).status_code == 404
    answer = await _take(colleague, client_id=scene.client_id, institution_id=scene.institution_id)
    assert answer.status_code == 201, answer.text
    assert await _state(scene, consent_id) == "withdrawn"


async def test_who_knows_the_client_twice_names_them_too(world: World) -> None:
    scene = await a_scene(world)  # the manager registered the client and leads the case
    consent_id = await _bound(scene)
    answer = await _take(scene.manager, client_id=scene.client_id, institution_id=scene.institution_id)
    assert answer.status_code == 201, answer.text
    assert await _state(scene, consent_id) == "withdrawn"


async def test_id_of_somebody_whom_one_does_not_know_is_404(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await _bound(scene)
    answer = await _take(await world.case_manager(), client_id=scene.client_id, everything=True)
    assert answer.status_code == 404
    assert await _state(scene, consent_id) == "valid"


async def test_nobody_and_several_go_to_the_privacy_officer_who_settles_and_forgets(
    world: World, worker_database: Database
) -> None:
    scene = await a_scene(world)
    consent_id = await _bound(scene)
    officer = await world.person(Role.PRIVACY_OFFICER)
    colleague = await world.case_manager()
    await new_client(scene.manager)  # another bearer of name and birth date
    several = (await _take(colleague, institution_id=scene.institution_id)).json()["id"]
    nobody = (await _take(colleague, person=NOBODY, everything=True)).json()["id"]
    assert await _state(scene, consent_id) == "valid"
    await deliver(worker_database)
    assert await told(officer) == [
        ("withdrawal_unplaced", "withdrawal", several),
        ("withdrawal_unplaced", "withdrawal", nobody),
    ]
    listed = (await officer.get("/v1/withdrawals")).json()["items"]
    assert [each["id"] for each in listed] == [nobody, several]
    assert (listed[0]["family_name"], listed[0]["taken_by"]) == ("Da", str(colleague.user_id))
    settled = await officer.post(f"/v1/withdrawals/{nobody}/settle", {"outcome": "nobody_found"})
    assert settled.status_code == 200, settled.text
    assert (settled.json()["family_name"], settled.json()["outcome"]) == (None, "nobody_found")
    again = await officer.post(f"/v1/withdrawals/{nobody}/settle", {"outcome": "taken_down"})
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


async def test_officer_hears_nothing_of_what_was_placed(world: World, worker_database: Database) -> None:
    scene = await a_scene(world)
    await _bound(scene)
    officer = await world.person(Role.PRIVACY_OFFICER)
    await _take(await world.case_manager(), institution_id=scene.institution_id)
    await deliver(worker_database)
    assert await told(officer) == []
    assert await _unplaced(world) == 0


async def test_client_of_another_unit_is_not_reached(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await _bound(scene)
    elsewhere = await world.case_manager(unit="Caritas")
    assert (await _take(elsewhere, everything=True)).status_code == 201
    assert await _state(scene, consent_id) == "valid"
    assert await _unplaced(world) == 1


async def test_restricted_person_is_reached_and_nothing_shows_it(world: World) -> None:
    scene = await a_scene(world, is_restricted=True)
    consent_id = await _bound(scene)
    answer = await _take(await world.case_manager(), institution_id=scene.institution_id)
    assert set(answer.json()) == {"id", "channel", "institution_id", "purpose"}
    assert await _state(scene, consent_id) == "withdrawn"


async def test_sent_twice_it_is_taken_down_once(world: World) -> None:
    await a_scene(world)
    colleague = await world.case_manager()
    body = {"channel": "phone", "person": NOBODY, "everything": True}
    both = [
        await colleague.post("/v1/withdrawals", body, Idempotency_Key="einmal-1234567890") for _ in range(2)
    ]
    assert both[0].json() == both[1].json()
    assert await _unplaced(world) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"everything": True, "purpose": "referral"},
        {"everything": True, "person": None},
        {"everything": True, "channel": "pigeon"},
        {"purpose": "dreaming"},
        {"everything": True, "told_at": "2199-01-01T10:00:00Z"},
        {"institution_id": "0198f000-0000-7000-8000-000000000000"},
        {"everything": True, "unit_id": "0198f000-0000-7000-8000-000000000000"},
    ],
)
async def test_what_says_too_little_or_too_much_is_refused(world: World, fields: dict[str, Any]) -> None:
    answer = await _take(await world.case_manager(), **fields)
    assert answer.status_code == 422, answer.text
    assert await _unplaced(world) == 0


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMIN, Role.PARTNER_USER, Role.PRIVACY_OFFICER])
async def test_nobody_else_takes_one_down(world: World, role: Role) -> None:
    assert (await _take(await world.person(role), everything=True)).status_code == 403


async def test_function_serves_nobody_from_another_unit(world: World) -> None:
    scene = await a_scene(world)
    await open_case(scene.manager, scene.client_id, kind="counselling")
    other = await world.unit("Caritas")
    async with world.sql(scene.manager) as db:
        driver = await db.driver()
        with pytest.raises(Exception, match="not at this unit"):
            await driver.fetch(
                """SELECT * FROM take_withdrawal(gen_random_uuid(), $1, NULL, 'a', 'b', current_date,
                NULL, NULL, 'phone', now(), now())""",
                other,
            )
