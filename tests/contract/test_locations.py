"""201 says where the created thing is read."""

from typing import Any

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


def test_contract_names_the_location_of_what_says_its_id(app: FastAPI) -> None:
    document = app.openapi()
    made = {path: document["paths"][path]["post"]["responses"]["201"] for path in creating(app)}
    named = {path for path, answer in made.items() if "Location" in answer.get("headers", {})}
    schemas = document["components"]["schemas"]
    told = {path: schemas[_name(answer)]["properties"] for path, answer in made.items()}
    assert named == {path for path, members in told.items() if "id" in members}
    assert {"/v1/clients", "/v1/cases", "/v1/cases/{case_id}/contacts", "/v1/referrals"} <= named


def _name(answer: dict[str, Any]) -> str:
    name: str = answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return name


async def test_what_has_no_address_of_its_own_has_no_location(world: World) -> None:
    case_manager = await world.person(Role.CASE_MANAGER)
    made = await case_manager.post("/v1/me/calendar")
    assert made.status_code == 201, made.text
    assert "location" not in made.headers
