"""What administrators do is told to who watches over them, and nobody switches that off beforehand."""

from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from tests.identity.arrange import ANOTHER
from tests.world import Person, World

_ENDED = "UPDATE memberships SET ended_at = now() - $2::interval WHERE user_id = $1"


async def told(world: World, kind: str, about: UUID) -> set[UUID]:
    """Return who was told of a person, each once."""
    rows = await world.admin.fetch(
        "SELECT user_id FROM notifications WHERE kind = $1 AND object_type = 'user' AND object_id = $2",
        kind, about,
    )  # fmt: skip
    users = [row["user_id"] for row in rows]
    assert len(users) == len(set(users))
    return set(users)


async def disable(admin: Person, person: Person, *, disabled: bool = True) -> None:
    """Disable somebody, or enable them again."""
    path = f"/v1/users/{person.user_id}"
    etag = (await admin.get(path)).headers["etag"]
    answer = await admin.patch(path, {"is_disabled": disabled}, If_Match=etag)
    assert answer.status_code == 200, answer.text


async def end_role(admin: Person, person: Person) -> None:
    """Take somebody's only role from them."""
    seen = (await admin.get(f"/v1/users/{person.user_id}")).json()
    (held,) = [each for each in seen["memberships"] if each["ended_at"] is None]
    answer = await admin.delete(f"/v1/users/{person.user_id}/memberships/{held['id']}")
    assert answer.status_code == 204, answer.text


async def reset(admin: Person, person: Person) -> None:
    """Give somebody a new initial password."""
    answer = await admin.post(f"/v1/users/{person.user_id}/password", {"initial_password": ANOTHER})
    assert answer.status_code == 204, answer.text


@pytest.mark.asvs("8.4.1")
async def test_person_officers_and_their_team_leads_are_told_of_a_new_password(world: World) -> None:
    admin, manager = await world.person(Role.ADMIN), await world.case_manager()
    officer, lead = await world.person(Role.PRIVACY_OFFICER), await world.person(Role.TEAM_LEAD)
    await world.person(Role.TEAM_LEAD, unit="Caritas")
    elsewhere = await (await world.neighbour()).person(Role.PRIVACY_OFFICER)
    await reset(admin, manager)
    assert await told(world, "password_reset", manager.user_id) == {
        manager.user_id, officer.user_id, lead.user_id,
    }  # fmt: skip
    (seen,) = (await officer.get("/v1/me/notifications")).json()["items"]
    assert (seen["kind"], seen["object_id"]) == ("password_reset", str(manager.user_id))
    assert (await elsewhere.get("/v1/me/notifications")).json()["items"] == []


@pytest.mark.parametrize("how", [disable, end_role])
@pytest.mark.parametrize("watching", [Role.PRIVACY_OFFICER, Role.TEAM_LEAD])
async def test_alarm_is_not_switched_off_beforehand(world: World, how: object, watching: Role) -> None:
    admin, manager = await world.person(Role.ADMIN), await world.case_manager()
    watcher = await world.person(watching)
    await how(admin, watcher)
    await reset(admin, manager)
    assert await told(world, "password_reset", manager.user_id) == {manager.user_id, watcher.user_id}


async def test_officer_who_was_disabled_reads_it_when_they_are_back(world: World) -> None:
    admin, manager = await world.person(Role.ADMIN), await world.case_manager()
    officer = await world.person(Role.PRIVACY_OFFICER)
    await disable(admin, officer)
    await reset(admin, manager)
    await disable(admin, officer, disabled=False)
    await world.admin.execute("UPDATE sessions SET ended_at = NULL WHERE id = $1", officer.session_id)
    seen = (await officer.get("/v1/me/notifications")).json()["items"]
    assert [each["kind"] for each in seen] == [
        "privacy_officer_enabled", "password_reset", "privacy_officer_disabled",
    ]  # fmt: skip


async def test_person_who_is_put_out_of_their_unit_beforehand_is_still_of_it(world: World) -> None:
    admin, manager = await world.person(Role.ADMIN), await world.case_manager()
    lead = await world.person(Role.TEAM_LEAD)
    await end_role(admin, manager)
    await reset(admin, manager)
    assert await told(world, "password_reset", manager.user_id) == {manager.user_id, lead.user_id}


@pytest.mark.parametrize(("ago", "is_told"), [("29 days", True), ("31 days", False)])
async def test_whoever_watched_within_thirty_days_is_told(world: World, ago: str, *, is_told: bool) -> None:
    admin, manager = await world.person(Role.ADMIN), await world.case_manager()
    officer = await world.person(Role.PRIVACY_OFFICER)
    await world.admin.execute(
        "UPDATE memberships SET started_at = now() - interval '1 year' WHERE user_id = $1", officer.user_id
    )
    await world.admin.execute(_ENDED.replace("$2::interval", f"interval '{ago}'"), officer.user_id)
    await reset(admin, manager)
    assert (officer.user_id in await told(world, "password_reset", manager.user_id)) is is_told


async def test_end_of_an_officer_is_told_to_them_the_others_and_the_team_leads(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    officer, other = [await world.person(Role.PRIVACY_OFFICER) for _ in range(2)]
    leads = [await world.person(Role.TEAM_LEAD, unit=unit) for unit in ("KI", "Caritas")]
    watching = {each.user_id for each in (officer, other, *leads)}
    await disable(admin, officer)
    assert await told(world, "privacy_officer_disabled", officer.user_id) == watching
    await disable(admin, officer, disabled=False)
    assert await told(world, "privacy_officer_enabled", officer.user_id) == watching
    await end_role(admin, officer)
    assert await told(world, "privacy_officer_ended", officer.user_id) == watching


async def test_nobody_is_told_of_others_who_are_disabled_or_of_another_change(world: World) -> None:
    admin, officer = await world.person(Role.ADMIN), await world.person(Role.PRIVACY_OFFICER)
    manager = await world.case_manager()
    await disable(admin, manager)
    await end_role(admin, manager)
    path = f"/v1/users/{officer.user_id}"
    renamed = await admin.patch(path, {"display_name": "Neu"}, if_match='"1"')
    assert renamed.status_code == 200, renamed.text
    assert (await officer.get("/v1/me/notifications")).json()["items"] == []


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        ("disabled", "UPDATE users SET disabled_at = now() WHERE id = $1"),
        ("ended", "UPDATE memberships SET ended_at = started_at WHERE user_id = $1"),
    ],
)
async def test_database_tells_whichever_way_it_is_done(world: World, kind: str, statement: str) -> None:
    admin, officer = await world.person(Role.ADMIN), await world.person(Role.PRIVACY_OFFICER)
    lead = await world.person(Role.TEAM_LEAD)
    async with world.sql(admin) as db:
        await (await db.driver()).execute(statement, officer.user_id)
    watching = {officer.user_id, lead.user_id}
    assert await told(world, f"privacy_officer_{kind}", officer.user_id) == watching


async def test_membership_becomes_no_other_one(world: World) -> None:
    admin, officer = await world.person(Role.ADMIN), await world.person(Role.PRIVACY_OFFICER)
    sql = "UPDATE memberships SET role = 'assistant' WHERE user_id = $1"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(admin) as db:
            await (await db.driver()).execute(sql, officer.user_id)
