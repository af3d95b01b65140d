"""One person in two of the hands that an export goes through: every way is refused, and reads no line."""

from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from app.kit.ids import new_id
from tests.state_exports.arrange import PARTNER_PATH, Office, planted
from tests.world import Person

_AT_THE_DATABASE = """INSERT INTO memberships (municipal_area_id, id, user_id, role, institution_id)
VALUES ($1, $2, $3, 'partner_user', $4)"""
_AFTER = {
    "content_of_fetched_state_export": "SELECT count(*) FROM content_of_fetched_state_export($1, now())",
    "shown_in_state_export": "SELECT cardinality(shown_in_state_export($1))",
    "acknowledge_state_export": "SELECT acknowledge_state_export($1, now())::int",
}
_CREDENTIAL = "UPDATE partner_credentials SET created_by = $2 WHERE partner_system_id = $1"


async def _refused(office: Office, person: Person, export: str) -> None:
    answer = await person.post(f"{PARTNER_PATH}/{export}/fetch")
    assert (answer.status_code, answer.json()["code"]) == (403, "own_export")
    async with office.world.sql(person) as db:
        driver = await db.driver()
        assert not await driver.fetchval("SELECT fetch_state_export($1, now())", UUID(export))
    assert (await office.read(export))["state"] == "ready"
    assert (await office.fetch(export)).status_code == 200
    await _refused_what_was_fetched(office, person, export)


async def _refused_what_was_fetched(office: Office, person: Person, export: str) -> None:
    told = (await office.recipient.get(f"{PARTNER_PATH}/{export}")).json()
    body = {"sha256": told["sha256"], "withdrawals_deleted": told["withdrawals"]}
    answer = await person.post(f"{PARTNER_PATH}/{export}/acknowledge", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "own_export")
    assert await _let_through(office, person, export) == set()
    assert (await office.read(export))["state"] == "fetched"


async def _let_through(office: Office, person: Person, export: str) -> set[str]:
    """Return the functions of the database that do something for a hand after fetching; undone afterwards."""
    done = set()
    for function, sql in _AFTER.items():
        async with office.world.sql(person) as db:
            driver = await db.driver()
            attempt = driver.transaction()
            await attempt.start()
            if await driver.fetchval(sql, UUID(export)):
                done.add(function)
            await attempt.rollback()
    return done


async def _with_a_key_of_the_administrator(office: Office, machine: Person) -> None:
    """Let the administrator who asked give a machine a credential."""
    await office.world.admin.execute(_CREDENTIAL, machine.user_id, office.admin.user_id)


async def _machine(office: Office) -> Person:
    return await office.world.person(Role.PARTNER_SYSTEM, institution="landesdatenbank")


@pytest.mark.parametrize("table", ["partner_systems", "partner_credentials"])
@pytest.mark.parametrize("hand", ["admin", "lead"])
async def test_machine_that_a_hand_set_up_fetches_nothing(office: Office, table: str, hand: str) -> None:
    await office.persons()
    machine = await office.world.person(Role.PARTNER_SYSTEM, institution="landesdatenbank")
    export = await office.ready()
    of = "id" if table == "partner_systems" else "partner_system_id"
    who = getattr(office, hand).user_id
    await office.world.admin.execute(
        f"UPDATE {table} SET created_by = $2 WHERE {of} = $1", machine.user_id, who
    )
    await _refused(office, machine, export)


async def test_machine_that_others_set_up_fetches(office: Office) -> None:
    await office.persons()
    machine = await _machine(office)
    export = await office.ready()
    assert (await machine.post(f"{PARTNER_PATH}/{export}/fetch")).status_code == 200


async def test_who_becomes_a_hand_after_fetching_gets_it_not_again_with_the_key_of_before(
    office: Office,
) -> None:
    await office.persons()
    machine, export = await _machine(office), await office.ready()
    path = f"{PARTNER_PATH}/{export}/fetch"
    assert (await machine.post(path, idempotency_key="derived-from-id")).status_code == 200
    assert (await machine.post(path, idempotency_key="derived-from-id")).status_code == 200
    await _with_a_key_of_the_administrator(office, machine)
    again = await machine.post(path, idempotency_key="derived-from-id")
    assert (again.status_code, again.json()["code"]) == (403, "own_export")
    await _refused_what_was_fetched(office, machine, export)


async def test_who_becomes_a_hand_after_acknowledging_repeats_that_no_more(office: Office) -> None:
    await office.persons()
    machine, export = await _machine(office), await office.ready()
    path = f"{PARTNER_PATH}/{export}"
    assert (await machine.post(f"{path}/fetch")).status_code == 200
    told = (await machine.get(path)).json()
    body = {"sha256": told["sha256"], "withdrawals_deleted": told["withdrawals"]}
    done = await machine.post(f"{path}/acknowledge", body, idempotency_key="derived-from-id")
    assert done.status_code == 200
    await _with_a_key_of_the_administrator(office, machine)
    again = await machine.post(f"{path}/acknowledge", body, idempotency_key="derived-from-id")
    assert (again.status_code, again.json()["code"]) == (403, "own_export")


@pytest.mark.parametrize(
    ("function", "lock"),
    [
        ("content_of_fetched_state_export", "is_own_state_export(f.id)"),
        ("shown_in_state_export", "is_own_state_export(e.id)"),
        ("acknowledge_state_export", "public.is_own_state_export(p_export)"),
    ],
)
async def test_function_that_does_not_ask_for_hands_is_noticed(
    office: Office, function: str, lock: str
) -> None:
    await office.persons()
    machine, export = await _machine(office), await office.ready()
    assert (await machine.post(f"{PARTNER_PATH}/{export}/fetch")).status_code == 200
    await _with_a_key_of_the_administrator(office, machine)
    async with planted(office.world, function, lock, "false"):
        assert await _let_through(office, machine, export) == {function}


@pytest.mark.parametrize("role", [Role.TEAM_LEAD, Role.ADMIN, Role.PRIVACY_OFFICER, Role.ASSISTANT])
async def test_who_has_a_role_at_a_unit_gets_none_at_the_database_nor_the_other_way_round(
    office: Office, role: Role
) -> None:
    inside, outside = await office.world.person(role), office.recipient
    for person, body in (
        (inside, {"role": "partner_user", "institution_id": str(office.database)}),
        (outside, {"role": role, "unit_id": str(office.unit)}),
    ):
        answer = await office.admin.post(f"/v1/users/{person.user_id}/memberships", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "roles_apart")
    with pytest.raises(asyncpg.CheckViolationError):
        await office.world.admin.execute(
            _AT_THE_DATABASE, office.world.area, new_id(), inside.user_id, office.database
        )


async def test_who_released_and_changed_sides_fetches_nothing(office: Office) -> None:
    await office.persons()
    export = await office.ready()
    lead = office.lead
    await office.world.admin.execute(
        "UPDATE memberships SET ended_at = now() WHERE user_id = $1", lead.user_id
    )
    await office.world.admin.execute(
        _AT_THE_DATABASE, office.world.area, new_id(), lead.user_id, office.database
    )
    lead.place_id, lead.roles = office.database, (Role.PARTNER_USER,)
    await _refused(office, lead, export)
