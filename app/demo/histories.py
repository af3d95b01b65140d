"""The histories of a client: nationality, residence, livelihood, address, languages, school."""

from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from app.clients.rules import TITLE
from app.demo.days import moment
from app.demo.picking import Weighted, between
from app.demo.rows import Ids, Rows
from app.demo.staff import Area
from app.demo.standing import paper, work_permission

if TYPE_CHECKING:
    from app.demo.population import DemoClient

SCHOOL_AGE, LAST_SCHOOL_AGE = 6, 17  # years, § 34 SchulG NRW
_STEPS = Weighted(
    ("attending", 5), ("waiting", 6), ("support_class", 2), ("allocated", 1), ("counselling", 1)
)
_ON_THE_WAY_SINCE = (110, 300)  # days
_WITH_SCHOOL = frozenset({"attending", "support_class"})


class Histories:
    """Writes the dated periods of the clients of one area."""

    def __init__(self, area: Area, rows: Rows, ids: Ids, random: Random, *, today: date) -> None:
        self._area = area
        self._rows = rows
        self._ids = ids
        self._random = random
        self._today = today
        self.schooling: dict[UUID, tuple[str, date]] = {}
        """Where each child stands on the way into school, and since when."""
        self.addresses: dict[UUID, UUID] = {}
        """The period of each client's address."""

    def write(self, client: "DemoClient", registered: datetime) -> None:
        """Write every history of a client."""
        self._rows.add(
            "client_nationalities",
            municipal_area_id=self._area.key,
            id=self._ids.at(registered),
            client_id=client.id,
            nationality=client.person.origin.nationality,
            position=0,
        )
        self._residence(client, registered)
        self._livelihood(client, registered)
        self._address(client, registered)
        self._languages(client, registered)
        self._school(client, registered)

    def _period(
        self,
        table: str,
        client: "DemoClient",
        recorded: datetime,
        begin: date,
        end: date | None = None,
        **values: object,
    ) -> UUID:
        """Write a period and return its id; one that begins after the registration was recorded then."""
        if begin > client.registered_on:
            recorded = moment(self._random, begin)
        period = self._ids.at(recorded)
        self._rows.add(
            table,
            municipal_area_id=self._area.key,
            id=period,
            client_id=client.id,
            valid=asyncpg.Range(begin, end),
            recorded_at=recorded,
            recorded_by=client.manager.user_id,
            **values,
        )
        return period

    def _residence(self, client: "DemoClient", registered: datetime) -> None:
        status, age = client.person.status, client.age(self._today)
        found = paper(self._random, status, client.standing.arrived_on, self._today)
        ground = "worker" if client.works else "family" if client.is_child else "jobseeker"
        self._period(
            "residence_documents",
            client,
            registered,
            found.begin,
            strand=TITLE,
            residence_status=status,
            printed_end=found.printed_end,
            continued_effect=found.continued_effect,
            continued_until=found.continued_until,
            work_permission=work_permission(status, age),
            eu_ground=ground if status == "EU-UB" else None,
            evidence="original",
        )

    def _livelihood(self, client: "DemoClient", registered: datetime) -> None:
        for each in client.livelihoods:
            self._period(
                "legal_domain_periods", client, registered, each.begin, each.end, strand="livelihood",
                legal_domain=each.source if each.is_benefit else None,
                livelihood=None if each.is_benefit else each.source,
            )  # fmt: skip

    def _address(self, client: "DemoClient", registered: datetime) -> None:
        dwelling = client.dwelling
        place = self._area.plan.towns[dwelling.municipality].split(" ", 1) if dwelling.municipality else None
        self.addresses[client.id] = self._period(
            "addresses",
            client,
            registered,
            client.registered_on,
            strand="actual" if dwelling.is_shelter else "registered",
            housing_type=dwelling.housing,
            street=dwelling.street,
            postcode=place and place[0],
            town=place and place[1],
            municipality=dwelling.municipality,
        )

    def _languages(self, client: "DemoClient", registered: datetime) -> None:
        begin, native = client.registered_on, client.person.origin.language
        self._period("language_levels", client, registered, begin, language=native, is_native=True,
                     overall=None, evidence=None)  # fmt: skip
        if client.level:
            evidence = "estimate" if client.level in {"none", "A1", "A2"} else "certificate"
            self._period("language_levels", client, registered, begin, language="deu", is_native=False,
                         overall=client.level, evidence=evidence)  # fmt: skip

    def _school(self, client: "DemoClient", registered: datetime) -> None:
        """Write where a child stands on the way into school; nobody is on it before the sixth birthday."""
        age = client.age(self._today)
        if not SCHOOL_AGE <= age <= LAST_SCHOOL_AGE:
            return
        born = client.person.birth_date
        of_age = born + timedelta(days=SCHOOL_AGE * 366)
        step = _STEPS.pick(self._random)
        school = self._area.school(age) if step in _WITH_SCHOOL else None
        since = self._today - timedelta(days=between(self._random, *_ON_THE_WAY_SINCE))
        first = client.registered_on if step == "attending" else max(client.registered_on, since)
        begin = min(max(first, of_age), self._today)
        self.schooling[client.id] = (step, begin)
        self._period("schooling_periods", client, registered, begin, school_step=step, school=school)
