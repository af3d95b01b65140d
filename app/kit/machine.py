"""A state machine as data: a table of transitions, and what follows from it. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

Step = TypeVar("Step", bound=StrEnum)
State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Transition(Generic[Step, State]):
    """One way from a state to another: by which step, taken by whom, and what it needs.

    No source means the beginning.
    """

    step: Step
    source: State | None
    target: State
    by: str
    needs: str = ""

    @property
    def label(self) -> str:
        return f"{self.step} ({self.by}{', ' + self.needs if self.needs else ''})"


class Machine(Generic[Step, State]):
    """A whole table; iterate over it for its rows in order."""

    def __init__(self, *rows: Transition[Step, State]) -> None:
        self._rows = rows
        self._targets: dict[tuple[str, str | None, str | None], State] = {}
        for row in rows:
            self._targets.setdefault((row.step, row.by, row.source), row.target)
            self._targets.setdefault((row.step, None, row.source), row.target)

    def __iter__(self) -> Iterator[Transition[Step, State]]:
        return iter(self._rows)

    def target_of(self, step: Step, state: str | None, by: str | None = None) -> State | None:
        """Return where a step leads from a state; None where it cannot be taken, or not by this side."""
        return self._targets.get((step, by, state))

    def steps_from(self, state: str, by: str | None = None) -> list[str]:
        """Return the steps that lead on from a state, each once, for people who were refused one."""
        here = (row.step for row in self._rows if row.source == state and by in (None, row.by))
        return [str(step) for step in dict.fromkeys(here)]


def from_each(
    sources: Iterable[State], step: Step, target: State, by: str, needs: str = ""
) -> list[Transition[Step, State]]:
    """Return the rows of a step that leads from several states to one."""
    return [Transition(step, source, target, by, needs) for source in sources]
