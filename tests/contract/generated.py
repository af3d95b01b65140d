"""How requests are generated from the contract, and where we differ from the defaults of Schemathesis."""

from typing import Any
from zlib import crc32

from schemathesis import Case, Config, GenerationMode, HookContext, openapi
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import CoverageScenario, coverage_scenario
from schemathesis.python.asgi import ASGIClient
from schemathesis.schemas import BaseSchema
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.share import SHARE, share_of

SEED = 20_260_504
BASE_URL = "http://kim.test"
AS_IT_IS = ("text/", "application/octet-stream")
"""Bodies of these kinds are whatever is sent."""
ONE_IN = {
    CoverageScenario.INCORRECT_TYPE: 6,
    CoverageScenario.UNSPECIFIED_HTTP_METHOD: 5,
    CoverageScenario.VALID_OBJECT: 3,
}
"""One of so many is sent: of each operation there are dozens that only repeat each other."""

MANNERS = {
    "seed": SEED,
    # Fewer than the default 100: the coverage phase sends some fifty per operation whatever is said here.
    "generation": {"max-examples": share_of(4), "deterministic": True, "database": "none"},
    # The contract has no links, so there is nothing that a stateful run could follow. A run that does a share
    # does without the coverage phase: what is spoilt on purpose is refused before a database is asked.
    "phases": {"stateful": {"enabled": False}, "coverage": {"enabled": SHARE == 1}},
    # Values are taken from the contract only: the door, which stands for the application, has no code.
    "analysis": {"constants": {"enabled": False}},
    # All checks are on. They differ from their defaults in this:
    "checks": {
        # Also 412 and 413 (a version or a size is spoilt); never 406 and 5xx, which pass by default.
        "negative_data_rejection": {
            "expected-statuses": [400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429]
        },
        # Also 410 (a generated cursor is nobody's), 412 (no generated version is the one that is stored) and
        # 422 (a schema cannot say which codes and rows exist and which days may follow each other); never 3xx
        # and 5xx, which pass by default.
        "positive_data_acceptance": {"expected-statuses": ["2xx", 401, 403, 404, 409, 410, 412, 422, 429]},
        # A change without If-Match is 428 (RFC 6585), a partner's POST without a key 400; who may not gets
        # 403 or 404 before that.
        "missing_required_header": {"expected-statuses": [400, 401, 403, 404, 428]},
    },
}


class Door:
    """Stands for the application while tests are collected, when there is none yet."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


def generated(contract: dict[str, Any], app: ASGIApp) -> BaseSchema:
    """Return the view on a contract from which tests are made; the application answers in this process."""
    schema = openapi.from_dict(contract, config=Config.from_dict(MANNERS))
    schema.app = app
    schema.hook(filter_case)
    return schema


def filter_case(_: HookContext, case: Case) -> bool:
    """Leave out what is not spoilt on the wire, and most of what would be half of all requests."""
    return not _becomes_text(case) and _is_kept(case)


def _becomes_text(case: Case) -> bool:
    """Return whether a body is spoilt only until it is sent.

    The object {} sent as text/csv is the text "{}" on the wire, and a text is what the contract asks for;
    sent as a file it is one of two signs. Schemathesis knows that of text/plain only.
    """
    is_text = case.media_type is not None and case.media_type.startswith(AS_IT_IS)
    return is_text and case.meta is not None and case.meta.is_negative_at(ParameterLocation.BODY)


def _is_kept(case: Case) -> bool:
    """Return whether a case is sent; of an operation always the same ones are."""
    scenario = coverage_scenario(case)
    if scenario not in ONE_IN:
        return True
    assert case.meta is not None
    place = case.meta.phase.data
    return crc32(f"{SEED} {case.operation.label} {place}".encode()) % ONE_IN[scenario] == 0


def is_negative(case: Case) -> bool:
    """Return whether a case is spoilt on purpose."""
    return case.meta is not None and case.meta.generation.mode is GenerationMode.NEGATIVE


def client(app: ASGIApp) -> ASGIClient:
    """Return a connection to an application, to be used for many requests."""
    connection = ASGIClient(app)
    connection.trust_env = False
    return connection


def send(case: Case, authorization: str | None, connection: ASGIClient) -> None:
    """Send a case in somebody's name, or in nobody's, and hold the answer against the contract."""
    headers = {"Authorization": authorization} if authorization else None
    case.call_and_validate(BASE_URL, headers=headers, session=connection)
