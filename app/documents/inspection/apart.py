"""Looking into a file in a process of its own, which may use so much time and memory and no more.

A parser that a file leads astray holds a thread for hours and the interpreter's lock with it; a process is
ended. One is started for each file, so that nothing of one file stays for the next.
"""

from dataclasses import dataclass
from pathlib import Path

import structlog

from app.documents.inspection.refusals import Reason, Refused
from app.documents.kinds import BY_CODE, Kind
from app.kit.apart import ask_apart
from app.kit.errors import Unavailable
from app.settings import bare_environment

log = structlog.get_logger(__name__)

_ROOT = Path(__file__).parents[3]
_MODULE = "app.documents.inspection"
_LONGEST = 256
"""Bytes of an answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What looking into one file may use."""

    cpu_seconds: int = 15
    memory_bytes: int = 640 * 1024 * 1024
    """Of addresses, of which some 60 MiB are the interpreter and its libraries."""
    patience_seconds: float = 60.0
    """By the clock, for a machine that has no processor to spare."""


LIMITS = Limits()


async def kind_apart(content: bytes, limits: Limits = LIMITS) -> Kind:
    """Return the kind of a file. Raises Refused, also when the process died or was ended; 503 without one."""
    try:
        answer = await ask_apart(
            _MODULE,
            str(limits.cpu_seconds),
            str(limits.memory_bytes),
            content=content,
            environment=_environment(),
            patience_seconds=limits.patience_seconds,
            longest=_LONGEST,
        )
    except OSError as error:
        log.error("inspection_not_started", kind=type(error).__name__)  # noqa: TRY400  the cause is its name
        raise Unavailable("Files cannot be looked into at the moment.", retry_after=30) from None
    return _understood(answer.content.decode("ascii", "replace").removesuffix("\n"), answer.returncode)


def _environment() -> dict[str, str]:
    """Return what the process is told: where the code lies, and no address, key or password."""
    return {**bare_environment(), "PYTHONPATH": str(_ROOT)}


def _understood(answer: str, returncode: int | None) -> Kind:
    word, _, what = answer.partition(" ")
    if returncode == 0 and word == "kept" and what in BY_CODE:
        return BY_CODE[what]
    if returncode == 0 and word == "refused" and what in set(Reason):
        raise Refused(Reason(what))
    log.warning("inspection_lost", returncode=returncode, kind=what if what.isidentifier() else None)
    raise Refused(Reason.LOST)
