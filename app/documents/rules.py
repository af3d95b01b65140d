"""Words for documents, what one tells of, and how long one is kept by itself. Pure."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from app.catalogues.source import load_entries
from app.kit.clock import months_later

SOURCES: Final = ("upload", "letter", "transfer", "recipient")
"""`recipient`: an institution sent it with its answer to a referral."""
REMOVAL_REASONS: Final = (
    "wrong_person", "wrong_file", "duplicate", "not_needed", "client_wish", "unlawful", "retention",
)  # fmt: skip
BY_HAND: Final = REMOVAL_REASONS[:-1]
"""Reasons that a person gives; `retention` is the system's."""

DOCUMENTS: Final = "documents"


def _told() -> Mapping[str, tuple[str, ...]]:
    told: dict[str, tuple[str, ...]] = {}
    for entry in load_entries():
        if entry.vocabulary == "document_category":
            of = entry.attributes["tells_of"]
            assert isinstance(of, tuple)
            if of:
                told[entry.code] = tuple(code for code in of if code != DOCUMENTS)
    return MappingProxyType(told)


CATEGORIES_OF_DOCUMENT: Final = _told()
"""Data categories that a document of a category tells about, beside that it is a document: `tells_of` of the
catalogue. An application or a notice can be of either authority, so it needs both. What is not named does not
leave: consents name their controller, and of `other` nobody has said yet what it is."""

KEPT_MONTHS: Final = {
    "identity": 12,
    "residence": 24,
    "application": 24,
    "notice": 60,
    "medical": 12,
    "certificate": 60,
    "letter": 60,
}
"""Months for which a document of a category is kept after its day or, if that is later, after it came in,
unless said otherwise; never longer than its client or case. What is not named has no end of its own."""
LEAST_MONTHS: Final = 1
"""So long at least a document is still there after somebody has said what it is."""


def kept_until(category: str, dated_on: date, came_on: date, today: date) -> date | None:
    """Return the last day on which a document of this category is kept; None: as long as its client.

    A paper of long ago is filed because it is needed now: a birth certificate of 2015 is not over by itself.
    """
    months = KEPT_MONTHS.get(category)
    if months is None:
        return None
    return max(months_later(max(dated_on, came_on), months), months_later(today, LEAST_MONTHS))
