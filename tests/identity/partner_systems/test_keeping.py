"""An administrator keeps the machines of the area's institutions; what is revoked opens nothing any more."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.access.roles import Role
from app.access.scopes import OF_STATE_DATABASES, Scope
from app.kit.clock import utc_now
from tests.identity.arrange import bearer as signed_in
from tests.identity.arrange import give_password, journal_of, sign_in
from tests.identity.partner_systems.arrange import a_machine, ask, bearer, new_key, public, register, token
from tests.refusals import places
from tests.world import World

FEED = "/v1/partner/referrals"
PATH = "/v1/partner-systems"


async def reads(http: httpx.AsyncClient, access: str) -> int:
    return (await http.get(FEED, headers=bearer(access))).status_code


async def test_revoked_machine_opens_nothing_with_the_next_request(world: World, http: Any) -> None:
    machine = await a_machine(world)
    access = await token(http, machine)
    assert await reads(http, access) == 200
    assert (await machine.admin.delete(machine.path)).status_code == 204
    assert await reads(http, access) == 401
    assert (await ask(http, machine.assertion())).status_code == 401
    again = await machine.admin.delete(machine.path)
    assert (again.status_code, again.json()["state"]) == (409, "revoked")
    key = await machine.admin.post(f"{machine.path}/keys", {"jwk": public(new_key())})
    assert (key.status_code, key.json()["code"]) == (409, "wrong_state")


async def test_machine_of_a_deactivated_institution_opens_nothing(world: World, http: Any) -> None:
    machine = await a_machine(world)
    access = await token(http, machine)
    coordinator = await world.person(Role.COORDINATOR)
    path = f"/v1/institutions/{await world.institution()}"
    found = await coordinator.get(path)
    gone = await coordinator.patch(path, {"is_active": False}, if_match=found.headers["etag"])
    assert gone.status_code == 200, gone.text
    assert await reads(http, access) == 401
    assert (await ask(http, machine.assertion())).status_code == 401
    body = {"institution_id": str(await world.institution()), "name": "x", "scopes": ["directory:read"]}
    refused = await machine.admin.post(PATH, body)
    assert (refused.status_code, refused.json()["code"]) == (409, "institution_inactive")


async def test_expired_credential_ends_its_tokens(world: World, http: Any) -> None:
    machine = await a_machine(world)
    access = await token(http, machine)
    await world.admin.execute(
        """UPDATE partner_credentials SET created_at = now() - interval '2 days',
        expires_at = now() - interval '1 second' WHERE id = $1::text::uuid""",
        machine.credential_id,
    )
    assert await reads(http, access) == 401


async def test_scope_that_is_taken_is_gone_with_the_next_request(world: World, http: Any) -> None:
    machine = await a_machine(world)
    access = await token(http, machine)
    seen = await machine.admin.get(machine.path)
    changed = await machine.admin.patch(
        machine.path, {"scopes": ["directory:read"]}, if_match=seen.headers["etag"]
    )
    assert (changed.status_code, changed.json()["scopes"]) == (200, ["directory:read"])
    assert await reads(http, access) == 403
    assert (await http.get("/v1/catalogues", headers=bearer(access))).status_code == 200


async def test_scope_that_is_given_needs_a_new_token(world: World, http: Any) -> None:
    machine = await a_machine(world, Scope.DIRECTORY_READ)
    access = await token(http, machine)
    seen = await machine.admin.get(machine.path)
    await machine.admin.patch(
        machine.path,
        {"scopes": [each for each in Scope if each not in OF_STATE_DATABASES]},
        if_match=seen.headers["etag"],
    )
    assert await reads(http, access) == 403
    assert await reads(http, await token(http, machine)) == 200


async def test_scope_of_a_state_database_is_given_to_nobody_else(world: World) -> None:
    machine = await a_machine(world, Scope.DIRECTORY_READ)
    seen = await machine.admin.get(machine.path)
    scopes = {"scopes": [Scope.DIRECTORY_READ, Scope.STATE_EXPORTS_FETCH]}
    other = {"institution_id": seen.json()["institution_id"], "name": "Fachverfahren", **scopes}
    for refused in (
        await machine.admin.post(PATH, other),
        await machine.admin.patch(machine.path, scopes, if_match=seen.headers["etag"]),
    ):
        assert refused.status_code == 422, refused.text
        assert places(refused) == [{"place": "body.scopes", "kind": "scope_of_state_database"}]
        assert "state_exports:fetch" in refused.json()["errors"][0]["message"]
    assert (await machine.admin.get(machine.path)).json()["scopes"] == ["directory:read"]


async def test_state_database_gets_its_scope(world: World) -> None:
    machine = await a_machine(world, Scope.STATE_EXPORTS_FETCH, institution="landesdatenbank")
    seen = await machine.admin.get(machine.path)
    assert seen.json()["scopes"] == ["state_exports:fetch"]
    both = {"scopes": [Scope.DIRECTORY_READ, Scope.STATE_EXPORTS_FETCH]}
    changed = await machine.admin.patch(machine.path, both, if_match=seen.headers["etag"])
    assert changed.status_code == 200, changed.text


async def test_change_needs_the_version_that_was_seen(world: World) -> None:
    machine = await a_machine(world)
    assert (await machine.admin.patch(machine.path, {"name": "Anders"})).status_code == 428
    stale = await machine.admin.patch(machine.path, {"name": "Anders"}, if_match='"9"')
    assert stale.status_code == 412
    changed = await machine.admin.patch(machine.path, {"name": "Anders"}, if_match='"1"')
    assert (changed.json()["name"], changed.json()["version"]) == ("Anders", 2)
    name = await world.admin.fetchval("SELECT display_name FROM users WHERE id = $1::text::uuid", machine.id)
    assert name == "Anders"


@pytest.mark.parametrize(
    "changes",
    [
        {"d": "A" * 43},
        {"kty": "RSA"},
        {"kty": "oct", "k": "c2VjcmV0"},
        {"crv": "P-384"},
        {"crv": "secp256k1"},
        {"x": "A" * 43},
        {"x": "A" * 42},
        {"y": "é" * 43},
        {"x": "/" * 43},
        {"alg": "HS256"},
        {"use": "enc"},
        {"x5u": "https://elsewhere.example"},
    ],
)
async def test_key_that_is_no_public_one_on_p256_is_refused(world: World, changes: dict[str, str]) -> None:
    machine = await a_machine(world)
    answer = await machine.admin.post(f"{machine.path}/keys", {"jwk": {**public(new_key()), **changes}})
    assert answer.status_code == 422, answer.text
    assert "A" * 42 not in answer.text


async def test_private_key_is_refused_as_known_to_others(world: World) -> None:
    machine = await a_machine(world)
    private = new_key().as_dict(private=True)
    answer = await machine.admin.post(f"{machine.path}/keys", {"jwk": private})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["kind"]) == (422, "private_key")
    assert private["d"] not in answer.text


async def test_key_is_registered_once_even_after_it_was_revoked(world: World) -> None:
    machine = await a_machine(world)
    await machine.admin.delete(f"{machine.path}/credentials/{machine.credential_id}")
    again = await machine.admin.post(f"{machine.path}/keys", {"jwk": public(machine.key)})
    assert (again.status_code, again.json()["code"]) == (409, "duplicate")


async def test_repeated_registration_finds_the_first(world: World) -> None:
    machine, key = await a_machine(world), new_key()
    answers = [
        await machine.admin.post(f"{machine.path}/keys", {"jwk": public(key)}, idempotency_key="key-of-today")
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]


async def test_of_two_registered_at_once_there_is_room_for_one(world: World) -> None:
    machine = await a_machine(world)
    await register(machine, new_key())
    await register(machine, new_key())
    answers = await asyncio.gather(
        *(machine.admin.post(f"{machine.path}/keys", {"jwk": public(new_key())}) for _ in range(2))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert {answer.json().get("code") for answer in answers} == {None, "too_many_credentials"}


@pytest.mark.parametrize(("what", "days"), [("keys", 731), ("secrets", 181), ("keys", -1), ("secrets", 0)])
async def test_end_of_a_credential_lies_within_bounds(world: World, what: str, days: int) -> None:
    machine = await a_machine(world)
    at = (utc_now() + timedelta(days=days)).isoformat()
    body: dict[str, Any] = {"expires_at": at}
    if what == "keys":
        body["jwk"] = public(new_key())
    answer = await machine.admin.post(f"{machine.path}/{what}", body)
    assert (answer.status_code, answer.json()["errors"][0]["place"]) == (422, "body.expires_at")


async def test_only_administrators_keep_machines(world: World) -> None:
    machine = await a_machine(world)
    for role in set(Role) - {Role.ADMIN}:
        person = await world.person(role)
        assert (await person.get(PATH)).status_code == 403, role
        assert (await person.get(f"{machine.path}/credentials")).status_code == 403, role
        assert (await person.post(f"{machine.path}/secrets", {})).status_code == 403, role
        assert (await person.delete(machine.path)).status_code == 403, role


async def test_administrator_of_another_area_finds_nothing(world: World) -> None:
    machine = await a_machine(world)
    stranger = await (await world.neighbour()).person(Role.ADMIN)
    assert (await stranger.get(PATH)).json()["items"] == []
    for path in (machine.path, f"{machine.path}/credentials"):
        assert (await stranger.get(path)).status_code == 404
    assert (await stranger.post(f"{machine.path}/keys", {"jwk": public(new_key())})).status_code == 404
    assert (await stranger.post(f"{machine.path}/secrets", {})).status_code == 404
    gone = await stranger.delete(f"{machine.path}/credentials/{machine.credential_id}")
    assert gone.status_code == 404
    body = {"institution_id": str(await world.institution()), "name": "x", "scopes": ["directory:read"]}
    refused = await stranger.post(PATH, body)
    assert refused.status_code == 422
    assert places(refused) == [{"place": "body.institution_id", "kind": "unknown_reference"}]


async def test_credential_is_revoked_under_its_own_machine_only(world: World) -> None:
    machine, other = await a_machine(world), await a_machine(world)
    wrong = await machine.admin.delete(f"{other.path}/credentials/{machine.credential_id}")
    assert wrong.status_code == 404
    unknown = await machine.admin.delete(f"{machine.path}/credentials/{uuid4()}")
    assert unknown.status_code == 404


async def test_machine_is_nobody_among_the_users(world: World) -> None:
    machine = await a_machine(world)
    admin = machine.admin
    users = (await admin.get("/v1/users")).json()["items"]
    assert machine.id not in {user["id"] for user in users}
    path = f"/v1/users/{machine.id}"
    assert (await admin.get(path)).status_code == 404
    assert (await admin.patch(path, {"is_disabled": True}, if_match='"1"')).status_code == 404
    password = {"initial_password": "Vier Kraniche ziehen suedwaerts"}
    assert (await admin.post(f"{path}/password", password)).status_code == 404
    role = {"role": "case_manager", "unit_id": str(await world.unit())}
    assert (await admin.post(f"{path}/memberships", role)).status_code == 404


async def test_person_is_no_machine(world: World) -> None:
    admin, manager = await world.person(Role.ADMIN), await world.case_manager()
    role = {"role": "partner_system", "institution_id": str(await world.institution())}
    refused = await admin.post(f"/v1/users/{manager.user_id}/memberships", role)
    assert (refused.status_code, refused.json()["code"]) == (422, "role_of_machines")


@pytest.mark.parametrize("path", ["/v1/me", "/v1/sessions", "/v1/me/notifications", "/v1/partner-systems"])
async def test_machine_has_no_scope_for_what_people_have(world: World, http: Any, path: str) -> None:
    machine = await a_machine(world)
    answer = await http.get(path, headers=bearer(await token(http, machine)))
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


async def test_what_is_done_with_a_machine_stands_in_the_journal(world: World, http: Any) -> None:
    machine = await a_machine(world)
    await machine.admin.delete(f"{machine.path}/credentials/{machine.credential_id}")
    await machine.admin.delete(machine.path)
    by = machine.admin.user_id
    for action in ("partner_system.create", "partner_credential.create", "partner_credential.revoke",
                   "partner_system.revoke"):  # fmt: skip
        ((user, _, outcome, _),) = await journal_of(world, action)
        assert (user, outcome) == (by, "done")


async def test_sign_in_with_a_password_is_not_touched_by_machines(world: World, http: Any) -> None:
    partner = await world.person(Role.PARTNER_USER)
    answer = await sign_in(http, await give_password(world, partner))
    assert (await http.get(FEED, headers=signed_in(answer))).status_code == 200
