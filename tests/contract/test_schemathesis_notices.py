"""Planted faults: what the tests with generated requests hold against the contract would be noticed."""

import copy

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import AcceptedNegativeData, Failure, FailureGroup, ServerError
from schemathesis.core.parameters import ParameterLocation
from schemathesis.openapi.checks import (
    IgnoredAuth,
    JsonSchemaError,
    RejectedPositiveData,
    UndefinedContentType,
    UndefinedStatusCode,
)
from starlette.types import Receive, Scope, Send

from app.generated import contract
from tests.contract.generated import client, generated, send

GOOD = "Bearer good"
JSON, PROBLEM = "application/json", "application/problem+json"
CONTRACT = contract()
EXAMPLE = CONTRACT["paths"]["/v1/units"]["post"]["responses"]["201"]["content"][JSON]["example"]
POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE


def problem(status: int) -> dict[str, object]:
    return {"type": "about:blank", "title": "", "status": status, "code": "some_code"}


class Answering:
    """An application that gives one answer to whoever is signed in, or to everybody."""

    def __init__(self, status: int, kind: str, body: object, *, asks_who: bool = True) -> None:
        self.answer = (status, kind, body)
        self.asks_who = asks_who

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        known = not self.asks_who or dict(scope["headers"]).get(b"authorization") == GOOD.encode()
        status, kind, body = self.answer if known else (401, PROBLEM, problem(401))
        head = {"status": status, "headers": [(b"content-type", kind.encode())]}
        await send({"type": "http.response.start", **head})
        await send({"type": "http.response.body", "body": orjson.dumps(body)})


def drawn(app: Answering, path: str, mode: GenerationMode) -> list[Case]:
    """Return generated requests of a POST to an application behind the contract."""
    only = {**CONTRACT, "paths": {path: {"post": copy.deepcopy(CONTRACT["paths"][path]["post"])}}}
    strategy = generated(only, app)[path]["POST"].as_strategy(generation_mode=mode)
    found: list[Case] = []

    @settings(max_examples=20, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def draw(case: Case) -> None:
        found.append(case)

    draw()
    return found


def noticed(app: Answering, mode: GenerationMode = POSITIVE) -> set[type[Failure]]:
    """Return what is held against the application's answers."""
    faults: set[type[Failure]] = set()
    with client(app) as http:
        for case in drawn(app, "/v1/units", mode):
            try:
                send(case, GOOD, http)
            except FailureGroup as group:
                faults |= {type(each) for each in group.exceptions}
    return faults


def test_an_answer_as_the_contract_says_is_not_held_against_anybody() -> None:
    assert noticed(Answering(201, JSON, EXAMPLE)) == set()
    assert noticed(Answering(422, PROBLEM, problem(422)), NEGATIVE) == set()


@pytest.mark.parametrize(
    ("app", "fault"),
    [
        (Answering(202, JSON, EXAMPLE), UndefinedStatusCode),
        (Answering(503, PROBLEM, problem(503)), ServerError),
        (Answering(201, JSON, {**EXAMPLE, "_client": "leaked"}), JsonSchemaError),
        (Answering(201, JSON, {"id": EXAMPLE["id"]}), JsonSchemaError),
        (Answering(201, "text/html", EXAMPLE), UndefinedContentType),
        (Answering(400, PROBLEM, problem(400)), RejectedPositiveData),
        (Answering(201, JSON, EXAMPLE, asks_who=False), IgnoredAuth),
    ],
    ids=["status", "server error", "stranger field", "missing field", "media type", "refusal", "no sign-in"],
)
def test_a_spoilt_answer_is_noticed(app: Answering, fault: type[Failure]) -> None:
    assert fault in noticed(app)


def test_taking_what_no_schema_allows_is_noticed() -> None:
    assert noticed(Answering(201, JSON, EXAMPLE), NEGATIVE) == {AcceptedNegativeData}


def test_text_is_left_alone_and_the_other_body_of_the_same_operation_is_spoilt() -> None:
    cases = drawn(Answering(200, JSON, {}), "/v1/institutions/import", NEGATIVE)
    spoilt = [case for case in cases if case.meta and case.meta.is_negative_at(ParameterLocation.BODY)]
    assert {case.media_type for case in spoilt} == {JSON}
