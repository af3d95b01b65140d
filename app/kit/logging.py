"""Logs as JSON lines without personal data: ids, codes and route templates, never values or paths."""

import errno
import logging
import sys
from contextvars import ContextVar
from types import TracebackType
from typing import Any

import structlog

request_id: ContextVar[str] = ContextVar("request_id", default="")


def _add_request_id(_: Any, __: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if current := request_id.get():
        entry["request_id"] = current
    return entry


def _without_words(_: Any, __: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Say of an error that a library logs what it is and where, as we do: its words may be about somebody."""
    if (given := entry.pop("exc_info", None)) and (error := given[1]) is not None:
        entry["event"] = entry["event"].partition("\n")[0]  # asyncio goes on with the error in words
        entry.update(cause(error), where=where(error))
    return entry


def formatter() -> logging.Formatter:
    """Return what makes JSON lines of what libraries log."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[_without_words, *_shared()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    )


def _shared() -> list[structlog.typing.Processor]:
    return [
        _add_request_id,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def configure(level: str = "INFO") -> None:
    """Write every log of this process, our own and the libraries', as JSON lines on standard error."""
    structlog.configure(
        processors=[*_shared(), structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter())
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for noisy in ("uvicorn.access", "httpx", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def cause(error: BaseException) -> dict[str, str]:
    """Return what an error is at its root, for whoever runs this: class, SQLSTATE or errno, no message."""
    root = error
    while (deeper := getattr(root, "orig", None) or root.__cause__) is not None:
        root = deeper
    told = {"kind": type(root).__name__}
    if state := getattr(root, "sqlstate", None):
        told["sqlstate"] = state
    if isinstance(root, OSError) and root.errno and root.errno in errno.errorcode:
        told["errno"] = errno.errorcode[root.errno]
    return told


def where(error: BaseException) -> list[str]:
    """Return the places an error passed through, without its message, which may hold personal data."""
    places = []
    step: TracebackType | None = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/app/', 1)[-1]}:{step.tb_lineno}:{code.co_name}")
        step = step.tb_next
    return places[-12:]
