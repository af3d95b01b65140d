"""Persons who may be the one looked for, in order: the same for a search and for duplicates. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.clients.births import CERTAINTY, SAME_DATE, SIMILAR, UNKNOWN, Birth
from app.clients.matching.forms import Form
from app.clients.matching.ranking import NO_MATCH, Sought

CANDIDATES = 300
"""So many are compared at most; those with the most words in common come first."""
NAME_AND_BIRTH = (0.7, 0.3)
"""Weights of both when both are given."""
LEAST_FOUND = 0.3

LEAST_DUPLICATE = {SAME_DATE: 0.62, UNKNOWN: 0.85, SIMILAR: 0.8}
"""How alike names must be to be taken for the same person, by what the birth dates are to each other."""
LEAST_DUPLICATE_OTHERWISE = 0.7


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who may be the one, 0 to 1, and why."""

    client_id: UUID
    likeness: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is compared of a person."""

    client_id: UUID
    forms: Sequence[str]
    birth_date: date | None
    birth_precision: str

    @classmethod
    def of(cls, row: Any) -> "Candidate":
        """Return the candidate in a row of the database."""
        return cls(row["id"], row["name_forms"], row["birth_date"], row["birth_precision"])


def found(forms: Sequence[Form], birth: Birth, candidates: Iterable[Candidate]) -> list[Found]:
    """Return who fits a search by name, birth or both, best first."""
    sought = Sought(forms)
    by_name, by_birth = NAME_AND_BIRTH
    fitting = []
    for each in candidates:
        match = sought.match(each.forms) if forms else NO_MATCH
        relation = birth.relation(each.birth_date, each.birth_precision) if birth.first else None
        certainty = CERTAINTY.get(relation or "", 0.0)
        likeness = match.likeness
        if birth.first:
            likeness = by_name * likeness + by_birth * certainty if forms else certainty
        is_born_then = relation not in (None, UNKNOWN, SIMILAR)
        if match.likeness >= LEAST_FOUND or is_born_then:
            reasons = match.reasons if match.likeness >= LEAST_FOUND else ()
            said = (relation,) if relation else ()
            fitting.append(Found(each.client_id, round(likeness, 4), (*reasons, *said)))
    return _ordered(fitting)


def duplicates(forms: Sequence[Form], birth: Birth, candidates: Iterable[Candidate]) -> list[Found]:
    """Return who is likely to be the same person, best first."""
    sought = Sought(forms)
    fitting = []
    for each in candidates:
        relation = birth.relation(each.birth_date, each.birth_precision)
        if relation is None:
            continue
        match = sought.match(each.forms)
        if match.likeness >= LEAST_DUPLICATE.get(relation, LEAST_DUPLICATE_OTHERWISE):
            fitting.append(Found(each.client_id, match.likeness, (*match.reasons, relation)))
    return _ordered(fitting)


def _ordered(fitting: list[Found]) -> list[Found]:
    return sorted(fitting, key=lambda each: (-each.likeness, each.client_id))
