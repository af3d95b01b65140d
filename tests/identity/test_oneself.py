"""One's own account: who one is here, the language, the password."""

import asyncio

import pytest

from app.access.permissions import Permission
from app.access.policy import POLICY
from app.access.roles import Role
from tests.conftest import Clock
from tests.identity.arrange import (
    ANOTHER,
    PASSWORD,
    bearer,
    give_password,
    journal_of,
    sign_in,
    somewhere,
)
from tests.world import Person, World


async def change_password(person: Person, current: str = PASSWORD, new: str = ANOTHER):
    body = {"current_password": current, "new_password": new}
    return await person.http.put("/v1/me/password", json=body)


async def test_me_names_person_area_roles_and_permissions(world: World) -> None:
    manager = await world.person(Role.CASE_MANAGER, Role.TEAM_LEAD, name="Erika Muster")
    answer = await manager.get("/v1/me")
    me = answer.json()
    assert answer.status_code == 200, answer.text
    assert (me["display_name"], me["email"]) == ("Erika Muster", f"{manager.account_id}@kim.test")
    assert (me["area"], me["language"]) == ({"id": world.area, "name": world.area}, "de")
    assert {(each["role"], each["place_name"]) for each in me["memberships"]} == {
        ("case_manager", "KI"),
        ("team_lead", "KI"),
    }
    held = {Role.CASE_MANAGER, Role.TEAM_LEAD}
    assert me["permissions"] == sorted(p for p in Permission if POLICY[p].roles & held)
    assert answer.headers["etag"] == '"1"'


async def test_partner_sees_the_institution_they_belong_to(world: World) -> None:
    partner = await world.person(Role.PARTNER_USER)
    (membership,) = (await partner.get("/v1/me")).json()["memberships"]
    assert (membership["place_name"], membership["unit_id"]) == ("jobcenter", None)


async def test_language_is_ones_own_to_choose_with_the_version_that_was_seen(world: World) -> None:
    manager = await world.case_manager()
    assert (await manager.patch("/v1/me", {"language": "en"})).status_code == 428
    assert (await manager.patch("/v1/me", {"language": "en"}, if_match='"2"')).status_code == 412
    changed = await manager.patch("/v1/me", {"language": "en"}, if_match='"1"')
    assert (changed.status_code, changed.json()["language"], changed.headers["etag"]) == (200, "en", '"2"')
    name = await manager.patch("/v1/me", {"language": "en", "display_name": "Chef"}, if_match='"2"')
    assert name.status_code == 422


@pytest.mark.asvs("7.4.3")
async def test_new_password_ends_every_other_session_and_opens_from_now_on(world: World) -> None:
    manager = await world.case_manager()
    email = await give_password(world, manager)
    async with somewhere(world) as http:
        other = await sign_in(http, email)
        assert (await change_password(manager)).status_code == 204
        assert (await manager.get("/v1/me")).status_code == 200
        assert (await http.get("/v1/me", headers=bearer(other))).status_code == 401
        assert (await sign_in(http, email)).status_code == 401
        assert (await sign_in(http, email, ANOTHER)).status_code == 201
    assert await journal_of(world, "account.change_password") == [
        (manager.user_id, manager.user_id, "done", None)
    ]


@pytest.mark.asvs("6.2.3")
async def test_wrong_present_password_changes_nothing_and_is_journalled(world: World) -> None:
    manager = await world.case_manager()
    email = await give_password(world, manager)
    answer = await change_password(manager, current=ANOTHER)
    assert (answer.status_code, answer.json()["code"]) == (403, "password_wrong")
    assert await journal_of(world, Permission.SELF_CHANGE) == [
        (manager.user_id, None, "refused", "password_wrong")
    ]
    async with somewhere(world) as http:
        assert (await sign_in(http, email)).status_code == 201


async def test_guessing_the_present_password_in_a_session_is_slowed_down(world: World, clock: Clock) -> None:
    manager = await world.case_manager()
    await give_password(world, manager)
    clock.set(2100, 3, 2, 8)
    manager.http.headers["Authorization"] = f"Bearer {fresh_token(world, manager, clock)}"
    statuses = [(await change_password(manager, current=f"{ANOTHER}{n}")).status_code for n in range(4)]
    assert statuses == [403, 403, 403, 429]


async def test_guesses_in_one_session_at_once_are_no_faster(world: World, clock: Clock) -> None:
    manager = await world.case_manager()
    await give_password(world, manager)
    clock.stop()
    answers = await asyncio.gather(*(change_password(manager, current=f"{ANOTHER}{n}") for n in range(20)))
    assert 1 <= [answer.status_code for answer in answers].count(403) <= 3
    assert {answer.status_code for answer in answers} == {403, 429}


async def test_of_two_changes_of_one_version_at_once_one_is_too_late(world: World) -> None:
    manager = await world.case_manager()
    both = [manager.patch("/v1/me", {"language": each}, if_match='"1"') for each in ("en", "de")]
    assert sorted(answer.status_code for answer in await asyncio.gather(*both)) == [200, 412]


def fresh_token(world: World, person: Person, clock: Clock) -> str:
    """Return a token issued at the application's time."""
    from app.identity.office import SignInOffice

    state = world.app.state
    office = SignInOffice(state.settings, state.key_ring, state.metrics)
    return office.access_token(person.account_id, person.session_id, clock())


@pytest.mark.asvs("6.2.1")
@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("kurz", "password_too_short"),
        ("passwordpassword", "password_leaked"),
        ("Erika Muster 2026", "password_personal"),
        (PASSWORD, "password_unchanged"),
    ],
)
async def test_weak_new_password_is_refused_without_repeating_it(world: World, new: str, code: str) -> None:
    manager = await world.person(Role.CASE_MANAGER, name="Erika Muster")
    await give_password(world, manager)
    answer = await change_password(manager, new=new)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert new not in answer.text


async def test_initial_password_opens_nothing_but_setting_an_own_one(world: World) -> None:
    manager = await world.case_manager()
    email = await give_password(world, manager, must_change=True)
    async with somewhere(world) as http:
        answer = await sign_in(http, email)
        assert answer.json()["must_change_password"] is True
        me = await http.get("/v1/me", headers=bearer(answer))
        assert (me.status_code, me.json()["must_change_password"]) == (200, True)
        refused = await http.get("/v1/units", headers=bearer(answer))
        assert (refused.status_code, refused.json()["code"]) == (403, "password_change_required")
        assert (await change_password(manager)).status_code == 204
        assert (await manager.get("/v1/units")).status_code == 200


async def test_every_other_permission_waits_for_the_own_password(world: World) -> None:
    everybody = [await world.person(role) for role in (Role.CASE_MANAGER, Role.ADMIN, Role.COORDINATOR)]
    allowed = set()
    for person in everybody:
        await give_password(world, person, must_change=True)
        for path in ("/v1/me", "/v1/sessions", "/v1/units", "/v1/users", "/v1/colleagues", "/v1/positions"):
            if (await person.get(path)).status_code == 200:
                allowed.add(path)
    assert allowed == {"/v1/me", "/v1/sessions"}
