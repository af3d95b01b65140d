"""What one person did alone because it could not wait is judged by a second one."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from app.access.roles import Role
from app.kit.ids import new_id
from tests.cases.arrange import a_case
from tests.referrals.arrange import Scene, a_scene, draft, send, sent, step
from tests.world import Person, World

REASON = "Lebensgefahr am Abend"


async def _glass(world: World, lead: Person, case_id: str) -> None:
    answer = await lead.post(f"/v1/cases/{case_id}/break-glass", {"reason": REASON})
    assert answer.status_code == 201, answer.text


async def _emergency(world: World) -> tuple[Scene, str]:
    scene = await a_scene(world)
    referral_id = await draft(scene, legal_basis="vital_interest", necessity="Suizidgefahr")
    await send(scene, referral_id)
    return scene, referral_id


async def _listed(person: Person, **query: Any) -> list[dict[str, Any]]:
    answer = await person.get("/v1/access-reviews", **query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def _judge(person: Person, review_id: str, **body: Any) -> httpx.Response:
    return await person.post(f"/v1/access-reviews/{review_id}/review", {"outcome": "justified", **body})


async def _told(person: Person) -> list[tuple[str, str, str]]:
    items = (await person.get("/v1/me/notifications")).json()["items"]
    return [(each["kind"], each["object_type"], each["object_id"]) for each in items]


async def test_broken_glass_waits_for_the_privacy_officer(world: World) -> None:
    amira, lead = await world.case_manager(), await world.person(Role.TEAM_LEAD)
    officer = await world.person(Role.PRIVACY_OFFICER)
    await _glass(world, lead, await a_case(world, amira))
    (review,) = await _listed(officer, is_open="true")
    assert (review["kind"], review["reason"], review["outcome"]) == ("break_glass", REASON, None)
    assert review["acted_by"]["id"] == str(lead.user_id)
    waits = datetime.fromisoformat(review["due_at"]) - datetime.fromisoformat(review["acted_at"])
    assert waits == timedelta(days=7)
    done = await _judge(officer, review["id"])
    assert (done.status_code, done.json()["reviewed_by"]["id"]) == (200, str(officer.user_id))
    assert (await _listed(officer, is_open="true"), len(await _listed(officer, is_open="false"))) == ([], 1)


async def test_officer_and_case_lead_are_told_at_once_and_by_ids_only(world: World) -> None:
    amira, lead = await world.case_manager(), await world.person(Role.TEAM_LEAD)
    officer, other = await world.person(Role.PRIVACY_OFFICER), await world.person(Role.TEAM_LEAD)
    case_id = await a_case(world, amira)
    await _glass(world, lead, case_id)
    (review,) = await _listed(officer)
    assert await _told(officer) == [("review_due", "access_review", review["id"])]
    assert await _told(amira) == [("glass_broken", "case", case_id)]
    assert (await _told(lead), await _told(other)) == ([], [])
    seen = (await officer.get("/v1/access-reviews")).text
    assert not any(each in seen for each in (case_id, "Amina"))


_SOMEBODY_WAITS_FOR_US = """SELECT EXISTS (SELECT FROM pg_locks
WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))"""
_REVIEW = "SELECT open_access_review($1, 'vital_interest', $2, now(), now() + interval '3 days')"


async def test_review_of_an_emergency_follows_a_restriction_of_the_same_moment(world: World) -> None:
    lead = await world.person(Role.TEAM_LEAD)
    scene, referral_id = await _emergency(world)
    await world.admin.execute("DELETE FROM access_reviews WHERE municipal_area_id = $1", world.area)
    shelter = {"strand": "actual", "housing_type": "womens_shelter"}
    async with world.sql(scene.manager) as db:
        driver = await db.driver()
        await driver.execute(_REVIEW, new_id(), UUID(referral_id))
        moving = asyncio.create_task(scene.manager.post(f"/v1/clients/{scene.client_id}/addresses", shelter))
        while not moving.done() and not await driver.fetchval(_SOMEBODY_WAITS_FOR_US):  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert (await moving).status_code == 201
    assert await _listed(lead) == []


BREAK = "SELECT assign_case($1, $2, $3, 'break_glass', NULL, now() + interval '3 hours', $4)"


async def test_broken_glass_shows_nothing_before_its_review_stands(world: World) -> None:
    amira, lead = await world.case_manager(), await world.person(Role.TEAM_LEAD)
    case_id = UUID(await a_case(world, amira))
    glass = new_id()

    async def break_and_look() -> None:
        async with world.sql(lead) as db:
            driver = await db.driver()
            await driver.execute(BREAK, glass, case_id, lead.user_id, REASON)
            assert await driver.fetch("SELECT FROM case_contents") == []
            assert case_id not in await driver.fetchval("SELECT my_cases()")
            assert await driver.fetchval("SELECT my_clients()") == []

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="needs its review"):
        await break_and_look()
    assert await world.admin.fetch("SELECT FROM assignments WHERE id = $1", glass) == []


async def test_broken_glass_is_not_broken_earlier(world: World) -> None:
    amira, lead = await world.case_manager(), await world.person(Role.TEAM_LEAD)
    case_id = UUID(await a_case(world, amira))
    earlier = BREAK.replace("NULL", "now() - interval '1 second'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no right to assign"):
        async with world.sql(lead) as db:
            await (await db.driver()).execute(earlier, new_id(), case_id, lead.user_id, REASON)


async def test_team_lead_judges_no_broken_glass(world: World) -> None:
    amira, lead = await world.case_manager(), await world.person(Role.TEAM_LEAD)
    other, officer = await world.person(Role.TEAM_LEAD), await world.person(Role.PRIVACY_OFFICER)
    await _glass(world, lead, await a_case(world, amira))
    (review,) = await _listed(officer)
    for person in (lead, other):
        assert await _listed(person) == []
        assert (await _judge(person, review["id"])).status_code == 404


async def test_emergency_disclosure_is_sent_at_once_and_judged_afterwards(world: World) -> None:
    lead, officer = await world.person(Role.TEAM_LEAD), await world.person(Role.PRIVACY_OFFICER)
    scene, referral_id = await _emergency(world)
    assert (await scene.partner.get(f"/v1/partner/referrals/{referral_id}")).json()["package"] is not None
    (review,) = await _listed(lead, is_open="true")
    assert [each["id"] for each in await _listed(officer)] == [review["id"]]
    assert (review["kind"], review["object_id"]) == ("vital_interest", referral_id)
    assert review["reason"] == "Suizidgefahr"
    waits = datetime.fromisoformat(review["due_at"]) - datetime.fromisoformat(review["acted_at"])
    assert waits == timedelta(days=3)
    assert ("review_due", "access_review", review["id"]) in await _told(lead)
    assert (await _judge(lead, review["id"])).status_code == 200


async def test_disclosure_with_consent_and_a_second_look_open_no_review(world: World) -> None:
    officer = await world.person(Role.PRIVACY_OFFICER)
    await sent(await a_scene(world))
    assert await _listed(officer) == []
    scene, referral_id = await _emergency(world)
    await step(scene, referral_id, "reject", reason="no_capacity")
    assert (await scene.manager.post(f"/v1/referrals/{referral_id}/send-back")).status_code == 200
    assert len(await _listed(officer)) == 1


async def test_nobody_judges_what_they_did_themselves(world: World) -> None:
    scene = await a_scene(world)
    both = await world.person(Role.CASE_MANAGER, Role.TEAM_LEAD)
    body = {"user_id": str(both.user_id), "kind": "lead"}
    lead = await world.person(Role.TEAM_LEAD)
    assert (await lead.post(f"/v1/cases/{scene.case_id}/assign", body)).status_code == 201
    scene.manager = both
    await send(scene, await draft(scene, legal_basis="vital_interest", necessity="Suizidgefahr"))
    (review,) = await _listed(both)
    refused = await _judge(both, review["id"])
    assert (refused.status_code, refused.json()["code"]) == (403, "own_act")
    with pytest.raises(asyncpg.CheckViolationError, match="second_person"):
        async with world.sql(both) as db:
            await (await db.driver()).execute(
                """UPDATE access_reviews
                SET reviewed_by = ctx_user(), reviewed_at = now(), outcome = 'justified'"""
            )
    assert (await _judge(lead, review["id"])).status_code == 200


async def test_judgement_is_final_and_what_was_wrong_says_what_follows(world: World) -> None:
    officer = await world.person(Role.PRIVACY_OFFICER)
    await _emergency(world)
    (review,) = await _listed(officer)
    bare = await _judge(officer, review["id"], outcome="not_justified")
    assert (bare.status_code, bare.json()["errors"][0]["place"]) == (422, "body.note")
    assert (await _judge(officer, review["id"], outcome="not_justified", note="Gespräch geführt")).is_success
    again = await _judge(officer, review["id"])
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    with pytest.raises(asyncpg.CheckViolationError, match="a review stays"):
        async with world.sql(officer) as db:
            await (await db.driver()).execute("UPDATE access_reviews SET note = NULL")


async def test_team_lead_hears_nothing_of_a_restricted_person(world: World) -> None:
    lead, officer = await world.person(Role.TEAM_LEAD), await world.person(Role.PRIVACY_OFFICER)
    scene = await a_scene(world, is_restricted=True)
    await send(scene, await draft(scene, legal_basis="vital_interest", necessity="Suizidgefahr"))
    assert (await _listed(lead), await _told(lead), len(await _listed(officer))) == ([], [], 1)


async def test_review_disappears_from_the_team_lead_when_the_person_is_restricted(world: World) -> None:
    lead = await world.person(Role.TEAM_LEAD)
    scene, _ = await _emergency(world)
    assert len(await _listed(lead)) == 1
    path = f"/v1/clients/{scene.client_id}"
    etag = (await scene.manager.get(path)).headers["etag"]
    assert (await scene.manager.patch(path, {"is_restricted": True}, if_match=etag)).is_success
    assert await _listed(lead) == []


async def test_team_lead_of_another_unit_and_others_see_nothing(world: World) -> None:
    await _emergency(world)
    other = await world.person(Role.TEAM_LEAD, unit="Caritas")
    assert await _listed(other) == []
    for role in (Role.CASE_MANAGER, Role.COORDINATOR, Role.ADMIN, Role.PARTNER_USER):
        person = await world.person(role)
        assert (await person.get("/v1/access-reviews")).json()["code"] == "role_missing"


async def test_looking_and_judging_stand_in_the_journal(world: World) -> None:
    officer = await world.person(Role.PRIVACY_OFFICER)
    scene, _ = await _emergency(world)
    (review,) = await _listed(officer)
    await officer.get(f"/v1/access-reviews/{review['id']}")
    await _judge(officer, review["id"])
    rows = await world.admin.fetch(
        """SELECT action, client_pseudonyms = ARRAY[c.pseudonym] AS named FROM audit_journal j, clients c
        WHERE c.id = $1 AND j.user_id = $2 ORDER BY position""",
        UUID(scene.client_id), officer.user_id,
    )  # fmt: skip
    done = ["access_review.list", "access_review.read", "access_review.close", "access_review.read"]
    assert [row["action"] for row in rows] == done
    assert all(row["named"] for row in rows)


@pytest.mark.parametrize("kind", ["break_glass", "vital_interest"])
async def test_nobody_opens_a_review_of_what_was_not_theirs(world: World, kind: str) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    for person in (scene.manager, await world.case_manager()):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.sql(person) as db:
                await (await db.driver()).execute(
                    "SELECT open_access_review(gen_random_uuid(), $1, $2, now(), now())",
                    kind, UUID(referral_id),
                )  # fmt: skip


async def test_without_its_listener_an_emergency_would_go_unreviewed(world: World) -> None:
    """The planted fault: the review hangs on the wiring, and the list shows when it is cut."""
    from app.referrals.events import ReferralSentInEmergency

    officer = await world.person(Role.PRIVACY_OFFICER)
    within = world.app.state.gate.wiring.within
    listening = within.pop(ReferralSentInEmergency)
    try:
        await _emergency(world)
    finally:
        within[ReferralSentInEmergency] = listening
    assert await _listed(officer) == []
