"""A server on a real port that is called what it is, behind a line that loses answers on order."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives import serialization
from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings
from app.webhooks.addresses import Addresses
from kim_partner import KeyCredential, Kim, Retries
from tests.conftest import Clock, public_number
from tests.identity.partner_systems.arrange import Machine
from tests.serving import serving

T = TypeVar("T")
LOST = b""
BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nRetry-After: 7\r\n"
    b'Content-Length: 41\r\nConnection: close\r\n\r\n{"status":503,"code":"unavailable","x":1}'
)
TOO_MANY = BUSY.replace(b"503 Service Unavailable", b"429 Too Many Requests").replace(
    b"Retry-After: 7", b"Retry-After: 9"
)
NO_JSON = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\n<!--"
PLAIN_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\nConnection: close\r\n\r\noops"


@dataclass
class Line:
    """TCP in front of a server. A fault takes the place of the next answer, after its effect; None: none."""

    target: int = 0
    port: int = 0
    faults: list[bytes | None] = field(default_factory=list)
    answers: int = 0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until either side ends it."""
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        asked = asyncio.Event()
        tasks = {
            asyncio.ensure_future(self._forth(reader, back, asked)),
            asyncio.ensure_future(self._back(there, writer, asked)),
        }
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            back.close()
            writer.close()

    async def _forth(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: asyncio.Event
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                asked.set()
                writer.write(data)
                await writer.drain()

    async def _back(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: asyncio.Event
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if asked.is_set():  # the first part of an answer
                    asked.clear()
                    self.answers += 1
                    fault = self.faults.pop(0) if self.faults else None
                    if fault is not None:
                        writer.write(fault)
                        await writer.drain()
                        return
                writer.write(data)
                await writer.drain()


@dataclass
class Stage:
    """The application under its own address, and what a program of an institution is given."""

    app: FastAPI
    line: Line
    opened: list[Kim] = field(default_factory=list)
    _server: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.line.port}"

    async def start(self) -> None:
        address = await self._server.enter_async_context(serving(self.app))
        self.line.target = int(address.rpartition(":")[2])

    async def stop(self) -> None:
        await self._server.aclose()
        self.line.target = 0

    def kim(self, credential: Any, **options: Any) -> Kim:
        """Return a client that does not sleep; what it would sleep is noted by whoever gives a `sleep`."""
        given = {"sleep": lambda _: None, "retries": Retries(attempts=4, seconds=60), **options}
        self.opened.append(Kim(self.url, credential, **given))
        return self.opened[-1]

    def kim_of(self, machine: Machine, **options: Any) -> Kim:
        return self.kim(credential_of(machine), **options)


def credential_of(machine: Machine) -> KeyCredential:
    return KeyCredential(machine.id, private_pem(machine))


def private_pem(machine: Machine) -> str:
    return machine.key.private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


async def run(do: Callable[..., T], *given: Any, **named: Any) -> T:
    """Run something of the client in a thread, while the server answers in this one."""
    return await asyncio.to_thread(do, *given, **named)


@asynccontextmanager
async def staged(settings: Settings, clock: Clock, **changes: Any) -> AsyncIterator[Stage]:
    """Serve the application of these settings under the address by which it is reached."""
    line = Line()
    listening = await asyncio.start_server(line.carry, "127.0.0.1", 0)
    line.port = listening.sockets[0].getsockname()[1]
    changed = settings.model_copy(update={"public_url": f"http://127.0.0.1:{line.port}", **changes})
    app = create_app(changed, clock=clock)
    app.state.webhook_addresses = Addresses(resolve=public_number)
    stage = Stage(app, line)
    await stage.start()
    try:
        yield stage
    finally:
        await stage.stop()
        listening.close()
        await app.state.hub.close()
        await app.state.gate.database.close()


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()
