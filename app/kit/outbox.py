"""The outbox: work that a transaction leaves behind, claimed by workers with SKIP LOCKED.

Delivery is at least once; a handler uses the row's id as its key. Rows that fail are tried again with
growing delay and parked after the last try, where metrics and the log report them.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table

RETRIES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
)


class Outbox(OfArea, Table):
    """One thing to do after the transaction."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due", "available_at", postgresql_where=text("done_at IS NULL AND parked_at IS NULL")
        ),
    )

    event: Mapped[str]
    handler: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    available_at: Mapped[datetime] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(server_default="0")
    failure: Mapped[str | None]
    done_at: Mapped[datetime | None]
    parked_at: Mapped[datetime | None]


def next_try(attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after so many attempts; None means parked."""
    return now + RETRIES[attempts - 1] if attempts <= len(RETRIES) else None


CLAIM = "SELECT municipal_area_id, id, event, handler, payload, attempts FROM claim_outbox($1)"
BACKLOG = "SELECT due, parked FROM outbox_backlog()"
DONE = "UPDATE outbox SET done_at = now(), failure = NULL WHERE id = $1"
FAILED = """UPDATE outbox SET failure = $2, available_at = coalesce($3, available_at),
parked_at = CASE WHEN $3::timestamptz IS NULL THEN now() END WHERE id = $1"""


def claimed(row: Any) -> tuple[str, UUID, str, str, int]:
    """Return area, id, event, handler and attempts of a claimed row."""
    return row["municipal_area_id"], row["id"], row["event"], row["handler"], row["attempts"]
