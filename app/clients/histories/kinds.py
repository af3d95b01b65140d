"""The five histories: which codes are checked, what follows from what was sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.catalogues.check import require_code, vocabulary
from app.clients.rules import LEVEL_SKILLS, ONE_AT_A_TIME, SHELTER, residence_strand
from app.kit.errors import Invalid

Values = dict[str, Any]


class HistoryName(StrEnum):
    """A history as it stands in the address."""

    RESIDENCE_DOCUMENTS = "residence-documents"
    LEGAL_DOMAINS = "legal-domains"
    ADDRESSES = "addresses"
    LANGUAGES = "languages"
    SCHOOLING = "schooling"


@dataclass(frozen=True, slots=True)
class HistoryKind:
    """One history."""

    name: HistoryName
    act: str
    """Its word in the journal."""
    codes: Mapping[str, str]
    """Column to vocabulary."""
    settle: Callable[[Values, str], None]
    """Complete and check the values of one row; raises 422 at this place of the body."""
    strand: Callable[[Values], Values]
    """The columns by which rows exclude each other."""

    def values(self, sent: Values, place: str) -> Values:
        """Return the columns of a row; raise 422 for a code that is none or what contradicts itself."""
        for column, name in self.codes.items():
            require_code(name, sent.get(column), f"{place}.{column}")
        values = dict(sent)
        self.settle(values, place)
        return values


def _as_sent(_: Values, __: str) -> None:
    """Nothing follows from what was sent."""


def _settle_residence(values: Values, place: str) -> None:
    status = vocabulary("residence_status")[values["residence_status"]]
    if not status.attributes["selectable"]:
        raise Invalid.at(f"{place}.residence_status", "code_not_valid", "This status is no longer given.")
    if values.get("continued_until") and not values.get("continued_effect"):
        raise Invalid.at(f"{place}.continued_effect", "missing", "Say on which basis it continues.")
    values["strand"] = residence_strand(status.parent or "")


def _settle_legal_domain(values: Values, place: str) -> None:
    if (values.get("legal_domain") is None) == (values.get("livelihood") is None):
        raise Invalid.at(
            f"{place}.legal_domain", "one_of", "Send either a legal domain or another livelihood."
        )
    if values.get("livelihood") is not None and values["strand"] != "livelihood":
        raise Invalid.at(f"{place}.strand", "strand_wrong", "A livelihood belongs to the strand livelihood.")


_PLACES = ("care_of", "street", "postcode", "town", "municipality")


def _settle_address(values: Values, place: str) -> None:
    if values.get("housing_type") == SHELTER and any(values.get(name) for name in _PLACES):
        raise Invalid.at(
            f"{place}.housing_type",
            "address_not_stored",
            "Of a women's shelter only the fact is stored: leave out street, town and municipality.",
        )


def _benefit_strand(values: Values) -> Values:
    if values["strand"] in ONE_AT_A_TIME:
        return {"strand": values["strand"]}
    return {"strand": values["strand"], "legal_domain": values["legal_domain"]}


RESIDENCE_DOCUMENTS = HistoryKind(
    HistoryName.RESIDENCE_DOCUMENTS,
    "residence_document",
    {
        "residence_status": "residence_status",
        "continued_effect": "continued_effect",
        "work_permission": "work_permission",
        "eu_ground": "eu_ground",
    },
    _settle_residence,
    lambda values: {"strand": values["strand"]},
)
LEGAL_DOMAINS = HistoryKind(
    HistoryName.LEGAL_DOMAINS,
    "legal_domain",
    {"strand": "benefit_strand", "legal_domain": "legal_domain", "livelihood": "livelihood"},
    _settle_legal_domain,
    _benefit_strand,
)
ADDRESSES = HistoryKind(
    HistoryName.ADDRESSES,
    "address",
    {"housing_type": "housing_type", "municipality": "municipality"},
    _settle_address,
    lambda values: {"strand": values["strand"]},
)
LANGUAGES = HistoryKind(
    HistoryName.LANGUAGES,
    "language_level",
    {
        "language": "language",
        "evidence": "language_evidence",
        **dict.fromkeys(LEVEL_SKILLS, "cefr_level"),
    },
    _as_sent,
    lambda values: {"language": values["language"]},
)
SCHOOLING = HistoryKind(
    HistoryName.SCHOOLING,
    "schooling",
    {"school_step": "school_step"},
    _as_sent,
    lambda _: {},
)

HISTORY: Mapping[HistoryName, HistoryKind] = {
    kind.name: kind for kind in (RESIDENCE_DOCUMENTS, LEGAL_DOMAINS, ADDRESSES, LANGUAGES, SCHOOLING)
}
