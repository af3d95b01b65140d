"""What the worker does with a check for duplicates: who in the whole area may be the one looked for.

Whom the searcher sees was in the answer; here are all the others but restricted persons. Without a birth
date a frequent name would point at everybody who bears it: then only the few likeliest are told of.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from app.clients.births import Birth
from app.clients.finding import CANDIDATES, Candidate, duplicates
from app.clients.matching.forms import Form
from app.clients.matching.keys import Asked
from app.kit.database import Db

MOST_TOLD = 10
QUIET = timedelta(days=7)
"""The check before a registration and the registration itself tell of a person once."""

_CHECK = """SELECT sought_forms, sought_from, sought_until, checked_at FROM duplicate_checks
WHERE id = $1 FOR UPDATE"""
_CANDIDATES = """SELECT id, name_forms, birth_date, birth_precision
FROM duplicate_candidates($1, $2, $3, $4, $5, $6, $7, $8)"""
_TOLD = """UPDATE duplicate_checks SET found_elsewhere = $2, sought_forms = NULL, sought_from = NULL,
    sought_until = NULL
WHERE id = $1"""
_ELSEWHERE = """SELECT c.id, c.unit_id FROM duplicate_checks d
JOIN clients c ON c.municipal_area_id = d.municipal_area_id AND c.id = ANY (d.found_elsewhere)
WHERE d.id = $1 AND NOT c.is_restricted ORDER BY c.unit_id, c.id"""
_FORGET = "DELETE FROM duplicate_checks WHERE checked_at < $1"


async def found_elsewhere(db: Db, check_id: UUID) -> Sequence[tuple[UUID, UUID]]:
    """Return client and unit of whom a check may mean.

    The first call looks and forgets what was looked for; a repeated one answers the same.
    """
    driver = await db.driver()
    check = await driver.fetchrow(_CHECK, check_id)
    if check is not None and check["sought_forms"] is not None:
        forms = [Form.parsed(stored) for stored in check["sought_forms"]]
        birth = Birth(check["sought_from"], check["sought_until"])
        asked = Asked.of(forms)
        rows = await driver.fetch(
            _CANDIDATES,
            check_id,
            asked.one if birth.first else asked.two,
            list(asked.exact),
            birth.first,
            birth.last,
            birth.likely,
            check["checked_at"] - QUIET,
            CANDIDATES,
        )
        likely = duplicates(forms, birth, map(Candidate.of, rows))[:MOST_TOLD]
        await driver.execute(_TOLD, check_id, [each.client_id for each in likely])
    return [(row["id"], row["unit_id"]) for row in await driver.fetch(_ELSEWHERE, check_id)]


async def forget_checks(db: Db, before: datetime) -> None:
    """Delete the checks made before a moment, once their units have been told."""
    driver = await db.driver()
    await driver.execute(_FORGET, before)
