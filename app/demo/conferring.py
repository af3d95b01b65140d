"""Case conferences about open cases, with the institution of a referral that is under way."""

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from app.consents.rules import default_end
from app.consents.texts import digest_of
from app.demo.days import day_within, moment, office_day, office_day_before
from app.demo.documenting import agreed_by
from app.demo.picking import between, pick
from app.demo.referring import CATEGORIES, DemoReferral
from app.demo.rows import Ids, Rows
from app.demo.staff import Area

_UNDER_WAY = frozenset({"accepted", "in_progress", "on_hold"})
_EVERY = 3
_OCCASIONS = (
    "Wer übernimmt welchen nächsten Schritt",
    "Übergang in die Zuständigkeit der Einrichtung",
    "Stand der Anträge, offene Unterlagen",
)
_RECORDS = (
    "Die Einrichtung prüft den Antrag bis zum Monatsende. Fehlende Unterlagen sind benannt.",
    "Zuständigkeiten geklärt: Ansprechperson bleibt die Einrichtung, wir begleiten zum ersten Termin.",
    "Gemeinsam durchgegangen, was noch fehlt. Rückmeldung in vier Wochen.",
)
_TASKS = ("Nachfragen, ob der Antrag geprüft ist", "Fehlende Unterlagen nachreichen")
_PEOPLE = ("Frau Albers", "Herr Demir", "Frau Kowalski", "Herr Lindemann")
_DAYS_BEFORE, _DAYS_AHEAD = 12, 14


class Conferring:
    """Writes the conferences of the cases of one area; draws from a chance of its own."""

    def __init__(self, area: Area, rows: Rows, ids: Ids, random: Random, *, today: date) -> None:
        self._area = area
        self._rows = rows
        self._ids = ids
        self._random = random
        self._today = today
        self._under_way: Counter[UUID] = Counter()
        self._held = 0

    def confer(self, referral: DemoReferral) -> None:
        """Write one for every third referral of a case manager under way: one held, the next planned."""
        if referral.state not in _UNDER_WAY or not referral.case.is_open:
            return
        manager = referral.case.client.manager.user_id
        self._under_way[manager] += 1
        if self._under_way[manager] % _EVERY != 1:
            return
        self._held += 1
        after = referral.steps[-1].date() + timedelta(days=1)
        yesterday = office_day_before(self._today - timedelta(days=1))
        is_held = self._held % 2 == 0 and after <= yesterday
        if is_held:
            day = day_within(self._random, max(after, yesterday - timedelta(days=_DAYS_BEFORE)), yesterday)
        else:
            day = office_day(self._today + timedelta(days=between(self._random, 1, _DAYS_AHEAD)))
        self._conference(referral, moment(self._random, day), is_held=is_held)

    def _conference(self, referral: DemoReferral, at: datetime, *, is_held: bool) -> None:
        case, manager = referral.case, referral.case.client.manager
        asked = referral.steps[-1] + timedelta(minutes=20)
        conference, consent = self._ids.at(asked), self._consent(referral, asked)
        over = at + timedelta(hours=1)
        self._rows.add(
            "conferences",
            municipal_area_id=self._area.key,
            id=conference,
            case_id=case.id,
            form="case_conference",
            occasion=pick(self._random, _OCCASIONS),
            mode=pick(self._random, ("on_site", "online")),
            starts_at=at,
            minutes=60,
            client_takes_part=True,
            state="held" if is_held else "planned",
            record=pick(self._random, _RECORDS) if is_held else None,
            ended_at=over if is_held else None,
            ended_by=manager.user_id if is_held else None,
            created_by=manager.user_id,
            created_at=asked,
        )
        common = {
            "municipal_area_id": self._area.key, "conference_id": conference, "case_id": case.id,
            "attended": True if is_held else None, "invited_by": manager.user_id, "invited_at": asked,
        }  # fmt: skip
        self._rows.add("conference_participants", id=self._ids.at(asked), user_id=manager.user_id, **common)
        self._rows.add(
            "conference_participants",
            id=self._ids.at(asked),
            institution_id=referral.institution.id,
            name=pick(self._random, _PEOPLE),
            function="Sachbearbeitung",
            legal_basis="consent",
            consent_id=consent,
            data_categories=CATEGORIES,
            **common,
        )
        if is_held:
            self._came_of_it(referral, conference, over)

    def _came_of_it(self, referral: DemoReferral, conference: UUID, over: datetime) -> None:
        case, manager = referral.case, referral.case.client.manager
        self._rows.add(
            "disclosure_log",
            municipal_area_id=self._area.key,
            id=self._ids.at(over),
            at=over,
            case_id=case.id,
            client_pseudonym=case.client.pseudonym,
            unit_id=manager.unit_id,
            institution_id=referral.institution.id,
            legal_basis="consent",
            purpose="case_conference",
            data_categories=CATEGORIES,
            channel="conference",
            disclosed_by=manager.user_id,
        )
        task = self._ids.at(over)
        self._rows.add(
            "tasks",
            municipal_area_id=self._area.key,
            id=task,
            case_id=case.id,
            title=pick(self._random, _TASKS),
            due_on=office_day(self._today + timedelta(days=between(self._random, 2, 28))),
            assignee_id=manager.user_id,
            created_by=manager.user_id,
            created_at=over,
        )
        self._rows.add(
            "conference_agreements",
            municipal_area_id=self._area.key,
            id=self._ids.at(over),
            conference_id=conference,
            case_id=case.id,
            task_id=task,
            institution_id=referral.institution.id,
        )

    def _consent(self, referral: DemoReferral, given: datetime) -> UUID:
        client, consent = referral.case.client, self._ids.at(given)
        self._rows.add(
            "consents",
            municipal_area_id=self._area.key,
            id=consent,
            client_id=client.id,
            case_id=referral.case.id,
            purpose="case_conference",
            institution_id=referral.institution.id,
            data_categories=CATEGORIES,
            direction="mutual",
            text_sha256=digest_of("case_conference", "deu", "1"),
            **agreed_by(client),
            given_at=given,
            given_on=given.date(),
            valid_until=default_end(given.date()),
            evidence="Papierakte, Blatt 6",
            recorded_by=client.manager.user_id,
        )
        return consent
