"""What libraries log of errors: what and where, and not the words, which may be about somebody."""

import asyncio
import gc
import logging

import orjson
import pytest

from app.kit import logging as kit_logging

WORDS = "Key (family_name)=(Mustermann) already exists."


class Kept(logging.Handler):
    """Keeps lines as they would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(kit_logging.formatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


async def lines_of_errors() -> list[str]:
    """Let a server and a task that nobody waits for fail, as libraries tell of it; return what is written."""

    async def fails() -> None:
        raise ValueError(WORDS)

    kept = Kept()
    loggers = [logging.getLogger(name) for name in ("uvicorn.error", "asyncio")]
    for logger in loggers:
        logger.addHandler(kept)
    try:
        try:
            await fails()
        except ValueError as error:
            loggers[0].error("Exception in ASGI application\n", exc_info=error)
        task = asyncio.ensure_future(fails())
        await asyncio.wait([task])
        del task
        gc.collect()
    finally:
        for logger in loggers:
            logger.removeHandler(kept)
    return kept.lines


async def test_error_that_a_library_logs_is_told_without_its_words() -> None:
    lines = await lines_of_errors()
    assert "Mustermann" not in "".join(lines)
    server, task = map(orjson.loads, lines)
    assert server["event"] == "Exception in ASGI application"
    assert task["event"] == "Task exception was never retrieved"
    for line in (server, task):
        assert line["kind"] == "ValueError"
        assert line["where"][-1].endswith(":fails")
        assert "exc_info" not in line


async def test_words_would_be_written_by_the_formatter_of_the_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Planted fault: errors go to the line as they are."""
    monkeypatch.setattr(kit_logging, "_without_words", lambda _, __, entry: entry)
    assert all("Mustermann" in line for line in await lines_of_errors())
