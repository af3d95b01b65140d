"""The languages beside German in which letters are written, and the short words in all of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

GERMAN: Final = "deu"


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its code here (ISO 639-3), the one that typesetting knows, and its direction."""

    code: str
    short: str
    is_rtl: bool = False


OTHERS: Final = {
    language.code: language
    for language in (
        Language("eng", "en"),
        Language("ukr", "uk"),
        Language("ara", "ar", is_rtl=True),
        Language("tur", "tr"),
        Language("ron", "ro"),
        Language("bul", "bg"),
    )
}


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    text = (files("app.letters") / "texts" / "words.json").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, str]] = json.loads(text)
    return found


def words(key: str, other: str | None) -> dict[str, Any]:
    """Return short words in German and in the other language."""
    row = _words()[key]
    return {"de": row[GERMAN], "other": row[other] if other else None}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a text, with the words in bold that it begins with."""

    lead: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A text with its title."""

    title: str
    paragraphs: tuple[Paragraph, ...]


def prose_of(markdown: str) -> Prose:
    """Return a shipped text in its parts: a title, then paragraphs that may begin with words in bold."""
    title, *rest = (part.strip() for part in markdown.split("\n\n") if part.strip())
    return Prose(title.removeprefix("# "), tuple(_paragraph(part) for part in rest))


def _paragraph(text: str) -> Paragraph:
    if not text.startswith("**"):
        return Paragraph(None, text)
    lead, _, rest = text[2:].partition("**")
    return Paragraph(lead, rest.strip())


@cache
def privacy_notice(language: str) -> Prose:
    """Return the privacy notice in a language."""
    path = files("app.letters") / "texts" / f"privacy_notice.{language}.{PRIVACY_NOTICE_VERSION}.md"
    return prose_of(path.read_text(encoding="utf-8"))


PRIVACY_NOTICE_VERSION: Final = "1"
