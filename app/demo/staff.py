"""Units, institutions, positions and the people who work there, with accounts that can sign in."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from uuid import UUID

from app.demo.picking import pick
from app.demo.places import SEAT, AreaPlan, UnitPlan
from app.demo.rows import Ids, Rows

_PRIMARY, _UPPER = 10, 16  # years
_REFERRED_TO = frozenset({"ki", "town", "welfare"})
_STREETS = (
    "Marktplatz 3",
    "Bahnhofstraße 21",
    "Kirchplatz 8",
    "Am Rathaus 1",
    "Lindenallee 14",
    "Poststraße 5",
)
_FILLED_YEARS = 4
"""Since when everybody works there: longer than the oldest case."""
_FUNDED_BEFORE = 2
"""Years before this one of which the positions are known: as long as reports go back."""
_ON_PLATFORM = frozenset(
    {
        "jobcenter", "schule", "auslaenderbehoerde", "sprachkurstraeger", "mbe", "sozialamt", "wohnungsamt",
        "schulamt", "kita", "schuldnerberatung", "frauenberatung",
    }
)  # fmt: skip


@dataclass(frozen=True)
class CaseManager:
    """Who works with clients."""

    user_id: UUID
    unit_id: UUID
    municipality: str | None


@dataclass(frozen=True)
class Institution:
    """A partner outside."""

    id: UUID
    kind: str
    name: str
    municipality: str


@dataclass
class Area:
    """A municipal area with the ids of everybody and everything in it."""

    plan: AreaPlan
    managers: list[CaseManager] = field(default_factory=list)
    coordinators: list[UUID] = field(default_factory=list)
    assistants: list[UUID] = field(default_factory=list)
    officers: list[tuple[UUID, UUID]] = field(default_factory=list)
    """Authorities of component 3, each with an officer."""
    partners: dict[UUID, UUID] = field(default_factory=dict)
    """Who answers at an institution on the platform."""
    institutions: dict[str, list[Institution]] = field(default_factory=lambda: defaultdict(list))
    units: dict[str, UUID] = field(default_factory=dict)
    _nearest: dict[tuple[str, str | None], Institution | None] = field(default_factory=dict)

    def institution(self, kind: str, municipality: str | None, age: int) -> Institution | None:
        """Return the institution of a kind for somebody of this town and age; None when the area has none."""
        if kind == "schule":
            return self._school(age)
        if (kind, municipality) not in self._nearest:
            found = self.institutions.get(kind, [])
            near = [each for each in found if each.municipality == municipality]
            self._nearest[kind, municipality] = next(iter(near or found), None)
        return self._nearest[kind, municipality]

    def school(self, age: int) -> str:
        """Return the name of a school for this age."""
        return self._school(age).name

    def _school(self, age: int) -> Institution:
        stage = "Grundschule" if age < _PRIMARY else "Berufskolleg" if age >= _UPPER else "Gesamtschule"
        return next(each for each in self.institutions["schule"] if stage in each.name)

    @property
    def key(self) -> str:
        return self.plan.key


@dataclass(frozen=True)
class DemoAccount:
    """An account as var/demo.json names it."""

    email: str
    roles: tuple[str, ...]
    unit: str
    area: str


class Staffing:
    """Hires everybody of one area."""

    def __init__(
        self, plan: AreaPlan, rows: Rows, ids: Ids, *, now: datetime, password_hash: str, names: Iterator[str]
    ) -> None:
        self.area = Area(plan)
        self.accounts: list[DemoAccount] = []
        self._rows = rows
        self._ids = ids
        self._now = now
        self._hash = password_hash
        self._names = names

    def hire(self) -> None:
        """Make units, institutions, positions and people."""
        for unit in self.area.plan.units:
            self._unit(unit)
        self._institutions()
        self._district()

    def hire_land(self) -> None:
        """Make the unit of the Land, with somebody who reads what is published."""
        for unit in self.area.plan.units:
            self._unit(unit)
            self._person("state_viewer", unit.name)

    def add_managers(self, number: int, random: Random) -> None:
        """Hire further case managers, without accounts that sign in: a large volume needs many hands."""
        units = list(self.area.plan.units)
        for index in range(number):
            plan = units[index % len(units)]
            user = self._user(f"Fachkraft {index + 1}", sign_in=False)
            self._member(user, "case_manager", unit=self.area.units[plan.name])
            town = plan.municipality or pick(random, self.area.plan.municipalities)
            self.area.managers.append(CaseManager(user, self.area.units[plan.name], town))

    def _unit(self, plan: UnitPlan) -> None:
        unit = self._ids.at(self._now)
        self.area.units[plan.name] = unit
        towns = self.area.plan.towns
        postcode, _, town = towns[plan.municipality or SEAT.get(self.area.key, min(towns))].partition(" ")
        self._rows.add(
            "units",
            municipal_area_id=self.area.key,
            id=unit,
            name=plan.name,
            kind=plan.kind,
            municipality=plan.municipality,
            legal_regime=plan.legal_regime,
            is_public_body=plan.is_public_body,
            is_sgb_body=plan.is_sgb_body,
            takes_referrals=plan.kind in _REFERRED_TO,
            street=_STREETS[len(self.area.units) % len(_STREETS)],
            postcode=postcode,
            town=town,
        )
        for share in plan.shares:
            user = self._person("case_manager", plan.name)
            self.area.managers.append(CaseManager(user, unit, plan.municipality))
            self._position(unit, component=2, share=share, place=plan.municipality)
        if plan.has_team_lead:
            self._person("team_lead", plan.name)

    def _institutions(self) -> None:
        for kind, name, municipality in self.area.plan.institutions:
            institution = self._ids.at(self._now)
            self.area.institutions[kind].append(Institution(institution, kind, name, municipality))
            on_platform = kind in _ON_PLATFORM
            self._rows.add(
                "institutions",
                municipal_area_id=self.area.key,
                id=institution,
                name=name,
                institution_type=kind,
                municipality=municipality,
                postcode=self.area.plan.towns[municipality].split(" ", 1)[0],
                on_platform=on_platform,
            )
            if on_platform:
                role = "authority_officer" if kind == "auslaenderbehoerde" else "partner_user"
                user = self._user(next(self._names), sign_in=True, roles=(role,), place=name)
                self._member(user, role, institution=institution)
                self.area.partners[institution] = user
                if role == "authority_officer":
                    self.area.officers.append((institution, user))

    def _district(self) -> None:
        plan = self.area.plan
        office = plan.units[0].name
        unit = self.area.units[office]
        for share in plan.coordinator_shares:
            self.area.coordinators.append(self._person("coordinator", office))
            self._position(unit, component=1, share=share)
        self._position(unit, component=1, share=plan.assistant_share, is_assistant=True)
        for share in plan.component_3:
            self._position(unit, component=3, share=share)
        for role in ("steering_member", "assistant", "privacy_officer", "admin"):
            user = self._person(role, office)
            if role == "assistant":
                self.area.assistants.append(user)

    def _position(
        self,
        unit: UUID,
        *,
        component: int,
        share: float,
        place: str | None = None,
        is_assistant: bool = False,
    ) -> None:
        for year in range(self._now.year - _FUNDED_BEFORE, self._now.year + 1):
            self._rows.add(
                "positions",
                municipal_area_id=self.area.key,
                id=self._ids.at(self._now),
                unit_id=unit,
                component=component,
                is_assistant=is_assistant,
                full_time_equivalents=share,
                funded_year=year,
                place_of_work=place and self.area.plan.towns[place].split(" ", 1)[1],
                filled_from=date(self._now.year - _FILLED_YEARS, 4, 1),
            )

    def _person(self, role: str, unit: str) -> UUID:
        user = self._user(next(self._names), sign_in=True, roles=(role,), place=unit)
        self._member(user, role, unit=self.area.units[unit])
        return user

    def _user(self, name: str, *, sign_in: bool, roles: tuple[str, ...] = (), place: str = "") -> UUID:
        account, user = self._ids.at(self._now), self._ids.at(self._now)
        email = f"{_mail_name(name)}@{'demo' if sign_in else 'nobody'}.kim.example"
        if not sign_in:
            email = f"{user}@nobody.kim.example"
        self._rows.add(
            "accounts", id=account, email=email, password_hash=self._hash if sign_in else None,
            password_changed_at=self._now,
        )  # fmt: skip
        self._rows.add(
            "users", municipal_area_id=self.area.key, id=user, account_id=account, display_name=name
        )
        if sign_in:
            self.accounts.append(DemoAccount(email, roles, place, self.area.key))
        return user

    def _member(
        self, user: UUID, role: str, *, unit: UUID | None = None, institution: UUID | None = None
    ) -> None:
        self._rows.add(
            "memberships",
            municipal_area_id=self.area.key,
            id=self._ids.at(self._now),
            user_id=user,
            role=role,
            unit_id=unit,
            institution_id=institution,
            started_at=self._now.replace(year=self._now.year - _FILLED_YEARS, month=4, day=1),
        )


def _mail_name(name: str) -> str:
    plain = name.lower()
    for letter, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        plain = plain.replace(letter, letters)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]+", ".", plain).strip(".")
