"""What becomes of a referral: drawn from a seed and its id, so that the same seed does the same again. Pure.

Everything is due by the age of the referral, so an office that was stopped goes on where it was.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Answer = Literal["accept", "reject", "silent"]

_AT_ONCE = 0.5
_WAITS_IN_BETWEEN = 0.25
_IS_ROUNDING = 1e-6
_REASONS: Mapping[str, tuple[float, str | None]] = {
    "no_capacity": (0.45, "Wartezeit derzeit etwa acht Wochen"),
    "not_responsible": (0.25, None),
    "incomplete": (0.15, "Es fehlt eine Angabe zur Erreichbarkeit"),
    "criteria_not_met": (0.1, None),
    "other": (0.05, "Wegen Umzugs bis Monatsende geschlossen"),
}
_OUTCOMES: Mapping[tuple[str, str], float] = {
    ("complete", "helped"): 0.6,
    ("complete", "partly_helped"): 0.15,
    ("complete", "passed_on"): 0.05,
    ("fail", "did_not_come"): 0.1,
    ("fail", "could_not_contact"): 0.06,
    ("fail", "not_eligible"): 0.04,
}


@dataclass(frozen=True, slots=True)
class Rates:
    """How an office is: shares that make one together, and within how many minutes it does a thing."""

    accept: float = 0.6
    reject: float = 0.2
    silent: float = 0.2
    delay_minutes: float = 2.0

    def __post_init__(self) -> None:
        """Refuse what is no set of shares. Raises ValueError."""
        shares = (self.accept, self.reject, self.silent)
        if not (all(each >= 0 for each in shares) and abs(sum(shares) - 1) <= _IS_ROUNDING):
            raise ValueError("accept, reject and silent are shares that make 1 together")
        if not self.delay_minutes >= 0:
            raise ValueError("a delay is not negative")


@dataclass(frozen=True, slots=True)
class Course:
    """What one referral will come to; times in minutes of its age."""

    answer: Answer
    reason: str | None
    text: str | None
    answered: float
    started: float
    held: tuple[float, float] | None
    ended: float
    ending: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Act:
    """A step that is due, and what it says."""

    step: str
    reason: str | None = None
    text: str | None = None
    outcome: str | None = None


def course_of(referral_id: str, rates: Rates, seed: int) -> Course:
    """Return what becomes of a referral: the same for the same id, rates and seed."""
    chance = random.Random(f"{seed} {referral_id}")  # noqa: S311 - a play, no secret
    answer: Answer = chance.choices(
        ("accept", "reject", "silent"), (rates.accept, rates.reject, rates.silent)
    )[0]
    reason = chance.choices(list(_REASONS), [share for share, _ in _REASONS.values()])[0]
    ending, outcome = chance.choices(list(_OUTCOMES), list(_OUTCOMES.values()))[0]
    at_once = chance.random() < _AT_ONCE
    steps = [chance.uniform(0, rates.delay_minutes) for _ in range(5)]
    answered = 0.0 if at_once else steps[0]
    started = answered + steps[1]
    held = (started + steps[2], started + steps[2] + steps[3])
    waits = chance.random() < _WAITS_IN_BETWEEN
    return Course(
        answer=answer,
        reason=reason if answer == "reject" else None,
        text=_REASONS[reason][1] if answer == "reject" else None,
        answered=answered,
        started=started,
        held=held if waits else None,
        ended=(held[1] if waits else started) + steps[4],
        ending=ending,
        outcome=outcome,
    )


def due(state: str, course: Course, age: float) -> Act | None:
    """Return the step that is due for a referral of this age in minutes; None: nothing, or never."""
    if state in {"requested", "expired"}:
        answers = course.answer != "silent" and age >= course.answered
        return Act(course.answer, course.reason, course.text) if answers else None
    if state == "accepted":
        return Act("start") if age >= course.started else None
    if state == "on_hold":
        return Act("resume") if course.held is None or age >= course.held[1] else None
    return _at_work(course, age) if state == "in_progress" else None


def _at_work(course: Course, age: float) -> Act | None:
    if age >= course.ended:
        return Act(course.ending, outcome=course.outcome)
    waits = course.held is not None and course.held[0] <= age < course.held[1]
    return Act("hold", "waiting_for_documents") if waits else None
