"""Words of a name as they count for finding: articles fall, joined and separate spellings meet."""

import re
from collections.abc import Iterable
from itertools import pairwise

from app.clients.matching.scripts import composed

MOST_WORDS = 12
"""Nobody is found better by more words."""

MOST_LETTERS = 40
"""Of a longer word the first letters count: what is compared grows with the square of a word, or faster."""

_APOSTROPHES = re.compile(
    "['`\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{ACUTE ACCENT}"
    "\N{MODIFIER LETTER APOSTROPHE}\N{MODIFIER LETTER PRIME}\N{MODIFIER LETTER LEFT HALF RING}"
    "\N{MODIFIER LETTER RIGHT HALF RING}]"
)
_WORD = re.compile(r"[^\W\d_]+")
_PARTICLES = frozenset({
    "al", "el", "ul", "ad", "ed", "ud", "ar", "er", "ur", "as", "es", "us", "ash", "esh", "asch", "ech", "an",
    "en", "un", "at", "et", "az", "ez", "bin", "ben", "ibn", "bint", "von", "van", "de", "der", "den", "da",
    "dos", "di", "du", "la", "le", "ال", "بن", "ابن", "بنت",
})  # fmt: skip
_SERVANT = re.compile(
    r"^(?:abd|عبد)(?:[aeiou]?(?:l|(?P<same>[rsndtz]|sh|sch|ch)[ ]?(?=(?P=same)))|ال|[eou])?(?=..)"
)
_SERVANTS = frozenset({"abd", "abdul", "abdel", "abdal", "abdou", "abdu", "abdur", "abder", "abdus", "عبد"})
_FATHERS = frozenset({"abu", "abou", "ابو", "أبو", "ابوا"})
_FAITH = re.compile(r"^(.{2,}?)(?:[aeiou]?[ld]?d+[iy]n+e?|ee?ddeen|الدين)$")
_FAITH_ENDS = ("din", "dine", "dyn", "deen", "الدين")
_ARABIC_ARTICLE = re.compile(r"^ال(?=..)")
_ARTICLE = re.compile(r"^[aeu]l(?=....)")


def words_of(name: str) -> list[str]:
    """Return the words of one name in order, composed; particles only when there is nothing else."""
    found = _WORD.findall(_APOSTROPHES.sub("", composed(_apart(name))))[:MOST_WORDS]
    joined = [part[:MOST_LETTERS] for word in _joined(found) for part in _parted(word)]
    return [word for word in joined if word not in _PARTICLES] or joined


def without_article(word: str) -> str | None:
    """Return a word without the Arabic article it may begin with (Alhadi); None where there is none."""
    rest = _ARTICLE.sub("", word)
    return rest if rest != word else None


def _apart(name: str) -> str:
    """Return the name with AlHadi as two words."""
    signs = [f" {sign}" if sign.isupper() and before.islower() else sign for before, sign in pairwise(name)]
    return name[:1] + "".join(signs)


def _joined(found: list[str]) -> Iterable[str]:
    """Yield the words, Abd al-Rahman and Abu Bakr as one."""
    waiting = ""
    for word in found:
        if waiting and word in _PARTICLES:
            continue
        if word in _SERVANTS or word in _FATHERS:
            waiting = "abd" if word in _SERVANTS else "abu"
            continue
        yield waiting + _ARABIC_ARTICLE.sub("", word) if waiting else word
        waiting = ""
    if waiting:
        yield waiting


def _parted(word: str) -> Iterable[str]:
    """Yield the parts of Nureddin; of others the word itself, Abdurrahman and Abdulrahman alike."""
    word = _ARABIC_ARTICLE.sub("", word)
    if word.startswith(("abd", "عبد")) and (servant := _SERVANT.match(word)):
        rest = _ARABIC_ARTICLE.sub("", word[servant.end() :])
        yield "abd" + rest if rest else word
    elif word.endswith(_FAITH_ENDS) and len(word) > 6 and (faith := _FAITH.match(word)):
        yield from (faith[1], "din")
    else:
        yield word
