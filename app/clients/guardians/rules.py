"""For whom a guardian decides, for what, and until when. Pure.

Sources: §§ 1626, 1629, 1773, 1789, 1809, 1814, 1815 BGB; § 42a SGB VIII.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.kit.clock import months_later

AGE_OF_MAJORITY = 18  # years, § 2 BGB


class Kind(StrEnum):
    """By what somebody decides for another."""

    PARENT = "parent"
    GUARDIAN = "guardian"
    SUPPLEMENTARY_GUARDIAN = "supplementary_guardian"
    TAKEN_INTO_CARE = "taken_into_care"
    """The youth welfare office of an unaccompanied minor, until there is a guardian (§§ 42, 42a SGB VIII)."""
    LEGAL_ADVISER = "legal_adviser"
    """Of an adult (rechtliche Betreuung); the only one that does not end at eighteen."""


class Part(StrEnum):
    """What a guardian decides about."""

    CUSTODY = "custody"
    RESIDENCE = "residence"
    HEALTH = "health"
    ASSETS = "assets"
    AUTHORITIES = "authorities"


@dataclass(frozen=True, slots=True)
class Mandate:
    """What a guardian may, and from when to when."""

    id: UUID
    kind: str
    scope: frozenset[str]
    is_joint: bool
    must_not_learn: bool
    first: date | None
    last: date | None

    def runs(self, on: date, of_age_on: date | None) -> bool:
        """Tell whether the guardian decides on a day; what is for minors ends with the majority."""
        ended = self.kind != Kind.LEGAL_ADVISER and of_age_on is not None and on >= of_age_on
        return not ended and (self.first or on) <= on <= (self.last or on)

    def covers(self, categories: Iterable[str]) -> bool:
        """Tell whether the scope reaches a consent about these data: custody does, other parts their own."""
        if Part.CUSTODY in self.scope:
            return True
        needed = {Part.HEALTH if each == "health" else Part.AUTHORITIES for each in categories}
        return needed <= self.scope


def of_age_on(birth_date: date | None) -> date | None:
    """Return the day on which a person comes of age."""
    return months_later(birth_date, 12 * AGE_OF_MAJORITY) if birth_date is not None else None


def lacking(named: Iterable[UUID], running: Iterable[Mandate], categories: Iterable[str]) -> str | None:
    """Return why these cannot consent: `unknown`, `must_not_learn`, `scope`, `joint`; None when they can."""
    by_id, wanted, categories = {each.id: each for each in running}, set(named), list(categories)
    if not wanted or not wanted <= by_id.keys():
        return "unknown"
    chosen = [by_id[each] for each in wanted]
    if any(each.must_not_learn for each in chosen):
        return "must_not_learn"
    if not all(each.covers(categories) for each in chosen):
        return "scope"
    joint = {each.id for each in by_id.values() if each.is_joint and each.covers(categories)}
    if joint & wanted and not joint <= wanted:
        return "joint"
    return None
