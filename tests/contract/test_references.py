"""Every reference in the contract leads somewhere, and every refusal is a problem."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import create_model

from app.contract_names import name_plainly, plain_name

OWN_SHAPE = {"issue_token"}
"""Whose refusals a standard shapes (RFC 6749); they are problems as well."""


def references(value: Any) -> Iterator[str]:
    """Yield every reference in a document; an example is no part of it, even where it is a schema itself."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for name, each in value.items():
            if name != "example":
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


def odd_names(document: dict[str, Any]) -> set[str]:
    """Return the schemas whose names a program made from the contract could not use as they are."""
    return {name for name in document["components"]["schemas"] if not name.isalnum()}


def test_schemas_have_names_of_their_own(app: FastAPI) -> None:
    assert odd_names(app.openapi()) == set()


def test_shape_that_two_packages_call_alike_is_noticed() -> None:
    one = create_model("Twice", __module__="app.one.schemas", first=(int, ...))
    other = create_model("Twice", __module__="app.other.schemas", second=(int, ...))
    app = FastAPI()
    app.get("/one", response_model=one)(lambda: None)
    app.get("/other", response_model=other)(lambda: None)
    document = app.openapi()
    name_plainly(document)
    assert odd_names(document) == {"app__one__schemas__Twice", "app__other__schemas__Twice"}


@pytest.mark.parametrize(
    ("framework", "plain"),
    [
        ("app__referrals__duties__rules__State", "DutiesState"),
        ("app__child_protection__rules__Step", "ChildProtectionStep"),
        ("Page_ClientLine_", "ClientLinePage"),
        ("SyncContent_Literal__contact_draft___ContactDraftRead_", "ContactDraftReadSyncContent"),
        ("CaseRead", "CaseRead"),
    ],
)
def test_names_are_plain(framework: str, plain: str) -> None:
    assert plain_name(framework) == plain
