"""The contract: OpenAPI 3.1 made from the routes, each operation with the permission its guard asks for."""

from collections.abc import Collection, Iterator
from typing import Any, get_args

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from app.access.guard import PERMISSION, PUBLIC
from app.access.permissions import Permission
from app.access.scopes import DESCRIPTIONS, Scope, scope_of
from app.contract_codes import say_vocabularies
from app.contract_examples import recorded, show
from app.contract_names import name_plainly
from app.contract_problem import PROBLEM
from app.kit.idempotency import IdempotentForSure, IdempotentStreamForSure
from app.kit.versions import IfMatch

_SECURITY_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "partner": {
        "type": "oauth2",
        "description": "Machines of partner institutions; `x-scope` names the scope of each operation.",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "/v1/oauth/token",
                "scopes": {str(scope): DESCRIPTIONS[scope] for scope in Scope},
            }
        },
    },
}

_LOCATION = {
    "Location": {
        "description": "Where it is read from now on",
        "schema": {"type": "string", "format": "uri-reference"},
    }
}
_ANSWERS = {
    "400": "The request cannot be read",
    "401": "Nobody is signed in",
    "403": "Not allowed",
    "404": "Nothing here that the caller can see",
    "406": "In none of the forms that `Accept` asks for",
    "408": "The request did not arrive in time",
    "409": "Wrong state, something missing, or it exists already",
    "410": "No longer valid",
    "412": "Changed in between; the answer carries what stands there now",
    "413": "Too large",
    "415": "Not JSON, or for an upload not the file itself",
    "422": "Something of what was sent cannot be accepted",
    "428": "If-Match is missing",
    "429": "Too many requests",
    "503": "Not available at the moment",
}


def describe(app: FastAPI) -> None:
    """Let the application answer with this contract."""

    def contract() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _build(app)
        return app.openapi_schema

    app.openapi = contract  # type: ignore[method-assign]  # the documented way to extend it


def operations(app: FastAPI) -> Iterator[tuple[str, str, APIRoute, str | None]]:
    """Yield method, path, route and permission of every operation of the contract."""
    for method, path, route in _addresses(app):
        yield method, path, route, permission_of(route.dependant)


def _addresses(app: FastAPI) -> Iterator[tuple[str, str, APIRoute]]:
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute) and route.include_in_schema:
            assert route.methods is not None
            assert context.path_format is not None
            for method in sorted(route.methods):
                yield method, context.path_format, route


def creating(app: FastAPI) -> frozenset[str]:
    """Return the paths below which what their POST creates can be read: with one more part, its id."""
    every = list(_addresses(app))
    read = {path.rpartition("/")[0] for method, path, _ in every if method == "GET" and path.endswith("}")}
    return frozenset(
        path
        for method, path, route in every
        if method == "POST" and route.status_code == 201 and path in read
    )


def _fields(route: APIRoute) -> Collection[str]:
    """Return the members of what an operation answers with."""
    return getattr(route.response_model, "model_fields", ())


def permission_of(dependant: Dependant) -> str | None:
    """Return the permission that the guard of an operation names; None where there is no guard."""
    for dependency in dependant.dependencies:
        named = getattr(dependency.call, PERMISSION, None) or permission_of(dependency)
        if named is not None:
            return str(named)
    return None


def _build(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(title="KIM", version=app.version, routes=app.routes, description=_DESCRIPTION)
    components = schema.setdefault("components", {})
    components["securitySchemes"] = _SECURITY_SCHEMES
    schemas = components["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = PROBLEM
    components["responses"] = {
        f"Problem{status}": {
            "description": description,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, description in _ANSWERS.items()
    }
    name_plainly(schema)
    examples, located = recorded(), creating(app)
    for method, path, route, permission in operations(app):
        operation = schema["paths"][path][method.lower()]
        operation["operationId"] = route.name
        operation["x-permission"] = permission
        if permission != PUBLIC:
            operation["security"] = [{"bearer": []}]
            scope = scope_of(Permission(permission)) if permission else None
            if scope is not None:
                operation["x-scope"] = scope
                operation["security"].append({"partner": [scope]})
        for key in (IdempotentForSure, IdempotentStreamForSure):
            _require(operation, route.dependant, key, "idempotency-key")
        requires_version = _require(operation, route.dependant, IfMatch, "if-match")
        _forget_framework(operation)
        for status in _possible(operation, requires_version=requires_version):
            # An operation may describe a refusal of its own shape itself.
            reference = {"$ref": f"#/components/responses/Problem{status}"}
            operation["responses"].setdefault(status, reference)
        if method == "POST" and path in located and "id" in _fields(route):
            operation["responses"]["201"]["headers"] = _LOCATION
        for example in examples.get(route.name, ()):
            show(operation, example)
    say_vocabularies(schema)
    return schema


def _forget_framework(operation: dict[str, Any]) -> None:
    """Take out the framework's own words about bad input: it is answered as a problem here."""
    said = operation["responses"].get("422", {}).get("content", {}).get("application/json", {})
    if said.get("schema", {}).get("$ref", "").endswith("/HTTPValidationError"):
        del operation["responses"]["422"]


def _possible(operation: dict[str, Any], *, requires_version: bool) -> Iterator[str]:
    """Yield the refusals of an operation: about versions and cursors only where it takes them."""
    taken = {each["name"].lower() for each in operation.get("parameters", ())}
    asks_for = {
        "428": requires_version,
        "406": "accept" in taken,
        "412": "if-match" in taken,
        "410": bool({"since", "last-event-id"} & taken),
    }
    yield from (status for status in _ANSWERS if asks_for.get(status, True))


def _require(operation: dict[str, Any], dependant: Dependant, kind: Any, header: str) -> bool:
    """Say in the contract, and return, whether an operation requires a header, as this kind of it does."""
    # Its absence is 428 or 400, not 422, so the parameter itself is optional to the framework.
    required = get_args(kind)[1].dependency
    is_required = _depends_on(dependant, required)
    if is_required:
        for parameter in operation["parameters"]:
            if parameter["name"].lower() == header:
                parameter["required"] = True
    return is_required


def _depends_on(dependant: Dependant, call: Any) -> bool:
    return any(each.call is call or _depends_on(each, call) for each in dependant.dependencies)


_DESCRIPTION = """Backend of Kommunales Integrationsmanagement (KIM) in North Rhine-Westphalia.

Sign in with `POST /v1/sessions` and send the access token as `Authorization: Bearer`. Lists are pages
(`{items, next}`). A change of what was read needs `If-Match` with its `ETag` where the operation says that it
is required (428 without it); ending a session, a membership or an assignment does not. A query parameter
that an operation does not know is refused. A repeated `POST` with the same `Idempotency-Key` finds the first
effect; a partner's `POST` must carry one. Errors are problem details (RFC 9457). `x-permission` names the
permission of each operation; the documentation of permissions says which roles hold it. `x-vocabulary` names
the vocabulary of `/v1/catalogues` from which the codes of a field come.
"""
