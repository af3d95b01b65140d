"""An institution joins: invited by the administrator, taken up once, and it sees what comes from then on."""

import asyncio
from uuid import UUID

import pytest

from app.access.roles import Role
from app.identity.invitations.rules import code_digest
from app.kit.database import Database
from tests.conftest import Clock
from tests.identity.arrange import ANOTHER, PASSWORD, alarms, somewhere
from tests.joining.arrange import (
    HOST,
    accept,
    inbox_of,
    invite,
    is_on_platform,
    of_account,
    off_platform,
    taking_up,
    whom,
)
from tests.notifications.test_telling import deliver, told
from tests.referrals.arrange import Scene, a_scene, agreed, draft, send
from tests.world import Person, World

_SHUT = "UPDATE institutions SET is_active = false WHERE municipal_area_id = $1"
DOES_NOT_FIT = ("wrong", "used", "revoked", "expired", "inactive", "other_address", "replaced")


async def _left(world: World) -> tuple[Scene, Person]:
    scene = await a_scene(world)
    await agreed(scene)
    await off_platform(world, scene.institution_id)
    return scene, await world.person(Role.ADMIN)


async def test_institution_that_joins_sees_only_what_is_addressed_to_it_afterwards(world: World) -> None:
    scene, admin = await _left(world)
    letter = await draft(scene, channel="letter")
    await send(scene, letter)
    waiting = await draft(scene)
    refused = await scene.manager.post(f"/v1/referrals/{waiting}/send")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_on_platform")
    made = await invite(world, admin, scene.institution_id)
    answer = await accept(world, made["code"])
    assert answer.status_code == 201, answer.text
    assert answer.json()["institution_id"] == scene.institution_id
    assert await is_on_platform(world, scene.institution_id)
    assert await inbox_of(world) == []
    await send(scene, waiting)
    assert await inbox_of(world) == [waiting]
    seen = await scene.manager.get(f"/v1/referrals/{letter}")
    assert (seen.json()["channel"], seen.json()["state"]) == ("letter", "requested")


async def test_both_sides_are_told_and_the_journal_names_who_took_it_up(world: World) -> None:
    scene, admin = await _left(world)
    made = await invite(world, admin, scene.institution_id)
    answer = await accept(world, made["code"])
    listed = (await admin.get(f"/v1/invitations/{made['id']}")).json()
    assert (listed["state"], listed["accepted_by"]) == ("accepted", answer.json()["user_id"])
    assert ("invitation_accepted", "institution", scene.institution_id) in await told(admin)
    rows = await world.admin.fetch(
        """SELECT n.kind, j.action FROM notifications n, audit_journal j
        WHERE n.user_id = $1 AND j.user_id = $1 AND j.action = 'invitation.accept'""",
        UUID(answer.json()["user_id"]),
    )
    assert [tuple(row) for row in rows] == [("institution_joined", "invitation.accept")]


async def test_code_is_nowhere_but_in_the_answer_that_made_it(world: World) -> None:
    scene, admin = await _left(world)
    made = await invite(world, admin, scene.institution_id)
    assert made["code"] not in (await admin.get(f"/v1/invitations/{made['id']}")).text
    assert made["code"] not in (await admin.get("/v1/invitations")).text
    stored = await world.admin.fetchrow("SELECT * FROM invitations WHERE id = $1", UUID(made["id"]))
    assert stored["code_sha256"] == code_digest(made["code"])
    assert made["code"] not in str(dict(stored))


async def _end(world: World, how: str, admin: Person, made: dict[str, str]) -> None:
    if how == "revoked":
        assert (await admin.delete(f"/v1/invitations/{made['id']}")).status_code == 204
    elif how == "used":
        assert (await accept(world, made["code"])).status_code == 201
    elif how == "inactive":
        await world.admin.execute(
            "UPDATE institutions SET is_active = false WHERE municipal_area_id = $1", world.area
        )
    elif how == "expired":
        await world.admin.execute(
            """UPDATE invitations SET created_at = now() - interval '15 days',
                expires_at = now() - interval '1 second' WHERE id = $1""",
            UUID(made["id"]),
        )


@pytest.mark.asvs("6.3.8")
@pytest.mark.parametrize("how", DOES_NOT_FIT)
async def test_whatever_does_not_fit_is_one_refusal(world: World, how: str) -> None:
    scene, admin = await _left(world)
    made = await invite(world, admin, scene.institution_id)
    await _end(world, how, admin, made)
    if how == "replaced":
        await invite(world, admin, scene.institution_id)
    code = "Falsch" if how == "wrong" else made["code"]
    email = "jemand@jobcenter.example" if how == "other_address" else whom(world)
    answer = await accept(world, code, email)
    assert answer.status_code == 401
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "code"}
    assert (body["code"], body["detail"]) == ("invitation_refused", "This opens nothing.")


async def test_weak_password_is_refused_alike_with_a_right_and_a_wrong_code(world: World) -> None:
    scene, admin = await _left(world)
    made = await invite(world, admin, scene.institution_id)
    right, wrong = [await accept(world, code, password="kurz") for code in (made["code"], "Falsch")]
    assert right.status_code == wrong.status_code == 422
    assert (right.json()["code"], right.json()["errors"]) == (wrong.json()["code"], wrong.json()["errors"])
    assert (await accept(world, made["code"])).status_code == 201


