"""A field that there is not is answered with the fields that there are, and nothing that was sent."""

from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from app.access.roles import Role
from app.cases.schemas.cases import CaseClose
from app.contract import operations
from app.kit.known_fields import known_fields
from app.letters.schemas import LetterWrite
from app.transfers.schemas import TransferDecline
from tests.cases.arrange import a_case
from tests.refusals import places
from tests.world import World


async def test_the_answer_names_the_fields_that_there_are_and_not_the_one_that_was_sent(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    answer = await admin.post("/v1/units", {"name": "Alpen", "kind": "town", "Amina": 1, "Haddad": {"x": 2}})
    assert answer.status_code == 422
    unknown = [each for each in answer.json()["errors"] if each["place"] == "body.unknown_field"]
    assert len(unknown) == 2
    for each in unknown:
        assert "legal_regime" in each["message"]
        assert "municipality" in each["message"]
    assert "Amina" not in answer.text
    assert "Haddad" not in answer.text


async def test_of_a_body_with_several_shapes_those_of_the_one_that_was_meant_are_named(world: World) -> None:
    manager = await world.case_manager()
    case_id = await a_case(world, manager)
    letter = {"kind": "counselling_confirmation", "contact": "x"}
    answer = await manager.post(f"/v1/cases/{case_id}/letters", letter)
    assert {"place": "body.unknown_field", "kind": "extra_forbidden"} in places(answer)
    (message,) = (each["message"] for each in answer.json()["errors"] if each["kind"] == "extra_forbidden")
    assert "contact_id" in message
    assert "starts_at" not in message


@pytest.mark.parametrize(
    ("body", "path", "some", "none"),
    [
        (CaseClose, (), "reason", "tasks"),
        (CaseClose, ("settle",), "tasks", "reason"),
        (list[TransferDecline], (3,), "reason", "tasks"),
        (TransferDecline | None, (), "reason", "tasks"),
        (LetterWrite, ("appointment",), "starts_at", "contact_id"),
    ],
)
def test_the_place_decides_which_fields_there_are(
    body: Any, path: tuple[int | str, ...], some: str, none: str
) -> None:
    found = known_fields(body, path)
    assert some in found
    assert none not in found


@pytest.mark.parametrize("path", [("nothing",), ("reason", "x"), ("settle", "x")])
def test_where_the_schema_knows_nothing_nothing_is_named(path: tuple[int | str, ...]) -> None:
    assert known_fields(CaseClose, path) == []
    assert known_fields(None, path) == []


def test_what_is_named_stands_in_the_contract(app: FastAPI) -> None:
    seen = 0
    for _, _, route, _ in operations(app):
        body = route.body_field.field_info.annotation if route.body_field is not None else None
        if isinstance(body, type) and issubclass(body, BaseModel):
            seen += 1
            assert set(known_fields(body, ())) == set(body.model_json_schema().get("properties", ()))
    assert seen > 100
