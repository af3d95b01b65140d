"""A client of the application in the same process, without what of httpx only matters over a network.

Requests and answers are those of httpx, so what is sent is made into bytes and headers as ever. Left out are
cookies, redirects, authentication and timeouts, which no client of this API uses: half of what a client cost.
Whatever streams, or asks for one of these, goes the long way.
"""

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp, Message

BASE_URL = "http://kim.test"
LOADED = (bytes, str, type(None))


class InProcess(httpx.AsyncClient):
    """Sends to an application in this process; what the application raises comes out."""

    def __init__(
        self, app: ASGIApp, *, host: str = "127.0.0.1", headers: dict[str, str] | None = None
    ) -> None:
        self._app = app
        self._from = (host, 4711)
        transport = httpx.ASGITransport(app, client=self._from)
        super().__init__(transport=transport, base_url=BASE_URL, headers=headers)

    async def request(self, method: str, url: httpx.URL | str, **said: Any) -> httpx.Response:
        """Send a request; `said` is what httpx takes, of which most are headers and a body."""
        given = {name: value for name, value in said.items() if value is not None}
        plain = {name: given.pop(name) for name in ("params", "json", "data", "content") if name in given}
        headers = given.pop("headers", None)
        own = (self.event_hooks["response"], self.params, self.cookies, self.auth)
        is_short = (
            not any(own)
            and all(value is httpx.USE_CLIENT_DEFAULT for value in given.values())
            and isinstance(url, str)
            and url.startswith("/")
            and isinstance(plain.get("content"), LOADED)
        )
        if not is_short:
            return await super().request(method, url, **said)
        merged = httpx.Headers(self.headers)
        merged.update(headers)
        request = httpx.Request(method, f"{BASE_URL}{url}", headers=merged, **plain)
        for hook in self.event_hooks["request"]:
            await hook(request)
        return await _answered(self._app, request, self._from)


async def _answered(app: ASGIApp, request: httpx.Request, source: tuple[str, int]) -> httpx.Response:
    """Let the application answer a request that is there as a whole."""
    start: Message = {}
    body: list[bytes] = []
    is_sent, is_complete = False, asyncio.Event()

    async def receive() -> Message:
        nonlocal is_sent
        if is_sent:
            await is_complete.wait()
            return {"type": "http.disconnect"}
        is_sent = True
        return {"type": "http.request", "body": request.content, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            assert not start
            start.update(message)
            return
        assert start
        assert not is_complete.is_set()
        if request.method != "HEAD":
            body.append(message.get("body", b""))
        if not message.get("more_body", False):
            is_complete.set()

    await app(_scope(request, source), receive, send)
    assert is_complete.is_set()
    stream = httpx.ByteStream(b"".join(body))
    answer = httpx.Response(start["status"], headers=start["headers"], stream=stream, request=request)
    answer.read()
    return answer


def _scope(request: httpx.Request, source: tuple[str, int]) -> dict[str, Any]:
    url = request.url
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": url.scheme,
        "path": url.path,
        "raw_path": url.raw_path.partition(b"?")[0],
        "query_string": url.query,
        "server": (url.host, url.port),
        "client": source,
        "root_path": "",
    }
