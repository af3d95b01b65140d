"""Which observations and obstacles are similar, and why: by codes of the catalogues, by shared words. Pure.

Nothing is learned and nothing is guessed: whoever bundles sees each reason, and may weigh it anew.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.catalogues.check import vocabulary

TYPE, CATEGORY = "same_barrier_type", "same_barrier_category"
KIND, GROUP = "same_institution_type", "same_institution_group"
WORDS = "shared_words"

WEIGHTS = {TYPE: 3, CATEGORY: 1, KIND: 2, GROUP: 1}
_MOST_WORDS = 3
"""Each shared word weighs one, up to so many: a long text must not be similar to everything."""
ENOUGH = 3
"""The same type alone, or what is near in several ways."""

_WORD = re.compile(r"[^\W\d_]{4,}")
_ENDINGS = ("ungen", "innen", "ung", "ern", "en", "er", "es", "em", "e", "n", "s")
_SHORTEST = 4
_UMLAUTS = str.maketrans("äöü", "aou")
_LITTLE = """
aber alle allem allen aller alles als also andere anderen auch auf aus beim bereits bis dabei
dadurch dann dass dazu deren dessen denen dies diese diesem diesen dieser dieses doch dort durch
eine einem einen einer eines einige erst etwas fast gibt haben hatte hier immer ihre ihrem ihren
ihrer jede jedem jeden jeder kann kein keine keinem keinen keiner konnen konnte lange lang mehr
mehrere mehreren meist muss mussen nach nicht nichts noch nur oder ohne schon sehr seit sich sind
sowie sonst uber unter viel viele vielen vom von vor wegen weil weiter welche wenn werden wieder
wird wurde wurden zwei zwischen zum zur about after also been from have into more only other over
that their there these they this what when where which while with without
"""
_COMMON = frozenset(_LITTLE.split())


@dataclass(frozen=True, slots=True)
class Subject:
    """What is compared: codes and texts of an observation or an obstacle."""

    barrier_types: frozenset[str]
    institution_types: frozenset[str]
    texts: tuple[str, ...]

    @property
    def categories(self) -> frozenset[str]:
        return _parents("barrier_type", self.barrier_types)

    @property
    def groups(self) -> frozenset[str]:
        return _parents("institution_type", self.institution_types)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing in common: codes, or the words as they stand in the other text."""

    kind: str
    values: tuple[str, ...]

    @property
    def weight(self) -> int:
        return min(len(self.values), _MOST_WORDS) if self.kind == WORDS else WEIGHTS[self.kind]


def reasons(one: Subject, other: Subject) -> list[Reason]:
    """Return what two have in common; a category is named only where no type is, a group where no kind is."""
    types, kinds = one.barrier_types & other.barrier_types, one.institution_types & other.institution_types
    found = (
        (TYPE, types),
        (CATEGORY, frozenset() if types else one.categories & other.categories),
        (KIND, kinds),
        (GROUP, frozenset() if kinds else one.groups & other.groups),
        (WORDS, _shared(one.texts, other.texts)),
    )
    return [Reason(kind, tuple(sorted(values))) for kind, values in found if values]


def weight(found: Iterable[Reason]) -> int:
    """Return how much reasons weigh together."""
    return sum(reason.weight for reason in found)


def words(texts: Iterable[str]) -> dict[str, str]:
    """Return the words that say something, each as it stands in the text, by what its forms share."""
    said: dict[str, str] = {}
    for text in texts:
        for word in _WORD.findall(text):
            folded = word.casefold().translate(_UMLAUTS)
            if folded not in _COMMON:
                said.setdefault(_stem(folded), word)
    return said


def _shared(mine: Sequence[str], theirs: Sequence[str]) -> frozenset[str]:
    known = words(mine)
    return frozenset(word for stem, word in words(theirs).items() if stem in known)


def _stem(word: str) -> str:
    """Take German endings off, as long as a word is left: crude, and the same for both texts."""
    end = len(word)
    while ending := next(
        (e for e in _ENDINGS if end - len(e) >= _SHORTEST and word.endswith(e, 0, end)), None
    ):
        end -= len(ending)
    return word[:end]


def _parents(name: str, codes: Iterable[str]) -> frozenset[str]:
    known = vocabulary(name)
    return frozenset(str(known[code].parent) for code in codes if code in known)
