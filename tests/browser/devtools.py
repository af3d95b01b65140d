"""A browser led by its DevTools protocol over a pipe: what a page asks for, says and looks like.

Commands and events are JSON, each ended by a zero byte, as `--remote-debugging-pipe` of Chromium has them:
https://chromedevtools.github.io/devtools-protocol/
"""

import asyncio
import json
import os
import signal
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

from tests.hurry import NO_HURRY

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--window-size=1280,2000",
    "--remote-debugging-pipe",
)  # fmt: skip
_PIPE = 'exec "$0" "$@" 3<&0 4>&1'
"""Chromium reads commands from descriptor 3 and writes to 4."""
_LARGEST_MESSAGE = 1 << 26
_WAIT = """new Promise(resolve => {
    const look = () => { const found = %s; if (found) resolve(found); return found; };
    if (!look()) {
        const observer = new MutationObserver(() => { if (look()) observer.disconnect(); });
        observer.observe(document, {childList: true, subtree: true});
    }
})"""


class Page:
    """One page of a running browser."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.asked: list[str] = []
        """Every address that the page asked for, in order."""
        self._numbers = count(1)
        self._session: str | None = None

    async def open(self, address: str) -> None:
        """Open a page and go to an address; returns when the address has answered."""
        target = await self.call("Target.createTarget", url="about:blank")
        attached = await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        await self.call("Network.enable")
        await self.call("Page.navigate", url=address)

    async def until(self, expression: str) -> Any:
        """Return what a JavaScript expression is as soon as it is something, as the page changes."""
        return await self.evaluate(_WAIT % expression)

    async def evaluate(self, promise: str) -> Any:
        """Return what a JavaScript promise of the page becomes."""
        answer = await self.call(
            "Runtime.evaluate", expression=promise, awaitPromise=True, returnByValue=True
        )
        return answer["result"]["value"]

    async def picture(self) -> bytes:
        """Return what the window shows, as PNG."""
        return b64decode((await self.call("Page.captureScreenshot"))["data"])

    async def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send a command and return its result; what the page asks for meanwhile is noted.

        Raises TimeoutError when the browser says nothing for a quarter of an hour.
        """
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        session = {"sessionId": self._session} if self._session else {}
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(message | session).encode() + b"\0")
        while True:
            said = await asyncio.wait_for(self.process.stdout.readuntil(b"\0"), NO_HURRY)
            answer = json.loads(said[:-1])
            if answer.get("method") == "Network.requestWillBeSent":
                self.asked.append(answer["params"]["request"]["url"])
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return dict(answer["result"])


@asynccontextmanager
async def browsing(home: Path) -> AsyncIterator[Page]:
    """Run the browser that `KIM_BROWSER` names, with a new profile below `home`.

    It ends with all it started.
    """
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", _PIPE, os.environ["KIM_BROWSER"], *FLAGS, f"--user-data-dir={home}/profile",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True, limit=_LARGEST_MESSAGE,
    )  # fmt: skip
    try:
        yield Page(process)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
