"""The table of calendar addresses."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, to_area


class CalendarFeed(OfArea, Table):
    """An address by which a calendar program reads the dates of one user."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        to_area("user_id", "users"),
        UniqueConstraint("secret_sha256"),
        Index("uq_calendar_feeds_living", "municipal_area_id", "user_id", unique=True,
              postgresql_where=text("revoked_at IS NULL")),
    )  # fmt: skip

    user_id: Mapped[UUID]
    secret_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    """The secret has 256 bits of chance, so a plain digest keeps it."""
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    window_started_at: Mapped[datetime | None]
    window_uses: Mapped[int] = mapped_column(server_default="0")
    """Reads since the window started; too many are refused until it is over."""
