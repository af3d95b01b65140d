"""A process that serves while something is measured."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    """Run a command until the end of the block; the block begins once the port answers."""
    process = subprocess.Popen(command, env=environment)
    try:
        while not _answers(port):
            if process.poll() is not None:
                raise SystemExit(f"{command[2]} ended by itself")
        yield
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
