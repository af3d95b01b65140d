"""What an administrator does with users, and where that power ends."""

from typing import Any

import pytest

from app.access.roles import Role
from tests.identity.arrange import (
    ANOTHER,
    PASSWORD,
    bearer,
    give_password,
    join_area,
    journal_of,
    sign_in,
    somewhere,
)
from tests.world import World

NOWHERE = "00000000-0000-7000-8000-000000000000"


async def new_user(world: World, **changes: Any) -> dict[str, Any]:
    body = {
        "email": f"Neu-{world.area}@KIM.example",
        "display_name": "Neue Kollegin",
        "initial_password": PASSWORD,
        "memberships": [{"role": "case_manager", "unit_id": str(await world.unit())}],
    }
    return {**body, **changes}


async def test_new_user_signs_in_with_the_initial_password_and_sets_an_own_one(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    made = await admin.post("/v1/users", await new_user(world))
    assert made.status_code == 201, made.text
    user = made.json()
    assert (user["email"], user["is_disabled"], user["version"]) == (
        f"neu-{world.area}@kim.example".lower(),
        False,
        1,
    )
    assert [(each["role"], each["place_name"]) for each in user["memberships"]] == [("case_manager", "KI")]
    async with somewhere(world) as http:
        first = await sign_in(http, user["email"])
        assert first.json()["must_change_password"] is True
        body = {"current_password": PASSWORD, "new_password": ANOTHER}
        changed = await http.put("/v1/me/password", json=body, headers=bearer(first))
        assert changed.status_code == 204
        assert (await http.get("/v1/colleagues", headers=bearer(first))).status_code == 200


async def test_creation_and_rights_are_in_the_journal_by_role_and_not_by_name(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    user = (await admin.post("/v1/users", await new_user(world))).json()
    assert [str(entry[1]) for entry in await journal_of(world, "user.create")] == [user["id"]]
    rows = await world.admin.fetch(
        """SELECT user_id, changed FROM audit_journal
        WHERE municipal_area_id = $1 AND action = 'membership.grant'""",
        world.area,
    )
    assert [tuple(row) for row in rows] == [(admin.user_id, ["case_manager"])]


async def test_account_of_another_area_is_never_linked_by_an_administrator(world: World) -> None:
    """Whoever made it elsewhere knows its password, and would come in with it."""
    neighbour = await world.neighbour()
    elsewhere = await neighbour.case_manager()
    await give_password(world, elsewhere, ANOTHER)
    email = f"schon-da-{world.area}@kim.example".lower()
    await world.admin.execute("UPDATE accounts SET email = $2 WHERE id = $1", elsewhere.account_id, email)
    admin = await world.person(Role.ADMIN)
    refused = await admin.post("/v1/users", await new_user(world, email=email))
    assert (refused.status_code, refused.json()["code"]) == (409, "duplicate")
    async with somewhere(world) as http:
        assert (await sign_in(http, email, ANOTHER, area=world.area)).status_code == 401


async def test_somebody_is_a_user_of_an_area_once(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    assert (await admin.post("/v1/users", await new_user(world))).status_code == 201
    again = await admin.post("/v1/users", await new_user(world))
    assert (again.status_code, again.json()["code"]) == (409, "duplicate")
    assert again.json()["detail"].startswith("This address has an account already.")


async def test_double_submit_makes_one_user_and_stores_no_digest_of_the_password(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    body = await new_user(world)
    first = await admin.post("/v1/users", body, idempotency_key="user-0001")
    again = await admin.post("/v1/users", body, idempotency_key="user-0001")
    assert (first.json(), first.status_code) == (again.json(), 201)
    await admin.post("/v1/users", {**body, "initial_password": ANOTHER}, idempotency_key="user-0001")
    digests = await world.admin.fetch(
        "SELECT DISTINCT body_sha256 FROM idempotency_keys WHERE key = 'user-0001'"
    )
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"email": "kein-at-zeichen"}, "invalid"),
        ({"initial_password": "kurz"}, "password_too_short"),
        ({"initial_password": "Neue Kollegin 2026"}, "password_personal"),
        ({"memberships": []}, "invalid"),
        ({"memberships": [{"role": "partner_user", "unit_id": NOWHERE}]}, "invalid"),
        ({"memberships": [{"role": "admin"}]}, "invalid"),
        ({"memberships": [{"role": "admin", "unit_id": NOWHERE}]}, "unknown_reference"),
        ({"language": "fr"}, "invalid"),
    ],
)  # fmt: skip
async def test_impossible_user_is_refused_whole(world: World, change: dict[str, Any], code: str) -> None:
    admin = await world.person(Role.ADMIN)
    answer = await admin.post("/v1/users", await new_user(world, **change))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    count = "SELECT count(*) FROM users WHERE municipal_area_id = $1"
    assert await world.admin.fetchval(count, world.area) == 1


