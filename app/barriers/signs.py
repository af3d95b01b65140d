"""A text as a reader sees it: signs that look like letters are read as such, what nobody sees falls. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_UNSEEN = frozenset({"Mn", "Me", "Cf"})
"""Categories of accents that no letter takes up, signs around others, joiners and selectors of a form."""
_FILLERS = frozenset({"\N{HANGUL CHOSEONG FILLER}", "\N{HANGUL JUNGSEONG FILLER}"})
# Negative circled and squared letters, and the letters of flags: nothing decomposes them.
_SYMBOLS = (0x1F150, 0x1F170, 0x1F1E6)
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MORE_LETTERS = {
    "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    "\N{LATIN SMALL LETTER ENG}": "n",
    "\N{LATIN CAPITAL LETTER ENG}": "N",
    "\N{LATIN SMALL LETTER KRA}": "k",
}
_WITH = re.compile(r"LATIN (SMALL|CAPITAL) LETTER ([A-Z]) WITH ")
_EXTENDED = (0xC0, 0x250)
_VIETNAMESE = (0x1E00, 0x1F00)
_SCHWA = "\N{LATIN SMALL LETTER SCHWA}"
_WHOLE = frozenset("ßẞæœðþÆŒÐÞƏ" + _SCHWA)

# What turns the order of signs round; a mark of direction between two letters does so in some surroundings.
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]\\S*|(?<=[^\\W\\d_])[\u200e\u200f\u061c]+(?=[^\\W\\d_])")


@dataclass(frozen=True, slots=True)
class View:
    """A text rewritten for comparing, with the places in the original that each of its signs covers."""

    text: str
    places: tuple[tuple[int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the original of a part that is not empty."""
        return self.places[start][0], self.places[end - 1][1]


def readable(text: str) -> View:
    """Return the text as a reader sees it: composed, in compatible forms, without invisible signs."""
    return _rewritten(text, lambda cluster: unicodedata.normalize("NFKC", cluster))


def plain(text: str) -> View:
    """Return the text in lower case without accents, ß as ss."""
    return _rewritten(text, lambda cluster: unicodedata.normalize("NFKD", cluster.casefold()), str.casefold)


def turned(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places after which a text is shown in another order than it is written in."""
    return (match.span() for match in _TURNED.finditer(text))


@lru_cache(maxsize=4096)
def is_comparable(letter: str) -> bool:
    """Return whether a letter of a readable text is Latin and read as one of a to z, accents aside."""
    if letter.isascii() or letter in _WHOLE:
        return True
    extended = any(first <= ord(letter) < end for first, end in (_EXTENDED, _VIETNAMESE))
    return extended and unicodedata.normalize("NFKD", letter)[0] in f"{_ALPHABET}{_ALPHABET.lower()}æÆ"


def _rewritten(text: str, rewrite: Callable[[str], str], finish: Callable[[str], str] = str) -> View:
    signs: list[str] = []
    places: list[tuple[int, int]] = []
    for start, end in _clusters(text):
        seen = "".join(sign for sign in text[start:end] if unicodedata.category(sign) not in ("Cf", "Me"))
        written = finish("".join(map(_read, rewrite(seen))))
        signs.append(written)
        places.extend([(start, end)] * len(written))
    return View("".join(signs), tuple(places))


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of each sign with what is written over, around or unseen behind it."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or unicodedata.category(text[place]) not in _UNSEEN:
            yield start, place
            start = place


@lru_cache(maxsize=4096)
def _read(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    if value is not None:
        return str(value)
    if sign in _FILLERS or unicodedata.category(sign) in _UNSEEN:
        return ""
    for first in _SYMBOLS:
        if first <= ord(sign) < first + len(_ALPHABET):
            return _ALPHABET[ord(sign) - first]
    return _MORE_LETTERS.get(sign) or _without_stroke(sign)


def _without_stroke(sign: str) -> str:
    """Return the letter of one with a stroke, a hook or a tail, which no form of Unicode takes apart."""
    if not _EXTENDED[0] <= ord(sign) < _EXTENDED[1] or unicodedata.decomposition(sign):
        return sign
    found = _WITH.match(unicodedata.name(sign, ""))
    if found is None:
        return sign
    return found[2] if found[1] == "CAPITAL" else found[2].lower()
