"""Roles are given and taken by an administrator, kept apart, and never by oneself."""

import asyncio

import asyncpg
import pytest

from app.access.roles import AT_AN_INSTITUTION, CASEWORK, HELD_BY_PEOPLE, NEVER_WITH_CASEWORK, Role
from app.identity.account_rules import misplaced, not_of_this_area
from app.organisations.models import STATE_AREA
from tests.identity.arrange import join_area, journal_of
from tests.refusals import places
from tests.world import Person, World


async def grant(admin: Person, user: Person, role: Role, place: object, **headers: str):
    key = "institution_id" if not misplaced(role, at_institution=True) else "unit_id"
    body = {"role": role, key: str(place)}
    return await admin.post(f"/v1/users/{user.user_id}/memberships", body, **headers)


async def test_role_opens_its_doors_at_once_and_closes_them_when_it_ends(world: World) -> None:
    admin, person = await world.person(Role.ADMIN), await world.person(Role.ASSISTANT)
    assert (await person.get("/v1/colleagues")).status_code == 403
    made = await grant(admin, person, Role.CASE_MANAGER, await world.unit())
    assert (made.status_code, made.json()["place_name"], made.json()["version"]) == (201, "KI", 1)
    assert (await person.get("/v1/colleagues")).status_code == 200
    path = f"/v1/users/{person.user_id}/memberships/{made.json()['id']}"
    assert (await admin.delete(path, if_match='"4"')).status_code == 412
    assert (await admin.delete(path)).status_code == 204
    assert (await person.get("/v1/colleagues")).status_code == 403
    again = await admin.delete(path)
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    assert (
        len(await journal_of(world, "membership.grant"))
        == len(await journal_of(world, "membership.end"))
        == 1
    )


async def test_partner_role_is_held_at_an_institution(world: World) -> None:
    admin, person = await world.person(Role.ADMIN), await world.person(Role.AUTHORITY_OFFICER)
    made = await grant(admin, person, Role.PARTNER_USER, await world.institution())
    assert (made.status_code, made.json()["place_name"]) == (201, "jobcenter")
    body = {"role": "partner_user", "unit_id": str(await world.unit())}
    wrong = await admin.post(f"/v1/users/{person.user_id}/memberships", body)
    assert (wrong.status_code, places(wrong)) == (422, [{"place": "body", "kind": "wrong_place"}])


async def test_place_of_another_area_does_not_exist(world: World) -> None:
    admin, person = await world.person(Role.ADMIN), await world.case_manager()
    foreign = await (await world.neighbour()).unit()
    answer = await grant(admin, person, Role.TEAM_LEAD, foreign)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_reference")


async def test_double_submit_gives_a_role_once(world: World) -> None:
    admin, person = await world.person(Role.ADMIN), await world.person(Role.ASSISTANT)
    unit = await world.unit()
    first = await grant(admin, person, Role.COORDINATOR, unit, idempotency_key="role-0001")
    again = await grant(admin, person, Role.COORDINATOR, unit, idempotency_key="role-0001")
    other = await grant(admin, person, Role.COORDINATOR, unit)
    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (409, "duplicate")


@pytest.mark.parametrize("apart", sorted(NEVER_WITH_CASEWORK))
@pytest.mark.parametrize("casework", sorted(CASEWORK))
async def test_roles_kept_apart_are_refused_to_one_person(world: World, apart: Role, casework: Role) -> None:
    admin, person = await world.person(Role.ADMIN), await world.person(casework)
    place = await (world.institution() if apart is Role.AUTHORITY_OFFICER else world.unit())
    answer = await grant(admin, person, apart, place)
    assert (answer.status_code, answer.json()["code"]) == (409, "roles_apart")
    assert answer.json()["roles"] == sorted([apart, casework])


AT_A_UNIT = sorted(set(HELD_BY_PEOPLE) - AT_AN_INSTITUTION - {Role.STATE_VIEWER})


