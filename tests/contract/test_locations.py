"""201 says where the created thing is read."""

from fastapi import FastAPI

from app.access.roles import Role
from app.contract import creating
from tests.world import World


async def test_created_thing_is_read_at_its_location(world: World) -> None:
    case_manager = await world.person(Role.CASE_MANAGER)
    person = {"given_name": "Olena", "family_name": "Kowal"}
    created = await case_manager.post("/v1/clients", person)
    assert created.status_code == 201, created.text
    assert created.headers["location"] == f"/v1/clients/{created.json()['id']}"
    assert (await case_manager.get(created.headers["location"])).json()["id"] == created.json()["id"]


def test_contract_names_the_location(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    named = {
        path
        for path, operations in paths.items()
        if "Location" in operations.get("post", {}).get("responses", {}).get("201", {}).get("headers", {})
    }
    assert named == creating(app)
    assert {"/v1/clients", "/v1/cases", "/v1/cases/{case_id}/contacts", "/v1/referrals"} <= named


def test_every_created_thing_says_its_id(app: FastAPI) -> None:
    document = app.openapi()
    for path in creating(app):
        answer = document["paths"][path]["post"]["responses"]["201"]["content"]["application/json"]
        name = answer["schema"]["$ref"].rpartition("/")[2]
        assert "id" in document["components"]["schemas"][name]["properties"], path


async def test_what_has_no_address_of_its_own_has_no_location(world: World) -> None:
    case_manager = await world.person(Role.CASE_MANAGER)
    made = await case_manager.post("/v1/me/calendar")
    assert made.status_code == 201, made.text
    assert "location" not in made.headers
