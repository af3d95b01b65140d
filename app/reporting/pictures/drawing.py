"""Drawing a frozen table and writing a workbook, in a process of their own: a browser's engine draws.

One is started for each picture: its hundred megabytes are there for a second and not for a day.
"""

import asyncio
from pathlib import Path
from typing import Any

import orjson
import structlog

from app.kit.apart import ask_apart
from app.kit.errors import Unavailable
from app.kit.places import place_in
from app.reporting.pictures.kinds import Form
from app.settings import bare_environment

log = structlog.get_logger(__name__)

_ROOT = Path(__file__).parents[3]
_MODULE = "app.reporting.pictures"
_PATIENCE_SECONDS = 120.0
_LONGEST = 32 * 1024 * 1024
_AT_ONCE = 2
_WAIT_SECONDS = 30.0


class Drawing:
    """Draws for one server, two at a time; who asks meanwhile waits, without a connection."""

    def __init__(self, wait_seconds: float = _WAIT_SECONDS) -> None:
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._wait_seconds = wait_seconds

    async def make(self, form: Form, of: dict[str, Any]) -> bytes:
        """Return a picture of a chart, a workbook or a report; 503 when it cannot be made just now."""
        async with place_in(self._room, self._wait_seconds, "Many pictures are being drawn: ask again."):
            return await _made(form, of)


async def _made(form: Form, of: dict[str, Any]) -> bytes:
    try:
        answer = await ask_apart(
            _MODULE,
            form,
            content=orjson.dumps(of),
            environment={**bare_environment(), "PYTHONPATH": str(_ROOT)},
            patience_seconds=_PATIENCE_SECONDS,
            longest=_LONGEST,
        )
    except OSError as error:
        log.error("drawing_not_started", kind=type(error).__name__)  # noqa: TRY400  the cause is its name
        raise Unavailable("Nothing can be drawn at the moment.", retry_after=30) from None
    if answer.returncode != 0 or not answer.content:
        log.warning("drawing_lost", form=form, returncode=answer.returncode)
        raise Unavailable("Nothing can be drawn at the moment.", retry_after=30)
    return answer.content
