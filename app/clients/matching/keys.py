"""Keys: lexemes under which a person is indexed, and the queries that look them up.

A key begins with its kind: S skeleton; D skeleton without one letter; W skeleton of three with one letter
open; O its letters in order of the alphabet; N a short word as it sounds; V the same without one letter;
P the first letters of a skeleton; R a skeleton that two words share. Both sides leave a letter out, so that
one slip of any kind still meets; both join neighbours, so that one word and two meet.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from app.clients.matching.forms import Form, joined_of
from app.clients.matching.slips import repaired

MOST_WORDS_ASKED = 4
"""Of a longer name the first words are asked for; all of them decide the order."""
_SHORT, _LONG = 2, 4
_PREFIXES = (3, 4)


def keys_of(forms: Iterable[Form]) -> list[str]:
    """Return the keys of a person, sorted."""
    forms = list(forms)
    shared = (f"R{each}" for each in _shared(forms))
    joined = (key for form in joined_of(forms) if form for key in exact(form))
    return sorted({*shared, *joined, *(key for form in forms for key in _stored(form))})


def _stored(form: Form) -> Iterator[str]:
    for skeleton in form.skeletons:
        yield f"S{skeleton}"
        yield from (f"P{skeleton[:length]}" for length in _PREFIXES if len(skeleton) > length)
    for skeleton in form.skeletons[:2]:
        if len(skeleton) >= _LONG - 1:
            yield from (f"D{shorter}" for shorter in _without_one(skeleton))
        if len(skeleton) == _LONG - 1:
            yield from _near_three(skeleton)
    if form.has_vowels and len(form.skeletons[0]) <= _SHORT:
        yield from _as_heard(form.folded)


def exact(form: Form) -> list[str]:
    """Return the keys of words that sound the same."""
    return [f"S{skeleton}" for skeleton in form.skeletons]


def exact_of(forms: Sequence[Form]) -> list[list[str]]:
    """Return `exact` for each word of a name; of two that sound the same, one asks for both."""
    asked: list[list[str]] = []
    for place, form in enumerate(forms):
        met = {each for before in forms[:place] for each in before.skeletons} & set(form.skeletons)
        asked.append([f"R{each}" for each in met] or exact(form))
    return asked


def as_one(forms: Sequence[Form]) -> list[list[str]]:
    """Return for each word of a name `exact` of what it makes with the word before and the one after."""
    joined = [exact(form) if form else [] for form in joined_of(forms)]
    return [[*before, *after] for before, after in zip([[], *joined], [*joined, []], strict=True)]


def _shared(forms: Sequence[Form]) -> Iterator[str]:
    for one, other in combinations(forms, 2):
        yield from set(one.skeletons) & set(other.skeletons)


def near(form: Form) -> list[str]:
    """Return the keys of words that sound the same or differ by one slip."""
    keys = dict.fromkeys(exact(form))
    for skeleton in form.skeletons[:3]:
        keys[f"D{skeleton}"] = None
        if len(skeleton) >= _LONG:
            keys |= dict.fromkeys(f"S{shorter}" for shorter in _without_one(skeleton))
            keys |= dict.fromkeys(f"D{shorter}" for shorter in _without_one(skeleton))
        elif len(skeleton) == _LONG - 1:
            keys |= dict.fromkeys(f"S{shorter}" for shorter in _without_one(skeleton))
            keys |= dict.fromkeys(_near_three(skeleton))
    keys |= dict.fromkeys(f"S{skeleton}" for skeleton in sorted(repaired(form)))
    if form.has_vowels and len(form.skeletons[0]) <= _SHORT:
        keys |= dict.fromkeys(_as_heard(form.folded))
    return list(keys)


def beginning(form: Form) -> list[str]:
    """Return the keys of words that begin like this one."""
    return [f"P{each[: _PREFIXES[-1]]}" for each in form.skeletons if len(each) >= _PREFIXES[0]]


def any_of(keys: Sequence[str]) -> str:
    """Return the `tsquery` that finds whoever has one of these keys; no key, nobody."""
    return " | ".join(f"'{key}'" for key in keys)


def two_of(forms: Sequence[Form]) -> str:
    """Return the `tsquery` that finds whoever fits two words, at least one of them without a slip."""
    words = [
        ([*same, *joined], [*near(form), *joined])
        for form, same, joined in zip(forms, exact_of(forms), as_one(forms), strict=True)
    ]
    pairs = [
        f"({any_of(one)}) & ({any_of(other)})"
        for first, second in combinations(words, 2)
        for one, other in ((first[0], second[1]), (first[1], second[0]))
    ]
    return " | ".join(f"({pair})" for pair in pairs)


def _without_one(text: str) -> Iterator[str]:
    return (text[:place] + text[place + 1 :] for place in range(len(text)))


def _near_three(skeleton: str) -> Iterator[str]:
    yield from (f"W{skeleton[:place]}_{skeleton[place + 1 :]}" for place in range(3))
    yield f"O{''.join(sorted(skeleton))}"


def _as_heard(folded: str) -> Iterator[str]:
    yield f"N{folded}"
    yield f"V{folded}"
    if len(folded) > _SHORT:
        yield from (f"V{shorter}" for shorter in _without_one(folded))


@dataclass(frozen=True, slots=True)
class Asked:
    """A name as the index is asked for it: `tsquery` texts, none where there is nothing to ask."""

    forms: tuple[Form, ...]
    """The first words of the name."""
    one: str | None
    """Whoever fits any of them, of a single word also its beginning."""
    exact: tuple[str | None, ...]
    """For each of them whoever has one that sounds the same, alone or joined; none past the last."""

    @classmethod
    def of(cls, forms: Sequence[Form]) -> "Asked":
        """Return what to ask for a name."""
        first = tuple(forms[:MOST_WORDS_ASKED])
        joined = as_one(first) if first else []
        one = dict.fromkeys(key for form in first for key in near(form))
        one |= dict.fromkeys(key for keys in joined for key in keys)
        if len(first) == 1:
            one |= dict.fromkeys(beginning(first[0]))
        exact = [any_of([*keys, *more]) for keys, more in zip(exact_of(first), joined, strict=True)]
        padding = [None] * (MOST_WORDS_ASKED - len(exact))
        return cls(first, any_of(list(one)) or None, (*exact, *padding))

    @property
    def two(self) -> str | None:
        """Whoever fits two of the words."""
        return two_of(self.forms) or None
