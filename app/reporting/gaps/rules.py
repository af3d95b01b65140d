"""How a need compares with what is offered: in a word, and as places for each person. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.protection import Status
from app.reporting.classes import Label


class Gap(StrEnum):
    """What is to be said of a topic."""

    NO_OFFER = "no_offer"
    NO_FREE_PLACE = "no_free_place"
    FEWER_PLACES = "fewer_places_than_persons"
    ENOUGH_PLACES = "places_for_all"
    PLACES_NOT_KNOWN = "places_not_known"
    NO_NEED = "no_need"
    NEED_NOT_KNOWN = "need_not_known"
    OFFERS_NOT_KNOWN = "offers_not_known"
    NOT_COMPARED = "not_compared"


SAID: Mapping[Gap, Label] = {
    Gap.NO_OFFER: Label("kein Angebot", "no offer at all"),
    Gap.NO_FREE_PLACE: Label("kein freier Platz", "no free place"),
    Gap.FEWER_PLACES: Label("weniger freie Plätze als Personen", "fewer free places than persons"),
    Gap.ENOUGH_PLACES: Label("freie Plätze für alle", "free places for all"),
    Gap.PLACES_NOT_KNOWN: Label("freie Plätze nicht vollständig bekannt", "free places not fully known"),
    Gap.NO_NEED: Label("kein Bedarf genannt", "no need told"),
    Gap.NEED_NOT_KNOWN: Label("Bedarf nicht bekannt", "need not known"),
    Gap.OFFERS_NOT_KNOWN: Label("Angebote nicht bekannt", "offers not known"),
    Gap.NOT_COMPARED: Label("nur je Thema vergleichbar", "compared by topic only"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as a release tells it; no value where it is suppressed or was not collected."""

    status: str
    value: int | None


NOT_COLLECTED = Figure(Status.NOT_COLLECTED, None)


@dataclass(frozen=True, slots=True)
class Offered:
    """What is at hand: offers, and the free places that were told."""

    offers: int
    free: int | None
    """Places of those that told; None where there are offers and none of them did."""
    is_known: bool
    """Whether every offer told of its free places."""
    told: int | None = None
    """How many did; by region it is not told."""
    in_region: int | None = None
    """Offers that are found in the region itself; None where no region is asked about."""


def gap_of(persons: Figure, offered: Offered | None) -> Gap:
    """Return how persons with a need compare with free places; a hidden need is compared with nothing."""
    if persons.value is None:
        return Gap.NEED_NOT_KNOWN
    if offered is None:
        return Gap.OFFERS_NOT_KNOWN
    return _compared(persons.value, offered) if persons.value else Gap.NO_NEED


def _compared(persons: int, offered: Offered) -> Gap:
    if not offered.offers:
        return Gap.NO_OFFER
    if offered.free is not None and offered.free >= persons:
        return Gap.ENOUGH_PLACES
    if not offered.is_known:
        return Gap.PLACES_NOT_KNOWN
    return Gap.FEWER_PLACES if offered.free else Gap.NO_FREE_PLACE


def places_per_person(persons: Figure, offered: Offered | None) -> float | None:
    """Return free places for each person; none where the need is hidden or an offer did not tell."""
    if not persons.value or offered is None or offered.free is None or not offered.is_known:
        return None
    return round(offered.free / persons.value, 2)


def added(figures: list[Figure]) -> Figure:
    """Return the sum where every part is told, as its readers could add it up themselves."""
    if any(each.status == Status.SUPPRESSED for each in figures):
        return Figure(Status.SUPPRESSED, None)
    values = [each.value for each in figures if each.value is not None]
    if len(values) < len(figures):
        return NOT_COLLECTED
    return Figure(Status.PUBLISHED if sum(values) else Status.ZERO, sum(values))
