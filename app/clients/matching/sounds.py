"""Sounds: a reading as classes of consonants and plain vowels. What cannot be told apart has several classes.

The classes are coarse on purpose (t and d, b and p, all hissing sounds): they bring candidates, and the
letters decide their order.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, product
from math import prod

MOST_SKELETONS = 6
"""A word of more ambiguous letters is looked for under its first skeletons only."""

# Each spelling of a sound, the longest first, and the classes it may mean; an empty class is no consonant.
_CLASSES: dict[str, tuple[str, ...]] = {
    "schtsch": ("s", "sd"), "stsch": ("s", "sd"), "shch": ("s", "sd"), "Q": ("s", "sd"),
    "dsch": ("s",), "tsch": ("s",), "tch": ("s",), "sch": ("s",), "dzh": ("s",), "sh": ("s",), "zh": ("s",),
    "ts": ("s",), "tz": ("s",), "dz": ("s",), "dj": ("s",), "cz": ("s",), "sz": ("s",), "dS": ("s",),
    "ch": ("s", "h"), "Z": ("s", "h"), "ck": ("k",), "kh": ("h",), "gh": ("h",), "ph": ("v", "bh"),
    "E": ("sh", "s"),
    "th": ("d", "s"), "Y": ("d", "s"), "dh": ("d", "s"), "X": ("d", "s"), "T": ("s", "d"),
    "N": ("d", "nd"), "P": ("b", "mb"), "G": ("h", "hk"), "K": ("nh", "h"), "B": ("v", "b"), "F": ("h", ""),
    "W": ("v", ""), "S": ("s",), "b": ("b",), "c": ("k", "s"), "d": ("d",), "f": ("v",), "g": ("h", "s"),
    "h": ("h",), "j": ("", "s"), "k": ("k",), "l": ("l",), "m": ("m",), "n": ("n",), "p": ("b",), "q": ("k",),
    "r": ("r",), "s": ("s",), "t": ("d",), "v": ("v",), "x": ("ks", "h"), "z": ("s",),
}  # fmt: skip
_VOWELS = "[aeiouy]+"
_VOWEL = "-"
_LAST = ("", _VOWEL, *sorted({letter for each in _CLASSES.values() for one in each for letter in one}))
_FEW = 64
"""So many picks are tried one by one, which is the faster way for nearly every name."""
_TOKENS = re.compile("|".join([_VOWELS, *sorted(_CLASSES, key=len, reverse=True)]))
# Before a, e and i the letter w is a consonant, elsewhere it may be part of a vowel (Dawud, Taufik).
_CONSONANT_W = re.compile("w(?=[aei])")
_FRENCH_W = re.compile("ou(?=[aeiy])")
_FIRST_PAIRS = (("mp", "b"), ("nt", "d"), ("gk", "g"))
_TWICE = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Sound:
    """How a word sounds: its letters folded, and the skeletons under which it may be meant."""

    folded: str
    skeletons: tuple[str, ...]


def sound(reading: str, *, doubles_count: bool = False) -> Sound:
    """Return the sound of a reading; the first skeleton is the likeliest.

    `doubles_count` in scripts without vowels, where two equal letters have one between them.
    """
    return Sound(_folded(reading), skeletons_of(reading, doubles_count=doubles_count))


def skeletons_of(reading: str, *, doubles_count: bool = False) -> tuple[str, ...]:
    """Return the skeletons of a reading alone: twice as fast as its whole sound."""
    tokens = _TOKENS.findall(_prepared(reading) if doubles_count else _TWICE.sub(r"\1", _prepared(reading)))
    if len(tokens) > 1 and tokens[-1] == "h":
        tokens.pop()
    choices = [(_VOWEL,) if _is_vowel(token) else _CLASSES[token] for token in tokens]
    if prod(map(len, choices)) <= _FEW:
        return _one_by_one(choices, doubles_count=doubles_count)
    return _from_behind(choices, doubles_count=doubles_count)


def _one_by_one(choices: Sequence[tuple[str, ...]], *, doubles_count: bool) -> tuple[str, ...]:
    skeletons: dict[str, None] = {}
    for picked in product(*choices):
        begins = "a" if picked and picked[0] in ("", _VOWEL) else ""
        written = "".join(picked) if doubles_count else _TWICE.sub(r"\1", "".join(picked))
        skeletons[begins + written.replace(_VOWEL, "")] = None
        if len(skeletons) == MOST_SKELETONS:
            break
    return tuple(skeletons)


def _from_behind(choices: Sequence[tuple[str, ...]], *, doubles_count: bool) -> tuple[str, ...]:
    """Return the same without picking each: js written sixty times has 2 to the 60 picks and two skeletons.

    What can follow is kept for each letter that may stand before it, since only that one decides which double
    falls; more than the first few are never needed.
    """
    following: dict[str, tuple[str, ...]] = dict.fromkeys(_LAST, ("",))
    for choice in reversed(choices[1:]):
        following = {last: _few(_written(each, last, following, doubles_count) for each in choice)
                     for last in _LAST}  # fmt: skip
    return _few(
        ["a" * (each in ("", _VOWEL)) + rest for rest in _written(each, "", following, doubles_count)]
        for each in choices[0]
    )


def _written(
    piece: str, last: str, following: Mapping[str, tuple[str, ...]], doubles_count: bool
) -> list[str]:
    """Return a piece behind a letter with all that can follow it; vowels only keep doubles apart."""
    written = ""
    for letter in piece:
        if doubles_count or letter != last:
            written += letter
        last = letter
    return [written.replace(_VOWEL, "") + rest for rest in following[last]]


def _few(found: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(islice(dict.fromkeys(chain.from_iterable(found)), MOST_SKELETONS))


def _folded(reading: str) -> str:
    """Return the letters with one spelling for each sound; j as y, as in most of the languages here."""
    tokens = _TOKENS.findall(_prepared(reading).replace("dj", "S").replace("j", "y"))
    if len(tokens) > 1 and tokens[-1] == "h":
        tokens.pop()
    letters = "".join(_vowel(token) if _is_vowel(token) else _letter(token) for token in tokens)
    return _TWICE.sub(r"\1", letters)


def _prepared(reading: str) -> str:
    if "w" in reading:
        reading = _CONSONANT_W.sub("v", reading).replace("w", "W")
    if "ou" in reading:
        reading = _FRENCH_W.sub("W", reading)
    for pair, sounding in _FIRST_PAIRS:
        if reading.startswith(pair):
            reading = sounding + reading[2:]
    # Isaac in Arabic has s and h beside each other.
    return "iE" + reading[3:] if reading.startswith(("isha", "is.ha")) else reading


def _is_vowel(token: str) -> bool:
    return token[0] in "aeiouy"


def _vowel(group: str) -> str:
    """Return one vowel for a group: ou as u, ya as a, iy as i, ae as a."""
    open_vowels = group.replace("i", "").replace("y", "")
    if not open_vowels:
        return "i"
    return "u" if open_vowels == "ou" else open_vowels[0]


def _letter(token: str) -> str:
    first = _CLASSES[token][0]
    return first if len(token) > 1 else _KEPT.get(token, first)


_KEPT = {"d": "d", "t": "t", "b": "b", "p": "p", "g": "g", "z": "z", "f": "f"}
