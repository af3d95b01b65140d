"""Words for documents, what one tells of, and how long one is kept by itself. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from app.kit.clock import months_later

SOURCES: Final = ("upload", "letter", "transfer")
REMOVAL_REASONS: Final = (
    "wrong_person", "wrong_file", "duplicate", "not_needed", "client_wish", "unlawful", "retention",
)  # fmt: skip
BY_HAND: Final = REMOVAL_REASONS[:-1]
"""Reasons that a person gives; `retention` is the system's."""

CATEGORIES_OF_DOCUMENT: Final[Mapping[str, tuple[str, ...]]] = {
    "identity": ("master_data",),
    "residence": ("residence",),
    "certificate": ("education_language",),
    "medical": ("health",),
    "application": ("benefits", "residence"),
    "notice": ("benefits", "residence"),
    "letter": ("case_record",),
    "minutes": ("case_record",),
}
"""Data categories that a document of a category tells about, beside that it is a document. An application or
a notice can be of either authority, so it needs both. What is not named does not leave: consents name their
controller, and of `other` nobody has said yet what it is."""

KEPT_MONTHS: Final = {
    "identity": 12,
    "residence": 24,
    "application": 24,
    "notice": 60,
    "medical": 12,
    "certificate": 60,
    "letter": 60,
}
"""Months after its day for which a document of a category is kept, unless said otherwise; never longer than
its client or case. A category that is not named has no end of its own."""


def kept_until(category: str, dated_on: date) -> date | None:
    """Return the last day on which a document of this category is kept; None: as long as its client."""
    months = KEPT_MONTHS.get(category)
    return months_later(dated_on, months) if months is not None else None
