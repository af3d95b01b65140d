"""A query parameter that an operation does not know is refused everywhere, without its name."""

import sys
from collections.abc import Iterator
from typing import Annotated

import pytest
from fastapi import FastAPI, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from app.access.guard import allow, allow_first, everyone
from app.access.permissions import Permission
from app.access.roles import Role
from app.contract import operations
from app.kit import parameters
from app.kit.parameters import known_parameters, refuse_unknown_parameters
from app.referrals import partner_batch
from tests.refusals import places
from tests.world import World

UNKNOWN = [{"place": "query.unknown_field", "kind": "extra_forbidden"}]


def known(app: FastAPI) -> dict[str, set[str]]:
    return {route.name: set(known_parameters(route)) for _, _, route, _ in operations(app)}


def documented(app: FastAPI) -> dict[str, set[str]]:
    return {
        operation["operationId"]: {
            each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"
        }
        for path in app.openapi()["paths"].values()
        for operation in path.values()
    }


async def test_misspelt_parameter_is_refused_and_not_repeated(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    answer = await admin.http.get("/v1/units?limitt=5")
    assert (answer.status_code, places(answer)) == (422, UNKNOWN)
    assert "limitt" not in answer.text
    message = answer.json()["errors"][0]["message"]
    assert message == "This operation knows only these query parameters: cursor, limit."


async def test_parameter_of_an_operation_without_any_is_refused(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    answer = await admin.http.post("/v1/units?dry_run=1", json={})
    assert (answer.status_code, places(answer)) == (422, UNKNOWN)
    assert answer.json()["errors"][0]["message"] == "This operation knows no query parameters."


async def test_known_parameters_are_taken(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    assert (await admin.get("/v1/units", limit=5)).status_code == 200


async def test_operation_without_sign_in_refuses_too(world: World) -> None:
    async with world.http() as nobody:
        answer = await nobody.post("/v1/sessions?next=1", json={"email": "a@kim.test", "password": "x"})
    assert (answer.status_code, places(answer)) == (422, UNKNOWN)


async def test_whoever_may_not_use_the_operation_learns_nothing_of_its_parameters(world: World) -> None:
    viewer = await world.person(Role.STEERING_MEMBER)
    async with world.http() as nobody:
        assert (await nobody.get("/v1/users?x=1")).status_code == 401
    assert (await viewer.http.get("/v1/users?x=1")).status_code == 403


def test_every_operation_knows_exactly_what_its_contract_says(app: FastAPI) -> None:
    assert known(app) == documented(app)
    assert len(known(app)) > 100


def test_operation_that_hides_a_parameter_would_be_seen() -> None:
    app = FastAPI()

    async def planted(hidden: Annotated[int, Query(include_in_schema=False)] = 5) -> None:
        del hidden

    app.add_api_route("/planted", planted, operation_id="planted")
    assert known(app) == {"planted": {"hidden"}}
    assert documented(app) == {"planted": set()}


def guarded(route: APIRoute) -> bool:
    """Say whether the guard, which refuses what is unknown, stands before an operation."""
    made = {
        allow(Permission.UNIT_READ).dependency.__qualname__,
        allow_first(Permission.UNIT_READ).dependency.__qualname__,
        everyone().dependency.__qualname__,
        partner_batch._admitted.__qualname__,
    }
    return any(getattr(each.call, "__qualname__", "") in made for each in _dependencies(route.dependant))


def _dependencies(dependant: Dependant) -> Iterator[Dependant]:
    for each in dependant.dependencies:
        yield each
        yield from _dependencies(each)


def test_every_operation_stands_behind_the_guard_that_refuses(app: FastAPI) -> None:
    assert [route.name for _, _, route, _ in operations(app) if not guarded(route)] == []


def test_operation_without_a_guard_would_be_seen() -> None:
    app = FastAPI()

    async def planted() -> None: ...

    app.add_api_route("/planted", planted)
    assert not guarded(next(each for each in app.routes if isinstance(each, APIRoute)))


def steps_of_looking(app: FastAPI, query: bytes) -> int:
    """Return how many functions are called, of Python or C, to look at a query."""
    route = next(route for _, _, route, _ in operations(app) if route.name == "list_units")
    request = Request({"type": "http", "query_string": query, "route": route})
    _ = request.query_params  # FastAPI reads them anyway
    refuse_unknown_parameters(request)  # what is remembered of a route is remembered now
    calls: list[str] = []
    sys.setprofile(lambda _frame, event, _argument: calls.append(event) if "call" in event else None)
    try:
        refuse_unknown_parameters(request)
    finally:
        sys.setprofile(None)
    return len(calls)


@pytest.mark.parametrize("query", [b"", b"limit=5&cursor=abc"])
async def test_looking_takes_few_steps(app: FastAPI, query: bytes) -> None:
    assert steps_of_looking(app, query) < 20


async def test_looking_through_the_route_each_time_would_be_seen(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    anew = parameters._parameters
    monkeypatch.setattr(
        parameters, "known_parameters", lambda route: frozenset(anew(route.dependant))
    )  # a planted fault
    assert steps_of_looking(app, b"limit=5") > 20
