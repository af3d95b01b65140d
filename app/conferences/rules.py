"""The way of a conference as data, and on what somebody of an institution may sit in it. Pure."""

from dataclasses import dataclass
from enum import StrEnum

TEAM = "the case's team"
SYSTEM = "the system, when the consent to documentation is withdrawn"
PURPOSE = "case_conference"
CHANNEL = "conference"
FORMS = (PURPOSE, "anonymised_discussion")
MODES = ("on_site", "online", "phone")

BASES = frozenset({"consent", "sgbx_69", "gdpr_6_1_e"})
"""Danger to life does not wait for a conference, and the client hands nothing over in one."""


class State(StrEnum):
    """Where a conference stands."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What happens to it."""

    PLAN = "plan"
    HOLD = "hold"
    CANCEL = "cancel"


class Removal(StrEnum):
    """Why somebody is no longer among the participants."""

    UNINVITED = "uninvited"
    CONSENT_WITHDRAWN = "consent_withdrawn"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table."""

    step: Step
    source: State | None
    target: State
    by: str = TEAM

    @property
    def label(self) -> str:
        return f"{self.step} ({self.by})"


TRANSITIONS: tuple[Transition, ...] = (
    Transition(Step.PLAN, None, State.PLANNED),
    Transition(Step.HOLD, State.PLANNED, State.HELD),
    Transition(Step.CANCEL, State.PLANNED, State.CANCELLED),
    Transition(Step.CANCEL, State.PLANNED, State.CANCELLED, SYSTEM),
)


def target_of(step: Step, state: str | None) -> State | None:
    """Return where a step leads from a state; None when it does not."""
    return next((each.target for each in TRANSITIONS if (each.step, each.source) == (step, state)), None)


def steps_from(state: str) -> list[str]:
    """Return the steps that lead on from a state."""
    return list(dict.fromkeys(str(each.step) for each in TRANSITIONS if each.source == state))


def is_anonymised(form: str) -> bool:
    """Say whether nobody outside the team learns who it is about, so that no basis is asked for."""
    return form != PURPOSE
