"""What a template may say: known placeholders, and nothing that tells of a person. Pure."""

import re
from collections.abc import Iterator
from datetime import timedelta

KEEP_DRAFTS = timedelta(days=30)
"""How long a draft is kept after it was last saved."""

PLACEHOLDERS = frozenset(
    {"client", "case_manager", "date", "time", "institution", "language", "interpreter", "next_appointment"}
)
"""What the frontend puts in when an entry is written."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_TELLING = {
    "a date": re.compile(
        r"\b\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:\d{2}|\d{4})\b|\b\d{4}-\d{1,2}-\d{1,2}\b"
    ),
    "an e-mail address": re.compile(r"\S@\S"),
    "a number of five or more digits": re.compile(r"\d(?:[\s/()-]?\d){4,}"),
}


def faults(text: str) -> Iterator[tuple[str, str]]:
    """Yield kind and sentence for each thing that a template's text or name may not hold."""
    if not PLACEHOLDERS.issuperset(_PLACEHOLDER.findall(text)):
        known = ", ".join(sorted(PLACEHOLDERS))
        yield "unknown_placeholder", f"Placeholders are: {known}."
    if set(_PLACEHOLDER.sub("", text)) & {"{", "}"}:
        yield "braces", "Braces enclose a placeholder, such as {client}, and stand nowhere else."
    for what, shape in _TELLING.items():
        text, times = shape.subn("", text)
        if times:
            yield "tells_of_a_person", f"A template is for everybody: it cannot hold {what}."
