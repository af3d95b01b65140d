"""The way of an obstacle as data: which status leads where, who goes it, and what must be there. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

COORDINATION = "coordination"
STEERING = "steering group, recorded by the coordination"
OR_SYSTEM = "coordination, or the system when the rate rises again"
SPLITTING = "coordination, split off another obstacle"
MERGING = "coordination, merged into another obstacle"
MERGED, REJECTED = "merged", "rejected"

OWNER, DEADLINE, MEASURE, DECISION, MEASURES_DONE, REASON, EFFECT_CHECK = (
    "responsible_unit_id",
    "due_on",
    "measure",
    "decision",
    "measures_done",
    "reason",
    "effect_check",
)
"""What a step may ask for; `missing` in a 409 uses these words."""
IN_WORDS = {
    OWNER: "the unit that is responsible",
    DEADLINE: "a deadline",
    MEASURE: "a measure that was not dropped",
    DECISION: "day and minute of the decision",
    MEASURES_DONE: "measures that are done",
    REASON: "a reason",
    EFFECT_CHECK: "a check of the effect with published quarters before and after the measures",
}
"""The same for people."""

MEASURE_STATES = ("planned", "in_progress", "done", "dropped")
FINISHED_MEASURES = frozenset({"done", "dropped"})

FELL, ROSE, NO_CONCLUSION = "fell", "rose", "no_conclusion"
CONCLUSIONS = (FELL, ROSE, NO_CONCLUSION)
TOO_FEW_QUARTERS = "too_few_quarters"
"""Nothing was compared: a check of this kind says what is missing, and checks nothing."""
REASONS = (TOO_FEW_QUARTERS, "hidden", "coverage_changed", "intervals_overlap")
"""Why an effect check draws no conclusion."""
CARRIED_OUT = frozenset({"implemented", "effect_checked"})
"""Its measures were carried out, and stay so until it is sent back."""
GROUPS = ("working", "project")
"""The bodies in which offices work on an obstacle."""

DRAFT = frozenset({"reported", "under_review"})
"""Not yet for the steering group: it reads an obstacle from the day it is bundled, whatever follows."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table."""

    source: str | None
    target: str
    by: str
    needs: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        return self.by


_PROJECT = frozenset({OWNER, DEADLINE})
_DECIDED = frozenset({MEASURE, DECISION})
_WHY = frozenset({REASON})
_STILL_OPEN = (
    "reported", "under_review", "bundled", "in_working_group", "in_project_group", "decided",
    "escalated_to_state",
)  # fmt: skip
"""What is solved, rejected or merged already is history: neither merged nor merged into."""

TRANSITIONS: tuple[Transition, ...] = (
    Transition(None, "reported", COORDINATION),
    Transition(None, "under_review", SPLITTING),
    Transition(None, "bundled", SPLITTING),
    Transition("reported", "under_review", COORDINATION),
    Transition("reported", "rejected", COORDINATION, _WHY),
    Transition("under_review", "bundled", COORDINATION),
    Transition("under_review", "rejected", COORDINATION, _WHY),
    Transition("bundled", "in_working_group", COORDINATION),
    Transition("bundled", "in_project_group", COORDINATION, _PROJECT),
    Transition("bundled", "escalated_to_state", COORDINATION, _WHY),
    Transition("bundled", "rejected", STEERING, _WHY),
    Transition("in_working_group", "in_project_group", COORDINATION, _PROJECT),
    Transition("in_working_group", "bundled", COORDINATION, _WHY),
    Transition("in_working_group", "escalated_to_state", COORDINATION, _WHY),
    Transition("in_working_group", "rejected", STEERING, _WHY),
    Transition("in_project_group", "decided", STEERING, _DECIDED),
    Transition("in_project_group", "in_working_group", COORDINATION, _WHY),
    Transition("in_project_group", "escalated_to_state", COORDINATION, _WHY),
    Transition("in_project_group", "rejected", STEERING, _WHY),
    Transition("decided", "implemented", COORDINATION, frozenset({MEASURES_DONE})),
    Transition("decided", "in_project_group", COORDINATION, _WHY),
    Transition("decided", "escalated_to_state", COORDINATION, _WHY),
    Transition("implemented", "effect_checked", COORDINATION, frozenset({EFFECT_CHECK})),
    Transition("implemented", "decided", COORDINATION, _WHY),
    # The rate rises again, or never fell.
    Transition("effect_checked", "under_review", OR_SYSTEM, _WHY),
    Transition("escalated_to_state", "bundled", COORDINATION, _WHY),
    Transition("escalated_to_state", "decided", STEERING, _DECIDED),
    Transition("escalated_to_state", "implemented", COORDINATION, _WHY),
    Transition("rejected", "under_review", COORDINATION, _WHY),
    *(Transition(source, MERGED, MERGING, _WHY) for source in _STILL_OPEN),
)

