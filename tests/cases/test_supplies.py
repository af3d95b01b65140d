"""What is missing is said in sentences, with the operation and the place that supply it."""

from typing import Any

import pytest
from fastapi import FastAPI

from app.cases import rules
from app.cases.supplies import SUPPLIES, Supply
from tests.cases.arrange import open_case, record_intake
from tests.clients.arrange import new_client
from tests.world import World


def wrong_places(contract: dict[str, Any], supplies: dict[str, Supply]) -> list[str]:
    """Return the things whose operation or place the contract does not know."""
    schemas = contract["components"]["schemas"]
    bodies = {}
    for path in contract["paths"].values():
        for operation in path.values():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body is not None:
                named = body["schema"].get("$ref", "").rpartition("/")[2]
                bodies[operation["operationId"]] = schemas.get(named, {}).get("properties", {})
    return [
        word
        for word, one in supplies.items()
        if one.place.removeprefix("body.") not in bodies.get(one.operation, {})
    ]


def test_everything_that_a_phase_asks_for_has_its_supply() -> None:
    asked = {need for needs in rules.NEEDS.values() for need in needs} | {"skip_reason"}
    assert set(SUPPLIES) == asked


def test_operations_and_places_exist(app: FastAPI) -> None:
    assert wrong_places(app.openapi(), dict(SUPPLIES)) == []


@pytest.mark.parametrize(
    "planted", [Supply("x.", "no_operation", "body.wording"), Supply("x.", "set_goal", "body.no_field")]
)
def test_supply_that_leads_nowhere_is_found(app: FastAPI, planted: Supply) -> None:
    assert wrong_places(app.openapi(), {"goal": planted}) == ["goal"]


async def test_case_without_basis_and_consent_is_told_both(world: World) -> None:
    amira = await world.case_manager()
    case_id = await open_case(amira, await new_client(amira))
    answer = await amira.post(f"/v1/cases/{case_id}/phase", {"to": "assessment"})
    told = {each["missing"]: each for each in answer.json()["needs"]}
    assert list(told) == answer.json()["missing"]
    basis = told["documentation_basis"]
    assert (basis["operation"], basis["place"]) == ("record_intake", "body.documentation_basis")
    assert "No legal basis" in basis["message"]
    assert "no consent to documentation holds" in basis["message"]
    assert basis["message"] in answer.json()["detail"]


async def test_case_that_rests_on_consent_is_told_that_the_consent_is_missing(world: World) -> None:
    amira = await world.case_manager()
    case_id = await open_case(amira, await new_client(amira))
    await record_intake(amira, case_id, documentation_basis="consent")
    answer = await amira.post(f"/v1/cases/{case_id}/phase", {"to": "assessment"})
    (told,) = answer.json()["needs"]
    assert (told["missing"], told["operation"]) == ("documentation_consent", "record_consent")
    assert "stated to rest on consent" in told["message"]


async def test_step_over_a_phase_says_where_the_reason_goes(world: World) -> None:
    amira = await world.case_manager()
    case_id = await open_case(amira, await new_client(amira))
    await record_intake(amira, case_id)
    assert (await amira.post(f"/v1/cases/{case_id}/phase", {"to": "assessment"})).status_code == 200
    answer = await amira.post(f"/v1/cases/{case_id}/phase", {"to": "linking"})
    assert (answer.status_code, [each["missing"] for each in answer.json()["needs"]]) == (409, ["need"])
