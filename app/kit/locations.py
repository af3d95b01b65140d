"""Where a created thing is read: `Location` of an answer 201 (RFC 9110, section 15.3.2)."""

from collections.abc import Set as AbstractSet

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Locations:
    """Names the address of what was created, where there is one below the address of its creation."""

    def __init__(self, app: ASGIApp, *, creating: AbstractSet[str]) -> None:
        self._app = app
        self._creating = creating
        """Path templates whose POST makes what `{template}/{id}` reads."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        begun: Message | None = None

        async def say(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start" and message["status"] == 201:
                begun = message
                return
            if begun is not None:
                start, begun = begun, None
                await send(self._located(scope, start, message.get("body", b"")))
            await send(message)

        await self._app(scope, receive, say)

    def _located(self, scope: Scope, start: Message, body: bytes) -> Message:
        route = scope.get("route")
        if route is None or route.path not in self._creating:
            return start
        created = orjson.loads(body).get("id")
        if created is None:
            return start
        address = f"{scope['path']}/{created}"
        return {**start, "headers": [*start["headers"], (b"location", address.encode())]}
