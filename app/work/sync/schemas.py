"""Shapes of catching up."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from app.kit.schema import Input, Read
from app.work.sync.kinds import KindName

AT_ONCE = 50


class SyncLine(Read):
    """One thing and what became of it.

    `changed`: it is new or has this version now; fetch it when you hold another one, and always when it is
    `anew`: the right to it, or to a part of it, came or went. `removed`: it is gone. `lost`: a case or client
    that may no longer be seen; forget it and everything that names it in `case_id` or `client_id`.
    """

    kind: KindName
    id: UUID
    state: Literal["changed", "removed", "lost"]
    version: int | None
    anew: bool
    case_id: UUID | None
    client_id: UUID | None


class SyncRead(Read):
    """One page; ask again with `since` set to `next`, at once while there is `more`."""

    items: list[SyncLine]
    next: str
    more: bool


class SyncRef(Input):
    """One thing by kind and id."""

    kind: KindName
    id: UUID


class SyncFetch(Input):
    """What is to be read in one go."""

    items: Annotated[list[SyncRef], Field(min_length=1, max_length=AT_ONCE)]


class SyncMissing(Read):
    """What cannot be seen: gone, or never there."""

    kind: KindName
    id: UUID


class SyncContent(Read):
    """One thing as its own address answers; `etag` is what a change of it sends as If-Match."""

    kind: KindName
    id: UUID
    etag: str | None
    content: dict[str, Any]


class SyncContents(Read):
    """What was asked for, in that order."""

    items: list[SyncContent]
    missing: list[SyncMissing]
