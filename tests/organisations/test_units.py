"""Units: who may see and change them, and the manners of the API that every package shares."""

from app.access.roles import Role
from tests.refusals import places
from tests.world import World

UNIT = {
    "name": "Stadt Voerde",
    "kind": "town",
    "municipality": "05170044",
    "legal_regime": "dsg_nrw",
    "is_public_body": True,
    "is_sgb_body": False,
}


async def test_administrator_creates_a_unit_and_others_of_the_area_read_it(world: World) -> None:
    admin, manager = await world.person(Role.ADMIN), await world.case_manager()
    made = await admin.post("/v1/units", UNIT)
    assert made.status_code == 201, made.text
    seen = await manager.get(f"/v1/units/{made.json()['id']}")
    nowhere = {"street": None, "postcode": None, "town": None}
    takes = {"takes_referrals": False, "referral_days": 14, "urgent_referral_days": 3}
    assert seen.json() == {**UNIT, **nowhere, **takes, "id": made.json()["id"], "version": 1}
    assert seen.headers["etag"] == '"1"'


async def test_case_manager_may_not_create_a_unit_whatever_is_sent(world: World) -> None:
    manager = await world.case_manager()
    answer = await manager.post("/v1/units", {"nonsense": "Amina"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "role_missing"
    assert "Amina" not in answer.text


async def test_nobody_gets_401(world: World) -> None:
    async with world.http() as nobody:
        answer = await nobody.get("/v1/units")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_unit_of_another_area_looks_like_an_unknown_one(world: World) -> None:
    stranger = await (await world.neighbour()).person(Role.ADMIN)
    unit_id = await world.unit()
    foreign = await stranger.get(f"/v1/units/{unit_id}")
    unknown = await stranger.get("/v1/units/00000000-0000-7000-8000-000000000000")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json() == unknown.json()


async def test_change_needs_the_version_that_was_seen(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    made = await admin.post("/v1/units", UNIT)
    path = f"/v1/units/{made.json()['id']}"
    assert (await admin.patch(path, {"name": "Voerde"})).status_code == 428
    assert (await admin.patch(path, {"name": "Voerde"}, if_match='"7"')).status_code == 412
    changed = await admin.patch(path, {"name": "Voerde"}, if_match=made.headers["etag"])
    assert (changed.status_code, changed.json()["name"], changed.headers["etag"]) == (200, "Voerde", '"2"')


async def test_double_submit_finds_the_first_effect(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    first = await admin.post("/v1/units", UNIT, idempotency_key="unit-0001")
    again = await admin.post("/v1/units", UNIT, idempotency_key="unit-0001")
    other = await admin.post("/v1/units", {**UNIT, "name": "Wesel"}, idempotency_key="unit-0001")
    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_units_come_in_pages(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    for name in ("Alpen", "Dinslaken", "Hamminkeln"):
        await world.unit(name)
    first = (await admin.get("/v1/units", limit=3)).json()
    second = (await admin.get("/v1/units", limit=3, cursor=first["next"])).json()
    names = [unit["name"] for unit in first["items"] + second["items"]]
    assert (names, second["next"]) == (["Alpen", "Dinslaken", "Hamminkeln", "KI"], None)


async def test_taken_name_is_a_conflict_and_leaves_no_half(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    await admin.post("/v1/units", UNIT)
    again = await admin.post("/v1/units", UNIT)
    assert (again.status_code, again.json()["code"]) == (409, "duplicate")
    assert places(again) == [{"place": "body.name", "kind": "duplicate"}]
    assert UNIT["name"] not in again.text


async def test_unknown_field_is_refused_without_repeating_it(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    answer = await admin.post("/v1/units", {**UNIT, "Amina": 1})
    assert answer.status_code == 422
    assert places(answer) == [{"place": "body.unknown_field", "kind": "extra_forbidden"}]
    assert "Amina" not in answer.text


async def test_an_address_is_whole_or_not_there(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    half = await admin.post("/v1/units", {**UNIT, "street": "Marktplatz 3", "town": "Wesel"})
    assert places(half) == [{"place": "body.postcode", "kind": "address_incomplete"}]
    address = {"street": "Marktplatz 3", "postcode": "46483", "town": "Wesel"}
    made = (await admin.post("/v1/units", {**UNIT, **address})).json()
    assert {name: made[name] for name in address} == address
    path = f"/v1/units/{made['id']}"
    taken = await admin.patch(path, {"town": None}, if_match='"1"')
    assert places(taken) == [{"place": "body.town", "kind": "address_incomplete"}]
    gone = await admin.patch(path, dict.fromkeys(address), if_match='"1"')
    assert [gone.json()[name] for name in address] == [None] * 3
