"""Forms: what is stored of each word of a person's names, so that comparing needs no transliteration."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.clients.matching.scripts import lacks_vowels, plain, reading
from app.clients.matching.sounds import sound
from app.clients.matching.words import MOST_LETTERS, without_article, words_of

_JOINED_LEAST = 3
"""So many consonants a joined word has at least: shorter ones sound like too many others."""


@dataclass(frozen=True, slots=True)
class Form:
    """One word: as typed without accents, as it sounds, its skeletons, and whether its vowels are known."""

    plain: str
    folded: str
    skeletons: tuple[str, ...]
    has_vowels: bool

    @classmethod
    def of(cls, word: str) -> "Form":
        """Return the form of one composed word (`words_of`)."""
        letters = plain(word)[:MOST_LETTERS]
        has_vowels = not lacks_vowels(word)
        heard = sound(reading(word)[:MOST_LETTERS], doubles_count=not has_vowels)
        if not heard.skeletons or not letters:
            # Nothing that could be read: the word stands for itself.
            letters = "x" + word.encode().hex()
            return cls(letters, letters, (letters,), has_vowels=True)
        skeletons = dict.fromkeys(heard.skeletons)
        rest = without_article(letters)
        if rest is not None:
            skeletons |= dict.fromkeys(sound(rest).skeletons[:2])
        return cls(letters, heard.folded, tuple(skeletons), has_vowels)

    @classmethod
    def parsed(cls, stored: str) -> "Form":
        """Return the form that was stored as text."""
        letters, folded, skeletons, vowels = stored.split("|")
        return cls(letters, folded, tuple(skeletons.split(",")), vowels == "v")

    def and_(self, following: "Form") -> "Form | None":
        """Return the form of both written as one word; None where they are no two parts of one.

        Nobody joins two words that sound the same, or signs that cannot be read.
        """
        letters = self.plain + following.plain
        if not letters.isalpha() or not set(self.skeletons).isdisjoint(following.skeletons):
            return None
        form = replace(Form.of(letters), has_vowels=self.has_vowels and following.has_vowels)
        return form if len(form.skeletons[0]) >= _JOINED_LEAST else None

    def stored(self) -> str:
        """Return the text that `parsed` reads."""
        vowels = "v" if self.has_vowels else ""
        return f"{self.plain}|{self.folded}|{','.join(self.skeletons)}|{vowels}"


def forms_of(names: Iterable[str | None]) -> list[Form]:
    """Return the forms of all words of all names of one person, in their order."""
    return [Form.of(word) for name in names if name for word in words_of(name)]


def joined_of(forms: Sequence[Form]) -> list[Form | None]:
    """Return the forms of neighbours written as one word: of Gourban Zadeh that of Gourbanzadeh."""
    return [one.and_(other) for one, other in pairwise(forms)]