@pytest.mark.parametrize("there", [Role.PARTNER_USER, Role.AUTHORITY_OFFICER])
@pytest.mark.parametrize("here", AT_A_UNIT)
async def test_whoever_is_at_an_institution_holds_no_role_at_a_unit(
    world: World, there: Role, here: Role
) -> None:
    admin, place, unit = await world.person(Role.ADMIN), await world.institution(), await world.unit()
    of_the_unit, of_the_place = await world.person(here), await world.person(there)
    for person, role, at in ((of_the_unit, there, place), (of_the_place, here, unit)):
        answer = await grant(admin, person, role, at)
        assert (answer.status_code, answer.json()["code"]) == (409, "roles_apart")
        assert answer.json()["roles"] == sorted([there, here])
        column = "institution_id" if role is there else "unit_id"
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await world.admin.execute(
                f"""INSERT INTO memberships (municipal_area_id, id, user_id, role, {column})
                VALUES ($1, gen_random_uuid(), $2, $3, $4)""",
                world.area, person.user_id, role, at,
            )  # fmt: skip
        assert refused.value.constraint_name == "ck_memberships_roles_apart"
    body = {
        "email": "n@kim.example", "display_name": "N", "initial_password": "Vier Kraniche ziehen",
        "memberships": [{"role": there, "institution_id": str(place)}, {"role": here, "unit_id": str(unit)}],
    }  # fmt: skip
    assert (await admin.post("/v1/users", body)).json()["code"] == "roles_apart"


async def test_role_with_an_end_to_come_is_held_until_then(world: World) -> None:
    admin, person = await world.person(Role.ADMIN), await world.case_manager()
    give = """INSERT INTO memberships (municipal_area_id, id, user_id, role, institution_id, ended_at)
        VALUES (ctx_area(), gen_random_uuid(), $1, 'partner_user', $2, now() + interval '1 year')"""
    with pytest.raises(asyncpg.CheckViolationError):
        async with world.sql(admin) as db:
            await (await db.driver()).execute(give, person.user_id, await world.institution())


async def test_role_that_has_ended_stands_in_no_way(world: World) -> None:
    admin, person = await world.person(Role.ADMIN), await world.person(Role.COORDINATOR)
    (held,) = (await person.get("/v1/me")).json()["memberships"]
    await admin.delete(f"/v1/users/{person.user_id}/memberships/{held['id']}")
    assert (await grant(admin, person, Role.PARTNER_USER, await world.institution())).status_code == 201