async def test_users_are_listed_and_read_by_the_administrator_of_the_area_only(world: World) -> None:
    admin, manager = await world.person(Role.ADMIN, name="Anna"), await world.case_manager()
    stranger = await (await world.neighbour()).person(Role.ADMIN)
    listed = await admin.get("/v1/users", limit=1)
    assert [user["display_name"] for user in listed.json()["items"]] == ["Anna"]
    rest = await admin.get("/v1/users", cursor=listed.json()["next"])
    assert [user["id"] for user in rest.json()["items"]] == [str(manager.user_id)]
    path = f"/v1/users/{manager.user_id}"
    assert (await admin.get(path)).json()["email"] == f"{manager.account_id}@kim.test"
    assert (await manager.get(path)).status_code == 403
    assert (await stranger.get(path)).status_code == 404
    read = [
        (user, seen) for user, seen, outcome, _ in await journal_of(world, "user.read") if outcome == "done"
    ]
    assert read == [(admin.user_id, manager.user_id)]
    assert [entry[0] for entry in await journal_of(world, "user.list")] == [admin.user_id] * 2


@pytest.mark.asvs("7.4.2")
async def test_disabling_ends_the_sessions_of_this_area_at_once(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    neighbour = await world.neighbour()
    manager = await neighbour.case_manager()
    await join_area(world, manager)
    email = await give_password(world, manager)
    async with somewhere(world) as http:
        here = await sign_in(http, email, area=world.area)
        path = f"/v1/users/{here.json()['user_id']}"
        off = await admin.patch(path, {"is_disabled": True}, if_match='"1"')
        assert (off.status_code, off.json()["is_disabled"]) == (200, True)
        assert (await http.get("/v1/me", headers=bearer(here))).status_code == 401
        assert (await manager.get("/v1/me")).status_code == 200
        assert (await sign_in(http, email, area=world.area)).status_code == 401
        await admin.patch(path, {"is_disabled": False}, if_match=off.headers["etag"])
        assert (await http.get("/v1/me", headers=bearer(here))).status_code == 401
        assert (await sign_in(http, email, area=world.area)).status_code == 201


async def test_change_needs_the_version_and_something_to_change(world: World) -> None:
    admin, manager = await world.person(Role.ADMIN), await world.case_manager()
    path = f"/v1/users/{manager.user_id}"
    assert (await admin.patch(path, {"display_name": "Neu"})).status_code == 428
    assert (await admin.patch(path, {"display_name": "Neu"}, if_match='"9"')).status_code == 412
    assert (await admin.patch(path, {}, if_match='"1"')).status_code == 422
    assert (await admin.patch(path, {"is_disabled": None}, if_match='"1"')).status_code == 422
    changed = await admin.patch(path, {"display_name": "Neu"}, if_match='"1"')
    assert (changed.json()["display_name"], changed.headers["etag"]) == ("Neu", '"2"')


async def test_reset_password_ends_the_sessions_and_must_be_changed(world: World) -> None:
    admin, manager = await world.person(Role.ADMIN), await world.case_manager()
    email = await give_password(world, manager)
    path = f"/v1/users/{manager.user_id}/password"
    assert (await admin.post(path, {"initial_password": "kurz"})).status_code == 422
    assert (await admin.post(path, {"initial_password": ANOTHER})).status_code == 204
    assert (await manager.get("/v1/me")).status_code == 401
    async with somewhere(world) as http:
        assert (await sign_in(http, email)).status_code == 401
        assert (await sign_in(http, email, ANOTHER)).json()["must_change_password"] is True
    assert len(await journal_of(world, "user.reset_password")) == 1


async def test_password_of_an_account_that_other_areas_use_is_no_administrators_to_set(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    manager = await world.case_manager()
    await join_area(await world.neighbour(), manager)
    email = await give_password(world, manager)
    answer = await admin.post(f"/v1/users/{manager.user_id}/password", {"initial_password": ANOTHER})
    assert (answer.status_code, answer.json()["code"]) == (409, "shared")
    async with somewhere(world) as http:
        assert (await sign_in(http, email, area=world.area)).status_code == 201


async def test_password_of_a_stranger_cannot_be_reset(world: World) -> None:
    stranger = await (await world.neighbour()).person(Role.ADMIN)
    manager = await world.case_manager()
    answer = await stranger.post(f"/v1/users/{manager.user_id}/password", {"initial_password": ANOTHER})
    assert answer.status_code == 404
