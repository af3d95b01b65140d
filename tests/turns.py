"""Applications in which one sender may hold every connection, as without turns."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from fastapi import FastAPI

from app.access.turns import Turns
from app.kit.metrics import Metrics


@contextmanager
def turns(app: FastAPI, *, at_once: int, waiting: int = 0) -> Iterator[Metrics]:
    """Let a sender work at so many requests at once, and return what is counted of it."""
    before, metrics = app.state.gate, Metrics()
    app.state.gate = replace(before, turns=Turns(at_once=at_once, waiting=waiting, metrics=metrics))
    try:
        yield metrics
    finally:
        app.state.gate = before
