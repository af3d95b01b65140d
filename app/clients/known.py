"""What a sentence about the system must not carry: everything by which this household is recognised."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.access.context import Context
from app.clients.matching.scripts import composed, lacks_vowels, plain
from app.kit.errors import NotFound

_PEOPLE = """WITH these AS (
    SELECT c.* FROM clients c
    WHERE c.id = $1 OR c.household_key = (SELECT household_key FROM clients WHERE id = $1)
        OR c.id IN (SELECT member_client_id FROM household_members WHERE client_id = $1)
)
SELECT
    ARRAY(SELECT DISTINCT n FROM these c, unnest(ARRAY[c.given_name, c.family_name] || c.former_names
        || c.other_names) AS n) AS names,
    ARRAY(SELECT DISTINCT m.name FROM household_members m JOIN these c ON c.id = m.client_id
        WHERE m.name IS NOT NULL) AS member_names,
    ARRAY(SELECT DISTINCT c.birth_date FROM these c WHERE c.birth_date IS NOT NULL) AS birth_dates,
    ARRAY(SELECT DISTINCT m.birth_year FROM household_members m JOIN these c ON c.id = m.client_id
        WHERE m.birth_year IS NOT NULL) AS birth_years,
    ARRAY(SELECT DISTINCT c.phone FROM these c WHERE c.phone IS NOT NULL) AS phones,
    ARRAY(SELECT DISTINCT c.email FROM these c WHERE c.email IS NOT NULL) AS emails,
    ARRAY(SELECT DISTINCT s FROM addresses a JOIN these c ON c.id = a.client_id,
        unnest(ARRAY[a.street, a.care_of]) AS s WHERE s IS NOT NULL) AS addresses,
    EXISTS (SELECT FROM these c WHERE c.id = $1) AS is_seen"""


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """Of the client and the household that the actor sees: also what was believed or lived in before."""

    names: frozenset[str]
    """Each name and each of its words, as written; words of other scripts in Latin letters too."""
    birth_dates: frozenset[date]
    birth_years: frozenset[int]
    """Of members who are no clients, and of the birth dates."""
    addresses: frozenset[str]
    """Street with number, and in care of whom."""
    phones: frozenset[str]
    emails: frozenset[str]


async def known_facts(ctx: Context, client_id: UUID) -> KnownFacts:
    """Return what is known of a person and their household; 404 for a person whom the actor does not see."""
    driver = await ctx.db.driver()
    row = await driver.fetchrow(_PEOPLE, client_id)
    if not row["is_seen"]:
        raise NotFound
    births = frozenset(row["birth_dates"])
    return KnownFacts(
        names=frozenset(with_words([*row["names"], *row["member_names"]])),
        birth_dates=births,
        birth_years=frozenset(row["birth_years"]) | {born.year for born in births},
        addresses=_texts(row["addresses"]),
        phones=_texts(row["phones"]),
        emails=_texts(row["emails"]),
    )


def with_words(names: Iterable[str]) -> Iterable[str]:
    """Yield each name and each of its words, words of other scripts in Latin letters too."""
    for name in names:
        yield name
        for word in name.split():
            # Without its vowels a word is read as nothing that anybody would write.
            read = "" if word.isascii() or lacks_vowels(word) else plain(composed(word))
            yield from (each for each in (word, read) if len(each) > 1)


def _texts(values: Any) -> frozenset[str]:
    return frozenset(str(value) for value in values)
