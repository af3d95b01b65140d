"""The steps of § 4 (1)-(4) KKG as data, and what each step must say. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from app.kit.machine import Machine, Transition, from_each

TEAM = "the case's team"
SENDING = "the referral on `kkg_4`"
OUTCOMES = ("no_danger", "averted_by_help", "taken_over", "not_confirmed", "other")


class State(StrEnum):
    """Where a course stands."""

    NOTED = "noted"
    COUNSELLED = "counselled"
    DISCUSSED = "discussed"
    HELPING = "helping"
    TO_INFORM = "to_inform"
    INFORMED = "informed"
    ANSWERED = "answered"
    ENDED = "ended"


class Step(StrEnum):
    """What is done."""

    NOTE = "note"
    COUNSEL = "counsel"
    DISCUSS = "discuss"
    OFFER_HELP = "offer_help"
    DECIDE_TO_INFORM = "decide_to_inform"
    DECIDE_AT_ONCE = "decide_at_once"
    INFORM = "inform"
    ANSWER = "answer"
    END = "end"


_COUNSELLED = (State.COUNSELLED, State.DISCUSSED, State.HELPING)

WAY: Machine[Step, State] = Machine(
    Transition(Step.NOTE, None, State.NOTED, TEAM, "weighty indications"),
    *from_each((State.NOTED, State.COUNSELLED), Step.COUNSEL, State.COUNSELLED, TEAM, "pseudonymised"),
    Transition(Step.COUNSEL, State.DISCUSSED, State.DISCUSSED, TEAM, "pseudonymised"),
    Transition(Step.COUNSEL, State.HELPING, State.HELPING, TEAM, "pseudonymised"),
    *from_each(_COUNSELLED, Step.DISCUSS, State.DISCUSSED, TEAM, "with whom, or why not"),
    *from_each((State.DISCUSSED, State.HELPING), Step.OFFER_HELP, State.HELPING, TEAM),
    *from_each(
        (State.DISCUSSED, State.HELPING, State.INFORMED, State.ANSWERED),
        Step.DECIDE_TO_INFORM,
        State.TO_INFORM,
        TEAM,
        "why help does not avert it; the family told, or why not; a draft",
    ),
    *from_each(
        (State.NOTED, State.COUNSELLED), Step.DECIDE_AT_ONCE, State.TO_INFORM, TEAM, "why it cannot wait"
    ),
    Transition(Step.INFORM, State.TO_INFORM, State.INFORMED, SENDING),
    *from_each((State.INFORMED, State.ANSWERED), Step.ANSWER, State.ANSWERED, TEAM),
    *from_each(
        (
            State.NOTED, State.COUNSELLED, State.DISCUSSED, State.HELPING, State.TO_INFORM, State.INFORMED,
            State.ANSWERED,
        ),
        Step.END, State.ENDED, TEAM, "an outcome",
    ),
)  # fmt: skip

NEEDS: Mapping[Step, tuple[str, ...]] = {
    Step.COUNSEL: ("note", "counsellor", "is_pseudonymised", "is_danger"),
    Step.DISCUSS: ("note", "with_guardians", "with_child"),
    Step.OFFER_HELP: ("note", "is_accepted"),
    Step.DECIDE_TO_INFORM: ("note", "family_told", "referral_id"),
    Step.DECIDE_AT_ONCE: ("note", "family_told", "referral_id"),
    Step.ANSWER: ("note",),
    Step.END: ("note", "outcome"),
}
"""What a step says; nothing else is taken with it but `why_not`, the day, and when to look again."""

EXCUSED: Mapping[Step, tuple[str, ...]] = {
    Step.DISCUSS: ("with_guardians", "with_child"),
    Step.DECIDE_TO_INFORM: ("family_told",),
    Step.DECIDE_AT_ONCE: ("family_told",),
}
"""What is done unless it endangers the child: where it was not, `why_not` says why."""

LETS_OUT = frozenset({Step.DECIDE_TO_INFORM, Step.DECIDE_AT_ONCE})
"""What lets the information out: for somebody who is a minor on that day alone."""

AFTER_CLOSING = frozenset({Step.ANSWER, Step.END})
"""What the office answers and the end of a course are also written into a closed case."""


def needs_excuse(step: Step, said: Mapping[str, object]) -> bool:
    """Return whether something was left out that § 4 KKG asks for."""
    return any(said.get(name) is False for name in EXCUSED.get(step, ()))
