"""Feeds of one table: pages in the order of the transactions that wrote the rows, each a statement.

The place of a reader, and what is told again, are those of `app.kit.catching_up`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

from app.kit.catching_up import (
    MOST_TRANSACTIONS,
    NOW,
    NOWHERE,
    Line,
    Mark,
    Place,
    Snapshot,
    encode,
    refuse_outdated,
    resumed,
    written_since,
)
from app.kit.errors import Invalid
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes

_ANEW = "Begin anew with an empty `since`, and compare: read at its own address what you are not told of."
"""A feed begins with what is open; whoever forgot the rest would lose what is finished."""
_LAST = "(SELECT {} FROM shown s ORDER BY s.changed_xid DESC, s.id DESC LIMIT 1)"
END_OF_PAGE = f"""SELECT
    (SELECT string_agg(t.body, ',' ORDER BY t.changed_xid, t.id) FROM told t) AS items,
    (SELECT count(*) FROM page) > (SELECT count(*) FROM shown) AS more,
    {_LAST.format("s.changed_xid::text")} AS last_xid, {_LAST.format("s.id")} AS last_id, {NOW}"""
"""What a feed's statement answers: of `page`, a row longer than what is `shown`, and of `told`, its lines."""


def in_order(row: str, xid: str, key: str, mark: str) -> str:
    """Return the SQL condition on rows to be read next, given three parameters (see `Reader.arguments`)."""
    behind = f"({row}.changed_xid, {row}.id) > ({xid}::text::xid8, {key}::uuid)"
    return f"{behind} AND {written_since(f'{row}.changed_xid', mark)}"


def refuse_cursor(page: PageRequest) -> None:
    """Raise 422 where somebody follows a feed with the cursor of a list."""
    if page.cursor is not None:
        raise Invalid.at("query.cursor", "one_of", "The feed goes on with `since`, the list with `cursor`.")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who follows a feed, how far they have come, and the epoch of that."""

    owner: str
    place: Place = field(default_factory=Place)
    epoch: str | None = None
    """None: they begin."""

    @classmethod
    def of(cls, since: str, owner: str) -> Self:
        """Return who comes back with a cursor, an empty one to begin; 410 for one that is somebody else's."""
        if not since:
            return cls(owner)
        return cls(owner, *resumed(since, owner, ranks=MOST_TRANSACTIONS, anew=_ANEW))

    @property
    def arguments(self) -> tuple[str, UUID, Snapshot]:
        """The transaction and key of the last line read, and the mark of what was told before."""
        place = self.place
        xid, key = max((place.since.oldest, NOWHERE), (place.last.rank, place.last.key))
        return str(xid), key, place.since.snapshot

    def answer(self, row: Mapping[str, Any]) -> JsonBytes:
        """Return the page that `END_OF_PAGE` answered, with the next cursor; 410 for one that is outdated."""
        now = Mark.of(row)
        if self.epoch is not None:
            refuse_outdated(self.place, self.epoch, now, row["epoch"], anew=_ANEW)
        last = Line(int(row["last_xid"]), NOWHERE, row["last_id"]) if row["more"] else None
        following = encode(self.place.after(now, last), row["epoch"], self.owner)
        more = "true" if row["more"] else "false"
        return JsonBytes(f'{{"items":[{row["items"] or ""}],"next":"{following}","more":{more}}}')
