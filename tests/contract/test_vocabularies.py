"""`x-vocabulary`: beside every field of codes, true for every answer, and what a refusal of a code says."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from fastapi import FastAPI

from app import contract_codes
from app.catalogues.check import vocabulary
from app.catalogues.source import load_entries
from app.contract_codes import EXTENSION, say_vocabularies
from app.kit.schema import Code
from tests.contract.stage import Exchange, Stage
from tests.contract.vocabularies import codes_in
from tests.world import fresh_key

EXAMPLES = Path(__file__).parents[2] / "openapi" / "examples.json"
CODE = Code.__metadata__[0].metadata[-1].pattern
UNKNOWN = "zz_nobody_has_this"
NO_VOCABULARY = {
    "ConsentCreate.text_version", "ConsentLetter.text_version", "ReferralDraft.left_out",
    "SheetMapping.columns", "SheetMapping.constants", "SheetMapping.values",
    "list_audit.action", "list_audit.object_type",
}  # fmt: skip
"""Written like codes: versions of a text, fields of a package and of a sheet, words of the journal."""


def places(contract: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the schema of every field and parameter by its place: a schema or an operation, and a name."""
    fields = {
        f"{name}.{field}": said
        for name, schema in contract["components"]["schemas"].items()
        for field, said in schema.get("properties", {}).items()
    }
    parameters = {
        f"{operation['operationId']}.{each['name']}": each["schema"]
        for operations in contract["paths"].values()
        for operation in operations.values()
        for each in operation.get("parameters", ())
    }
    return fields | parameters


def unsaid(contract: dict[str, Any]) -> set[str]:
    """Return the fields and parameters written like codes that name no vocabulary."""
    return {
        place
        for place, said in places(contract).items()
        if CODE in _texts(said) and EXTENSION not in json.dumps(said)
    }


def _texts(value: Any) -> Iterator[str]:
    for key, each in value.items() if isinstance(value, dict) else enumerate(value):
        yield str(key)
        if isinstance(each, dict | list):
            yield from _texts(each)
        else:
            yield str(each)


def strangers(contract: dict[str, Any], steps: list[dict[str, Any]]) -> tuple[set[str], int]:
    """Return where examples have a code that is not in the vocabulary named there, and how many are."""
    said = {each["operationId"]: each for path in contract["paths"].values() for each in path.values()}
    found, known = set(), 0
    for step in steps:
        operation, answer = said[step["operation"]], step["answer"]
        bodies = [
            *((content, step["request"].get("body")) for content in _contents(operation.get("requestBody"))),
            *(
                (content, answer["body"])
                for content in _contents(operation["responses"].get(str(answer["status"])))
            ),
        ]
        for content, body in bodies:
            for each in codes_in(contract, content.get("schema", {}), body):
                is_known = each.code in vocabulary(each.vocabulary)
                known += is_known
                if not is_known:
                    found.add(f"{each.place}: {each.code} of {each.vocabulary}")
    return found, known


def _contents(said: dict[str, Any] | None) -> list[dict[str, Any]]:
    return list((said or {}).get("content", {}).values())


@pytest.fixture(scope="session")
def steps() -> list[dict[str, Any]]:
    return [step for step in orjson.loads(EXAMPLES.read_bytes())["steps"] if "operation" in step]


def test_every_field_of_codes_names_its_vocabulary(app: FastAPI) -> None:
    assert unsaid(app.openapi()) == NO_VOCABULARY


def test_field_without_its_vocabulary_is_noticed(app: FastAPI) -> None:
    contract = copy.deepcopy(app.openapi())
    del contract["components"]["schemas"]["CaseOpen"]["properties"]["access_route"][EXTENSION]
    assert unsaid(contract) == {*NO_VOCABULARY, "CaseOpen.access_route"}


