"""The place of a reader who catches up, and how long it is good.

A place is not a moment and no number of a sequence: transactions commit in another order than they begin.
It is the snapshot of the database when the round began, which names the transactions that were still running:
what one of these or a later one has written is new, and everything else was there to be told. So nothing is
missed, and nothing comes again because somebody else, of whatever database, takes their time.

Whoever asks for a mark writes nothing that others follow in the same transaction: their own writing counts as
done.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Self
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
MOST_RUNNING = 32
"""So many running transactions are named by a mark; the first that is not ends what it knows as written."""
LONGEST_CURSOR = 2000
"""Characters; no cursor is longer, whatever its transactions are. Proxies take an address of 8,000."""

NOW = "pg_current_snapshot() AS snapshot, now() AS at, sync_epoch() AS epoch"
"""The columns of the present mark."""
_NEWEST = "'18446744073709551615'::xid8"


class NotACursor(ValueError):
    """No cursor of ours."""


Snapshot = tuple[int, int, tuple[int, ...]]
"""A `pg_snapshot` as the driver takes and gives it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Which transactions had ended, and the moment, both of the database.

    Those before `oldest` had, and those before `next` that are not `running` (in their order).
    """

    oldest: int
    next: int
    running: tuple[int, ...]
    at: datetime

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Return the present mark from the columns of `NOW`.

        Where more are running than a cursor can name, what the rest and later ones write is told again.
        """
        oldest, following, running = row["snapshot"]
        if len(running) > MOST_RUNNING:
            following, running = running[MOST_RUNNING], running[:MOST_RUNNING]
        return cls(oldest, following, tuple(running), row["at"])

    @property
    def snapshot(self) -> Snapshot:
        """What the database compares with."""
        return self.oldest, self.next, self.running

    def is_after(self, other: "Mark") -> bool:
        """Whether it knows of transactions that the other does not."""
        return self.oldest > other.oldest or self.next > other.next


NOTHING = Mark(1, 1, (), _BEGINNING)
"""The mark of a reader who has nothing yet."""


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

    since: Mark = NOTHING
    began: Mark | None = None
    """None: the next page begins a round."""
    last: Line = Line()

    @property
    def is_first(self) -> bool:
        """Whether the reader has nothing yet, so that there is nothing to take away."""
        return self.since.oldest == NOTHING.oldest

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
        [_numbers(mark) for mark in marks],
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


def written_since(column: str, mark: str) -> str:
    """Return the SQL condition on what was written since a mark, given as its parameter (such as `$5`).

    The two bounds are for the index that ends in the column. The planner takes it for what lies between two
    bounds of which it does not know one, hence the subselect: it would take all rows for new where a reader
    begins, and sort them. What lies between and was told already is looked at and left out.
    """
    snapshot = f"{mark}::pg_snapshot"
    return (
        f"{column} >= (SELECT pg_snapshot_xmin({snapshot})) AND {column} <= {_NEWEST}"
        f" AND NOT pg_visible_in_snapshot({column}, {snapshot})"
    )


FORGET = "Forget what you hold and begin without a cursor."
"""How a phone begins anew."""


def resumed(
    since: str | None, owner: str, *, ranks: int = MOST_RANKS, anew: str = FORGET
) -> tuple[Place, str]:
    """Return the place of a reader and the epoch it is of; 410 for a cursor that is somebody else's."""
    if since is None:
        return Place(), ""
    try:
        return decode(since, owner, ranks=ranks)
    except NotACursor:
        raise _begin_anew("The cursor is not yours, or was cut short.", anew) from None


def refuse_outdated(place: Place, epoch: str, now: Mark, present_epoch: str, *, anew: str = FORGET) -> None:
    """Raise 410 for a place from before a restore, or so old that what is gone may be forgotten."""
    if epoch != present_epoch or place.since.is_after(now):
        raise _begin_anew("The data were restored since.", anew)
    if is_too_old(place, now.at):
        raise _begin_anew("The cursor is too old.", anew)


def _begin_anew(why: str, how: str) -> Gone:
    return Gone(f"{why} {how}", code="sync_anew")


def is_too_old(place: Place, now: datetime) -> bool:
    """Whether tombstones that the reader would need may be forgotten."""
    return not place.is_first and now - place.since.at > KEPT


def _numbers(mark: Mark) -> list[int]:
    # Each transaction by its distance from the one before: short where they are many.
    steps = (one - before for before, one in pairwise((mark.oldest, *mark.running)))
    return [mark.oldest, int(mark.at.timestamp() * 1000), mark.next - mark.oldest, *steps]


def _mark(oldest: object, milliseconds: object, span: object, *steps: object) -> Mark:
    at = datetime.fromtimestamp(_whole(milliseconds, 0, _END_OF_TIME) / 1000, UTC)
    begin = _whole(oldest, NOTHING.oldest, MOST_TRANSACTIONS)
    following = begin + _whole(span, 0, MOST_TRANSACTIONS - begin)
    if len(steps) > MOST_RUNNING:
        raise NotACursor
    running: list[int] = []
    for step in steps:
        before = running[-1] if running else begin
        running.append(before + _whole(step, 1 if running else 0, following - 1 - before))
    return Mark(begin, following, tuple(running), at)


def _whole(value: object, least: int, most: int) -> int:
    # A number that only JSON can hold would fail later, in the database or in the cursor that follows.
    if type(value) is not int or not least <= value <= most:
        raise NotACursor
    return value


def _digest(body: bytes, owner: str) -> bytes:
    # Not a secret: whoever makes a cursor up is shown nothing but what they may see anyway. It tells a phone
    # that changed hands, or a line cut short, from a cursor of this person.
    return hashlib.sha256(owner.encode() + b" " + body).digest()[:_SIGNS]
