"""Slips inside a sound: one letter too many in `tsch`, or two exchanged, makes other consonants of it.

A skeleton with one letter left out does not meet these; the skeletons of the repaired words do.
"""

from app.clients.matching.forms import Form
from app.clients.matching.sounds import skeletons_of

_LONG_ENOUGH = 5
_SKELETONS_EACH = 2


def repaired(form: Form) -> frozenset[str]:
    """Return the skeletons of a word with one letter taken out or two neighbours exchanged."""
    word = form.plain
    if not form.has_vowels or len(word) < _LONG_ENOUGH:
        return frozenset()
    shorter = {word[:place] + word[place + 1 :] for place in range(1, len(word))}
    exchanged = {
        word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(1, len(word) - 1)
    }
    skeletons = {each for word in shorter | exchanged for each in skeletons_of(word)[:_SKELETONS_EACH]}
    return frozenset(each for each in skeletons - set(form.skeletons) if len(each) > _SKELETONS_EACH)