def test_every_vocabulary_named_is_one() -> None:
    tables = contract_codes.BY_NAME, *contract_codes.BY_SCHEMA.values()
    named = {*tables[0].values(), *(name for table in tables[1:] for name in table)}
    assert named <= {entry.vocabulary for entry in load_entries()}


def test_every_schema_named_has_such_a_field(app: FastAPI) -> None:
    named = {
        f"{schema}.{field}"
        for field, vocabularies in contract_codes.BY_SCHEMA.items()
        for schemas in vocabularies.values()
        for schema in schemas
    }
    assert named <= {place for place, said in places(app.openapi()).items() if EXTENSION in said}


def test_every_code_of_the_examples_is_in_the_vocabulary_named_there(
    app: FastAPI, steps: list[dict[str, Any]]
) -> None:
    found, known = strangers(app.openapi(), steps)
    assert found == set()
    assert known > 500


def test_wrong_vocabulary_is_noticed(
    app: FastAPI, steps: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = copy.deepcopy(app.openapi())
    monkeypatch.setitem(contract_codes.BY_NAME, "effect", "barrier_level")
    say_vocabularies(contract)
    found, _ = strangers(contract, steps)
    assert {each.partition(":")[0].rpartition(".")[2] for each in found} == {"effect"}


async def test_unknown_code_is_never_taken_and_its_refusal_names_the_vocabulary(played: Stage) -> None:
    contract = played.world.app.openapi()
    said = {each["operationId"]: each for path in contract["paths"].values() for each in path.values()}
    done: set[str] = set()
    named, faults = 0, []
    for exchange in played.exchanges:
        for content in _contents(said[exchange.operation].get("requestBody")):
            for at, found in enumerate(codes_in(contract, content.get("schema", {}), exchange.body)):
                where = f"{exchange.operation} {found.place}"
                if where in done:
                    continue
                done.add(where)
                answer = await played.send(_spoilt(played, exchange, contract, content["schema"], at))
                told = list(_unknown(answer.json())) if answer.content else []
                named += len(told)
                faults += [f"{where}: {each}" for each in told if found.vocabulary not in each.split()]
                faults += [f"{where} is taken"] if _is_taken(answer) else []
    assert faults == []
    assert named > 30


def _spoilt(
    stage: Stage, exchange: Exchange, contract: dict[str, Any], said: dict[str, Any], at: int
) -> Exchange:
    """Return a request with a code that no vocabulary has in one place, to be sent for the first time."""
    body = copy.deepcopy(exchange.body)
    list(codes_in(contract, said, body))[at].put(UNKNOWN)
    headers = {name: each for name, each in exchange.headers.items() if name.lower() != "idempotency-key"}
    return replace(exchange, body=body, headers=headers | fresh_key(*stage.routes[exchange.operation][:2]))


def _is_taken(answer: httpx.Response) -> bool:
    """Return whether a request had an effect; of a batch, whether one of its items had."""
    if not answer.is_success or not answer.content:
        return answer.is_success
    items = answer.json().get("items")
    return items is None or any(each["status"] < 400 for each in items)


@pytest.mark.parametrize(
    ("status", "body", "is_taken"),
    [
        (201, {"id": "x"}, True),
        (204, None, True),
        (200, {"items": [{"status": 409}, {"status": 200}]}, True),
        (200, {"items": [{"status": 409}]}, False),
        (422, {"errors": []}, False),
    ],
)
def test_what_had_an_effect_is_taken(status: int, body: Any, is_taken: bool) -> None:
    answer = httpx.Response(status) if body is None else httpx.Response(status, json=body)
    assert _is_taken(answer) is is_taken


def _unknown(answer: Any) -> Iterator[str]:
    """Yield what an answer says of unknown codes; one to a batch says it in its items."""
    if isinstance(answer, dict) and answer.get("kind") == "unknown_code":
        yield answer["message"].rstrip(".")
    for each in answer.values() if isinstance(answer, dict) else answer:
        if isinstance(each, dict | list):
            yield from _unknown(each)
