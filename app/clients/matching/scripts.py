"""Readings: a word of any script in Latin letters, ambiguous letters as capitals (see `sounds`).

`anyascii` reads what no table here names; the tables hold the letters whose usual transliterations differ.
"""
# ruff: noqa: RUF001 - letters of other scripts are what this module is about

import re
import unicodedata

from anyascii import anyascii

_CYRILLIC = {
    "щ": "Q", "ш": "S", "ч": "S", "ж": "S", "ц": "S", "х": "kh", "г": "gh", "ґ": "g", "ъ": "a", "ь": "",
    "й": "i", "и": "i", "ы": "i", "і": "i", "ї": "i", "є": "ie", "э": "e", "ё": "io", "ю": "iu", "я": "ia",
    "ђ": "X", "џ": "S", "ў": "u",
}  # fmt: skip
_ARABIC = {
    "ا": "a", "أ": "a", "إ": "a", "آ": "a", "ٱ": "a", "ع": "a", "ء": "", "ؤ": "", "ئ": "i", "ى": "a",
    "ة": "a",
    "ث": "Y", "ج": "Z", "چ": "S", "ح": ".h", "ه": ".h", "خ": "kh", "غ": "gh", "گ": "g", "ذ": "X", "ض": "X",
    "ظ": "X", "ز": "s", "ژ": "S", "س": "s", "ش": "S", "ص": "s", "ط": "t", "ت": "t", "د": "d", "ق": "k",
    "ك": "k", "ک": "k", "و": "W", "ي": "y", "ی": "y", "پ": "p", "ب": "b", "ڤ": "v", "ف": "f", "ـ": "",
}  # fmt: skip
_GREEK = {
    "β": "B", "χ": "kh", "ξ": "ks", "ψ": "ps", "θ": "th", "φ": "f", "η": "i", "υ": "i", "ω": "o",
}  # fmt: skip
_LATIN = {
    "ŝ": "Q", "š": "S", "ş": "S", "ș": "S", "ž": "S", "č": "S", "ć": "S", "ç": "S", "ź": "S", "ż": "S",
    "ś": "S",
    "ţ": "T", "ț": "T", "ğ": "gh", "đ": "X", "ð": "X", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ə": "e",
    "ḫ": "kh", "ẖ": "kh", "ġ": "gh", "ǧ": "S", "ḏ": "X", "ẓ": "X", "ḍ": "X", "ṯ": "Y", "ĥ": "kh",
}  # fmt: skip
_LETTERS = str.maketrans(_CYRILLIC | _ARABIC | _GREEK | _LATIN)

# Greek writes b, d and g with two letters, and v with an upsilon after a vowel.
_GREEK_PAIRS = (
    ("ου", "u"), ("μπ", "P"), ("ντ", "N"), ("γκ", "G"), ("γγ", "K"), ("τζ", "S"), ("τσ", "S"), ("αυ", "aW"),
    ("ευ", "eW"), ("ηυ", "iW"),
)  # fmt: skip
_SOFT_GAMMA = re.compile("γ(?=[ειυη])")
_HAS_GREEK = re.compile("[\N{GREEK SMALL LETTER ALPHA}-\N{GREEK SMALL LETTER OMEGA}]")
_CONSONANTS_ONLY = re.compile("[\u0590-\u05ff\u0600-\u06ff\u0750-\u077f]")
_SIGNS = re.compile("[^a-zA-Z]")
_UNREAD = re.compile("[^a-zA-Z.]")


def composed(text: str) -> str:
    """Return text in lower case and one form of each sign, without vowel signs and invisible ones."""
    folded = unicodedata.normalize("NFKC", text.replace("İ", "i").casefold())
    return "".join(sign for sign in folded if unicodedata.category(sign) not in ("Mn", "Cf"))


def reading(word: str) -> str:
    """Return the reading of one composed word: a-z and the capitals of `sounds`.

    A point stands before an h that is no part of sh, kh or th.
    """
    if _HAS_GREEK.search(word):
        word = _greek(word)
    return _UNREAD.sub("", "".join(_read(sign) for sign in word.translate(_LETTERS)))


def plain(word: str) -> str:
    """Return the word as it is typed without a special keyboard: accents fall, other scripts are read."""
    return _SIGNS.sub("", anyascii(word).lower())


def lacks_vowels(word: str) -> bool:
    """Tell whether a script leaves short vowels out (Arabic, Hebrew)."""
    return bool(_CONSONANTS_ONLY.search(word))


def _greek(word: str) -> str:
    word = "".join(s for s in unicodedata.normalize("NFD", word) if not unicodedata.combining(s))
    for pair, sound in _GREEK_PAIRS:
        word = word.replace(pair, sound)
    return _SOFT_GAMMA.sub("F", word)


def _read(sign: str) -> str:
    return sign if sign.isascii() else anyascii(sign).lower()
