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

from app.kit.errors import Gone

KEPT = timedelta(days=60)
"""For how long a cursor is good; tombstones are kept a day longer."""

_SIGNS = 12
NOWHERE = UUID(int=0)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_END_OF_TIME = int(datetime(2200, 1, 1, tzinfo=UTC).timestamp() * 1000)
MOST_TRANSACTIONS = 2**63 - 1
MOST_RANKS = 2**15 - 1

NOW = "pg_snapshot_xmin(pg_current_snapshot())::text AS xid, now() AS at, sync_epoch() AS epoch"
"""The columns of the present mark."""


class NotACursor(ValueError):
    """No cursor of ours."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The oldest transaction that was still running, and the moment, both of the database."""

    xid: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """Where a line stands in a round: the part it is in, the case or client it is told with, its own key.

    Where a round has one part only, its lines stand in the order of the transactions that wrote them, and the
    rank is that transaction.
    """

    rank: int = -1
    scope: UUID = NOWHERE
    key: UUID = NOWHERE


@dataclass(frozen=True, slots=True)
class Place:
    """How far a reader has come: what they had before the round, where it began, and the last line read."""

    since: Mark = Mark(0, _BEGINNING)
    began: Mark | None = None
    """None: the next page begins a round."""
    last: Line = Line()

    @property
    def is_first(self) -> bool:
        """Whether the reader has nothing yet, so that there is nothing to take away."""
        return self.since.xid == 0

    def after(self, now: Mark, last: Line | None) -> Self:
        """Return the place after a page: behind its last line when there is more, or the next round."""
        began = self.began or now
        if last is not None:
            return replace(self, began=began, last=last)
        return type(self)(since=began)


def encode(place: Place, epoch: str, owner: str) -> str:
    """Return the opaque form of a place, bound to the database's epoch and to its owner."""
    marks = [place.since, *([place.began] if place.began else [])]
    parts = [
        epoch,
        [[mark.xid, int(mark.at.timestamp() * 1000)] for mark in marks],
        [place.last.rank, place.last.scope.hex, place.last.key.hex] if place.began else None,
    ]
    body = orjson.dumps(parts)
    return base64.urlsafe_b64encode(_digest(body, owner) + body).rstrip(b"=").decode()


def decode(cursor: str, owner: str, *, ranks: int = MOST_RANKS) -> tuple[Place, str]:
    """Return place and epoch; raise `NotACursor` for what was never handed out to this owner."""
    try:
        sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        digest, body = sealed[:_SIGNS], sealed[_SIGNS:]
        if digest != _digest(body, owner):
            raise NotACursor
        epoch, marks, line = orjson.loads(body)
        since, *begun = [_mark(*mark) for mark in marks]
        rank, scope, key = line or (-1, NOWHERE.hex, NOWHERE.hex)
        last = Line(_whole(rank, -1, ranks), UUID(scope), UUID(key))
        place = Place(since, begun[0] if begun else None, last)
    except (binascii.Error, ValueError, TypeError, AttributeError, OverflowError, OSError) as error:
        raise NotACursor from error
    return place, epoch


def resumed(since: str | None, owner: str, *, ranks: int = MOST_RANKS) -> tuple[Place, str]:
    """Return the place of a reader and the epoch it is of; 410 for a cursor that is somebody else's."""
    if since is None:
        return Place(), ""
    try:
        return decode(since, owner, ranks=ranks)
    except NotACursor:
        raise _begin_anew("The cursor is not one of this person.") from None


def refuse_outdated(place: Place, epoch: str, now: Mark, present_epoch: str) -> None:
    """Raise 410 for a place from before a restore, or so old that what is gone may be forgotten."""
    if epoch != present_epoch or place.since.xid > now.xid:
        raise _begin_anew("The data were restored since.")
    if is_too_old(place, now.at):
        raise _begin_anew("The cursor is too old.")


def _begin_anew(why: str) -> Gone:
    return Gone(f"{why} Forget what you hold and begin without a cursor.", code="sync_anew")


def is_too_old(place: Place, now: datetime) -> bool:
    """Whether tombstones that the reader would need may be forgotten."""
    return not place.is_first and now - place.since.at > KEPT


def _mark(xid: object, milliseconds: object) -> Mark:
    at = datetime.fromtimestamp(_whole(milliseconds, 0, _END_OF_TIME) / 1000, UTC)
    return Mark(_whole(xid, 0, MOST_TRANSACTIONS), at)


def _whole(value: object, least: int, most: int) -> int:
    # A number that only JSON can hold would fail later, in the database or in the cursor that follows.
    if type(value) is not int or not least <= value <= most:
        raise NotACursor
    return value


def _digest(body: bytes, owner: str) -> bytes:
    # Not a secret: whoever makes a cursor up is shown nothing but what they may see anyway. It tells a phone
    # that changed hands, or a line cut short, from a cursor of this person.
    return hashlib.sha256(owner.encode() + b" " + body).digest()[:_SIGNS]
