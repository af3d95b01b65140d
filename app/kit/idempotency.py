"""Idempotency-Key on POST: a double submit finds the first effect instead of making a second.

The row is written in the transaction of the effect and holds a digest of the body and the id of what
was made, never the answer: a replay is rendered anew under today's rights.
"""

import hashlib
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request
from sqlalchemy import PrimaryKeyConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Db
from app.kit.errors import Conflict, Invalid, KeyMissing
from app.kit.tables import Table


class IdempotencyKey(Table):
    """One key of one user: what it was used for and what came of it."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (PrimaryKeyConstraint("municipal_area_id", "user_id", "key"),)

    municipal_area_id: Mapped[str]
    user_id: Mapped[UUID]
    key: Mapped[str]
    operation: Mapped[str]
    body_sha256: Mapped[bytes]
    object_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


_LOCK = """SELECT pg_try_advisory_xact_lock(
    hashtextextended('idempotency:' || ctx_area() || ':' || ctx_user() || ':' || $1::text, 0))"""
_FIND = """SELECT operation, body_sha256, object_id FROM idempotency_keys
WHERE municipal_area_id = ctx_area() AND user_id = ctx_user() AND key = $1"""
_KEEP = """INSERT INTO idempotency_keys (municipal_area_id, user_id, key, operation, body_sha256, object_id)
VALUES (ctx_area(), ctx_user(), $1, $2, $3, $4)"""


@dataclass(frozen=True, slots=True)
class Once:
    """Runs an act once per key; without a key, simply runs it."""

    key: str | None
    operation: str
    digest: bytes

    async def run(self, db: Db, act: Awaitable[UUID]) -> UUID:
        """Return the id of what the act made, now or at the first submit.

        Raises 409 while the first one still runs and 422 when the key belongs to another request.
        """
        if self.key is None:
            return await act
        driver = await db.driver()
        first = None
        try:
            if not await driver.fetchval(_LOCK, self.key):
                raise Conflict("The first request with this key is still running.", code="still_running")
            first = await driver.fetchrow(_FIND, self.key)
            if first is None:
                made = await act
                driver = await db.driver()
                await driver.execute(_KEEP, self.key, self.operation, self.digest, made)
                return made
        finally:
            if hasattr(act, "close"):
                act.close()
        if (first["operation"], first["body_sha256"]) != (self.operation, self.digest):
            raise Invalid("The key was used for another request.", code="idempotency_key_reused")
        return UUID(str(first["object_id"]))


KEY_HEADER = "Idempotency-Key"
KEPT = timedelta(days=14)
"""A phone repeats on Monday, or after the holidays, what was not answered before."""

Key = Annotated[
    str | None,
    Header(
        min_length=8,
        max_length=120,
        pattern=r"^[\x21-\x7e]+$",
        description=f"makes a repeated submit find the first effect, for {KEPT.days} days",
    ),
]


async def _once(request: Request, idempotency_key: Key = None) -> Once:
    operation = f"{request.method} {request.url.path}"
    return Once(idempotency_key, operation, hashlib.sha256(await request.body()).digest())


async def _once_for_sure(request: Request, idempotency_key: Key = None) -> Once:
    if idempotency_key is None:
        raise KeyMissing
    return await _once(request, idempotency_key)


async def _once_streamed_for_sure(request: Request, idempotency_key: Key = None) -> Once:
    if idempotency_key is None:
        raise KeyMissing
    return await _once_streamed(request, idempotency_key)


async def _once_streamed(request: Request, idempotency_key: Key = None) -> Once:
    return Once(idempotency_key, f"{request.method} {request.url.path}", b"")


Idempotent = Annotated[Once, Depends(_once)]

IdempotentForSure = Annotated[Once, Depends(_once_for_sure)]
"""For programs, which repeat what was not answered: 400 without the key, and required in the contract."""

IdempotentStream = Annotated[Once, Depends(_once_streamed)]
"""For a body that is not held here: whoever receives it puts its digest in."""

IdempotentStreamForSure = Annotated[Once, Depends(_once_streamed_for_sure)]
"""The same for programs."""
