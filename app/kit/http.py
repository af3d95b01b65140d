"""The outermost layer: request id, security headers, limits on what is sent, and the last net for errors.

Pure ASGI. Limits: body size while streaming, time until the body has arrived (uvicorn has no receive
timeout), duplicate query keys.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.errors import Invalid, Problem
from app.kit.ids import new_id
from app.kit.logging import cause, request_id, where
from app.kit.problems import from_database, http_problem, note_unavailable, respond

log = structlog.get_logger(__name__)

_REQUEST_ID = re.compile(rb"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
"""A UUID and nothing else: it is written to journal and log, where a name must not get to."""
_HEADERS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
]

_NO_CONTENT = 204
_OF_CONTENT = (b"content-type", b"content-length")
"""What describes content, and so stands in no answer without any (RFC 9110, 8.3, 8.6 and 15.3.5)."""

Observe = Callable[[Scope, int, float], None]


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """How large a body may be, and within how many seconds it has to arrive."""

    most_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class OtherLimits:
    """The few addresses to which more may be sent, or less, and how much."""

    method: str
    path: re.Pattern[str]
    limits: BodyLimits


class Outermost:
    """Wraps the application; nothing that goes wrong inside gets past it."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        body_limit: int,
        receive_seconds: float,
        other: tuple[OtherLimits, ...] = (),
        observe: Observe | None = None,
    ) -> None:
        self._app = app
        self._limits = BodyLimits(body_limit, receive_seconds)
        self._other = other
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"")
        identity = given.decode() if _REQUEST_ID.match(given) else str(new_id())
        token = request_id.set(identity)
        scope.setdefault("state", {})["request_id"] = identity
        started = asyncio.get_running_loop().time()
        answer = _Answer(send, identity)
        try:
            await self._run(scope, receive, answer, headers)
        finally:
            request_id.reset(token)
            if self._observe is not None:
                self._observe(scope, answer.status, asyncio.get_running_loop().time() - started)

    async def _run(
        self, scope: Scope, receive: Receive, answer: "_Answer", headers: dict[bytes, bytes]
    ) -> None:
        try:
            _refuse_doubles(scope["query_string"])
            limited = _limited(receive, headers, self._limits_for(scope))
            await self._app(scope, limited, answer)
        except Problem as problem:
            note_unavailable(problem, problem)
            await answer.send_once(respond(problem), scope, receive)
        except HTTPException as error:
            await answer.send_once(http_problem(error), scope, receive)
        except Exception as error:  # noqa: BLE001 - the last net
            known = from_database(error)
            if known is None:
                # Not log.exception: the message of an error may hold personal data.
                log.error("request_failed", **cause(error), where=where(error))  # noqa: TRY400
            else:
                note_unavailable(known, error)
            await answer.send_once(respond(known or Problem()), scope, receive)

    def _limits_for(self, scope: Scope) -> BodyLimits:
        for other in self._other:
            if scope["method"] == other.method and other.path.fullmatch(scope["path"]):
                return other.limits
        return self._limits


def _limited(receive: Receive, headers: dict[bytes, bytes], limits: BodyLimits) -> Receive:
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > limits.most_bytes:
        raise HTTPException(413)
    received = 0
    complete = False
    deadline = asyncio.get_running_loop().time() + limits.seconds

    async def limited() -> Message:
        nonlocal received, complete
        if complete:
            return await receive()  # waits for the disconnect, which may take as long as it likes
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError as error:
            raise HTTPException(408) from error
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if received > limits.most_bytes:
                raise HTTPException(413)
        return message

    return limited


class _Answer:
    """Sends once, with the headers that every answer carries."""

    def __init__(self, send: Send, identity: str) -> None:
        self._send = send
        self._identity = identity.encode()
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = message["headers"]
            if self.status == _NO_CONTENT:
                own = [pair for pair in own if pair[0] not in _OF_CONTENT]
            names = {name for name, _ in own}
            added = [pair for pair in _HEADERS if pair[0] not in names]
            message["headers"] = [*own, *added, (b"x-request-id", self._identity)]
        await self._send(message)

    async def send_once(self, response: ASGIApp, scope: Scope, receive: Receive) -> None:
        if not self.status:
            await response(scope, receive, self)


def _refuse_doubles(query: bytes) -> None:
    if not query:
        return
    try:
        keys = [key for key, _ in parse_qsl(query.decode("ascii"), keep_blank_values=True, max_num_fields=50)]
    except (ValueError, UnicodeDecodeError) as error:
        raise Invalid("The query cannot be read.") from error
    if len(keys) != len(set(keys)):
        raise Invalid("A query key is given twice.", code="duplicate_query_key")
