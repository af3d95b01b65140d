"""Addresses of the server, and the one question whether it lives: a real connection with the password."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import quote, urlencode

import asyncpg

from app.kit.embedded.cluster import PORT, SUPERUSER

_LONGEST_ANSWER = 10.0
_GONE = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What the driver raises when the server goes; the last one when it says so between two questions."""


class Answer(Enum):
    """What a connection attempt met."""

    READY = "ready"
    NOT_YET = "starting, recovering or stopping"
    REFUSED = "the password is refused"
    NOBODY = "nobody listens"


@dataclass(frozen=True)
class Reply:
    """The answer, and the server's version such as "18.6" when it is ready."""

    answer: Answer
    version: str = ""


def database_url(scheme: str, sockets: Path, role: str, password: str | None, database: str) -> str:
    """Return a database's address: for libpq and asyncpg, or for SQLAlchemy with its driver in the scheme."""
    who = quote(role, safe="") + (f":{quote(password, safe='')}" if password is not None else "")
    where = urlencode({"host": str(sockets), "port": PORT}, safe="/", quote_via=quote)
    return f"{scheme}://{who}@/{quote(database, safe='')}?{where}"


def ask(sockets: Path, password: str, seconds: float = _LONGEST_ANSWER) -> Reply:
    """Try to sign in as superuser within some seconds; callable with or without a running event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(
            lambda: asyncio.run(_ask(sockets, password, min(seconds, _LONGEST_ANSWER)))
        ).result()


async def _ask(sockets: Path, password: str, seconds: float) -> Reply:
    try:
        connection = await asyncpg.connect(
            host=str(sockets),
            port=PORT,
            user=SUPERUSER,
            password=password,
            database="postgres",
            timeout=seconds,
        )
    except asyncpg.CannotConnectNowError:
        return Reply(Answer.NOT_YET)
    except asyncpg.InvalidAuthorizationSpecificationError:
        return Reply(Answer.REFUSED)
    except _GONE:
        return Reply(Answer.NOBODY)
    try:
        version: str = await connection.fetchval("SHOW server_version")
        await connection.close(timeout=seconds)
    except _GONE:
        connection.terminate()
        return Reply(Answer.NOBODY)  # it was on its way down
    return Reply(Answer.READY, version.split(maxsplit=1)[0])
