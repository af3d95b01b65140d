"""An application that does everything and keeps nothing: each transaction is undone instead of committed."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import NoReturn

from fastapi import FastAPI

from app.access.guard import Gate
from app.kit.database import Database, Db, Opening


class _UndoneError(Exception):
    """Everything has been done; now it is taken back."""


def _undo() -> NoReturn:
    raise _UndoneError


class Dry(Database):
    """A database in which nothing stays. Deferred constraints are asked before it is undone."""

    @asynccontextmanager
    async def transaction(self, opening: Opening) -> AsyncIterator[Db]:
        try:
            async with Database.transaction(self, opening) as db:
                yield db
                await (await db.driver()).execute("SET CONSTRAINTS ALL IMMEDIATE")
                _undo()
        except _UndoneError:
            pass


@contextmanager
def undone(app: FastAPI) -> Iterator[None]:
    """Let the application keep nothing for a while."""
    kept: Gate = app.state.gate
    app.state.gate = replace(kept, database=Dry(kept.database.engine))
    try:
        yield
    finally:
        app.state.gate = kept
