"""Work in a process of its own, which reads one thing, answers with one and ends.

What holds the interpreter's lock for long, needs much memory or may be led astray does so elsewhere.
"""

import asyncio
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """What a process wrote, and how it ended; empty when it took too long or wrote too much."""

    content: bytes
    returncode: int | None


async def ask_apart(
    module: str,
    *arguments: str,
    content: bytes,
    environment: Mapping[str, str],
    patience_seconds: float,
    longest: int,
) -> Answer:
    """Run a module with this content on its standard input. Raises OSError when it cannot be started.

    Whoever stops waiting, by a cancellation too, ends the process. `longest` is in bytes of the answer.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-B", "-m", module, *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env=dict(environment), start_new_session=True,
    )  # fmt: skip
    try:
        async with asyncio.timeout(patience_seconds):
            answer = await _answer(process, content, longest)
    except TimeoutError:
        answer = b""
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return Answer(answer, process.returncode)


async def _answer(process: asyncio.subprocess.Process, content: bytes, longest: int) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    _, answer = await asyncio.gather(_feed(process.stdin, content), _read(process.stdout, longest))
    if len(answer) <= longest:
        await process.wait()
        return answer
    return b""


async def _read(out: asyncio.StreamReader, longest: int) -> bytes:
    answer = bytearray()
    while len(answer) <= longest and (piece := await out.read(65536)):
        answer += piece
    return bytes(answer)


async def _feed(into: asyncio.StreamWriter, content: bytes) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):  # the process ended before it had read everything
        into.write(content)
        await into.drain()
        into.close()
        await into.wait_closed()
