"""Who beside the lead knows of a case: the whole unit, or whoever works on the cases of others.

The lead stays the contributor. A case is of one contributor however many work on it, so no figure comes to be
told because its cases have teams.
"""

from collections import Counter
from collections.abc import Collection, Sequence

from app.protection import Column, together


def who_knows_too(
    lead: Column[str], team: Column[str | None], unit: Column[str | None] | None = None
) -> Column[str | None] | None:
    """Return who knows of each unit beside its lead; none where nobody does.

    Where units know their cases, they know all that anybody of a team does, who works there. Elsewhere it is
    who works on cases of others, with all cases that are theirs, their own included. Of several on one case
    it is the one who knows of most.
    """
    if unit is not None and unit.used() - {None}:
        return unit
    people = together(_people, lead, team)
    numbers = dict(zip(people.words, people.counts().tolist(), strict=True))
    helping = {each for _, *others in people.used() for each in others}
    if not helping:
        return None
    busy: Counter[str] = Counter()
    for some, number in numbers.items():
        busy.update(dict.fromkeys(helping.intersection(some), number))
    return people.mapped(lambda some: _best_informed(helping.intersection(some), busy))


def _people(lead: str, team: str | None) -> Sequence[str]:
    """Return the lead and, behind, who else has the case; the lead may have been of the team before."""
    return tuple(dict.fromkeys((lead, *(team or "").split())))


def _best_informed(some: Collection[str], busy: Counter[str]) -> str | None:
    return min(some, key=lambda each: (-busy[each], each), default=None)