STATUSES = tuple(dict.fromkeys(step.target for step in TRANSITIONS))


@dataclass(frozen=True, slots=True)
class Facts:
    """What is there when a step is taken."""

    responsible_unit: bool = False
    due_on: date | None = None
    reason: bool = False
    measure_states: tuple[str, ...] = ()
    decided: bool = False
    """The steering group has decided since the obstacle last left the working or project groups."""
    effect_check: bool = False
    """Both periods were compared since the obstacle was last implemented, whatever came of it."""


OUTCOMES = frozenset(
    {"bundled", "decided", "implemented", "effect_checked", "rejected", "escalated_to_state"}
)
"""What the case managers hear of who reported: that something is under way, and how it ended."""

_SPLIT_OFF: Mapping[str, str] = {
    "reported": "reported",
    "under_review": "under_review",
    "bundled": "bundled",
    "in_working_group": "bundled",
    "in_project_group": "bundled",
}
"""Where a part begins that is split off: never further than bundled, and never hidden from the steering
group that has read the whole. What is decided upon is split after it was sent back."""


def can_merge(status: str) -> bool:
    """Return whether an obstacle can be merged, or merged into."""
    return step_between(status, MERGED) is not None


def start_of_part(status: str) -> str | None:
    """Return the status of what is split off, or none when nothing can be."""
    return _SPLIT_OFF.get(status)


def following(status: str) -> list[str]:
    """Return the statuses that can follow."""
    return [step.target for step in TRANSITIONS if step.source == status]


def leading_to(status: str) -> list[str]:
    """Return the statuses from which one takes a step to another."""
    return [step.source for step in TRANSITIONS if step.target == status and step.source is not None]


def step_between(source: str, target: str) -> Transition | None:
    """Return the row of the table, or none when the step does not exist."""
    found = (step for step in TRANSITIONS if (step.source, step.target) == (source, target))
    return next(found, None)


def system_may(source: str, target: str) -> bool:
    """Return whether the system takes a step by itself."""
    step = step_between(source, target)
    return step is not None and step.by == OR_SYSTEM


def missing_for(step: Transition, facts: Facts) -> list[str]:
    """Return what a step still needs, in words of `missing`."""
    return sorted(step.needs - _present(facts))


def _present(facts: Facts) -> set[str]:
    wanted = [state for state in facts.measure_states if state != "dropped"]
    there = {
        OWNER: facts.responsible_unit,
        DEADLINE: facts.due_on is not None,
        REASON: facts.reason,
        MEASURE: bool(wanted),
        DECISION: facts.decided,
        EFFECT_CHECK: facts.effect_check,
        MEASURES_DONE: bool(wanted) and set(facts.measure_states) <= FINISHED_MEASURES,
    }
    return {word for word, is_there in there.items() if is_there}


def quarter_has_ended(quarter: str, today: date) -> bool:
    """Return whether a quarter such as 2026Q3 lies before the present one: signals exist only then."""
    year, number = int(quarter[:4]), int(quarter[5])
    return (year, number) < (today.year, (today.month + 2) // 3)


def asks_steering_group(status: str) -> bool:
    """Return whether an obstacle waits for a decision of the steering group."""
    return any(
        step.source == status and step.by == STEERING and DECISION in step.needs for step in TRANSITIONS
    )
