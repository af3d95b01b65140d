"""Shapes of the calendar address."""

from datetime import datetime
from uuid import UUID

from app.kit.schema import Read


class CalendarRead(Read):
    """The living address, without its secret, which nobody can read again."""

    id: UUID
    created_at: datetime
    last_used_at: datetime | None


class CalendarSecret(Read):
    """A new address: `/v1/calendar/{secret}.ics`. Shown this once."""

    id: UUID
    secret: str
    created_at: datetime
