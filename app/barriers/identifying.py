"""Whether a sentence about the system tells who it is about: compared with all that is known of a household.

Pure; answers with places only, so that a refusal never repeats what was written.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.barriers import traces
from app.barriers.apart import joined_words
from app.barriers.births import Births
from app.barriers.grouped import Row
from app.barriers.signs import View, is_comparable, plain, readable, turned
from app.barriers.spelling import Names, mixed_words, words

_MINIMUM_STREET = 5
_MINIMUM_NUMBER = 4
_MINIMUM_MAILBOX = 6
_NO_SIGN = re.compile(r"[^a-z0-9]")
_ANYBODYS = frozenset({
    "anfrage", "beratung", "betreuung", "bewerbung", "deutsch", "familie", "kontakt", "kontakte", "office",
    "online", "privat", "schule", "sprachkurs", "termin", "termine", "verein", "verwaltung", "wohnung",
    "zentrale",
})  # fmt: skip
"""Names of mailboxes that are words of every day, and point to nobody in a sentence."""
_STREET = re.compile(
    r"(?:str|straße|strasse|weg|platz|allee|gasse|ring|ufer|damm|markt|hof|familie)$", re.IGNORECASE
)
_PHONE_TAIL = 6
"""So many last digits of a telephone number are enough: area codes are written in many ways or left out."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the persons whom the sentence must not tell of."""

    names: frozenset[str] = frozenset()
    birth_dates: frozenset[date] = frozenset()
    birth_years: frozenset[int] = frozenset()
    """Of those of whom no day is known; a year points to somebody with a word of birth alone."""
    addresses: frozenset[str] = frozenset()
    """Streets with house number, and those in whose care somebody lives."""
    phones: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    """Case numbers and official numbers."""
    emails: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """A place that identifies: offsets in signs, the end not included, and what kind of trace it is."""

    start: int
    end: int
    kind: str


def identifying_passages(text: str, known: Known) -> list[Passage]:
    """Return the places of a text that tell of a person, in order; none overlaps another."""
    seen, low = readable(text), plain(text)
    found = [
        *(Passage(*place, "script") for place in turned(text)),
        *_placed(seen, traces.in_readable(seen.text)),
        *_placed(seen, _foreign_scripts(seen.text)),
        *_placed(seen, _names(seen.text, known)),
        *_placed(low, traces.in_plain(low.text)),
        *_placed(low, _births(low.text, known)),
        *_placed(low, _streets(low.text, known.addresses)),
        *_placed(low, _numbers(low.text, known)),
    ]
    return _merged(found)


def _placed(view: View, found: Iterable[traces.Trace]) -> Iterator[Passage]:
    for kind, start, end in found:
        yield Passage(*view.span(start, end), kind)


def _merged(found: Iterable[Passage]) -> list[Passage]:
    merged: list[Passage] = []
    for passage in sorted(found):
        last = merged[-1] if merged else None
        if last is not None and passage.start < last.end:
            merged[-1] = Passage(last.start, max(last.end, passage.end), last.kind)
        else:
            merged.append(passage)
    return merged


def _foreign_scripts(text: str) -> Iterator[traces.Trace]:
    """Find words in other scripts: a name cannot be compared there, and letters that look alike hide one."""
    for word in words(text):
        if not all(map(is_comparable, word[0])):
            yield ("script", *word.span())


def _names(text: str, known: Known) -> Iterator[traces.Trace]:
    names = Names([*known.names, *_in_care_of(known.addresses)])
    found = list(words(text))
    for word in found:
        if names.has(word[0]):
            yield ("name", *word.span())
    for readings, place in mixed_words(text):
        if any(map(names.has, readings)):
            yield ("name", *place)
    for joined in joined_words(found, names.longest):
        if names.has(joined.word, as_spelt=joined.as_spelt):
            yield ("name", joined.start, joined.end)


def _in_care_of(addresses: Iterable[str]) -> Iterator[str]:
    """Yield what may be a name in an address without a number; a street of that kind stays a street."""
    for address in addresses:
        if not any(sign.isdecimal() for sign in address):
            found = (word[0] for word in words(address))
            long = (word for word in found if len(word) >= _MINIMUM_STREET and word[0].isupper())
            yield from (word for word in long if not _STREET.search(word))


def _births(text: str, known: Known) -> Iterator[traces.Trace]:
    births = Births(known.birth_dates, known.birth_years)
    return (("birth_date", *place) for place in births.places(text))


def _streets(text: str, streets: Iterable[str]) -> Iterator[traces.Trace]:
    in_a_row = _NO_SIGN.sub("", text)
    for street in streets:
        name = re.sub(r"\s*\d+\s*[a-z]?$", "", plain(street).text.strip())
        letters = _NO_SIGN.sub("", re.sub(r"str(?:asse|\.)?$", "str", name))
        # An institution may know of ten thousand streets: a pattern is made for those that can be there.
        if len(letters) < _MINIMUM_STREET or letters not in in_a_row:
            continue
        pattern = r"(?:[^\w,;:!?]|_){0,3}".join(map(re.escape, letters)) + r"(?:asse|\.)?"
        for match in re.finditer(rf"\b{pattern}(?![a-z])", text):
            yield ("address", *match.span())


def _numbers(text: str, known: Known) -> Iterator[traces.Trace]:
    row = Row(text)
    for phone in known.phones:
        digits = re.sub(r"\D", "", phone)[-_PHONE_TAIL:]
        if len(digits) == _PHONE_TAIL:
            yield from (("phone", *place) for place in row.endings(digits))
    for number in known.numbers:
        signs = _NO_SIGN.sub("", plain(number).text)
        if len(signs) >= _MINIMUM_NUMBER:
            yield from (("number", *place) for place in row.places(signs))
    for email in known.emails:
        mailbox = plain(email.partition("@")[0]).text
        signs = _NO_SIGN.sub("", mailbox)
        if len(signs) >= _MINIMUM_MAILBOX and signs not in _ANYBODYS:
            yield from (("email", *place) for place in row.places(signs, is_whole=True))
