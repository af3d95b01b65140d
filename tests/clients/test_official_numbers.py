"""Official numbers: recorded, held, found, shown for a purpose, removed; the number stands nowhere else."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest
from fastapi import FastAPI

from app.access.roles import Role
from app.kit.sealing import FieldKeys
from tests.clients.arrange import a_case, assign, new_client
from tests.consents.arrange import give_consent, withdraw
from tests.world import Person, World

TAX = "86095742719"
PENSION = "15070649C103"


async def record(person: Person, client_id: str, kind: str = "tax", number: str = TAX) -> dict[str, Any]:
    """Record a number and return its line."""
    answer = await person.post(f"/v1/clients/{client_id}/official-numbers", {"kind": kind, "value": number})
    assert answer.status_code == 201, answer.text
    assert number not in answer.text
    return next(dict(each) for each in answer.json()["items"] if each["kind"] == kind)


async def show(person: Person, client_id: str, number_id: str, purpose: str = "application") -> Any:
    return await person.post(
        f"/v1/clients/{client_id}/official-numbers/{number_id}/show", {"purpose": purpose}
    )


async def find(person: Person, number: str, kind: str = "tax") -> list[str]:
    answer = await person.post("/v1/clients/by-number", {"kind": kind, "value": number})
    assert answer.status_code == 200, answer.text
    assert number not in answer.text
    return [each["id"] for each in answer.json()["items"]]


@pytest.mark.asvs("14.2.6")
async def test_number_is_shown_by_its_own_operation_only(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    line = await record(manager, client_id, number="86 095 742 719")
    for path in ("", "/official-numbers", "/household"):
        assert TAX not in (await manager.get(f"/v1/clients/{client_id}{path}")).text
    assert TAX not in (await manager.get("/v1/clients")).text
    shown = await show(manager, client_id, line["id"])
    assert shown.json() == {"id": line["id"], "kind": "tax", "value": TAX}
    assert shown.headers["cache-control"] == "no-store"


@pytest.mark.asvs("16.3.2")
async def test_showing_is_journalled_with_its_purpose_and_without_the_number(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    line = await record(manager, client_id)
    await show(manager, client_id, line["id"], "identity_check")
    await find(manager, TAX)
    rows = await world.admin.fetch(
        "SELECT action, purpose, object_id, client_pseudonyms, j::text AS whole FROM audit_journal j"
        " WHERE municipal_area_id = $1 AND action LIKE 'official_number%' ORDER BY position",
        world.area,
    )
    actions = [(row["action"], row["purpose"]) for row in rows if row["action"] != "official_number.list"]
    assert actions == [
        ("official_number.record", None),
        ("official_number.show", "identity_check"),
        ("official_number.find", None),
    ]
    pseudonym = await world.admin.fetchval("SELECT pseudonym FROM clients WHERE id = $1", UUID(client_id))
    assert all(row["client_pseudonyms"] == [pseudonym] for row in rows)
    assert not any(TAX in row["whole"] for row in rows)


async def test_a_purpose_that_is_none_shows_nothing(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    line = await record(manager, client_id)
    answer = await show(manager, client_id, line["id"], "curiosity")
    assert answer.status_code == 422
    assert TAX not in answer.text


@pytest.mark.asvs("14.2.4")
async def test_the_database_does_not_hold_the_number(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    await manager.post(
        f"/v1/clients/{client_id}/official-numbers",
        {"kind": "tax", "value": TAX},
        idempotency_key="record-a-tax-number",
    )
    for table in ("official_numbers", "idempotency_keys", "outbox", "audit_journal"):
        rows = await world.admin.fetch(f"SELECT t::text AS row FROM {table} t")
        assert not any(TAX in row["row"] or TAX.encode().hex() in row["row"] for row in rows), table


async def test_replay_of_a_recording_finds_the_first_and_its_digest_is_keyed(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    path, body = f"/v1/clients/{client_id}/official-numbers", {"kind": "tax", "value": TAX}
    first = await manager.post(path, body, idempotency_key="record-it-once")
    again = await manager.post(path, body, idempotency_key="record-it-once")
    assert first.json()["items"] == again.json()["items"]
    other = {**body, "value": "47036892816"}
    assert (await manager.post(path, other, idempotency_key="record-it-once")).status_code == 422
    kept = await world.admin.fetchval(
        "SELECT body_sha256 FROM idempotency_keys WHERE user_id = $1", manager.user_id
    )
    assert len(kept) != 32  # no plain SHA-256, from which eleven digits could be guessed


async def test_refused_number_is_never_repeated(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    path = f"/v1/clients/{client_id}/official-numbers"
    for kind, number in (("tax", "86095742718"), ("tax", "8609574271"), ("azr", "x" * 41)):
        answer = await manager.post(path, {"kind": kind, "value": number})
        assert answer.status_code == 422
        assert number not in answer.text
    answer = await manager.post(path, {"kind": "tax", "value": "86095742718"})
    assert answer.json()["errors"][0]["kind"] == "check_digit"


async def test_person_is_found_by_the_whole_number_among_those_seen(world: World) -> None:
    manager, stranger = await world.case_manager(), await world.case_manager()
    client_id = await new_client(manager)
    await record(manager, client_id)
    await record(stranger, await new_client(stranger), "pension_insurance", PENSION)
    assert await find(manager, "86 095 742 719") == [client_id]
    assert await find(manager, "47036892816") == []
    assert await find(stranger, TAX) == []
    assert await find(manager, PENSION, "pension_insurance") == []


async def test_same_number_of_a_stranger_is_not_told(world: World) -> None:
    manager, stranger = await world.case_manager(), await world.case_manager()
    await record(manager, await new_client(manager))
    own = await new_client(stranger, given_name="Lena")
    await record(stranger, own)
    assert await find(stranger, TAX) == [own]


async def test_new_number_replaces_the_one_of_its_kind(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    await record(manager, client_id)
    line = await record(manager, client_id, number="47036892816")
    await record(manager, client_id, "pension_insurance", PENSION)
    held = (await manager.get(f"/v1/clients/{client_id}/official-numbers")).json()
    assert [each["kind"] for each in held["items"]] == ["pension_insurance", "tax"]
    assert (await show(manager, client_id, line["id"])).json()["value"] == "47036892816"
    assert await find(manager, TAX) == []


async def test_removed_number_is_gone(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    line = await record(manager, client_id)
    answer = await manager.post(f"/v1/clients/{client_id}/official-numbers/{line['id']}/remove")
    assert answer.json()["items"] == []
    assert (await show(manager, client_id, line["id"])).status_code == 404
    assert await find(manager, TAX) == []


async def test_number_of_one_person_is_not_shown_as_anothers(world: World) -> None:
    manager = await world.case_manager()
    mine, other = await new_client(manager), await new_client(manager, given_name="Lena")
    line = await record(manager, mine)
    assert (await show(manager, other, line["id"])).status_code == 404


async def test_who_breaks_the_glass_learns_that_a_number_is_held_and_not_which(world: World) -> None:
    manager, lead = await world.case_manager(), await world.person(Role.TEAM_LEAD)
    client_id = await new_client(manager)
    line = await record(manager, client_id)
    case_id = await a_case(world, client_id, manager)
    await assign(world, client_id, case_id, lead, "break_glass")
    held = await lead.get(f"/v1/clients/{client_id}/official-numbers")
    assert [each["kind"] for each in held.json()["items"]] == ["tax"]
    assert (await show(lead, client_id, line["id"])).status_code == 403


@pytest.mark.parametrize("role", ["kim_worker", "kim_reporting"])
async def test_worker_and_reporting_read_no_number(world: World, role: str) -> None:
    async with world.admin.transaction():
        await world.admin.execute(f"SET LOCAL ROLE {role}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.admin.transaction():
                await world.admin.fetch("SELECT mark FROM official_numbers")


async def test_row_that_was_moved_behind_the_application_does_not_open(world: World) -> None:
    manager = await world.case_manager()
    victim, other = await new_client(manager), await new_client(manager, given_name="Lena")
    await record(manager, victim)
    line = await record(manager, other, number="47036892816")
    await world.admin.execute(
        "UPDATE official_numbers SET sealed = (SELECT sealed FROM official_numbers WHERE client_id = $2)"
        " WHERE client_id = $1",
        UUID(other),
        UUID(victim),
    )
    answer = await show(manager, other, line["id"])
    assert answer.status_code == 503
    assert TAX not in answer.text
    # The database is shared with the tests of the rotation.
    await world.admin.execute("DELETE FROM official_numbers WHERE client_id = $1", UUID(other))


async def test_server_without_keys_says_so_and_does_the_rest(world: World, app: FastAPI) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    keys: FieldKeys = app.state.field_keys
    app.state.field_keys = None
    try:
        path = f"/v1/clients/{client_id}/official-numbers"
        answer = await manager.post(path, {"kind": "tax", "value": TAX})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "3600")
        assert (await manager.get(path)).json()["items"] == []
    finally:
        app.state.field_keys = keys


async def test_number_of_somebody_whose_data_are_only_kept_is_neither_shown_nor_found(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    consent_id = await give_consent(manager, client_id)
    held = await record(manager, client_id)
    assert await find(manager, TAX) == [client_id]
    assert (await show(manager, client_id, held["id"])).status_code in (200, 201)
    await withdraw(manager, consent_id)
    refused = await show(manager, client_id, held["id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "processing_restricted")
    assert await find(manager, TAX) == []
