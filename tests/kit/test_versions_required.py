"""Every operation that documents If-Match as required answers 428 without it, and no other documents 428."""

import copy
from typing import Any
from uuid import uuid4

from fastapi import FastAPI

from app.access.guard import PUBLIC
from app.access.permissions import Permission
from app.access.policy import POLICY
from app.contract import operations
from tests.world import Person, World

WITHOUT_VERSION = {
    "sign_out",
    "end_session",
    "change_own_password",
    "end_membership",
    "remove_member",
    "end_deputyship",
    "end_registrar",
    "discard_contact_draft",
    "remove_contact_template",
    "revoke_calendar",
    "take_back_distinct",
    "uninvite_participant",
    "revoke_partner_system",
    "revoke_partner_credential",
    "revoke_invitation",
    "end_partner_deputyship",
}
"""Changes of something that exists which nobody can have overtaken, or which the state guards."""


def documented(contract: dict[str, Any]) -> set[str]:
    """Return the operations whose contract requires If-Match."""
    return {
        operation["operationId"]
        for path in contract["paths"].values()
        for operation in path.values()
        if any(
            each["name"].lower() == "if-match" and each.get("required")
            for each in operation.get("parameters", ())
        )
    }


async def answering(world: World, app: FastAPI, names: set[str]) -> set[str]:
    """Return which of these operations answer 428 to somebody who may use them and sends no version."""
    people: dict[str, Person] = {}
    found = set()
    for method, path, route, permission in operations(app):
        if route.name not in names:
            continue
        assert permission not in (None, PUBLIC)
        role = min(POLICY[Permission(permission)].roles)
        if role not in people:
            people[role] = await world.person(role)
        address = path.format(**{name: uuid4() for name in route.param_convertors})
        answer = await people[role].http.request(method, address, json={})
        found |= {route.name} if answer.status_code == 428 else set()
    return found


async def test_what_is_documented_as_required_is_required(world: World, app: FastAPI) -> None:
    names = documented(app.openapi())
    assert await answering(world, app, names) == names
    assert len(names) > 15


async def test_operation_that_only_says_so_is_found(world: World, app: FastAPI) -> None:
    planted = copy.deepcopy(app.openapi())
    address = "/v1/users/{user_id}/memberships/{membership_id}"
    for parameter in planted["paths"][address]["delete"]["parameters"]:
        parameter["required"] = True
    names = documented(planted)
    assert names - await answering(world, app, names) == {"end_membership"}


def test_every_change_requires_a_version_or_is_named_here(app: FastAPI) -> None:
    changes = {route.name for method, _, route, _ in operations(app) if method in {"PATCH", "PUT", "DELETE"}}
    assert changes - documented(app.openapi()) == WITHOUT_VERSION


def test_only_operations_that_require_a_version_document_428(app: FastAPI) -> None:
    contract = app.openapi()
    saying = {
        operation["operationId"]
        for path in contract["paths"].values()
        for operation in path.values()
        if "428" in operation["responses"]
    }
    assert saying == documented(contract)
