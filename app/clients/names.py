"""Names as they are sorted, and as they are found in a sentence: spellings fold into one key. Pure.

The fold is for finding, never for showing. Finding a person by name is `matching`.
"""

import re
import unicodedata

# Letters that decomposition leaves whole, and three that sound like German tsch.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "æ": "ae",
        "œ": "oe",
        "ə": "e",
    }
)
_SOUNDING = str.maketrans({"ç": "tsch", "č": "tsch", "ć": "tsch"})

# In this order: longer groups first; one spelling of a sound stands for all of them.
_SOUNDS = (
    ("dsch", "j"), ("dzh", "j"), ("tsch", "1"), ("tch", "1"), ("sch", "s"), ("sh", "s"), ("ch", "1"),
    ("ph", "f"), ("th", "t"), ("dh", "d"), ("gh", "g"), ("kh", "h"), ("zh", "z"), ("dj", "j"), ("ck", "k"),
    ("ae", "a"), ("oe", "o"), ("ue", "u"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ie", "i"),
    ("c", "k"), ("q", "k"), ("1", "c"), ("w", "v"), ("x", "ks"), ("y", "i"), ("j", "i"),
)  # fmt: skip

_APOSTROPHES = re.compile("['`\N{RIGHT SINGLE QUOTATION MARK}\N{ACUTE ACCENT}]")
_WORDS = re.compile(r"[^\W\d_]+")
_TWICE = re.compile(r"(.)\1+")


def fold(word: str) -> str:
    """Return one key for the spellings of a word: Müller, Mueller; Ayşe, Aishe; Mohammed, Mohamed."""
    key = _plain(_lowered(word).translate(_SOUNDING))
    for spelling, sound in _SOUNDS:
        key = key.replace(spelling, sound)
    key = _TWICE.sub(r"\1", key)
    return key[:-1] if len(key) > 2 and key.endswith("h") else key


def sort_key(family_name: str, given_name: str) -> str:
    """Return the key of German order (DIN 5007-1: ä as a, ß as ss), compared byte by byte."""
    return f"{_sortable(family_name)}, {_sortable(given_name)}"


def _sortable(name: str) -> str:
    return " ".join(_plain(word) for word in _words(name))


def _words(name: str) -> list[str]:
    composed = unicodedata.normalize("NFC", _APOSTROPHES.sub("", name))
    return _WORDS.findall(_without_marks(composed))


def _lowered(word: str) -> str:
    return unicodedata.normalize("NFC", word.casefold())


def _plain(word: str) -> str:
    return _without_marks(unicodedata.normalize("NFKD", _lowered(word).translate(_LETTERS)))


def _without_marks(text: str) -> str:
    return "".join(sign for sign in text if not unicodedata.combining(sign))
