"""Identifiers: time-ordered ones for stored objects, random ones for what is shown de-identified."""

import secrets
import threading
import time
from datetime import UTC, datetime
from uuid import UUID, uuid4

_ID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
FIFTY_IDS = f"^{_ID}(?:,{_ID}){{0,49}}$"
"""The form of a query parameter that names several things at once."""
_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """Return a UUIDv7 (RFC 9562), strictly increasing within this process."""
    global _last  # noqa: PLW0603 - the monotonic counter of RFC 9562, method 3
    now = time.time_ns() // 1_000_000 << 12 | (time.time_ns() % 1_000_000) * 4096 // 1_000_000
    with _lock:
        _last = now = max(now, _last + 1)
    milliseconds, fraction = now >> 12, now & 0xFFF
    return UUID(
        int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | secrets.randbits(62),
    )


def random_id() -> UUID:
    """Return a UUIDv4: carries no time, for pseudonyms and de-identified objects."""
    return uuid4()


def moment_of(identity: UUID) -> datetime:
    """Return when an id of `new_id` was made."""
    return datetime.fromtimestamp((identity.int >> 80) / 1000, UTC)
