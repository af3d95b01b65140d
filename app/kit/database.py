"""Sessions on PostgreSQL whose first statement says who is asking, and the driver's connection beside the ORM.

One request is one transaction. `after_begin` sets the context with transaction-local settings, always
all of them, so that nothing survives in a pooled connection (row-level security reads these settings).
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.util import await_

from app.kit.errors import Unavailable

_OPENING = "opening"


class Opening(Protocol):
    """The statement that opens a transaction by saying who is asking."""

    def statement(self) -> tuple[str, tuple[Any, ...]]:
        """Return SQL and arguments."""
        ...

    def receive(self, row: asyncpg.Record | None) -> None:
        """Take what the statement answered; raise to refuse."""
        ...


@dataclass(slots=True)
class Nobody:
    """Nobody signed in: all settings empty, so every policy shows no rows."""

    request_id: str = ""

    def statement(self) -> tuple[str, tuple[Any, ...]]:
        return "SELECT set_context('', '', '', $1, '{}', '{}')", (self.request_id,)

    def receive(self, row: asyncpg.Record | None) -> None:
        del row


@dataclass(slots=True)
class System:
    """The worker acting by itself in one municipal area."""

    municipal_area_id: str
    request_id: str = ""

    def statement(self) -> tuple[str, tuple[Any, ...]]:
        sql = "SELECT set_context($1, '', '', $2, '{system}', '{}')"
        return sql, (self.municipal_area_id, self.request_id)

    def receive(self, row: asyncpg.Record | None) -> None:
        del row


class _ContextSession(Session):
    """The synchronous half; exists to hang the event on this project's sessions only."""


@event.listens_for(_ContextSession, "after_begin")
def _open_context(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    adapted: Any = connection.connection.dbapi_connection
    opening: Opening = session.info[_OPENING]
    sql, arguments = opening.statement()
    # BEGIN through the adapter, so that it knows of the transaction (a private name, guarded by a test),
    # then the driver itself: a third of the time of the same statement through the cursor.
    await_(adapted._start_transaction())  # noqa: SLF001
    opening.receive(await_(adapted.driver_connection.fetchrow(sql, *arguments)))


class Db(AsyncSession):
    """A session of one transaction: the ORM for writing, `driver()` for SQL that returns the answer."""

    sync_session_class = _ContextSession

    async def driver(self) -> asyncpg.Connection:
        """Return the driver's connection inside this transaction, with what the ORM holds flushed."""
        connection = await self.connection()
        if self.sync_session._is_clean() is False:  # noqa: SLF001 - public flush() costs a greenlet when idle
            await self.flush()
        raw = await connection.get_raw_connection()
        return raw.driver_connection


@dataclass(slots=True)
class Database:
    """The pool of one role, and the way to a transaction."""

    engine: AsyncEngine

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        pool_size: int = 16,
        wait_seconds: float = 5.0,
        statement_caches: bool = True,
        statement_timeout_ms: int = 15_000,
        application_name: str = "kim",
    ) -> "Database":
        """Return a lazy pool; `statement_caches=False` is for pgbouncer in transaction mode."""
        cache = 512 if statement_caches else 0
        engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=wait_seconds,
            pool_recycle=1800,
            pool_use_lifo=True,
            query_cache_size=1200,
            connect_args={
                "timeout": wait_seconds,
                "statement_cache_size": cache,
                "prepared_statement_cache_size": cache,
                "server_settings": {
                    "application_name": application_name,
                    "timezone": "UTC",
                    "statement_timeout": str(statement_timeout_ms),
                    "idle_in_transaction_session_timeout": "30000",
                    "lock_timeout": "5000",
                    "jit": "off",
                },
            },
        )
        return cls(engine)

    @asynccontextmanager
    async def transaction(self, opening: Opening) -> AsyncIterator[Db]:
        """Open one transaction, commit at the end, roll back on any error."""
        async with Db(self.engine, expire_on_commit=False, info={_OPENING: opening}) as db, db.begin():
            yield db

    def observe_statements(self, seen: Callable[[str], None]) -> None:
        """Call `seen` with each statement of every connection made from now on (tests, plans)."""

        @event.listens_for(self.engine.sync_engine, "connect")
        def _attach(adapted: Any, _record: Any) -> None:
            adapted.driver_connection.add_query_logger(lambda entry: seen(entry.query))

    async def ping(self) -> None:
        """Ask the database for one row; raise `Unavailable` when it does not answer."""
        try:
            async with self.transaction(Nobody()) as db:
                await (await db.driver()).fetchval("SELECT 1")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Unavailable from error

    async def close(self) -> None:
        """Close every connection of the pool."""
        await self.engine.dispose()
