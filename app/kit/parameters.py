"""Unknown query parameters are refused: a misspelt filter that is ignored answers another question."""

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from app.kit.errors import FieldError, Invalid
from app.kit.sentences import unknown_parameter

_KNOWN = "known_query_parameters"


def refuse_unknown_parameters(request: Request) -> None:
    """Raise 422 for a query parameter that the operation does not know; its name is not repeated."""
    if not request.scope["query_string"]:
        return
    known = known_parameters(request.scope["route"])
    if request.query_params.keys() <= known:
        return
    message = unknown_parameter(known)
    errors = [FieldError(place="query.unknown_field", kind="extra_forbidden", message=message)]
    raise Invalid(errors=errors)


def known_parameters(route: APIRoute) -> frozenset[str]:
    """Return the names of the query parameters that an operation takes; found once and kept on its route."""
    kept = vars(route)  # routes cannot be hashed, so no cache could hold them
    if _KNOWN not in kept:
        kept[_KNOWN] = frozenset(_parameters(route.dependant))
    known: frozenset[str] = kept[_KNOWN]
    return known


def _parameters(dependant: Dependant) -> Iterator[str]:
    yield from (parameter.alias for parameter in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _parameters(inner)
