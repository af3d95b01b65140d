"""Turns every error into problem details (RFC 9457) without repeating anything that was sent."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import asyncpg
import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.kit.current import current
from app.kit.errors import Conflict, FieldError, Invalid, NotFound, Problem, Unavailable, VersionStale
from app.kit.known_fields import known_fields
from app.kit.logging import cause
from app.kit.references import column_of, place_of, place_of_value, unique_columns
from app.kit.schema import Input
from app.kit.sentences import sentence, unknown_field

log = structlog.get_logger(__name__)

HTTP_CODES = {
    404: (NotFound.code, NotFound.title),
    405: ("method_not_allowed", "This address does not know the method."),
    408: ("too_slow", "The request did not arrive in time."),
    413: ("too_large", "What was sent is too large."),
}

_METHOD_NOT_ALLOWED = 405
_UNKNOWN_REFERENCE, _DUPLICATE = "unknown_reference", "duplicate"

# SQLSTATE classes and codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
_DATA_EXCEPTION = "22"
_GONE = ("08", "57P", "53", "28", "3D000", "25006")
"""Connection, operator intervention, insufficient resources, password, no such database, read-only."""
_UNIQUE, _EXCLUSION, _FOREIGN_KEY, _CHECK = "23505", "23P01", "23503", "23514"
_DENIED = "42501"
_SERIALIZATION = ("40001", "40P01", "55P03")
_LOST = (
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    # The last words of a dying server, between two statements, confuse the driver before it sees the end.
    asyncpg.InternalClientError,
    OSError,
    asyncio.TimeoutError,
)


def problem_response(
    status: int,
    code: str,
    title: str,
    *,
    detail: str | None = None,
    headers: Mapping[str, str] | None = None,
    media_type: str = Problem.media_type,
    **members: Any,
) -> Response:
    """Return one problem, as `application/problem+json` or as the type another standard asks for."""
    body: dict[str, Any] = {"type": f"/docs/problems#{code}", "title": title, "status": status, "code": code}
    if detail:
        body["detail"] = detail
    body.update(members)
    return Response(
        orjson.dumps(body),
        status_code=status,
        media_type=media_type,
        headers=dict(headers or {}),
    )


def respond(problem: Problem) -> Response:
    """Return the answer for an error of the tree."""
    return problem_response(
        problem.status,
        problem.problem_code,
        problem.title,
        detail=problem.detail,
        headers=problem.headers,
        media_type=problem.media_type,
        **problem.members,
    )


def from_database(error: BaseException) -> Problem | None:  # noqa: PLR0911 - one return a meaning
    """Return what a database error means to the caller; None when it is our own fault."""
    original = getattr(error, "orig", error)
    state = getattr(original, "sqlstate", None) or ""
    constraint = getattr(getattr(original, "__cause__", original), "constraint_name", None)
    if state.startswith(_DATA_EXCEPTION):
        return Invalid("A value is outside what can be stored.")
    if state in (_UNIQUE, _EXCLUSION):
        return Conflict("It exists already or overlaps.", code="duplicate", constraint=constraint)
    if state == _FOREIGN_KEY:
        return Invalid("It refers to something that does not exist.", code="unknown_reference")
    if state == _CHECK:
        return Invalid("The combination of values is not allowed.", constraint=constraint)
    if state == _DENIED or isinstance(error, StaleDataError):
        # What was read a moment ago is out of sight now: somebody took the right to it.
        return NotFound()
    if state in _SERIALIZATION:
        return Unavailable("Somebody else is changing the same thing. Try again.", retry_after=1)
    if state.startswith(_GONE) or _is_connection_loss(error, original):
        return Unavailable("The database is not available at the moment.")
    return None


def _is_connection_loss(error: BaseException, original: BaseException) -> bool:
    if isinstance(error, (PoolTimeout, InterfaceError)):
        return True
    cause = original.__cause__ or original
    return bool(getattr(error, "connection_invalidated", False)) or isinstance(cause, _LOST)


def note_unavailable(problem: Problem, error: BaseException) -> None:
    """Write to the log why an answer was 503: it says so to nobody who could mend it."""
    if problem.status == Unavailable.status:
        log.warning("unavailable", code=problem.problem_code, **cause(error))


async def _handle_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    note_unavailable(error, error)
    if isinstance(error, VersionStale):
        error.members["current"] = await current(request)
    return respond(error)


async def _handle_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    field = getattr(request.scope.get("route"), "body_field", None)
    body = field.field_info.annotation if field is not None else None
    return respond(Invalid(errors=field_errors(error.errors(), body)))


def field_errors(entries: Sequence[Any], body: Any = None) -> list[FieldError]:
    """Return what pydantic refused as places with sentences, the first fifty, without any value.

    A field that a body of this type does not know is answered with those that it knows.
    """
    return [_field_error(entry, body) for entry in entries[:50]]


def _field_error(entry: Mapping[str, Any], body: Any) -> FieldError:
    kind, context = str(entry["type"]), entry.get("ctx")
    if kind == "extra_forbidden" and entry["loc"][0] == "body":
        known = known_fields(body, entry["loc"][1:-1])
        return FieldError(place=_place(entry), kind=kind, message=unknown_field(known))
    # A sentence of our own schemas is a constant, and has no context that could be written into it.
    own = None if context else str(entry["msg"])
    return FieldError(place=_place(entry), kind=kind, message=sentence(kind, context, own=own))


def _place(entry: Mapping[str, Any]) -> str:
    first, *rest = entry["loc"]
    if first == "body":
        # Which shape of several a body, or one of a list in it, has is no place in it.
        shapes = {
            at
            for at, part in enumerate(rest)
            if (at < len(rest) - 1 or entry["type"] != "extra_forbidden")
            and (at == 0 or isinstance(rest[at - 1], int))
            and not isinstance(part, int)
            and part not in _field_names()
        }
        rest = [part for at, part in enumerate(rest) if at not in shapes]
        rest = [part if isinstance(part, int) or part in _field_names() else "key" for part in rest]
    if entry["type"] == "extra_forbidden":
        rest[-1] = "unknown_field"
    return ".".join(str(part) for part in (first, *rest))


@cache
def _field_names() -> frozenset[str]:
    """Return the names that are ours: any other name in a body was invented by the sender, an echo."""
    found: set[str] = set()
    waiting: list[type[Input]] = [Input]
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        found |= model.model_fields.keys()
        found |= {field.alias for field in model.model_fields.values() if field.alias}
    return frozenset(found)


def http_problem(error: HTTPException) -> Response:
    """Return the answer for an error of the HTTP layer."""
    code, title = HTTP_CODES.get(error.status_code, ("invalid", "The request cannot be handled like this."))
    return problem_response(error.status_code, code, title, headers=error.headers)


async def _handle_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = http_problem(error)
    if error.status_code == _METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = ", ".join(sorted(_methods(request)))
    return answer


def _methods(request: Request) -> set[str]:
    """Return what an address can do; each route knows only its own method (RFC 9110, 15.5.6)."""
    routes = iter_route_contexts(request.app.routes)
    here = (each for each in routes if each.path_regex.match(request.url.path))
    return {method for each in here for method in each.methods or ()}


async def _handle_database(request: Request, error: Exception) -> Response:
    problem = from_database(error)
    if problem is None:
        raise error
    note_unavailable(problem, error)
    code = problem.problem_code
    if code in (_UNKNOWN_REFERENCE, _DUPLICATE) and (place := await _refused_place(request, error, code)):
        message = problem.detail or problem.title
        problem.members["errors"] = [FieldError(place=place, kind=code, message=message)]
    return respond(problem)


async def _refused_place(request: Request, error: Exception, code: str) -> str | None:
    """Return the field that refers to nothing or is there already; None for a body that says no such one."""
    original = getattr(error, "orig", error)
    cause = getattr(original, "__cause__", None) or original
    table, rule = getattr(cause, "table_name", None), getattr(cause, "constraint_name", None)
    try:
        # Read before, and kept with the request; what was streamed cannot be read again.
        body = orjson.loads(await request.body())
    except (RuntimeError, orjson.JSONDecodeError):
        return None
    if code == _DUPLICATE:
        return place_of_value(body, unique_columns(table, rule), _field_names())
    return place_of(body, column_of(table, rule), _field_names())


async def _handle_unexpected(_: Request, error: Exception) -> Response:
    # Starlette raises it again after this answer, so that the outermost layer writes it to the log.
    return respond(from_database(error) or Problem())


def install(app: FastAPI) -> None:
    """Register the handlers; nothing else in the project answers with an error."""
    app.add_exception_handler(Problem, _handle_problem)
    app.add_exception_handler(RequestValidationError, _handle_validation)
    app.add_exception_handler(HTTPException, _handle_http)
    for kind in (DBAPIError, PoolTimeout, StaleDataError, asyncpg.PostgresError, *_LOST):
        app.add_exception_handler(kind, _handle_database)
    app.add_exception_handler(Exception, _handle_unexpected)
