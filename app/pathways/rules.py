"""The way of a pathway as data, which version of the law holds, and what two versions differ in.

Nothing here says whether a requirement is met: a person's state of it is what somebody wrote down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.catalogues.check import vocabulary
from app.catalogues.source import Entry
from app.kit.machine import Machine, Transition

TEAM = "the case's team"
NOTICE = {"de": "von der Behörde zu prüfen", "en": "to be examined by the authority"}
"""Stands in every answer about a pathway, in the words of its reader."""

NATURALISATION = frozenset({"naturalisation", "naturalisation_spouse", "naturalisation_discretion"})
TOGETHER = "naturalisation"
"""Only here family members can be naturalised together (§ 10 Abs. 2 StAG)."""


class State(StrEnum):
    """Where a pathway stands."""

    PREPARING = "preparing"
    APPLIED = "applied"
    GRANTED = "granted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    TURNED = "turned"


class Step(StrEnum):
    """What happens to it, as the case manager writes it down."""

    START = "start"
    APPLY = "apply"
    GRANT = "grant"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    TURN = "turn"
    CHALLENGE = "challenge"


RUNNING = (State.PREPARING, State.APPLIED)
AFTER_CLOSING = frozenset({Step.GRANT, Step.REJECT, Step.WITHDRAW})
"""How it ended is also written into a closed case."""
NEEDS_REASON = frozenset({Step.REJECT, Step.WITHDRAW, Step.TURN})

REQUIREMENT = "requirement"
MOVE = "move"
"""Entries of the history beside the steps: a requirement written down, another version of the law taken."""

REQUIREMENT_STATES = (
    "open", "in_progress", "evidence_there", "not_met_yet", "not_applicable", "to_be_examined",
)  # fmt: skip
MISSING = ("open", "in_progress", "not_met_yet")
"""In these states something is still to be done by the client or the team."""


WAY: Machine[Step, State] = Machine(
    Transition(Step.START, None, State.PREPARING, TEAM),
    Transition(Step.APPLY, State.PREPARING, State.APPLIED, TEAM),
    Transition(Step.GRANT, State.APPLIED, State.GRANTED, TEAM),
    Transition(Step.REJECT, State.APPLIED, State.REJECTED, TEAM),
    # Objection, where the Land has one, or an action in court: then it is open again (§§ 68, 74 VwGO).
    Transition(Step.CHALLENGE, State.REJECTED, State.APPLIED, TEAM),
    Transition(Step.WITHDRAW, State.PREPARING, State.WITHDRAWN, TEAM),
    Transition(Step.WITHDRAW, State.APPLIED, State.WITHDRAWN, TEAM),
    Transition(Step.TURN, State.PREPARING, State.TURNED, TEAM),
    Transition(Step.TURN, State.APPLIED, State.TURNED, TEAM),
    Transition(Step.TURN, State.REJECTED, State.TURNED, TEAM),
)


def versions_of(pathway: str) -> list[Entry]:
    """Return the versions of a pathway's law, the oldest first."""
    return [each for each in vocabulary("pathway_version").values() if each.parent == pathway]


def version_on(pathway: str, day: date) -> Entry | None:
    """Return the version of the law that holds on a day; none when the pathway has ended."""
    return next((each for each in versions_of(pathway) if _holds(each, day)), None)


def _holds(version: Entry, day: date) -> bool:
    begun = version.valid_from is not None and version.valid_from <= day
    return begun and (version.valid_to is None or day <= version.valid_to)


def newer_version(law_version: str, day: date) -> Entry | None:
    """Return the version that holds on a day, when it begins after the one that is used."""
    used = vocabulary("pathway_version")[law_version]
    now = version_on(str(used.parent), day)
    if now is None or now.valid_from is None or used.valid_from is None:
        return None
    return now if now.valid_from > used.valid_from else None


def requirements_of(law_version: str) -> Mapping[str, Entry]:
    """Return what a version asks for, by requirement, in its order."""
    return {
        str(each.attributes["requirement"]): each
        for each in vocabulary("pathway_requirement").values()
        if each.parent == law_version
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """What another version asks for anew, asks for no longer, and asks for in other words."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    kept: tuple[str, ...]


def difference(old: str, new: str) -> Difference:
    """Compare two versions, requirement by requirement."""
    before, after = requirements_of(old), requirements_of(new)
    both = [name for name in after if name in before]
    return Difference(
        added=tuple(name for name in after if name not in before),
        removed=tuple(name for name in before if name not in after),
        changed=tuple(name for name in both if _words(before[name]) != _words(after[name])),
        kept=tuple(name for name in both if _words(before[name]) == _words(after[name])),
    )


def _words(entry: Entry) -> tuple[object, ...]:
    return (entry.label_de, entry.attributes["norm"], entry.attributes["evidence_de"])
