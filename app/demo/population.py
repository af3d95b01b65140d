"""Clients with their households and histories."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import asyncpg

from app.clients.names import name_keys, sort_key
from app.clients.rules import age_on, residence_strand
from app.demo.people import STREETS, Person, household
from app.demo.rows import Ids, Rows
from app.demo.staff import Area, CaseManager

_LEVELS = ("none", "A1", "A1", "A2", "A2", "B1", "B1", "B2", "C1")
_NO_END = {"EU-UB", "NE-9", "NE-26.3"}
UKRAINE_CONTINUED = date(2027, 3, 4)
"""§ 24 titles valid on 1 February 2026 continue to this day by ordinance."""


@dataclass(frozen=True)
class DemoClient:
    """A client as the other makers of data see them."""

    id: UUID
    pseudonym: UUID
    household_key: UUID
    person: Person
    manager: CaseManager
    registered_on: date
    is_restricted: bool

    def is_adult(self, on: date) -> bool:
        return age_on(self.person.birth_date, on) >= 18


class Population:
    """Makes the clients of one area, household by household."""

    def __init__(self, area: Area, rows: Rows, ids: Ids, random: Random, *, today: date) -> None:
        self._area = area
        self._rows = rows
        self._ids = ids
        self._random = random
        self._today = today

    def clients(self, number: int) -> Iterator[DemoClient]:
        """Yield so many clients; the managers take households in turn."""
        made = 0
        turn = 0
        while made < number:
            manager = self._area.managers[turn % len(self._area.managers)]
            turn += 1
            members = household(self._random, self._today)[: number - made]
            home = [self._client(person, manager, self._ids.any()) for person in members[:1]]
            home += [self._client(person, manager, home[0].household_key) for person in members[1:]]
            self._relate(home)
            made += len(home)
            yield from home

    def _client(self, person: Person, manager: CaseManager, household_key: UUID) -> DemoClient:
        random = self._random
        registered = self._today - timedelta(days=random.randint(20, 900))
        client = DemoClient(
            id=self._ids.at(_moment(registered)),
            pseudonym=self._ids.any(),
            household_key=household_key,
            person=person,
            manager=manager,
            registered_on=max(registered, person.birth_date),
            is_restricted=random.random() < 0.01,
        )
        keys = name_keys([person.given_name, person.family_name])
        adult = client.is_adult(self._today)
        self._rows.add(
            "clients",
            municipal_area_id=self._area.key,
            id=client.id,
            pseudonym=client.pseudonym,
            unit_id=manager.unit_id,
            created_by=manager.user_id,
            is_restricted=client.is_restricted,
            given_name=person.given_name,
            family_name=person.family_name,
            birth_date=person.birth_date,
            birth_precision="day",
            sex=person.sex,
            literacy=random.choice(person.origin.literacy) if adult else None,
            needs_interpreter=random.random() < 0.5,
            phone=f"+49 15{random.randint(10, 79)} {random.randint(1000000, 9999999)}" if adult else None,
            contact_language=person.origin.language,
            household_key=household_key,
            household_type="family",
            sort_key=sort_key(person.family_name, person.given_name),
            name_text=keys.text,
            name_words=list(keys.words),
            name_consonants=list(keys.consonants),
        )
        self._assign(client)
        self._histories(client, adult=adult)
        return client

    def _assign(self, client: DemoClient) -> None:
        self._rows.add(
            "assignments",
            municipal_area_id=self._area.key,
            id=self._ids.at(_moment(client.registered_on)),
            user_id=client.manager.user_id,
            client_id=client.id,
            unit_id=client.manager.unit_id,
            kind="registrar",
            is_restricted=client.is_restricted,
            active_from=_moment(client.registered_on),
            created_by=client.manager.user_id,
        )

    def _histories(self, client: DemoClient, *, adult: bool) -> None:
        self._rows.add(
            "client_nationalities",
            municipal_area_id=self._area.key,
            id=self._ids.at(_moment(client.registered_on)),
            client_id=client.id,
            nationality=client.person.origin.nationality,
            position=0,
        )
        self._residence(client)
        self._livelihood(client)
        self._address(client)
        self._languages(client, adult=adult)
        self._school(client)

    def _period(
        self, table: str, client: DemoClient, begin: date, end: date | None = None, **values: object
    ) -> None:
        self._rows.add(
            table,
            municipal_area_id=self._area.key,
            id=self._ids.at(_moment(client.registered_on)),
            client_id=client.id,
            valid=asyncpg.Range(begin, end),
            recorded_at=_moment(client.registered_on),
            recorded_by=client.manager.user_id,
            **values,
        )

    def _residence(self, client: DemoClient) -> None:
        status = client.person.status
        begin = max(
            client.person.birth_date, client.registered_on - timedelta(days=self._random.randint(30, 700))
        )
        end = None if status in _NO_END else self._today + timedelta(days=self._random.randint(-60, 700))
        if status == "AE-24":
            end = date(2026, 3, 4) if self._today >= date(2026, 3, 4) else date(2025, 3, 4)
        self._period(
            "residence_documents",
            client,
            begin,
            strand=residence_strand(_group(status)),
            residence_status=status,
            printed_end=end if end is None or end > begin else begin + timedelta(days=365),
            continued_effect="ordinance" if status == "AE-24" else None,
            continued_until=UKRAINE_CONTINUED if status == "AE-24" else None,
            work_permission="not_allowed" if status in {"DU-60B", "GEST"} else "allowed",
            eu_ground="worker" if status == "EU-UB" else None,
            evidence="original",
        )

    def _livelihood(self, client: DemoClient) -> None:
        status = client.person.status
        begin = max(client.person.birth_date, client.registered_on - timedelta(days=200))
        now = "ASYLBLG" if status.startswith(("DU-", "GEST")) else "SGB_II"
        changed = client.registered_on + timedelta(days=self._random.randint(10, 200))
        if status == "AE-24" and changed > begin:
            self._benefit(client, begin, changed, "ASYLBLG")
            begin = changed
        if status == "EU-UB" and self._random.random() < 0.6:
            self._period("legal_domain_periods", client, begin, strand="livelihood", legal_domain=None,
                         livelihood="work")  # fmt: skip
        else:
            self._benefit(client, begin, None, now)

    def _benefit(self, client: DemoClient, begin: date, end: date | None, domain: str) -> None:
        self._period("legal_domain_periods", client, begin, end, strand="livelihood", legal_domain=domain,
                     livelihood=None)  # fmt: skip

    def _address(self, client: DemoClient) -> None:
        municipality = client.manager.municipality or self._random.choice(sorted(self._area.plan.towns))
        postcode, town = self._area.plan.towns[municipality].split(" ", 1)
        kind = self._random.choices(("private", "collective", "municipal", "sublet"), (6, 2, 2, 1))[0]
        self._period(
            "addresses",
            client,
            client.registered_on,
            strand="registered",
            housing_type=kind,
            street=f"{self._random.choice(STREETS)} {self._random.randint(1, 140)}",
            postcode=postcode,
            town=town,
            municipality=municipality,
        )

    def _languages(self, client: DemoClient, *, adult: bool) -> None:
        begin = client.registered_on
        self._period("language_levels", client, begin, language=client.person.origin.language, is_native=True,
                     overall=None, evidence=None)  # fmt: skip
        if adult:
            level = self._random.choice(_LEVELS)
            evidence = "certificate" if level in {"B1", "B2", "C1"} else "estimate"
            self._period("language_levels", client, begin, language="deu", is_native=False, overall=level,
                         evidence=evidence)  # fmt: skip

    def _school(self, client: DemoClient) -> None:
        if 6 <= age_on(client.person.birth_date, self._today) <= 17:
            step = self._random.choices(("attending", "waiting", "support_class", "allocated"), (6, 2, 2, 1))[
                0
            ]
            self._period("schooling_periods", client, client.registered_on, school_step=step, school=None)

    def _relate(self, home: list[DemoClient]) -> None:
        for other in home[1:]:
            adult = other.is_adult(self._today)
            self._rows.add(
                "household_members",
                municipal_area_id=self._area.key,
                id=self._ids.at(_moment(other.registered_on)),
                client_id=home[0].id,
                member_client_id=other.id,
                relation="spouse" if adult else "child",
            )


def _group(status: str) -> str:
    return "fiktion" if status.startswith("FIK") else "title"


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC)
