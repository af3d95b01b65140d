"""Offers of institutions: where one turns to, in which languages, with how many free places."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from app.demo.days import moment, office_day_before
from app.demo.picking import between
from app.demo.rows import Ids, Rows
from app.demo.staff import Area, Institution
from app.kit.clock import months_later


@dataclass(frozen=True, slots=True)
class _Offered:
    """What kind of institution offers what; places where it has a number of them."""

    kind: str
    name: str
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    days: tuple[str, ...]
    hours: tuple[str, str]
    how: str
    places: int | None = None
    programme: str | None = None
    youngest: int | None = None
    oldest: int | None = None


_OFFERS = (
    _Offered("sprachkurstraeger", "Integrationskurs mit Alphabetisierung", ("language",),
             ("deu", "ara", "ukr"), ("MO", "TU", "WE", "TH"), ("08:30", "12:45"),
             "Einstufung dienstags mit Anmeldung", 18,
             "Integrationskurse nach § 43 AufenthG", 16),
    _Offered("sprachkurstraeger", "Abendkurs Deutsch B1", ("language",), ("deu",), ("TU", "TH"),
             ("18:00", "21:15"), "Anmeldung am Empfang", 20, "Berufssprachkurse nach § 45a AufenthG", 16),
    _Offered("mbe", "Migrationsberatung", ("authorities", "benefits", "residence"),
             ("deu", "rus", "ukr", "ara"), ("MO", "WE"), ("09:00", "12:00"), "Offene Sprechstunde", None,
             "MBE des Bundes", 27),
    _Offered("jmd", "Beratung für junge Menschen", ("training", "school", "work"), ("deu", "eng", "ara"),
             ("TU", "TH"), ("13:00", "17:00"), "Mit Termin", None, "JMD des Bundes", 12, 27),
    _Offered("schuldnerberatung", "Sprechstunde Schulden", ("debts",), ("deu", "ron"), ("TH",),
             ("09:00", "12:30"), "Ohne Termin, Unterlagen mitbringen", 6),
    _Offered("frauenberatung", "Beratung für Frauen", ("protection", "health", "family"), ("deu", "eng"),
             ("MO", "FR"), ("10:00", "13:00"), "Telefonisch, auch anonym"),
    _Offered("anerkennungsstelle", "Anerkennung ausländischer Abschlüsse", ("recognition", "work"),
             ("deu", "eng"), ("WE",), ("09:00", "15:00"), "Mit Termin", 8, "Förderprogramm IQ"),
    _Offered("kita", "Brückenprojekt für Kinder vor der Kita", ("child_care", "language"), ("deu", "ukr"),
             ("MO", "TU", "WE"), ("09:00", "11:30"), "Anmeldung in der Kita", 10,
             "Brückenprojekte des Landes", 2, 5),
    _Offered("jugendamt", "Frühe Hilfen", ("family", "health"), ("deu",), ("MO", "TU", "WE", "TH", "FR"),
             ("08:00", "12:00"), "Telefonisch", None, "Bundesstiftung Frühe Hilfen"),
)  # fmt: skip


_QUARTERS = 2
"""Places are told at the end of each quarter that is published, so that needs compare with them."""


class Offering:
    """Writes the directory of one area."""

    def __init__(self, area: Area, rows: Rows, ids: Ids, random: Random, *, today: date) -> None:
        self._area = area
        self._rows = rows
        self._ids = ids
        self._random = random
        self._last = office_day_before(today - timedelta(days=1))
        self._quarters = _last_days(today)

    def offer(self) -> None:
        """Write what the institutions of the area offer, each at a site of its own."""
        for offered in _OFFERS:
            for institution in self._area.institutions.get(offered.kind, ())[:1]:
                self._write(institution, offered)

    def _write(self, institution: Institution, offered: _Offered) -> None:
        at = moment(self._random, self._last - timedelta(days=between(self._random, 200, 330)))
        offer, site = self._ids.at(at), self._ids.at(at)
        postcode, _, town = self._area.plan.towns[institution.municipality].partition(" ")
        self._rows.add(
            "institution_sites",
            municipal_area_id=self._area.key,
            id=site,
            institution_id=institution.id,
            name=f"Beratungsräume {town}, {offered.name}",
            municipality=institution.municipality,
            street=f"Bahnhofstraße {between(self._random, 2, 60)}",
            postcode=postcode,
        )
        self._rows.add(
            "offers",
            municipal_area_id=self._area.key,
            id=offer,
            institution_id=institution.id,
            name=offered.name,
            topics=list(offered.topics),
            languages=list(offered.languages),
            minimum_age=offered.youngest,
            maximum_age=offered.oldest,
            how_to_apply=offered.how,
            fees="kostenfrei",
            programme=offered.programme,
            funding_ends_on=date(self._last.year + 1, 12, 31) if offered.programme else None,
            opening_hours=json.dumps(
                [{"days": offered.days, "opens": offered.hours[0], "closes": offered.hours[1]}]
            ),
            site_ids=[site],
        )
        if offered.places is not None:
            for day in (*self._quarters, self._last):
                self._tell(offer, offered.places, day)

    def _tell(self, offer: UUID, places: int, day: date) -> None:
        told = moment(self._random, day)
        self._rows.add(
            "offer_capacities",
            municipal_area_id=self._area.key,
            id=self._ids.at(told),
            offer_id=offer,
            free_places=between(self._random, 0, places // 3),
            places=places,
            told_at=told,
            told_by=self._area.coordinators[0],
        )


def _last_days(today: date) -> list[date]:
    """Return the last days of the office in the quarters that ended last, oldest first."""
    first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    begins = (months_later(first, -3 * each) for each in range(_QUARTERS - 1, -1, -1))
    return [office_day_before(each - timedelta(days=1)) for each in begins]
