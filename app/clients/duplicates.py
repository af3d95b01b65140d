"""Looking for a person in the whole area before registering them again.

The searcher learns of persons they see. What is found elsewhere is written down for those units and never
shown: answer, statements and events are the same whether or not there is something.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.access.context import Context
from app.clients.events import PossibleDuplicate
from app.clients.names import name_keys
from app.clients.rules import similar_birth_dates
from app.clients.schemas import ClientCreate, DuplicateSearch
from app.kit.database import Db
from app.kit.errors import TooMany
from app.kit.ids import new_id

CHECKS_AN_HOUR = 40
"""Registering a person makes a check of its own, which does not count."""

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('duplicates:' || ctx_user(), 0))"
_COUNT = """SELECT count(*), min(checked_at) FROM duplicate_checks
WHERE user_id = ctx_user() AND is_counted AND checked_at > $1"""
_FIND = "SELECT * FROM find_duplicates($1, $2, $3, $4, $5, $6, $7, $8, $9)"
_ELSEWHERE = """SELECT c.id, c.unit_id FROM duplicate_checks d
JOIN clients c ON c.municipal_area_id = d.municipal_area_id AND c.id = ANY (d.found_elsewhere)
WHERE d.id = $1 AND NOT c.is_restricted ORDER BY c.unit_id, c.id"""
_FORGET = "DELETE FROM duplicate_checks WHERE checked_at < $1"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Somebody the searcher sees who may be the same person."""

    client_id: UUID
    likeness: float
    reasons: tuple[str, ...]


async def look_for_duplicates(
    ctx: Context, person: DuplicateSearch | ClientCreate, *, counted: bool
) -> list[Duplicate]:
    """Return likely duplicates that the actor sees, the likeliest first; units elsewhere are told.

    Raises 429 when `counted` and the limit of this hour is reached.
    """
    driver = await ctx.db.driver()
    if counted:
        await driver.execute(_LOCK)
        count, first = await driver.fetchrow(_COUNT, ctx.now - timedelta(hours=1))
        if count >= CHECKS_AN_HOUR:
            free_at = first + timedelta(hours=1)
            raise TooMany(retry_after=int((free_at - ctx.now).total_seconds()) + 1)
    names = (person.given_name, person.family_name, *person.former_names, *person.other_names)
    keys = name_keys(names)
    first_day, last_day = _span(person.birth_date, person.birth_precision)
    check_id = new_id()
    rows = await driver.fetch(
        _FIND,
        check_id,
        ctx.now,
        counted,
        list(keys.words),
        list(keys.consonants),
        person.birth_date,
        _similar(person.birth_date),
        first_day,
        last_day,
    )
    await ctx.publish(PossibleDuplicate(check_id))
    return [Duplicate(row["client_id"], row["likeness"], tuple(row["reasons"])) for row in rows]


async def found_elsewhere(db: Db, check_id: UUID) -> Sequence[tuple[UUID, UUID]]:
    """Return client and unit of what a check found elsewhere; readable by the worker only."""
    driver = await db.driver()
    return [(row["id"], row["unit_id"]) for row in await driver.fetch(_ELSEWHERE, check_id)]


async def forget_checks(db: Db, before: datetime) -> None:
    """Delete the checks made before a moment; by the worker, once their units have been told."""
    driver = await db.driver()
    await driver.execute(_FORGET, before)


def _similar(birth_date: date | None) -> list[date]:
    """Return the dates under which the same birth may be stored, itself among them."""
    if birth_date is None:
        return []
    whole = [birth_date, birth_date.replace(day=1), birth_date.replace(month=1, day=1)]
    return sorted({*whole, *similar_birth_dates(birth_date)})


def _span(birth_date: date | None, precision: str | None) -> tuple[date | None, date | None]:
    """Return first and last day of a birth date of which only month or year are known."""
    if birth_date is None or precision not in ("month", "year"):
        return birth_date, birth_date
    if precision == "year":
        return date(birth_date.year, 1, 1), date(birth_date.year, 12, 31)
    following = (birth_date.replace(day=28) + timedelta(days=4)).replace(day=1)
    return birth_date.replace(day=1), following - timedelta(days=1)
