"""The HTTP server: uvicorn with a limit for senders that never finish their headers.

uvicorn limits only idle connections; a client that sends one byte of a header every few seconds would
hold a connection for ever. Bodies are limited by `app.kit.http`.
"""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.kit.problems import problem_response

HEADER_SECONDS = 10.0


class TimedProtocol(HttpToolsProtocol):
    """One connection; its headers arrive in time or it is closed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_headers()

    def data_received(self, data: bytes) -> None:
        idle = self.cycle is None or self.cycle.response_complete
        if idle and self._waiting is None:
            self._wait_for_headers()
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP with problem details as well."""
        del msg
        body = problem_response(400, "not_http", "This is not a request that can be read.").body
        head = (
            "HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\n"
            f"content-length: {len(body)}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + bytes(body))
        self.transport.close()

    def _wait_for_headers(self) -> None:
        self._waiting = self.loop.call_later(HEADER_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


class Server(uvicorn.Server):
    """A server that says when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `serve_all`: uvicorn raises them again at the end, which looks like a crash."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @property
    def port(self) -> int:
        """The port that the server listens on."""
        return int(self.servers[0].sockets[0].getsockname()[1])


def server(app: ASGIApp, *, host: str, port: int, forwarded_allow_ips: str = "127.0.0.1") -> Server:
    """Return a server that is ready to `serve()` in a running loop."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=TimedProtocol,
        ws="none",
        loop="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        forwarded_allow_ips=forwarded_allow_ips,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=10,
        backlog=1024,
        h11_max_incomplete_event_size=16_384,
    )
    return Server(config)


async def serve_all(*servers: Server, on_stop: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGTERM or SIGINT, or until one of them ends; then all finish what they have begun.

    `on_stop` ends what would go on for ever by itself.
    """
    loop = asyncio.get_running_loop()

    def stop(sign: int, frame: FrameType | None) -> None:
        for each in servers:
            each.handle_exit(sign, frame)
        loop.call_soon_threadsafe(on_stop)

    before = {sign: signal.signal(sign, stop) for sign in (signal.SIGTERM, signal.SIGINT)}
    try:
        tasks = [asyncio.create_task(each.serve()) for each in servers]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for each in servers:
            each.should_exit = True
        on_stop()
        await asyncio.gather(*tasks)
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
