"""Whoever is let in at a state-wide database: privacy officers and team leads are told, whoever does it."""

from uuid import UUID

import pytest

from app.access.roles import Role
from app.access.scopes import Scope
from app.kit.ids import new_id
from tests.identity.partner_systems.arrange import Machine, a_machine, new_key, public, register
from tests.state_exports.arrange import Office
from tests.world import Person

KIND = "state_database_let_in"
DATABASE = "landesdatenbank"


async def told(person: Person) -> list[tuple[str, str]]:
    """Return of what a person was told, the newest first: kind of object and id."""
    inbox = (await person.get("/v1/me/notifications")).json()["items"]
    return [(each["object_type"], each["object_id"]) for each in inbox if each["kind"] == KIND]


async def _officer(office: Office) -> Person:
    return await office.world.person(Role.PRIVACY_OFFICER)


async def test_machine_is_told_with_each_key_and_secret_whoever_adds_it(office: Office) -> None:
    officer, elsewhere = await _officer(office), await office.world.person(Role.TEAM_LEAD, unit="Caritas")
    machine = await a_machine(office.world, Scope.STATE_EXPORTS_FETCH, institution=DATABASE)
    of_it = ("partner_system", machine.id)
    assert await told(officer) == await told(elsewhere) == (await told(office.lead))[:1] == [of_it]
    other = Machine(machine.id, office.admin, new_key())
    await register(other, other.key)
    assert await told(officer) == [of_it] * 2
    secret = await office.admin.post(f"{machine.path}/secrets", {})
    assert secret.status_code == 201, secret.text
    assert await told(officer) == await told(elsewhere) == [of_it] * 3


async def test_person_is_told_whichever_way_they_come_in(office: Office) -> None:
    officer = await _officer(office)
    partner = await office.world.person(Role.PARTNER_USER)
    body = {"role": "partner_user", "institution_id": str(office.database)}
    answer = await office.admin.post(f"/v1/users/{partner.user_id}/memberships", body)
    assert answer.status_code == 201, answer.text
    assert await told(officer) == (await told(office.lead))[:1] == [("user", str(partner.user_id))]
    another = await office.world.person(Role.PARTNER_USER, institution="schule")
    await office.world.admin.execute(
        """INSERT INTO memberships (municipal_area_id, id, user_id, role, institution_id)
        VALUES ($1, $2, $3, 'partner_user', $4)""",
        office.world.area, new_id(), another.user_id, office.database,
    )  # fmt: skip
    assert (await told(officer))[0] == ("user", str(another.user_id))


async def test_who_is_let_in_again_is_told_again(office: Office) -> None:
    officer = await _officer(office)
    for change in ("now()", "NULL"):
        await office.world.admin.execute(
            f"UPDATE users SET disabled_at = {change} WHERE municipal_area_id = $1 AND id = $2",
            office.world.area, office.recipient.user_id,
        )  # fmt: skip
    assert await told(officer) == [("user", str(office.recipient.user_id))]


async def test_institution_that_becomes_one_is_told_with_whoever_is_there(office: Office) -> None:
    officer = await _officer(office)
    jobcenter = await office.world.institution("jobcenter")
    await office.world.person(Role.PARTNER_USER)
    change = "UPDATE institutions SET institution_type = $2 WHERE id = $1"
    await office.world.admin.execute(change, jobcenter, DATABASE)
    assert await told(officer) == [("institution", str(jobcenter))]


async def test_others_are_let_in_without_a_word_and_others_are_not_told(office: Office) -> None:
    officer = await _officer(office)
    neighbour = await office.world.neighbour()
    far = await neighbour.person(Role.PRIVACY_OFFICER)
    strangers = [await office.world.person(role) for role in (Role.COORDINATOR, Role.CASE_MANAGER)]
    await a_machine(office.world)
    await office.world.person(Role.PARTNER_USER)
    assert await told(officer) == []
    machine = await a_machine(office.world, Scope.STATE_EXPORTS_FETCH, institution=DATABASE)
    assert [await told(each) for each in (far, office.recipient, machine.admin, *strangers)] == [[]] * 5


@pytest.mark.parametrize("table", ["partner_credentials", "memberships"])
async def test_without_its_trigger_nobody_is_told_and_that_is_noticed(office: Office, table: str) -> None:
    officer = await _officer(office)
    partner = await office.world.person(Role.PARTNER_USER)
    machine = await a_machine(office.world)
    await office.world.admin.execute(
        "UPDATE partner_systems SET institution_id = $2 WHERE id = $1", UUID(machine.id), office.database
    )
    await office.world.admin.execute(f"ALTER TABLE {table} DISABLE TRIGGER tell_of_state_database")
    try:
        body = {"role": "partner_user", "institution_id": str(office.database)}
        await office.admin.post(f"/v1/users/{partner.user_id}/memberships", body)
        await office.admin.post(f"{machine.path}/keys", {"jwk": public(new_key())})
    finally:
        await office.world.admin.execute(f"ALTER TABLE {table} ENABLE TRIGGER tell_of_state_database")
    left = {"partner_credentials": "user", "memberships": "partner_system"}[table]
    assert [of for of, _ in await told(officer)] == [left]


async def test_alarm_is_not_switched_off_beforehand(office: Office) -> None:
    officer = await _officer(office)
    for change in ("now()", "NULL"):
        await office.world.admin.execute(
            f"UPDATE users SET disabled_at = {change} WHERE id = $1", officer.user_id
        )
        if change == "now()":
            machine = await a_machine(office.world, Scope.STATE_EXPORTS_FETCH, institution=DATABASE)
    assert await told(officer) == [("partner_system", machine.id)]
