"""The floor: bare ASGI and asyncpg, no token, the fewest round trips that do the same.

BEGIN; session and context; the statement with its journal entry; COMMIT. The statements of the reads are
the application's own; the write does what the application's does, without its checks.
"""

import asyncio
import os
import sys
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import uvicorn

from app.cases.queries import cases
from app.kit.ids import new_id
from app.kit.server import TimedProtocol

CREATE = """WITH written AS (
    INSERT INTO contacts (municipal_area_id, id, case_id, author_id, contact_type, happened_at, minutes,
        interpreter, note)
    VALUES (ctx_area(), $1, $2, ctx_user(), $3, now(), $4, 'none', $5)
    RETURNING id, contact_type, happened_at, minutes, note, version
), journal AS (
    INSERT INTO audit_journal (action, object_type, object_id) VALUES ('contact.create', 'contact', $1)
)
SELECT row_to_json(w)::text FROM written w"""

LIST = cases.MY_CASES._first  # noqa: SLF001 - the same statement, compiled by the application
ONE = cases.ONE_CASE._compiled  # noqa: SLF001
HEADERS = [(b"content-type", b"application/json")]


class Floor:
    """The application without everything that makes it one."""

    def __init__(self, pool: asyncpg.Pool, session: UUID) -> None:
        self._pool = pool
        self._session = session

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = await _body(receive) if scope["method"] == "POST" else b""
        async with self._pool.acquire() as connection:
            await connection.execute("BEGIN")
            await connection.fetchrow(
                "SELECT * FROM open_session($1, $2, $3)", self._session, ["case_manager"], "floor"
            )
            answer = await self._answer(connection, scope["path"].split("/"), body)
            await connection.execute("COMMIT")
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [*HEADERS, (b"content-length", str(len(answer)).encode())],
            }
        )
        await send({"type": "http.response.body", "body": answer})

    async def _answer(self, connection: asyncpg.Connection, path: list[str], body: bytes) -> bytes:
        if body:
            sent = orjson.loads(body)
            values = (sent["contact_type"], sent["minutes"], sent["note"])
            return str(await connection.fetchval(CREATE, new_id(), UUID(path[3]), *values)).encode()
        if len(path) == 4:
            row = await connection.fetchrow(ONE.sql, *ONE.arguments({"id": UUID(path[3])}))
            return str(row["body"]).encode()
        row = await connection.fetchrow(LIST.sql, *LIST.arguments({"is_closed": None, "limit": 50}))
        return f'{{"items":[{row["items"]}],"next":null}}'.encode()


async def _body(receive: Any) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


async def serve(port: int, session: UUID) -> None:
    """Serve until told to stop."""
    async with asyncpg.create_pool(os.environ["KIM_DATABASE_URL"], min_size=16, max_size=16) as pool:
        config = uvicorn.Config(
            Floor(pool, session),
            port=port,
            http=TimedProtocol,
            ws="none",
            loop="none",
            lifespan="off",
            access_log=False,
            log_level="warning",
            server_header=False,
            date_header=False,
        )
        await uvicorn.Server(config).serve()


def main() -> None:
    """Serve on the port of the first argument, as the session of the second."""
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(int(sys.argv[1]), UUID(sys.argv[2])))


if __name__ == "__main__":
    main()
