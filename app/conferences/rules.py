"""The way of a conference as data, and on what somebody of an institution may sit in it. Pure."""

from enum import StrEnum

from app.kit.machine import Machine, Transition

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


WAY: Machine[Step, State] = Machine(
    Transition(Step.PLAN, None, State.PLANNED, TEAM),
    Transition(Step.HOLD, State.PLANNED, State.HELD, TEAM),
    Transition(Step.CANCEL, State.PLANNED, State.CANCELLED, TEAM),
    Transition(Step.CANCEL, State.PLANNED, State.CANCELLED, SYSTEM),
)


def is_anonymised(form: str) -> bool:
    """Say whether nobody outside the team learns who it is about, so that no basis is asked for."""
    return form != PURPOSE
