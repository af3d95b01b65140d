"""The case that an action is about: whether the actor may act on it, and whether it still takes entries."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.access.context import Context
from app.access.policy import RELATION_WORDS, Relation
from app.access.relations import allowed_relations
from app.cases.rules import CLOSED
from app.clients.touch import processing_restricted
from app.kit.errors import Forbidden, NotFound, WrongState

# The lock on the key costs nothing beside that of the foreign key, and makes an entry and a closing come one
# after the other: whoever waited for a closing finds the case closed.
_SUBJECT = """SELECT c.client_id, c.unit_id, c.kind, c.phase, p.pseudonym, p.birth_date,
my_relations(NULL, c.id) AS relations, may_process(c.client_id) AS may_process
FROM cases c JOIN clients p ON p.municipal_area_id = c.municipal_area_id AND p.id = c.client_id
WHERE c.id = $1 FOR """
_FOR_ENTRY = _SUBJECT + "KEY SHARE OF c"
_FOR_CHANGE = _SUBJECT + "UPDATE OF c"

_SHELL_SEEN = "SELECT EXISTS (SELECT FROM cases WHERE id = $1)"


@dataclass(frozen=True, slots=True)
class Subject:
    """A case and its client, as far as an action needs them."""

    case_id: UUID
    client_id: UUID
    unit_id: UUID
    kind: str
    phase: str
    pseudonym: UUID
    birth_date: date | None
    may_process: bool
    """False while the client's data are only kept (Art. 18 GDPR)."""


async def find_case(ctx: Context, case_id: UUID, *, to_change: bool = False) -> Subject:
    """Return a case in whatever phase, locked; 404 where it is invisible, 403 in the wrong relation."""
    driver = await ctx.db.driver()
    row = await driver.fetchrow(_FOR_CHANGE if to_change else _FOR_ENTRY, case_id)
    if row is None:
        raise NotFound
    allowed = allowed_relations(ctx)
    if not {Relation(kind) for kind in row["relations"]} & allowed:
        words = ", ".join(RELATION_WORDS[each] for each in sorted(allowed))
        raise Forbidden(f"This is possible only {words}.", code="relation_missing")
    return Subject(
        case_id,
        row["client_id"],
        row["unit_id"],
        row["kind"],
        row["phase"],
        row["pseudonym"],
        row["birth_date"],
        row["may_process"],
    )


async def open_case(ctx: Context, case_id: UUID, *, to_change: bool = False, to_end: bool = False) -> Subject:
    """Return a case that takes entries, and keep it from being closed.

    Raises 409 when it is closed, or when the client's data are only kept; to end it is possible then.
    """
    subject = await find_case(ctx, case_id, to_change=to_change)
    if subject.phase == CLOSED:
        raise closed()
    if not to_end:
        require_usable(subject)
    return subject


async def find_usable(ctx: Context, case_id: UUID, *, to_change: bool = False) -> Subject:
    """Return a case in whatever phase, to tell how something ended; 409 while data are only kept."""
    subject = await find_case(ctx, case_id, to_change=to_change)
    require_usable(subject)
    return subject


def require_usable(subject: Subject) -> None:
    """Raise 409 while the client's data are only kept, unless the actor has written down a permitted use."""
    if not subject.may_process:
        raise processing_restricted()


def closed() -> WrongState:
    """Return the error for an entry in a closed case."""
    return WrongState("A closed case takes no further entries.", state=CLOSED, allowed=["reopen"])


async def sees_shell(ctx: Context, case_id: UUID) -> bool:
    """Return whether the actor sees at least number, phase and lead of a case."""
    driver = await ctx.db.driver()
    return bool(await driver.fetchval(_SHELL_SEEN, case_id))
