"""Every reference in the contract leads somewhere, and every refusal is a problem."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

OWN_SHAPE = {"issue_token"}
"""Whose refusals a standard shapes (RFC 6749); they are problems as well."""


def references(value: Any) -> Iterator[str]:
    """Yield every reference in a document."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def dangling(document: dict[str, Any]) -> set[str]:
    """Return the references that lead nowhere."""
    found = set()
    for reference in references(document):
        place: Any = document
        for name in reference.removeprefix("#/").split("/"):
            place = place.get(name) if isinstance(place, dict) else None
        if place is None:
            found.add(reference)
    return found


def unlike_problems(document: dict[str, Any]) -> set[tuple[str, str]]:
    """Return operation and status of every refusal that is described otherwise than as a problem."""
    return {
        (operation["operationId"], status)
        for path in document["paths"].values()
        for operation in path.values()
        for status, answer in operation["responses"].items()
        if status >= "400" and not answer.get("$ref", "").startswith("#/components/responses/Problem")
    }


def test_every_reference_of_the_contract_leads_somewhere(app: FastAPI) -> None:
    assert dangling(app.openapi()) == set()


def test_every_refusal_is_a_problem(app: FastAPI) -> None:
    assert {name for name, _ in unlike_problems(app.openapi())} <= OWN_SHAPE


def test_reference_that_leads_nowhere_and_refusal_of_another_shape_are_noticed() -> None:
    answers = {"422": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Gone"}}}}}
    document = {"components": {}, "paths": {"/x": {"get": {"operationId": "x", "responses": answers}}}}
    assert dangling(document) == {"#/components/schemas/Gone"}
    assert unlike_problems(document) == {("x", "422")}
