"""Which tables a release does not have, and why: from its size and its quarter, never from a figure. Pure.

Of what is protected it is not told whether nothing was there or whether it could not be told safely: like a
hidden cell, a table that is missing does not say which of the two it was.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.reporting.catalogue import TABLES, Period, Table
from app.reporting.classes import Label
from app.reporting.derived.every import DERIVED_TABLES
from app.reporting.open_tables.every import OPEN_TABLES
from app.reporting.rules import Quarter, Scale, Scope, Size, scale_beside, scale_of
from app.reporting.subjects.every import SUBJECTS


class Reason(StrEnum):
    """Why a release does not have a table of the catalogue."""

    TOO_SMALL = "too_small"
    PUT_ASIDE = "put_aside"
    ONE_REGION = "one_region"
    YEAR_NOT_ENDED = "year_not_ended"
    YEAR_NOT_TOLD = "year_not_told"
    NOT_TOLD = "not_told"
    NOT_ENTERED = "not_entered"
    WITHOUT_SOURCE = "without_source"


EXPLANATIONS: Mapping[Reason, Label] = {
    Reason.TOO_SMALL: Label(
        "Die KIM-Kommune ist zu klein für diese Gliederung.",
        "The municipality is too small for so much detail.",
    ),
    Reason.PUT_ASIDE: Label(
        "Die Koordination hat weniger Einzelheiten gewählt, als die Größe erlaubt.",
        "The coordination chose less detail than the size allows.",
    ),
    Reason.ONE_REGION: Label(
        "Die KIM-Kommune hat nur eine Region mit genug Fachkräften.",
        "The municipality has only one region with enough case managers.",
    ),
    Reason.YEAR_NOT_ENDED: Label(
        "Jahrestabellen kommen mit dem letzten Quartal des Jahres.",
        "Tables of the year come with its last quarter.",
    ),
    Reason.YEAR_NOT_TOLD: Label(
        "Die Summen des Jahres hätten verraten, was in früheren Quartalen gesperrt ist.",
        "The totals of the year would have given away what earlier quarters hide.",
    ),
    Reason.NOT_TOLD: Label(
        "Es lagen keine Zahlen vor, oder sie ließen sich nicht schützen; welches von beiden, sagt dieser "
        "Berichtsstand nicht.",
        "There were no figures, or they could not be protected; this release does not tell which.",
    ),
    Reason.NOT_ENTERED: Label("Dazu ist nichts eingetragen.", "Nothing was entered."),
    Reason.WITHOUT_SOURCE: Label(
        "Eine der beiden Tabellen, aus denen sie berechnet wird, fehlt in diesem Berichtsstand.",
        "One of the two tables that it is computed from is not in this release.",
    ),
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A table of the catalogue that a release does not have."""

    table: Table
    reason: Reason

    def told(self, language: str) -> dict[str, str]:
        """Return it as a release tells of it."""
        return {
            "name": self.table.name,
            "title": self.table.title.text(language),
            "reason": self.reason,
            "explanation": EXPLANATIONS[self.reason].text(language),
        }


@dataclass(frozen=True, slots=True)
class Offer:
    """What decides about the tables of a release before any figure is seen."""

    quarter: Quarter
    scope: Scope
    size: Size
    detail: str | None


def left_out(offer: Offer, told: Collection[str]) -> Sequence[LeftOut]:
    """Return the public tables that are not among those told, in the order of the catalogue."""
    return [each for each in _every(offer) if each.table.name not in told]


def _every(offer: Offer) -> Iterator[LeftOut]:
    size = offer.size
    for table in TABLES:
        if table.is_public:
            yield LeftOut(table, _of_barriers(table, offer))
    for subject in SUBJECTS:
        for table in subject.tables:
            may, might = scale_beside(size, offer.detail), scale_beside(size)
            yield LeftOut(table, _by_scale(table, may, might) or Reason.NOT_TOLD)
    yield from (LeftOut(each.table, Reason.NOT_ENTERED) for each in OPEN_TABLES)
    yield from (LeftOut(each.table, Reason.WITHOUT_SOURCE) for each in DERIVED_TABLES)


def _of_barriers(table: Table, offer: Offer) -> Reason:
    by_scale = _by_scale(table, scale_of(offer.size, offer.detail), scale_of(offer.size))
    if by_scale is not None:
        return by_scale
    if table.needs_regions and offer.size.regions < 2:
        return Reason.ONE_REGION
    if table.period is Period.YEAR and offer.scope is Scope.QUARTER:
        return Reason.YEAR_NOT_TOLD if offer.quarter.is_last else Reason.YEAR_NOT_ENDED
    return Reason.NOT_TOLD


def _by_scale(table: Table, may: Scale, might: Scale) -> Reason | None:
    if table.scale > might:
        return Reason.TOO_SMALL
    return Reason.PUT_ASIDE if table.scale > may else None
