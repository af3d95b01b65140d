"""Transactions on PostgreSQL whose first statement says who is asking.

One request is one transaction. Its context is transaction-local settings, always all of them, so that
nothing survives in a pooled connection (row-level security reads these settings).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import asyncpg
from sqlalchemy import Executable, PoolProxiedConnection, Result, ScalarResult, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from app.kit.errors import Unavailable
from app.kit.tables import Table

_READS_ONLY = "SELECT current_setting('transaction_read_only')::boolean"

UNREACHABLE = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    DBAPIError,
    PoolTimeout,
)
"""What opening a transaction raises when the database is away, starts up, refuses, or is fully busy."""


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


class Db:
    """One transaction on one connection: `driver()` for SQL that returns the answer, the ORM for writing.

    The session comes into being with the first ORM call and works on the same connection, inside the
    transaction that is already open (a session for every read costs a quarter of its time).
    """

    __slots__ = ("_connection", "_driver", "_session")

    def __init__(self, connection: AsyncConnection, driver: asyncpg.Connection) -> None:
        self._connection = connection
        self._driver = driver
        self._session: AsyncSession | None = None

    async def driver(self) -> asyncpg.Connection:
        """Return the driver's connection inside this transaction, with what the ORM holds flushed."""
        if self._session is not None:
            await self._session.flush()
        return self._driver

    @property
    def session(self) -> AsyncSession:
        """The ORM on this transaction; nothing expires, since nothing outlives the commit."""
        if self._session is None:
            self._session = AsyncSession(self._connection, expire_on_commit=False)
        return self._session

    def add(self, row: Table) -> None:
        """Insert a row with the next flush."""
        self.session.add(row)

    def add_all(self, rows: Iterable[Table]) -> None:
        """Insert rows with the next flush."""
        self.session.add_all(rows)

    async def delete(self, row: Table) -> None:
        """Delete a row with the next flush."""
        await self.session.delete(row)

    async def flush(self) -> None:
        """Write what the ORM holds."""
        if self._session is not None:
            await self._session.flush()

    async def execute(self, statement: Executable, parameters: Any = None) -> Result[Any]:
        """Run a statement through the ORM."""
        return await self.session.execute(statement, parameters)

    async def scalar(self, statement: Executable) -> Any:
        """Return the first column of the first row."""
        return await self.session.scalar(statement)

    async def scalars(self, statement: Executable) -> ScalarResult[Any]:
        """Return the first column of every row."""
        return await self.session.scalars(statement)

    async def close(self) -> None:
        """Let go of the rows that the ORM holds."""
        if self._session is not None:
            await self._session.close()


async def _living(connection: AsyncConnection) -> PoolProxiedConnection:
    """Return the pooled connection, passing over those that a restart of the server has closed."""
    raw = await connection.get_raw_connection()
    while (driver := raw.driver_connection) is not None and driver.is_closed():
        await connection.invalidate()
        raw = await connection.get_raw_connection()
    return raw


@contextmanager
def _discarded_on_error(connection: AsyncConnection) -> Iterator[None]:
    """Close a connection whose BEGIN or COMMIT was cut off: nobody knows what state it is in."""
    try:
        yield
    except BaseException:
        assert connection.sync_connection is not None
        connection.sync_connection.invalidate()
        raise


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
        plans_anew: bool = False,
        works_alone: bool = False,
        application_name: str = "kim",
    ) -> "Database":
        """Return a lazy pool; `statement_caches=False` is for pgbouncer in transaction mode.

        With `plans_anew` no plan is kept, for what goes through areas of every size: after five executions
        the database keeps one that suits the areas of these, and in a large one it can take minutes. With
        `works_alone` no statement takes more than one processor from those who work meanwhile.
        """
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
                # The driver prepares nothing longer than 15 KiB for reuse unless told to, and forgets after
                # five minutes: a working list would be planned anew each time, which takes longer than it.
                "max_cacheable_statement_size": 0,
                "max_cached_statement_lifetime": 0,
                "prepared_statement_cache_size": cache,
                "server_settings": {
                    "application_name": application_name,
                    "timezone": "UTC",
                    "statement_timeout": str(statement_timeout_ms),
                    "idle_in_transaction_session_timeout": "30000",
                    "lock_timeout": "5000",
                    "jit": "off",
                    "plan_cache_mode": "force_custom_plan" if plans_anew else "auto",
                    **({"max_parallel_workers_per_gather": "0"} if works_alone else {}),
                },
            },
        )
        return cls(engine)

    @asynccontextmanager
    async def transaction(self, opening: Opening) -> AsyncIterator[Db]:
        """Open one transaction, commit at the end, roll back on any error."""
        async with self.engine.connect() as connection:
            adapted: Any = (await _living(connection)).dbapi_connection
            driver: asyncpg.Connection = adapted.driver_connection
            # BEGIN and COMMIT through the adapter, so that it knows of the transaction: private names,
            # guarded by a test. Its cursor would take three times as long for the same two statements.
            with _discarded_on_error(connection):
                await adapted._start_transaction()  # noqa: SLF001
            sql, arguments = opening.statement()
            opening.receive(await driver.fetchrow(sql, *arguments))
            db = Db(connection, driver)
            try:
                yield db
                await db.flush()
                with _discarded_on_error(connection):
                    await adapted._call_and_discard(adapted._transaction.commit)  # noqa: SLF001
            finally:
                await db.close()

    @asynccontextmanager
    async def listen(self, channel: str, hear: Callable[[str], None]) -> AsyncIterator[asyncio.Event]:
        """Hear what is told on a channel, over a connection outside the pool; wait until it breaks."""
        broken = asyncio.Event()
        raw = await self.engine.raw_connection()
        driver: Any = raw.driver_connection
        raw.detach()
        try:
            driver.add_termination_listener(lambda _: broken.set())
            await driver.add_listener(channel, lambda *told: hear(told[3]))
            yield broken
        finally:
            await driver.close(timeout=5)

    def observe_statements(self, seen: Callable[[str], None]) -> None:
        """Call `seen` with each statement of every connection made from now on (tests, plans)."""

        @event.listens_for(self.engine.sync_engine, "connect")
        def _attach(adapted: Any, _record: Any) -> None:
            adapted.driver_connection.add_query_logger(lambda entry: seen(entry.query))

    async def ping(self) -> None:
        """Raise `Unavailable` when the database does not answer, or could not write what is asked of it."""
        try:
            async with self.transaction(Nobody()) as db:
                reads_only = await (await db.driver()).fetchval(_READS_ONLY)
        except UNREACHABLE as error:
            raise Unavailable from error
        if reads_only:
            raise Unavailable("The database can only be read.")

    async def close(self) -> None:
        """Close every connection of the pool."""
        await self.engine.dispose()
