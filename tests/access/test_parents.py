"""Whoever names a parent that they do not see, in path or query, gets 404 and no empty list."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from app.access.guard import PUBLIC
from app.access.permissions import Permission
from app.access.policy import POLICY
from app.consents import queries
from app.contract import operations
from tests.world import Person, World


def required_ids(dependant: Dependant) -> Iterator[str]:
    """Yield the query parameters that name a parent."""
    for parameter in dependant.query_params:
        if parameter.alias.endswith("_id") and parameter.field_info.is_required():
            yield parameter.alias
    for inner in dependant.dependencies:
        yield from required_ids(inner)


def days(dependant: Dependant) -> dict[str, str]:
    """Return a day for each query parameter that must be there and names no parent."""
    needed = (each for each in dependant.query_params if each.field_info.is_required())
    return {each.alias: "2026-03-02" for each in needed if not each.alias.endswith("_id")}


def with_parents(app: FastAPI) -> Iterator[tuple[str, APIRoute, str, list[str]]]:
    for method, path, route, permission in operations(app):
        asked = list(required_ids(route.dependant))
        ids = [name for name in route.param_convertors if name.endswith("_id")]
        if method == "GET" and permission not in (None, PUBLIC) and (asked or ids):
            yield path, route, str(permission), asked


async def unseen(world: World, app: FastAPI) -> dict[str, int]:
    """Return what each reading operation answers about a parent that does not exist."""
    people: dict[str, Person] = {}
    found = {}
    for path, route, permission, asked in with_parents(app):
        role = min(POLICY[Permission(permission)].roles)
        if role not in people:
            people[role] = await world.person(role)
        words = dict.fromkeys(route.param_convertors, "x")
        address = path.format(**{**words, **{name: uuid4() for name in words if name.endswith("_id")}})
        params = {**days(route.dependant), **{name: str(uuid4()) for name in asked}}
        answer = await people[role].http.get(address, params=params)
        found[route.name] = answer.status_code
    return found


async def test_parent_that_is_not_seen_is_not_found(world: World, app: FastAPI) -> None:
    found = await unseen(world, app)
    assert {name: status for name, status in found.items() if status != 404} == {}
    assert {"list_consents", "list_referrals", "list_barriers", "list_tasks"} <= found.keys()


async def test_list_that_is_empty_instead_would_be_seen(
    world: World, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sees_everything(*_: object, **__: object) -> None: ...

    monkeypatch.setattr(queries, "require_relation", sees_everything)
    found = await unseen(world, app)
    assert {name: status for name, status in found.items() if status != 404} == {"list_consents": 200}
