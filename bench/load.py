"""A load generator on raw connections: as little as possible between the clock and the server."""

import asyncio
import itertools
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from typing import cast

import orjson

PATIENCE = 30.0
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


class Connection(asyncio.Protocol):
    """Sends the next request as soon as the last answer is complete, or when it is due, should that be later.

    What is due is asked late where the answer before came late, and has waited since then.
    """

    def __init__(
        self, requests: Iterator[bytes], begin: float, until: float, pause: float, done: asyncio.Future[None]
    ) -> None:
        self.requests = requests
        self.due = begin
        self.until = until
        self.pause = pause
        self.done = done
        self.latencies: list[float] = []
        self.faults = 0
        self._buffer = bytearray()
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._next()

    def _next(self) -> None:
        if self.pause and (early := self.due - time.perf_counter()) > 0:
            asyncio.get_running_loop().call_later(early, self._send)
        else:
            self._send()

    def _send(self) -> None:
        now = time.perf_counter()
        if now >= self.until:
            self._transport.close()
            return
        self._sent = self.due if self.pause else now
        self.due += self.pause
        self._transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        found = _LENGTH.search(self._buffer, 0, head)
        length = int(found[1]) if found else 0
        if len(self._buffer) < head + 4 + length:
            return
        self.latencies.append(time.perf_counter() - self._sent)
        self.faults += self._buffer[9:10] != b"2"
        self._buffer.clear()
        self._next()

    def connection_lost(self, _: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def drive(
    port: int, requests: Iterator[bytes], *, connections: int, seconds: float, rate: float
) -> dict[str, float]:
    """Load a port and return rate and latencies (milliseconds).

    So many requests a second; with a rate of 0 each connection asks without a pause.
    """
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    pause = connections / rate if rate else 0.0
    protocols = [
        Connection(
            requests, started + n * pause / connections, started + seconds, pause, loop.create_future()
        )
        for n in range(connections)
    ]
    for protocol in protocols:
        await loop.create_connection(partial(_itself, protocol), "127.0.0.1", port)
    await asyncio.wait([protocol.done for protocol in protocols], timeout=seconds + PATIENCE)
    if not all(protocol.done.done() for protocol in protocols):
        raise SystemExit("an answer never came")
    took = time.perf_counter() - started
    latencies = sorted(itertools.chain.from_iterable(protocol.latencies for protocol in protocols))
    return {
        "rate": len(latencies) / took,
        "p50_ms": 1000 * latencies[len(latencies) // 2],
        "p95_ms": 1000 * latencies[int(len(latencies) * 0.95)],
        "faults": sum(protocol.faults for protocol in protocols),
    }


def _itself(protocol: Connection) -> Connection:
    return protocol


def request(method: str, path: str, *, token: str | None, body: bytes = b"") -> bytes:
    """Return one request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "host: bench"]
    if token:
        lines.append(f"authorization: Bearer {token}")
    if body:
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def load_apart(
    port: int, requests: list[bytes], seconds: float, connections: int, rate: float = 0.0
) -> dict[str, float]:
    """Load a port from a process of its own; return what `drive` found."""
    order = {
        "port": port,
        "requests": [each.decode() for each in requests],
        "connections": connections,
        "seconds": seconds,
        "rate": rate,
    }
    command = [sys.executable, "-m", "bench.load"]
    done = subprocess.run(command, input=orjson.dumps(order), stdout=subprocess.PIPE, check=True)
    figures: dict[str, float] = orjson.loads(done.stdout)
    return figures


def main() -> None:
    """Read one order as JSON from standard input, load, and answer with the figures."""
    import uvloop

    order = orjson.loads(sys.stdin.buffer.read())
    requests = itertools.cycle([each.encode() for each in order["requests"]])
    asked = drive(
        order["port"],
        requests,
        connections=order["connections"],
        seconds=order["seconds"],
        rate=order["rate"],
    )
    figures = uvloop.run(asked)
    sys.stdout.buffer.write(orjson.dumps(figures))


if __name__ == "__main__":
    main()
