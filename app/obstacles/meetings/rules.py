"""The way of a meeting as data. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table; the label says who goes it and what must be there."""

    source: str | None
    target: str
    label: str


WAY = (
    Transition(None, "planned", "coordination"),
    Transition("planned", "held", "coordination, on its day or after it, with the minutes"),
    Transition("planned", "cancelled", "coordination, with a reason"),
)
"""Another day is a change of the plan; what was held or cancelled stays so."""

STATES = tuple(dict.fromkeys(step.target for step in WAY))
CLOSED = frozenset({"held", "cancelled"})


def following(state: str) -> list[str]:
    """Return the states that can follow."""
    return [step.target for step in WAY if step.source == state]
