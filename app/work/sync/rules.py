"""The place of a reader who catches up, and how long it is good.

A place is not a moment and no number of a sequence: transactions commit in another order than they begin.
It is the oldest transaction that was still running when the round began; whatever is written by that one or
a later one is told again, so nothing is missed and some of it comes twice.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import UUID

import orjson

KEPT = timedelta(days=60)
"""For how long a cursor is good; tombstones are kept a day longer."""

_SIGNS = 12
NOWHERE = UUID(int=0)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class NotACursor(ValueError):
    """No cursor of ours."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The oldest transaction that was still running, and the moment, both of the database."""

    xid: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """How far a reader has come: what they had before the round, where it began, and the last line read."""

    since: Mark = Mark(0, _BEGINNING)
    began: Mark | None = None
    """None: the next page begins a round."""
    rank: int = -1
    key: UUID = NOWHERE

    @property
    def is_first(self) -> bool:
        """Whether the reader has nothing yet, so that there is nothing to take away."""
        return self.since.xid == 0

    def after(self, now: Mark, rank: int | None, key: UUID | None, *, more: bool) -> Self:
        """Return the place after a page: within the round, or at the beginning of the next one."""
        began = self.began or now
        if more and rank is not None and key is not None:
            return replace(self, began=began, rank=rank, key=key)
        return type(self)(since=began)


def encode(place: Place, epoch: str, owner: str) -> str:
    """Return the opaque form of a place, bound to the database's epoch and to its owner."""
    marks = [place.since, *([place.began] if place.began else [])]
    parts = [
        epoch,
        [[mark.xid, int(mark.at.timestamp() * 1000)] for mark in marks],
        [place.rank, place.key.hex] if place.began else None,
    ]
    body = orjson.dumps(parts)
    return base64.urlsafe_b64encode(_digest(body, owner) + body).rstrip(b"=").decode()


def decode(cursor: str, owner: str) -> tuple[Place, str]:
    """Return place and epoch; raise `NotACursor` for what was never handed out to this owner."""
    try:
        sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        digest, body = sealed[:_SIGNS], sealed[_SIGNS:]
        if digest != _digest(body, owner):
            raise NotACursor
        epoch, marks, line = orjson.loads(body)
        since, *begun = [_mark(*mark) for mark in marks]
        rank, key = line or (-1, NOWHERE.hex)
        return Place(since, begun[0] if begun else None, rank, UUID(key)), epoch
    except (binascii.Error, ValueError, TypeError) as error:
        raise NotACursor from error


def is_too_old(place: Place, now: datetime) -> bool:
    """Whether tombstones that the reader would need may be forgotten."""
    return not place.is_first and now - place.since.at > KEPT


def _mark(xid: int, milliseconds: int) -> Mark:
    return Mark(xid, datetime.fromtimestamp(milliseconds / 1000, UTC))


def _digest(body: bytes, owner: str) -> bytes:
    # Not a secret: whoever makes a cursor up is shown nothing but what they may see anyway. It tells a phone
    # that changed hands, or a line cut short, from a cursor of this person.
    return hashlib.sha256(owner.encode() + b" " + body).digest()[:_SIGNS]