async def test_of_a_role_here_and_one_there_given_at_once_one_is_refused(world: World) -> None:
    admins = [await world.person(Role.ADMIN), await world.person(Role.ADMIN)]
    person, unit = await world.person(Role.ASSISTANT), await world.unit()
    (held,) = (await person.get("/v1/me")).json()["memberships"]
    await admins[0].delete(f"/v1/users/{person.user_id}/memberships/{held['id']}")
    answers = await asyncio.gather(
        grant(admins[0], person, Role.PARTNER_USER, await world.institution()),
        grant(admins[1], person, Role.CASE_MANAGER, unit),
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_roles_kept_apart_are_refused_to_somebody_new(world: World) -> None:
    admin, unit = await world.person(Role.ADMIN), str(await world.unit())
    memberships = [{"role": "admin", "unit_id": unit}, {"role": "privacy_officer", "unit_id": unit}]
    body = {
        "email": "n@kim.example",
        "display_name": "N",
        "initial_password": "Vier Kraniche ziehen",
        "memberships": memberships,
    }
    answer = await admin.post("/v1/users", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "roles_apart")


async def test_of_two_roles_kept_apart_given_at_once_one_is_refused(world: World) -> None:
    admins = [await world.person(Role.ADMIN), await world.person(Role.ADMIN)]
    person, unit = await world.person(Role.ASSISTANT), await world.unit()
    answers = await asyncio.gather(
        grant(admins[0], person, Role.COORDINATOR, unit), grant(admins[1], person, Role.CASE_MANAGER, unit)
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_database_keeps_roles_apart_whoever_asks(world: World) -> None:
    manager = await world.case_manager()
    with pytest.raises(asyncpg.CheckViolationError):
        await world.admin.execute(
            """INSERT INTO memberships (municipal_area_id, id, user_id, role, unit_id)
            VALUES ($1, gen_random_uuid(), $2, 'coordinator', $3)""",
            world.area,
            manager.user_id,
            await world.unit(),
        )


@pytest.mark.asvs("8.2.2")
async def test_nobody_changes_their_own_rights(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    me = (await admin.get("/v1/me")).json()
    own = f"/v1/users/{admin.user_id}"
    answers = [
        await grant(admin, admin, Role.ASSISTANT, await world.unit()),
        await admin.delete(f"{own}/memberships/{me['memberships'][0]['id']}"),
        await admin.patch(own, {"is_disabled": True}, if_match='"1"'),
        await admin.post(f"{own}/password", {"initial_password": "Vier Kraniche ziehen"}),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "own_rights")}
    refused = await journal_of(world, "user.change")
    assert refused == [(admin.user_id, None, "refused", "own_rights")] * 4


async def test_database_lets_nobody_change_their_own_rights(world: World) -> None:
    admin, unit = await world.person(Role.ADMIN), await world.unit()
    insert = """INSERT INTO memberships (municipal_area_id, id, user_id, role, unit_id)
        VALUES (ctx_area(), gen_random_uuid(), $1, 'assistant', $2)"""
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(admin) as db:
            await (await db.driver()).execute(insert, admin.user_id, unit)
    async with world.sql(admin) as db:
        ended = await (await db.driver()).execute("UPDATE memberships SET ended_at = now() WHERE true")
    assert ended == "UPDATE 0"


async def test_membership_is_found_only_under_its_own_user(world: World) -> None:
    admin, one, other = await world.person(Role.ADMIN), await world.case_manager(), await world.case_manager()
    membership = (await one.get("/v1/me")).json()["memberships"][0]["id"]
    assert (await admin.delete(f"/v1/users/{other.user_id}/memberships/{membership}")).status_code == 404
    stranger = await (await world.neighbour()).person(Role.ADMIN)
    assert (await stranger.delete(f"/v1/users/{one.user_id}/memberships/{membership}")).status_code == 404
    assert (await one.get("/v1/colleagues")).status_code == 200


async def test_state_viewer_belongs_to_the_land(world: World) -> None:
    admin, person = await world.person(Role.ADMIN), await world.person(Role.ASSISTANT)
    answer = await grant(admin, person, Role.STATE_VIEWER, await world.unit())
    assert (answer.status_code, answer.json()["code"]) == (422, "role_elsewhere")
    assert not_of_this_area({Role.STATE_VIEWER}, STATE_AREA) == set()


async def test_colleagues_are_the_case_managers_of_ones_units(world: World) -> None:
    lead = await world.person(Role.TEAM_LEAD, unit="Nord")
    here = await world.person(Role.CASE_MANAGER, unit="Nord", name="Berta")
    also = await world.person(Role.CASE_MANAGER, Role.TEAM_LEAD, unit="Nord", name="Anton")
    gone = await world.person(Role.CASE_MANAGER, unit="Nord")
    await world.person(Role.CASE_MANAGER, unit="Sued")
    await world.admin.execute("UPDATE users SET disabled_at = now() WHERE id = $1", gone.user_id)
    expected = [("Anton", str(also.user_id)), ("Berta", str(here.user_id))]
    for person in (lead, here):
        items = (await person.get("/v1/colleagues")).json()["items"]
        assert [(each["display_name"], each["id"]) for each in items] == expected
        assert {each["unit_id"] for each in items} == {str(await world.unit("Nord"))}


async def test_linking_an_account_gives_no_role_in_its_first_area(world: World) -> None:
    neighbour = await world.neighbour()
    person = await neighbour.person(Role.ASSISTANT)
    await join_area(world, person)
    assert (await person.get("/v1/colleagues")).status_code == 403
