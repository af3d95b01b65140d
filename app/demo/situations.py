"""What occupies people of each situation, and which words, measures and barriers go with it.

A case takes its concern, needs, goals, notes, tasks, referrals and barriers from the same few situations, so
that they do not contradict each other or the person.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from app.demo.standing import PROTECTED, UKRAINE, is_tolerated

if TYPE_CHECKING:
    from app.demo.population import DemoClient

SMALL_CHILD, SCHOOL_AGE, YOUTH, PENSION = 1, 6, 16, 66  # years
_FLUENT = frozenset({"B1", "B2", "C1"})
_SETTLED = frozenset({"NE-9", "NE-26.3", "AE-4.2", "AE-30", "AE-33"})
_LONG = 5 * 365  # days
_NEAR = 240  # days
_FIRST = frozenset({"womens_shelter", "changed", "long"})

Traits = frozenset[str]


@dataclass(frozen=True)
class Situation:
    """One thing that occupies people; `CHILD` in a text stands for the child's given name."""

    code: str
    life_domain: str
    needs: Traits
    without: Traits
    concern: str
    goal: str
    measure: str
    subject: str
    """What it is about, as a note names it."""
    papers: str
    missing: str
    step: str
    """What is done next."""
    task: str
    referred_to: tuple[str, ...]
    """Kinds of institutions on the platform."""
    request: str
    barriers: tuple[str, ...]


def traits_of(client: "DemoClient", on: date) -> Traits:
    """Return what of a client decides which situations can be theirs on a day."""
    found = {_age_group(client.age(on)), *_residence(client.person.status)}
    standing = client.standing
    if standing.changed_on and client.benefit != "ASYLBLG" and abs((on - standing.changed_on).days) < _NEAR:
        found.add("changed")
    if (on - standing.arrived_on).days > _LONG:
        found.add("long")
    ages = [(on - born).days // 365 for born in client.children_born if born <= on]
    found |= {"parent"} if ages else set()
    found |= {"parent_of_small"} if any(age < SCHOOL_AGE for age in ages) else set()
    found.add("works" if client.works else (client.benefit or "no_benefits"))
    found.add(client.dwelling.housing)
    if client.level:
        found.add("fluent" if client.level in _FLUENT else "beginner")
    if client.literacy in {"functional", "not_literate"}:
        found.add("unlettered")
    return frozenset(found)


def _age_group(age: int) -> str:
    if age < SCHOOL_AGE:
        return "kita_age" if age >= SMALL_CHILD else "baby"
    if age < 18:
        return "youth" if age >= YOUTH else "pupil"
    return "adult" if age < PENSION else "elder"


def _residence(status: str) -> set[str]:
    if status == "EU-UB":
        return {"eu"}
    if status == UKRAINE:
        return {"ukraine", "limited"}
    if status == "GEST":
        return {"asylum"}
    if is_tolerated(status):
        return {"tolerated", "trainee"} if status == "DU-60C" else {"tolerated"}
    if status in _SETTLED:
        return {"settled"}
    return {"protected", "limited"} if status in PROTECTED else {"limited"}


@lru_cache(4096)
def possible(traits: Traits) -> tuple[Situation, ...]:
    """Return the situations that somebody with these traits can be in."""
    from app.demo.situations_adults import ADULTS
    from app.demo.situations_children import CHILDREN

    return tuple(each for each in (*ADULTS, *CHILDREN) if each.needs <= traits and not each.without & traits)


def chosen(random: Random, traits: Traits, most: int) -> list[Situation]:
    """Return some of the possible situations; what occupies everybody whom it can occupy comes first."""
    found = possible(traits)
    urgent = [each for each in found if each.needs & _FIRST]
    rest = [each for each in found if each not in urgent]
    return (urgent + random.sample(rest, min(most, len(rest))))[: max(most, 1)]
