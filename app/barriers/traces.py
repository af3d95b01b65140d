"""Patterns that point to some person, whoever it is: dates, numbers, addresses, forms of address. Pure.

What is known of one person is compared in `identifying`; here nothing is known. Each pattern begins where
a run of its signs begins, and what repeats is bounded or not given back: a text is read once.
"""

import re
from collections.abc import Iterator
from itertools import chain

MONTHS = (
    ("januar", "january", "jan", "jaenner", "janner"), ("februar", "february", "feb"),
    ("maerz", "marz", "march", "mar"), ("april", "apr"), ("mai", "may"), ("juni", "june", "jun"),
    ("juli", "july", "jul"), ("august", "aug"), ("september", "sept", "sep"),
    ("oktober", "october", "okt", "oct"), ("november", "nov"), ("dezember", "december", "dez", "dec"),
)  # fmt: skip
"""Names of the months as `signs.plain` writes them, German and English."""

MONTH_WORDS = "|".join(sorted(chain.from_iterable(MONTHS), key=len, reverse=True))
_GROUPED = r"[\s()/._\u00b7\u2022\u2010-\u2015\u2212-]{0,2}"
"""What may stand between the digits of a telephone number."""
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"

_ON_PLAIN: tuple[tuple[str, str], ...] = (
    # 3.5.2026, 03.05., 3/5/26, 3-5-2026; a time of day or a share such as 8.30 or 1/2 is no date
    ("date", rf"\b{_DAY}\s?\.\s?{_MONTH}\s?\.(?:\s?\d{{2,4}})?"),
    ("date", rf"\b{_DAY}\s?([/-])\s?{_MONTH}\s?\1\s?(?:\d{{4}}|\d{{2}})\b"),
    ("date", rf"\b(?:19|20)\d\d\s?([/.-])\s?{_MONTH}\s?\1\s?{_DAY}\b"),
    ("date", rf"\b{_DAY}(?:\.|st|nd|rd|th)?\s?(?:of\s)?(?:{MONTH_WORDS})\b"),
    ("date", rf"\b(?:{MONTH_WORDS})\.?\s{_DAY}(?:st|nd|rd|th)?(?=\b(?!\d))"),
    ("age", r"\b\d{1,3}\s?-?\s?(?:jahrig|jaehrig|jahre?n? alt|monate alt|years? old|year-old|j\.)"),
    ("age", r"\b(?:geb(?:oren)?|jahrgang|jg|born)\b\.?(?:\s(?:am|im|in|on))?\s?\d{1,4}"),
    (
        "email",
        r"(?<![\w.+-])[\w.+-]++\s?(?:@|\(at\)|\[at\])\s?[\w-]++(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w-]+)+",
    ),
    (
        "address",
        r"(?<![\w-])-*+[\w-]*(?:strasse|str\.|allee|gasse|platz|weg|ring|ufer|damm)\s?\d+(?:\s?[a-z]\b)?",
    ),
    ("phone", rf"(?:\+|\b00)\s?[1-9](?:{_GROUPED}\d){{5,}}"),
    ("number", r"\d{5,}"),
    ("number", r"\b\d{2,3}(?: \d{3}){2,}\b"),
)

_ON_READABLE: tuple[tuple[str, str], ...] = (
    ("number", r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,4})?\b"),
    ("number", r"\b(?=(?:[A-Z]*\d){4})(?=\d*[A-Z])[A-Z0-9]{7,12}\b"),
    ("number", r"\b(?:Az|Aktenzeichen|BG|AZR)[.:\s-]{1,3}[\w/.-]{0,40}\d[\w/.-]{0,40}\d[\w/.-]{0,40}\d"),
    (
        "person",
        r"\b(?:Herrn?|Frau|Hr\.|Fr\.|Familie|Fam\.|Mrs?\.?|Ms\.?|Dr\.|Prof\.)\s+(?:(?:Dr|Prof)\.\s+){0,4}[A-ZÄÖÜ][\w'\u2019.-]*",
    ),
)

# A phone number without country code begins with 0; opening hours (08.30-12.00) do so too.
_LOCAL_PHONE = re.compile(rf"\(?\b0\d(?:{_GROUPED}\d){{5,}}")
_HOURS = re.compile(r"\d{1,2}[.:]\d{2}\s?[-\u2013\u2014]\s?\d{1,2}[.:]\d{2}")

_PLAIN = tuple((kind, re.compile(pattern)) for kind, pattern in _ON_PLAIN)
_READABLE = tuple((kind, re.compile(pattern)) for kind, pattern in _ON_READABLE)

Trace = tuple[str, int, int]
"""Kind, start and end within the text that was searched."""


def in_plain(text: str) -> Iterator[Trace]:
    """Yield what points to somebody in a text in lower case without accents."""
    for kind, pattern in _PLAIN:
        yield from ((kind, *match.span()) for match in pattern.finditer(text))
    for match in _LOCAL_PHONE.finditer(text):
        if not _HOURS.fullmatch(match[0]):
            yield ("phone", *match.span())


def in_readable(text: str) -> Iterator[Trace]:
    """Yield what points to somebody in a text as it is read, where capitals count."""
    for kind, pattern in _READABLE:
        yield from ((kind, *match.span()) for match in pattern.finditer(text))
