"""The way of a case as data: which phase leads where, who may take it, and what must be there first.

Phases after the Deutsche Gesellschaft für Care und Case Management (DGCC). Pure: no input, no output.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

CLOSED = "closed"
IN_ORDER = ("intake", "assessment", "service_planning", "linking", "monitoring", "evaluation")
"""The straight way; re-assessment is the loop back to service planning."""

PHASES = (*IN_ORDER[:5], "reassessment", "evaluation", CLOSED)

CRITERIA = ("C1", "C2", "C3", "C4", "C5", "C6", "C7")
VOLUNTARY = "C6"
"""Mandatory for case management."""

COUNSELLING = "counselling"
TAKEN_ON = frozenset({"case_management", "counselling"})
"""The outcomes of intake with which a case goes on; the others lead to closing."""

AFTER_EVALUATION = frozenset({"goals_reached", "handed_to_regular_services"})
"""Planned endings: from evaluation they need what evaluation asks for. Everybody may end any time."""

TEAM = "the case's team"
LEAD = "its lead or deputy"
SYSTEM = "the system, when the consent to documentation is withdrawn"


class Way(StrEnum):
    """How a case comes from one phase to another."""

    STEP = "step"
    SKIP = "skip"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table."""

    source: str | None
    target: str
    way: Way
    by: str

    @property
    def label(self) -> str:
        return str(self.way)


NEEDS: Mapping[str, tuple[str, ...]] = {
    "intake": (
        "privacy_notice",
        "intake_criteria",
        "voluntary_participation",
        "intake_outcome",
        "documentation_basis",
        "documentation_consent",
    ),
    "assessment": ("need",),
    "service_planning": ("goal", "measure", "agreement"),
    "linking": ("linking",),
    "monitoring": ("review_date",),
    "reassessment": ("new_assessment", "need"),
    "evaluation": ("goal_attainment", "client_feedback"),
}
"""What a phase is left with. `missing` in a 409 uses these words."""

NEVER_SKIPPED = frozenset({"intake"})
"""Notice, legal basis and voluntariness are law; whoever is in a hurry refers from within intake."""

_STEPS = (
    *pairwise(IN_ORDER),
    ("linking", "reassessment"),
    ("monitoring", "reassessment"),
    ("evaluation", "reassessment"),
    ("reassessment", "service_planning"),
)


def _skips() -> list[tuple[str, str]]:
    forward = [(source, target) for place, source in enumerate(IN_ORDER) for target in IN_ORDER[place + 2 :]]
    return [*forward, *(("reassessment", target) for target in ("linking", "monitoring", "evaluation"))]


TRANSITIONS: tuple[Transition, ...] = (
    Transition(None, "intake", Way.STEP, "a case manager who opens it"),
    *(Transition(source, target, Way.STEP, TEAM) for source, target in _STEPS),
    *(Transition(source, target, Way.SKIP, TEAM) for source, target in _skips()),
    *(Transition(source, CLOSED, Way.CLOSE, LEAD) for source in PHASES if source != CLOSED),
    *(Transition(source, CLOSED, Way.WITHDRAW, SYSTEM) for source in PHASES if source != CLOSED),
    *(Transition(CLOSED, target, Way.REOPEN, LEAD) for target in PHASES if target != CLOSED),
)


def way(source: str, target: str) -> Way | None:
    """Return whether a case goes from one phase to another by a step or a skip; None when it cannot."""
    found = (each.way for each in TRANSITIONS if (each.source, each.target) == (source, target))
    return next((each for each in found if each in {Way.STEP, Way.SKIP}), None)


def following(source: str) -> list[str]:
    """Return the phases to which POST .../phase leads from here, by step or with a reason."""
    ways = {Way.STEP, Way.SKIP}
    return [each.target for each in TRANSITIONS if each.source == source and each.way in ways]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is there of what a phase asks for."""

    kind: str
    criteria: Mapping[str, bool]
    outcome: str | None
    notice_given: bool
    basis_stated: bool
    basis_holds: bool
    needs: int
    needs_since_phase: int
    assessed_since_phase: bool
    goals: int
    goals_without_measure: int
    goals_without_attainment: int
    agreed: bool
    linked: bool
    review_dated: bool
    feedback_given: bool


def missing(phase: str, facts: Facts) -> list[str]:
    """Return what is missing to leave a phase, in the words of NEEDS."""
    return [need for need in NEEDS.get(phase, ()) if not _met(phase, need, facts)]


def _met(phase: str, need: str, facts: Facts) -> bool:
    has_need = facts.needs_since_phase if phase == "reassessment" else facts.needs
    return {
        "privacy_notice": facts.notice_given,
        "intake_criteria": all(code in facts.criteria for code in CRITERIA),
        "voluntary_participation": facts.kind != "case_management" or facts.criteria.get(VOLUNTARY, False),
        "intake_outcome": facts.outcome in TAKEN_ON,
        "documentation_basis": facts.basis_holds or facts.basis_stated,
        "documentation_consent": facts.basis_holds or not facts.basis_stated,
        "need": has_need > 0,
        "new_assessment": facts.assessed_since_phase,
        "goal": facts.goals > 0,
        "measure": facts.goals > 0 and facts.goals_without_measure == 0,
        "agreement": facts.agreed,
        "linking": facts.linked,
        "review_date": facts.review_dated,
        "goal_attainment": facts.goals_without_attainment == 0,
        "client_feedback": facts.feedback_given,
    }[need]


def unfinished(source: str, facts: Facts, reason: str) -> list[str]:
    """Return what is missing to close from a phase: only a planned ending waits for the evaluation."""
    if source == "evaluation" and reason in AFTER_EVALUATION:
        return missing(source, facts)
    return []


def passed_over(source: str, target: str, lacking: Collection[str]) -> list[str]:
    """Return the phases left undone: the present one when something is lacking there, and those between."""
    here = [source] if lacking else []
    start = IN_ORDER.index("assessment" if source == "reassessment" else source)
    end = IN_ORDER.index(target) if target in IN_ORDER else start
    return [*here, *IN_ORDER[start + 1 : end]]
