"""Which of the two languages of the labels a caller prefers (`Accept-Language`, RFC 9110)."""

import re
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Header

_PART = re.compile(r"^\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*$")


class Language(StrEnum):
    """A language of labels."""

    GERMAN = "de"
    ENGLISH = "en"


def preferred(header: str | None) -> Language:
    """Return the language that weighs most; German where nothing fits, as in the office."""
    weights = {Language.GERMAN: 0.0, Language.ENGLISH: 0.0}
    for part in (header or "").split(","):
        match = _PART.match(part)
        if match and match[1].lower() in weights:
            language = Language(match[1].lower())
            weights[language] = max(weights[language], float(match[2] or 1))
    return max(weights, key=lambda language: weights[language])


async def _language(
    accept_language: Annotated[str | None, Header(max_length=200, description="`de` or `en`")] = None,
) -> Language:
    return preferred(accept_language)


Preferred = Annotated[Language, Depends(_language)]
