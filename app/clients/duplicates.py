"""Looking for a person before registering them again.

The request looks among the persons whom the searcher sees, and nowhere else: answer, statements and time
cannot depend on what is elsewhere. What is looked for is left to the worker (`elsewhere`), which tells the
units that hold somebody like it.
"""

from datetime import timedelta

from app.access.context import Context
from app.clients.births import Birth
from app.clients.events import PossibleDuplicate
from app.clients.finding import CANDIDATES, Candidate, Found, duplicates
from app.clients.matching.forms import Form, forms_of
from app.clients.matching.keys import Asked
from app.clients.schemas import ClientCreate, DuplicateSearch
from app.kit.errors import TooMany
from app.kit.ids import new_id

CHECKS_AN_HOUR = 40
REGISTRATIONS_AN_HOUR = 120
MOST_SHOWN = 50

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('duplicates:' || ctx_user(), 0))"
_COUNT = """SELECT count(*), min(checked_at) FROM duplicate_checks
WHERE user_id = ctx_user() AND is_registration = $1 AND checked_at > $2"""
_KEEP = """INSERT INTO duplicate_checks (municipal_area_id, id, user_id, is_registration, checked_at,
    sought_forms, sought_from, sought_until)
VALUES (ctx_area(), $1, ctx_user(), $2, $3, $4, $5, $6)"""
SEEN = """WITH asked AS MATERIALIZED (SELECT $1::text::tsquery AS one, $5::text::tsquery AS w1,
    $6::text::tsquery AS w2, $7::text::tsquery AS w3, $8::text::tsquery AS w4)
SELECT id, name_forms, birth_date, birth_precision FROM clients, asked
WHERE merged_into IS NULL AND processing_restricted_at IS NULL AND name_index @@ one
    AND ($2::date IS NULL OR birth_date IS NULL OR birth_date BETWEEN $2 AND $3
        OR birth_date = ANY ($4::date[]) OR birth_precision <> 'day')
ORDER BY coalesce(name_index @@ w1, false)::int + coalesce(name_index @@ w2, false)::int
    + coalesce(name_index @@ w3, false)::int + coalesce(name_index @@ w4, false)::int DESC, id
LIMIT $9"""


async def look_for_duplicates(
    ctx: Context, person: DuplicateSearch | ClientCreate, *, is_registration: bool
) -> list[Found]:
    """Return likely duplicates that the actor sees, the likeliest first; units elsewhere are told later.

    Raises 429 when the limit of this hour is reached: there is one for checks and one for registrations.
    """
    await _require_rate(ctx, is_registration=is_registration)
    forms = person_forms(person)
    birth = Birth.of(person.birth_date, person.birth_precision)
    check_id = new_id()
    driver = await ctx.db.driver()
    # Of somebody who is hidden nobody elsewhere learns that they were here.
    is_hidden = person.is_restricted
    sought = (None, None, None) if is_hidden else ([form.stored() for form in forms], birth.first, birth.last)
    await driver.execute(_KEEP, check_id, is_registration, ctx.now, *sought)
    asked = Asked.of(forms)
    rows = await driver.fetch(
        SEEN, asked.one, birth.first, birth.last, birth.likely, *asked.exact, CANDIDATES
    )
    if not is_hidden:
        await ctx.publish(PossibleDuplicate(check_id))
    return duplicates(forms, birth, map(Candidate.of, rows))[:MOST_SHOWN]


def person_forms(person: DuplicateSearch | ClientCreate) -> list[Form]:
    """Return the forms of all names that were sent of a person."""
    return forms_of([person.given_name, person.family_name, *person.former_names, *person.other_names])


async def _require_rate(ctx: Context, *, is_registration: bool) -> None:
    driver = await ctx.db.driver()
    await driver.execute(_LOCK)
    count, first = await driver.fetchrow(_COUNT, is_registration, ctx.now - timedelta(hours=1))
    if count >= (REGISTRATIONS_AN_HOUR if is_registration else CHECKS_AN_HOUR):
        free_at = first + timedelta(hours=1)
        raise TooMany(retry_after=int((free_at - ctx.now).total_seconds()) + 1)
