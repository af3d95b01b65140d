"""What an operation answers to somebody: the words in which `expected.py` is written."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.isolation.people import ANONYMOUS

OK, UNKNOWN, REFUSED, NOBODY = "answered", "404", "403", "401"


@dataclass(frozen=True)
class Access:
    """Who knows the verb, who of them gets an answer about the scene, who sees it and may not."""

    knows: frozenset[str]
    sees: frozenset[str]
    wrong: frozenset[str] = frozenset()

    def of(self, identity: str) -> str:
        """Return what is answered to somebody."""
        if identity in self.sees:
            return OK
        if identity == ANONYMOUS:
            return NOBODY
        return UNKNOWN if identity in self.knows - self.wrong else REFUSED


def only(knows: frozenset[str], sees: Iterable[str], wrong: Iterable[str] = ()) -> Access:
    """Let some of those who know the verb see the object."""
    seeing, refused = frozenset(sees), frozenset(wrong)
    assert seeing <= knows
    assert refused <= knows - seeing
    return Access(knows, seeing, refused)


def every(knows: frozenset[str]) -> Access:
    """Answer everybody who knows the verb: each gets what is theirs."""
    return Access(knows, knows)
