"""Words that stand apart in a text and may be one: Gourban Zadeh, Gour-banzadeh, S c h i r i n. Pure.

Everyday words beside each other often sound like a name ("was im": Wasim); separated by a space they are
joined with something else only, and then have to be that name letter by letter as keys are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

MOST_JOINED = 3
"""So many words of more than one letter are joined; of single letters as many as a name may have."""
_FEWEST_LETTERS = 3
_MOST_BETWEEN = 3
_BETWEEN_LETTERS = re.compile(r"[\W_]{1,3}")
_BETWEEN_WORDS = re.compile(r"(?:[^\w\s,.;:!?]|[_,.;:!?](?!\s)|\s)+")
_APOSTROPHES = frozenset(
    "'`\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{ACUTE ACCENT}"
    "\N{MODIFIER LETTER APOSTROPHE}"
)
_WORDS_OF_EVERY_DAY = """
ab aber alle allem allen aller alles als also am amt an ans arm art auch auf aus bald bei beim bin bis
bist da dabei dafür damit dann daran darf darin das dass dein dem den denn der des dich die dies diese
dieser dir doch dort drei du durch ehe eher ein eine einem einen einer eines er erst es etwa euch euer
fast für gab ganz gar geben geht gern gibt gut hat habe haben hatte her hier hin ich ihm ihn ihnen ihr
ihre im immer in ins ist it ja je jede jeder jetzt kam kann kein keine kind klar kommt lag lang laut
leer liegt ließ man mal mehr mein meist mich mir mit muss nach nahm nein neu nicht nichts nie noch nun
nur ob oder ohne oft per pro rat recht sah sagt sehr sein seine seit sich sie sind so soll sonst statt
tag tat teil tun tut über um und uns unser unter viel vom von vor wann war waren warum was weg weil weit
wem wen wenn wer wird wir wo wohl wurde zeit zu zum zur zwar zwei a and are as at be by for has he her
his i if is not of on or she the to was we who you
"""
_EVERYDAY = frozenset(map(str.casefold, _WORDS_OF_EVERY_DAY.split()))


@dataclass(frozen=True, slots=True)
class Joined:
    """Neighbours as one word, and where they stand."""

    word: str
    start: int
    end: int
    as_spelt: bool
    """Whether a spelling that only sounds alike is too little: an everyday word is part of it."""


def joined_words(found: list[re.Match[str]], longest: int) -> Iterator[Joined]:
    """Yield the neighbours among the words of a text that may be one word of at most so many letters."""
    for run in _runs(found):
        for first in range(len(run)):
            yield from _from(run[first : first + longest], longest)


def _runs(found: list[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """Yield the words in groups between which nothing is joined."""
    run: list[re.Match[str]] = found[:1]
    for before, word in pairwise(found):
        if _touch(before, word):
            run.append(word)
        else:
            yield run
            run = [word]
    yield run


def _touch(before: re.Match[str], word: re.Match[str]) -> bool:
    between = before.string[before.end() : word.start()]
    if len(between) > _MOST_BETWEEN or (between in _APOSTROPHES and word[0].casefold() == "s"):
        return False
    letters = len(before[0]) == len(word[0]) == 1
    return (_BETWEEN_LETTERS if letters else _BETWEEN_WORDS).fullmatch(between) is not None


def _from(run: list[re.Match[str]], longest: int) -> Iterator[Joined]:
    """Yield what begins with the first of these words."""
    written, words, everyday, is_spaced = "", 0, 0, True
    for count, word in enumerate(run, 1):
        if count > 1:
            is_spaced &= word.string[run[count - 2].end() : word.start()].isspace()
        written += word[0]
        words += len(word[0]) > 1
        everyday += len(word[0]) > 1 and word[0].casefold() in _EVERYDAY
        if words > MOST_JOINED or len(written) > longest:
            return
        if count == 1 or (words == 0 and count < _FEWEST_LETTERS):
            continue
        if not is_spaced or everyday < count:
            yield Joined(written, run[0].start(), word.end(), as_spelt=is_spaced and everyday > 0)