async def test_failures_make_the_source_wait_and_ring_the_alarm(world: World, clock: Clock) -> None:
    scene, admin = await _left(world)
    made = await invite(world, admin, scene.institution_id)
    before = alarms(world, "invitation_refused")
    clock.stop()
    seen = [(await accept(world, "Falsch")).status_code for _ in range(3)]
    assert seen == [401, 401, 401]
    assert alarms(world, "invitation_refused") == before + 3
    late = await accept(world, made["code"])
    assert late.status_code == 429
    assert int(late.headers["Retry-After"]) >= 1
    async with somewhere(world, "203.0.113.9") as http:
        elsewhere = await http.post("/v1/invitations/accept", json=taking_up(made["code"], whom(world)))
    assert elsewhere.status_code == 201


async def test_of_two_who_take_it_up_at_once_one_does(world: World) -> None:
    scene, admin = await _left(world)
    made = await invite(world, admin, scene.institution_id)

    async def at(host: str) -> int:
        async with somewhere(world, host) as http:
            return (
                await http.post("/v1/invitations/accept", json=taking_up(made["code"], whom(world)))
            ).status_code

    assert sorted(await asyncio.gather(at("203.0.113.11"), at("203.0.113.12"))) == [201, 401]
    count = "SELECT count(*) FROM accounts WHERE email = lower($1)"
    assert await world.admin.fetchval(count, whom(world)) == 1


async def test_account_from_elsewhere_joins_with_its_own_password_only(world: World) -> None:
    scene, admin = await _left(world)
    neighbour = await world.neighbour()
    email = await of_account(world, await neighbour.person(Role.PARTNER_USER))
    made = await invite(world, admin, scene.institution_id, email=email)
    stranger = await accept(world, made["code"], email, password=ANOTHER)
    assert (stranger.status_code, stranger.json()["code"]) == (401, "invitation_refused")
    assert (await accept(world, made["code"], email)).status_code == 201
    async with somewhere(world, HOST) as http:
        areas = await http.post("/v1/sessions", json={"email": email, "password": PASSWORD})
    assert areas.json()["code"] == "area_needed"


async def test_initial_password_that_somebody_gave_takes_up_nothing(world: World) -> None:
    scene, admin = await _left(world)
    neighbour = await world.neighbour()
    email = await of_account(world, await neighbour.person(Role.PARTNER_USER), must_change=True)
    made = await invite(world, admin, scene.institution_id, email=email)
    assert (await accept(world, made["code"], email)).status_code == 401


async def test_roles_that_must_be_apart_stay_apart(world: World) -> None:
    scene, admin = await _left(world)
    email = await of_account(world, scene.manager)
    made = await invite(world, admin, scene.institution_id, email=email, role="authority_officer")
    answer = await accept(world, made["code"], email)
    assert (answer.status_code, answer.json()["code"]) == (409, "roles_apart")
    assert (await admin.get(f"/v1/invitations/{made['id']}")).json()["state"] == "open"


async def test_invitation_to_an_inactive_or_unknown_institution_is_refused(world: World) -> None:
    scene, admin = await _left(world)
    body = {"institution_id": scene.institution_id, "role": "partner_user", "email": whom(world)}
    unknown = await admin.post("/v1/invitations", {**body, "institution_id": scene.case_id})
    site = await admin.post("/v1/invitations", {**body, "site_ids": [scene.case_id]})
    assert unknown.status_code == site.status_code == 422
    await world.admin.execute(
        "UPDATE institutions SET is_active = false WHERE id = $1", UUID(scene.institution_id)
    )
    inactive = await admin.post("/v1/invitations", body)
    assert (inactive.status_code, inactive.json()["code"]) == (409, "institution_inactive")


async def test_taken_up_invitation_cannot_be_taken_back(world: World) -> None:
    scene, admin = await _left(world)
    made = await invite(world, admin, scene.institution_id)
    await accept(world, made["code"])
    again = await admin.delete(f"/v1/invitations/{made['id']}")
    assert (again.status_code, again.json()["state"]) == (409, "accepted")


async def test_case_manager_proposes_and_the_administrators_hear_it_once_a_day(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene, admin = await _left(world)
    referrals = [await draft(scene, channel="letter"), await draft(scene, channel="phone")]
    stranger = await world.case_manager()
    for referral in referrals:
        path = f"/v1/referrals/{referral}/propose-invitation"
        assert (await scene.manager.post(path)).status_code == 204
        assert (await stranger.post(path)).status_code == 404
    await deliver(worker_database, clock)
    told_of = [each for each in await told(admin) if each[0] == "invitation_proposed"]
    assert told_of == [("invitation_proposed", "institution", scene.institution_id)]
    await accept(world, (await invite(world, admin, scene.institution_id))["code"])
    late = await scene.manager.post(f"/v1/referrals/{referrals[0]}/propose-invitation")
    assert (late.status_code, late.json()["code"]) == (409, "on_platform_already")
