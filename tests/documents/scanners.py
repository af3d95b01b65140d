"""Virus scanners for tests: a real clamd with one signature of our own, and servers that speak a protocol."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from tests.documents.files import EICAR_LIKE

CLAMD = shutil.which("clamd", path=os.environ.get("PATH", "") + ":/usr/sbin")
Served = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextmanager
def real_clamd(home: Path) -> Iterator[str]:
    """Run clamd with a signature file of one line; yield its address."""
    assert CLAMD is not None
    home.chmod(0o755)
    (home / "own.ndb").write_text(f"Kim.Test:0:*:{EICAR_LIKE.strip().hex()}\n")
    socket, config = home / "clamd.sock", home / "clamd.conf"
    config.write_text(
        f"LocalSocket {socket}\nDatabaseDirectory {home}\nForeground yes\nUser {_user()}\n"
        "StreamMaxLength 26M\nOfficialDatabaseOnly no\nTemporaryDirectory /tmp\n"
    )
    process = subprocess.Popen(
        [CLAMD, "--config-file", str(config)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert process.stdout is not None
        told = []
        for line in process.stdout:
            told.append(line)
            if "Self checking" in line or "ERROR" in line:
                break
        assert socket.exists(), "".join(told)
        yield f"clamd://{socket}"
    finally:
        process.terminate()
        process.communicate()


def _user() -> str:
    import getpass

    return getpass.getuser()


@asynccontextmanager
async def serving(answer: Served) -> AsyncIterator[int]:
    """Serve a protocol on a port of this machine."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def clamd(said: bytes | None = None) -> Served:
    """Return a clamd that reads a whole stream and says this, or whether it found our signature."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            content += await reader.readexactly(size)
        found = b"stream: Kim.Test.UNOFFICIAL FOUND\0" if EICAR_LIKE.strip() in content else b"stream: OK\0"
        writer.write(found if said is None else said)
        await writer.drain()

    return answer


def icap(found: list[bytes], *, clean: bytes = b"ICAP/1.0 204 No Content\r\n\r\n") -> Served:
    """Return an ICAP server after RFC 3507 that finds our signature; what it was handed goes into `found`."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *rest = head.split("\r\n")
        headers = {line.partition(": ")[0].lower(): line.partition(": ")[2] for line in rest if line}
        assert first.startswith("RESPMOD icap://")
        assert first.endswith(" ICAP/1.0")
        assert "204" in headers["allow"]
        places = dict(part.strip().split("=") for part in headers["encapsulated"].split(","))
        assert list(places) == ["req-hdr", "res-hdr", "res-body"]
        request = await reader.readexactly(int(places["res-hdr"]))
        response = await reader.readexactly(int(places["res-body"]) - int(places["res-hdr"]))
        assert request.startswith(b"GET /")
        assert request.endswith(b"\r\n\r\n")
        assert response.startswith(b"HTTP/1.1 200")
        assert response.endswith(b"\r\n\r\n")
        content = b""
        while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
            content += await reader.readexactly(size)
            assert await reader.readexactly(2) == b"\r\n"
        assert await reader.readexactly(2) == b"\r\n"
        found.append(content)
        infected = EICAR_LIKE.strip() in content
        blocked = (
            b"ICAP/1.0 200 OK\r\nX-Infection-Found: Type=0; Resolution=2; Threat=Kim.Test;\r\n"
            b"Encapsulated: res-hdr=0, null-body=28\r\n\r\nHTTP/1.1 403 Forbidden\r\n\r\n"
        )
        writer.write(blocked if infected else clean)
        await writer.drain()

    return answer
