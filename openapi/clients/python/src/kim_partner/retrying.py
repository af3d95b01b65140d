"""How often and how long something is repeated: a few times, within a time, and never for ever."""

import secrets
from dataclasses import dataclass

_PARTS = 1000


@dataclass(frozen=True, slots=True)
class Retries:
    """Bounds of one call: so many attempts, and so many seconds of waiting altogether."""

    attempts: int = 5
    seconds: float = 60.0
    first_pause: float = 0.5

    def pause(self, attempt: int, asked: float | None, waited: float) -> float | None:
        """Return how long to wait after an attempt (from 1); None: the bounds are reached.

        At least as long as the server asks for. Otherwise twice as long as before, with some chance in it,
        so that many machines do not come back in the same moment.
        """
        if attempt >= self.attempts:
            return None
        grown = self.first_pause * 2.0 ** (attempt - 1)
        chance = secrets.randbelow(_PARTS) / _PARTS
        pause = grown * (1 + chance) / 2 if asked is None else asked + self.first_pause * chance
        return pause if waited + pause <= self.seconds else None


NONE = Retries(attempts=1)
"""Repeats nothing."""
