"""Finding a name in a text, whatever its spelling: accents, umlauts, transliteration, genitive. Pure.

`app.clients.names.fold` makes one key of the common spellings of a word. What it leaves apart is compared
letter by letter with neighbours (Muhammad, Mohamed; Serhij, Sergej); merging all vowels instead would
make "Zimmer" a spelling of "Samir".
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from app.barriers.signs import readable
from app.clients.matching.words import words_of
from app.clients.names import fold

PARTICLES = frozenset({
    "abu", "al", "bin", "bint", "da", "de", "del", "den", "der", "di", "dos", "du", "el", "ibn", "la", "ter",
    "ul", "und", "van", "vom", "von", "zu", "zum", "zur",
})  # fmt: skip
"""Parts of names that are ordinary words: alone they point to nobody."""

_WORD = re.compile(r"[^\W\d_]+")
_MIXED = re.compile(r"[^\W_]+")
# A one stands for i and for l.
_FOR_DIGITS = (str.maketrans("013457", "oieast"), str.maketrans("013457", "oleast"))
_SHORTEST_MIXED = 4
_RUNS = re.compile(r"[aeiou]+|[^aeiou]")
_NEAR = (
    ("a", "e"),
    ("e", "i"),
    ("o", "u"),
    ("g", "h"),
    ("g", "k"),
    ("h", "k"),
    ("h", "c"),
    ("c", "k"),
    ("s", "z"),
)
_NEIGHBOURS = frozenset({*_NEAR, *((other, one) for one, other in _NEAR)})
_LONG_ENOUGH = 5
_CONSONANTS_ENOUGH = 3
_LETTERS_OF_A_KEY = 2
_MOST_LETTERS = 80
"""Of a name that is written apart: whoever has one of more letters is found by its parts."""
_SERVANT = "abd"
_VOWELS, _CONSONANT = "v", "c"


def words(text: str) -> Iterator[re.Match[str]]:
    """Yield the words of a text."""
    return _WORD.finditer(text)


def mixed_words(text: str) -> Iterator[tuple[list[str], tuple[int, int]]]:
    """Yield words of letters and digits as they are read (St3fka: Stefka), and where they stand."""
    for match in _MIXED.finditer(text):
        digits = sum(sign.isdecimal() for sign in match[0])
        if len(match[0]) >= _SHORTEST_MIXED and 0 < 2 * digits <= len(match[0]):
            read = {match[0].translate(table) for table in _FOR_DIGITS}
            if all(word.isalpha() for word in read):
                yield sorted(read), match.span()


def name_parts(names: Iterable[str]) -> frozenset[str]:
    """Return the keys to look for: each part of each name, neighbours and the whole written as one word."""
    keys: set[str] = set()
    for name in names:
        found = [match[0] for match in words(readable(name).text)]
        alone = [word for word in found if len(word) > 1 and word.casefold() not in PARTICLES]
        joined = [one + other for one, other in pairwise(found)]
        keys.update(fold(word) for word in [*alone, *joined, "".join(found), *servants(name)])
    return frozenset(keys - {""} - PARTICLES)


def servants(name: str) -> list[str]:
    """Return names like Abd al-Rahman without the article, which is joined and assimilated in many ways."""
    return [word for word in words_of(name) if len(word) > len(_SERVANT) and word.startswith(_SERVANT)]


class Names:
    """Names to look for, in order of how they sound: an institution may know of ten thousands."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take them as `name_parts` does."""
        self._keys = name_parts(names)
        self._alike: dict[str, list[list[str]]] = defaultdict(list)
        for key in self._keys:
            if len(key) >= _LONG_ENOUGH:
                runs = _RUNS.findall(key)
                self._alike[_shape(runs)].append(runs)

    @property
    def longest(self) -> int:
        """Of how many letters a spelling of these names may be: at most twice as many as its key."""
        return min(_LETTERS_OF_A_KEY * max(map(len, self._keys), default=0), _MOST_LETTERS)

    def has(self, word: str, *, as_spelt: bool = False) -> bool:
        """Return whether a word is one of these names in some spelling, or its genitive.

        `as_spelt`: only where both have the same key, not where they merely sound alike.
        """
        stems = {fold(each) for stem in _stems(word) for each in _readings(stem)}
        if as_spelt:
            return not stems.isdisjoint(self._keys)
        return not stems.isdisjoint(self._keys) or any(map(self._sounds, stems))

    def _sounds(self, stem: str) -> bool:
        if len(stem) < _LONG_ENOUGH:
            return False
        runs = _RUNS.findall(stem)
        shape = _shape(runs)
        if shape.count(_CONSONANT) < _CONSONANTS_ENOUGH:
            return False
        return any(_sound_alike(runs, other) for other in self._alike.get(shape, ()))


def _readings(stem: str) -> Iterator[str]:
    yield stem
    lower = stem.casefold()
    if lower.startswith(_SERVANT):
        yield from servants(lower)


def _shape(runs: Iterable[str]) -> str:
    return "".join(_VOWELS if run[0] in "aeiou" else _CONSONANT for run in runs)


def _sound_alike(first: list[str], second: list[str]) -> bool:
    return all(
        any(x == y or (x, y) in _NEIGHBOURS for x in run for y in against)
        for run, against in zip(first, second, strict=True)
    )


def _stems(word: str) -> Iterator[str]:
    yield word
    lower = word.casefold()
    if lower.endswith("s"):
        yield word[:-1]
    if lower.endswith("ens"):
        yield word[:-3]
