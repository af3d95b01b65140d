"""The processes of a demonstration are ended, also when none has begun or one does not want to."""

import asyncio
import signal
import sys

from app.demo.serving import Children
from app.settings import Settings

_STUBBORN = """import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
signal.pause()"""
_OBEDIENT = """import signal
print("here", flush=True)
signal.pause()"""


async def _with(children: Children, program: str) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    await process.stdout.readline()
    children._processes.append(process)
    children.ends.append(asyncio.create_task(process.wait()))
    return process


async def test_end_before_any_has_begun_is_an_end(settings: Settings) -> None:
    await Children(settings, 0, {}).stop()


async def test_who_obeys_is_asked_and_not_killed(settings: Settings) -> None:
    children = Children(settings, 0, {})
    process = await _with(children, _OBEDIENT)
    await children.stop()
    assert process.returncode == -signal.SIGTERM


async def test_who_does_not_hear_is_killed_when_patience_is_over(settings: Settings) -> None:
    children = Children(settings, 0, {}, patience=0.05)
    process = await _with(children, _STUBBORN)
    await children.stop()
    assert process.returncode == -signal.SIGKILL
