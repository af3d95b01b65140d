"""Shapes of what is open in a case."""

from datetime import date
from uuid import UUID

from app.cases.schemas.cases import PersonRef
from app.cases.schemas.team import HandoverRead
from app.kit.schema import NamedRef, Read
from app.work.open_items.sources import OpenKind


class OpenItem(Read):
    """Something open. What does not apply to its kind is null.

    `title` is in the words of the team; of a pathway and a school entry it is the member of the household,
    null for the client. `code` is the life domain, purpose, language, type, pathway or stage.
    """

    id: UUID
    title: str | None
    code: str | None
    state: str
    due_on: date | None
    institution: NamedRef | None
    responsible: PersonRef | None


class OpenItems(Read):
    """One kind of open things: how many, and the earliest of them."""

    kind: OpenKind
    count: int
    items: list[OpenItem]


class OpenItemsRead(Read):
    """What is open in a case, by kind; kinds of which nothing is open have no items.

    `handover` is the last one, null when the case never changed its lead. Of drafts only one's own are shown.
    """

    case_id: UUID
    is_closed: bool
    handover: HandoverRead | None
    kinds: list[OpenItems]
