"""What is there already: rows imported before, what rows name by its key, persons who may be the same.

One statement for a batch, never one for a row. Asked is only what the importer sees: rows of colleagues and
persons elsewhere do not exist here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from app.access.context import Context
from app.clients.births import SIMILAR, Birth
from app.clients.finding import Candidate, duplicates
from app.clients.matching.forms import Form, joined_of
from app.clients.matching.keys import any_of, as_one, exact
from app.imports.rules import CASES, CLIENTS
from app.kit.sealing import FieldKeys

# A person who was merged since is the one they became.
_EFFECTS = """SELECT mark, CASE kind WHEN 'clients' THEN client_id ELSE object_id END AS object_id
FROM import_effects WHERE user_id = ctx_user() AND unit_id = $1 AND kind = $2 AND mark = ANY ($3::text[])"""
_BORN_THEN = """SELECT id, name_forms, birth_date, birth_precision FROM clients
WHERE merged_into IS NULL AND processing_restricted_at IS NULL
    AND (birth_date = ANY ($1::date[]) OR birth_date IS NULL OR birth_precision <> 'day')"""
_OF_THE_NAME = """SELECT id, name_forms, birth_date, birth_precision FROM clients
WHERE merged_into IS NULL AND processing_restricted_at IS NULL AND name_index @@ $1::text::tsquery"""
MOST_DUPLICATES = 10
_WORDS = 2
"""Words of a name that must sound the same before two persons are compared."""
NAMED = {
    "client_key": (CLIENTS, "unknown_client"),
    "member_key": (CLIENTS, "unknown_client"),
    "case_key": (CASES, "unknown_case"),
}
"""Fields that name a row of an earlier import by its key: its kind, and what a key that leads nowhere is."""


@dataclass(slots=True)
class StagedRow:
    """A row as the reading process gives it, on its way into the staging table."""

    number: int
    key: str | None
    named: Mapping[str, str]
    content: dict[str, Any] | None
    findings: list[dict[str, str]]
    is_twin: bool
    mark: str | None = None
    object_id: UUID | None = None
    duplicates: list[UUID] = field(default_factory=list)


async def effects_of(
    ctx: Context, keys: FieldKeys, unit_id: UUID, kind: str, named: Iterable[str]
) -> dict[str, UUID]:
    """Return what came of the rows with these keys, as far as this importer took them."""
    area = ctx.actor.municipal_area_id
    marks = {
        mark: key for key in set(named) for mark in keys.marks(key, area, f"import:{kind}", str(unit_id))
    }
    if not marks:
        return {}
    driver = await ctx.db.driver()
    found = await driver.fetch(_EFFECTS, unit_id, kind, list(marks))
    return {marks[row["mark"]]: row["object_id"] for row in found}


def mark_of(ctx: Context, keys: FieldKeys, unit_id: UUID, kind: str, key: str) -> str:
    """Return the mark of a row's key under the current key of this server."""
    return keys.mark(key, ctx.actor.municipal_area_id, f"import:{kind}", str(unit_id))


async def find_duplicates(ctx: Context, rows: Sequence[StagedRow]) -> None:
    """Note for each row the persons whom the importer sees and who may be the same."""
    people = [_Person.of(row) for row in rows if row.content]
    if not people:
        return
    candidates = _Candidates(await _candidates(ctx, people))
    for person in people:
        likely = candidates.sounding_like(person.forms)
        found = duplicates(person.forms, person.birth, likely) if likely else []
        same = [each.client_id for each in found if SIMILAR not in each.reasons]
        person.row.duplicates = same[:MOST_DUPLICATES]


@dataclass(frozen=True, slots=True)
class _Person:
    row: StagedRow
    forms: list[Form]
    birth: Birth

    @classmethod
    def of(cls, row: StagedRow) -> "_Person":
        assert row.content is not None
        client = row.content["clients"]
        born = date.fromisoformat(client["birth_date"]) if client["birth_date"] else None
        forms = [Form.parsed(each) for each in client["name_forms"]]
        return cls(row, forms, Birth.of(born, client["birth_precision"]))


async def _candidates(ctx: Context, people: Sequence[_Person]) -> list[Candidate]:
    driver = await ctx.db.driver()
    days = {day for person in people for day in (*person.birth.likely, person.birth.first) if day is not None}
    rows = list(await driver.fetch(_BORN_THEN, sorted(days)))
    vague = [person for person in people if not person.birth.likely]
    keys = dict.fromkeys(key for person in vague for word in _sounds(person.forms) for key in word)
    if keys:
        rows += await driver.fetch(_OF_THE_NAME, any_of(list(keys)))
    return list({row["id"]: Candidate.of(row) for row in rows}.values())


def _sounds(forms: Sequence[Form]) -> list[list[str]]:
    """Return the keys of each word, alone and joined with its neighbours."""
    return [[*exact(form), *joined] for form, joined in zip(forms, as_one(forms), strict=True)]


class _Candidates:
    """Persons by how the words of their names sound."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._candidates = candidates
        self._by_sound: dict[str, set[int]] = defaultdict(set)
        for place, candidate in enumerate(candidates):
            forms = [Form.parsed(stored) for stored in candidate.forms]
            for form in (*forms, *joined_of(forms)):
                for key in exact(form) if form else ():
                    self._by_sound[key].add(place)

    def sounding_like(self, forms: Sequence[Form]) -> list[Candidate]:
        """Return those of whom two words (or the only one) sound like words of this name."""
        heard: dict[int, int] = defaultdict(int)
        for word in _sounds(forms):
            met = set().union(*(self._by_sound.get(key, set()) for key in word))
            for place in met:
                heard[place] += 1
        needed = min(_WORDS, len(forms))
        return [self._candidates[place] for place, words in heard.items() if words >= needed]
