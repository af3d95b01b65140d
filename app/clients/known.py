"""What a sentence about the system must not carry: everything by which this household is recognised."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.access.context import Context
from app.clients.matching.scripts import composed, lacks_vowels, plain
from app.kit.errors import NotFound

_PEOPLE = """WITH these AS MATERIALIZED (
    SELECT c.* FROM clients c
    WHERE c.id = ANY (ARRAY(
        SELECT unnest($1::uuid[])
        UNION SELECT h.id FROM clients h
            WHERE h.household_key = ANY (ARRAY(SELECT k.household_key FROM clients k WHERE k.id = ANY ($1)))
        UNION SELECT m.member_client_id FROM household_members m WHERE m.client_id = ANY ($1)))
), guarding AS MATERIALIZED (
    SELECT g.id, g.name, g.reachable, g.institution_id FROM guardians g JOIN these c ON c.id = g.client_id
)
SELECT
    ARRAY(SELECT DISTINCT n FROM these c, unnest(ARRAY[c.given_name, c.family_name] || c.former_names
        || c.other_names) AS n) AS names,
    ARRAY(SELECT DISTINCT m.name FROM household_members m JOIN these c ON c.id = m.client_id
        WHERE m.name IS NOT NULL) AS member_names,
    ARRAY(SELECT g.name FROM guarding g WHERE g.name IS NOT NULL
        UNION SELECT o.guardian FROM consents o JOIN these c ON c.id = o.client_id
            WHERE o.guardian IS NOT NULL
        UNION SELECT n.name FROM consent_guardians n JOIN consents o ON o.id = n.consent_id
            JOIN these c ON c.id = o.client_id
        WHERE n.guardian_id <> ALL (ARRAY(
            SELECT g.id FROM guarding g WHERE g.institution_id IS NOT NULL))) AS guardian_names,
    ARRAY(SELECT DISTINCT c.birth_date FROM these c WHERE c.birth_date IS NOT NULL) AS birth_dates,
    ARRAY(SELECT DISTINCT m.birth_year FROM household_members m JOIN these c ON c.id = m.client_id
        WHERE m.birth_year IS NOT NULL) AS birth_years,
    ARRAY(SELECT c.phone FROM these c WHERE c.phone IS NOT NULL
        UNION SELECT g.reachable FROM guarding g
            WHERE g.institution_id IS NULL AND g.reachable !~ '@') AS phones,
    ARRAY(SELECT c.email FROM these c WHERE c.email IS NOT NULL
        UNION SELECT s[1] FROM guarding g, regexp_matches(g.reachable, '[^[:space:]]+@', 'g') AS s
            WHERE g.institution_id IS NULL) AS emails,
    ARRAY(SELECT DISTINCT s FROM addresses a JOIN these c ON c.id = a.client_id,
        unnest(ARRAY[a.street, a.care_of]) AS s WHERE s IS NOT NULL) AS addresses,
    (SELECT count(*) FROM these c WHERE c.id = ANY ($1)) AS seen"""

_FORMS = frozenset({"herr", "herrn", "frau", "familie", "fam", "dr", "prof", "med", "jur", "hr", "fr"})
_ROLES = frozenset({
    "amtsvormund", "amtsvormundin", "anwalt", "anwältin", "berufsbetreuer", "berufsbetreuerin", "betreuer",
    "betreuerin", "bruder", "eltern", "elternteil", "ergänzungspfleger", "ergänzungspflegerin", "großmutter",
    "großvater", "kind", "mutter", "oma", "onkel", "opa", "pflegeeltern", "pflegemutter", "pfleger",
    "pflegerin", "pflegevater", "ra", "rechtsanwalt", "rechtsanwältin", "schwester", "tante", "und", "vater",
    "vormund", "vormundin", "vormünderin",
})  # fmt: skip
_OFFICES = re.compile(
    r"amt$|^amts?vormundschaft|^vormundschaft|^(?:stadt|kreis|landkreis|gemeinde|verein|e\.v|ggmbh|gmbh|kanzlei)$"
    r"|gericht$|^(?:caritas|diakonie|awo|drk|skf|skm)|^(?:sozial|fach)dienst|^fachbereich|verband$|hilfe$"
)


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """Of the clients and the households that the actor sees: also what was believed or lived in before."""

    names: frozenset[str]
    """Each name and each of its words, as written; words of other scripts in Latin letters too."""
    birth_dates: frozenset[date]
    birth_years: frozenset[int]
    """Of members who are no clients, and of the birth dates."""
    addresses: frozenset[str]
    """Street with number, and in care of whom."""
    phones: frozenset[str]
    emails: frozenset[str]


async def known_facts(ctx: Context, client_ids: Iterable[UUID]) -> KnownFacts:
    """Return what is known of persons and their households; 404 when the actor does not see one of them."""
    asked = sorted(set(client_ids))
    driver = await ctx.db.driver()
    row = await driver.fetchrow(_PEOPLE, asked)
    if row["seen"] < len(asked):
        raise NotFound
    births = frozenset(row["birth_dates"])
    guardians = filter(None, map(_person_in, row["guardian_names"]))
    return KnownFacts(
        names=frozenset(with_words([*row["names"], *row["member_names"], *guardians])),
        birth_dates=births,
        birth_years=frozenset(row["birth_years"]) | {born.year for born in births},
        addresses=_texts(row["addresses"]),
        phones=_texts(row["phones"]),
        emails=_texts(row["emails"]),
    )


def _person_in(name: str) -> str:
    """Return the name of a guardian without title and role; of an office only whom it says to be there."""
    words = [word.strip(".,;:()") for word in name.split()]
    lower = [word.casefold() for word in words]
    if any(map(_OFFICES.search, lower)):
        named = next((place for place, word in enumerate(lower) if word in _FORMS), len(words))
        words, lower = words[named:], lower[named:]
    kept = (word for word, low in zip(words, lower, strict=True) if low not in _FORMS and low not in _ROLES)
    return " ".join(word for word in kept if len(word) > 1)


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
