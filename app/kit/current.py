"""What stands there now, for somebody whose change was based on an older version.

Whoever changed something without a connection must merge, and wants no second round trip for it. So a refused
version is answered with the present one: read by the ordinary GET of the same address, with the same token,
rights and journal, or by the nearest address above it that can be read.
"""

from collections.abc import Iterator
from typing import Any

import orjson
from fastapi import Request
from starlette.routing import Match
from starlette.types import Message, Scope

_KEPT = (b"authorization", b"accept-language", b"x-request-id")
_OK = 200


async def current(request: Request) -> Any:
    """Return the thing, no list, that the nearest readable address shows now; None where there is none."""
    for path in _upwards(request.url.path):
        scope = _get(request.scope, path)
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes):
            found = await _read(request, scope)
            if not _is_page(found):
                return found
    return None


def _is_page(found: Any) -> bool:
    return isinstance(found, dict) and set(found) == {"items", "next"}


def _upwards(path: str) -> Iterator[str]:
    while path.count("/") > 1:
        yield path
        path = path.rpartition("/")[0]


def _get(scope: Scope, path: str) -> Scope:
    same = ("type", "asgi", "http_version", "scheme", "server", "client", "root_path")
    return {
        **{name: scope[name] for name in same if name in scope},
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name, value) for name, value in scope["headers"] if name in _KEPT],
        "state": {"request_id": scope["state"]["request_id"]},
    }


async def _read(request: Request, scope: Scope) -> Any:
    status, body = 0, b""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, body
        status = message.get("status", status)
        body += message.get("body", b"")

    await request.app(scope, receive, send)
    return orjson.loads(body) if status == _OK else None
