"""Clients, household by household in the order in which they came."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

from app.clients.matching.forms import forms_of
from app.clients.matching.keys import keys_of
from app.clients.names import sort_key
from app.clients.rules import age_on
from app.demo.days import moment, office_day
from app.demo.histories import Histories
from app.demo.homes import Home, home
from app.demo.people import STREETS, Person
from app.demo.picking import Weighted, between, pick
from app.demo.rows import Ids, Rows
from app.demo.staff import Area, CaseManager
from app.demo.standing import Livelihood, Standing, benefit_now, livelihoods, stand

_DAYS = 900
"""The programme has taken people on for so long."""
_LAST_DAYS = 20
_LEVELS = Weighted(("none", 2), ("A1", 4), ("A2", 4), ("B1", 4), ("B2", 2), ("C1", 1))
_FLUENT = frozenset({"B1", "B2", "C1"})
_HOUSING = Weighted(("private", 60), ("collective", 18), ("municipal", 20), ("sublet", 6))
_EU_HOUSING = Weighted(("private", 70), ("sublet", 25), ("municipal", 5))
_SHELTERED_EACH, _SHELTERED_FIRST = 14, 4
"""Of the households of women without a partner, each so-and-so-many'th lives in a women's shelter."""
_SINGLE = Weighted(("LD", 55), ("GS", 20), ("VH", 15), ("VW", 10))
_RETIRED = 66  # years


@dataclass(frozen=True, slots=True)
class Dwelling:
    """Where a household lives."""

    housing: str
    street: str | None
    municipality: str | None

    @property
    def is_shelter(self) -> bool:
        return self.housing == "womens_shelter"


@dataclass(frozen=True, slots=True)
class DemoClient:
    """A client as the other makers of data see them."""

    id: UUID
    pseudonym: UUID
    household_key: UUID
    person: Person
    manager: CaseManager
    registered_on: date
    frontier: date
    """The registration of the household: nobody who comes later was registered earlier."""
    is_restricted: bool
    dwelling: Dwelling
    standing: Standing
    benefit: str | None
    livelihoods: tuple[Livelihood, ...]
    """What the client has lived on since the arrival, one after the other."""
    works: bool
    level: str | None
    """Of German; none for children."""
    literacy: str | None
    marital_status: str
    household: str
    children_born: tuple[date, ...]
    guardian: Person | None
    needs_interpreter: bool

    def age(self, on: date) -> int:
        return age_on(self.person.birth_date, on)

    @property
    def is_child(self) -> bool:
        return self.person.role == "child"

    @property
    def voice(self) -> Person:
        """Who speaks for the client: the client, for a child a parent."""
        return self.guardian or self.person


class Population:
    """Makes the clients of one area, household by household."""

    def __init__(self, area: Area, rows: Rows, ids: Ids, random: Random, *, today: date) -> None:
        self._area = area
        self._rows = rows
        self._ids = ids
        self._random = random
        self._today = today
        self._histories = Histories(area, rows, ids, random, today=today)
        self.schooling = self._histories.schooling
        self.addresses = self._histories.addresses
        self.parents: dict[UUID, list[tuple[UUID, Person]]] = defaultdict(list)
        """Of each child: the rows of the household that say who its parents are, and who they are."""
        self.children: dict[UUID, list[DemoClient]] = defaultdict(list)
        """Of each household, those of school age."""
        self._lone_women = 0

    def clients(self, number: int) -> Iterator[DemoClient]:
        """Yield so many clients; the managers take households in turn, the days go by."""
        made = turn = 0
        while made < number:
            manager = self._area.managers[turn % len(self._area.managers)]
            turn += 1
            found = home(self._random, self._today, number - made)
            gone = (_DAYS - _LAST_DAYS) * made // number
            registered = office_day(self._today - timedelta(days=_DAYS - gone))
            members = self._members(found, manager, registered)
            for client in members:
                self._write(client)
                if client.id in self.schooling:
                    self.children[client.household_key].append(client)
            self._relate(members, found.kind)
            made += len(members)
            yield from members

    def _members(self, found: Home, manager: CaseManager, registered: date) -> list[DemoClient]:
        random, head = self._random, found.members[0]
        standing = stand(random, head.status, age_on(head.birth_date, self._today), registered, self._today)
        dwelling = self._dwelling(found, head, manager)
        key = self._ids.any()
        children = tuple(each.birth_date for each in found.members if each.role == "child")
        spoken = self._level(head)
        return [
            self._member(found, person, manager, registered, standing, dwelling, key, children, spoken)
            for person in found.members
        ]

    def _member(
        self,
        found: Home,
        person: Person,
        manager: CaseManager,
        registered: date,
        standing: Standing,
        dwelling: Dwelling,
        key: UUID,
        children: tuple[date, ...],
        spoken: str,
    ) -> DemoClient:
        is_child, head = person.role == "child", found.members[0]
        level = None if is_child else spoken if person is head else self._level(person)
        age = age_on(person.birth_date, self._today)
        may_work = not is_child and age < _RETIRED
        works = standing.works and may_work and (person is head or self._random.random() < 0.3)
        day = max(registered, office_day(person.birth_date + timedelta(days=between(self._random, 10, 25))))
        own = replace(standing, arrived_on=max(standing.arrived_on, person.birth_date))
        benefit = benefit_now(person.status, age, works=standing.works and (works or is_child))
        return DemoClient(
            id=self._ids.at(moment(self._random, day)),
            pseudonym=self._ids.any(),
            household_key=key,
            person=person,
            manager=manager,
            registered_on=day,
            frontier=registered,
            is_restricted=dwelling.is_shelter,
            dwelling=dwelling,
            standing=own,
            benefit=benefit,
            livelihoods=tuple(livelihoods(own, benefit, self._today, works=works)),
            works=works,
            level=level,
            literacy=None if is_child else pick(self._random, person.origin.literacy),
            marital_status=self._marital_status(found, person),
            household=_household_type(found, dwelling),
            children_born=() if person.role in {"child", "relative"} else children,
            guardian=head if is_child else None,
            needs_interpreter=(spoken if is_child else level) not in _FLUENT,
        )

    def _level(self, person: Person) -> str:
        level = _LEVELS.pick(self._random)
        settled = person.status in {"NE-9", "NE-26.3", "AE-25B1"}
        return "B1" if settled and level not in _FLUENT else level

    def _dwelling(self, found: Home, head: Person, manager: CaseManager) -> Dwelling:
        if found.kind in {"single", "single_parent"} and head.sex == "w":
            self._lone_women += 1
            if self._lone_women % _SHELTERED_EACH == _SHELTERED_FIRST:
                return Dwelling("womens_shelter", None, None)
        housing = (_EU_HOUSING if head.status == "EU-UB" else _HOUSING).pick(self._random)
        street = f"{pick(self._random, STREETS)} {between(self._random, 1, 140)}"
        town = manager.municipality or pick(self._random, self._area.plan.municipalities)
        return Dwelling(housing, street, town)

    def _write(self, client: DemoClient) -> None:
        person, manager, random = client.person, client.manager, self._random
        forms = forms_of([person.given_name, person.family_name])
        phone = f"+49 15{between(random, 10, 79)} {between(random, 1000000, 9999999)}"
        sheltered = client.is_restricted
        self._rows.add(
            "clients",
            municipal_area_id=self._area.key,
            id=client.id,
            pseudonym=client.pseudonym,
            unit_id=manager.unit_id,
            created_by=manager.user_id,
            is_restricted=sheltered,
            given_name=person.given_name,
            family_name=person.family_name,
            birth_date=person.birth_date,
            birth_precision="day",
            sex=person.sex,
            marital_status=client.marital_status,
            literacy=client.literacy,
            needs_interpreter=None if client.is_child else client.needs_interpreter,
            phone=None if client.is_child else phone,
            contact_channels=["phone", "in_person"] if sheltered else None,
            no_post=sheltered,
            no_voicemail=sheltered,
            no_interpreter_of_same_circle=sheltered,
            must_not_learn="Der frühere Partner und seine Familie." if sheltered else None,
            contact_language=person.origin.language,
            household_key=client.household_key,
            household_type=client.household,
            sort_key=sort_key(person.family_name, person.given_name),
            name_forms=[form.stored() for form in forms],
            name_keys=keys_of(forms),
        )
        registered = moment(random, client.registered_on)
        self._rows.add(
            "assignments",
            municipal_area_id=self._area.key,
            id=self._ids.at(registered),
            user_id=manager.user_id,
            client_id=client.id,
            unit_id=manager.unit_id,
            kind="registrar",
            is_restricted=sheltered,
            active_from=registered,
            created_by=manager.user_id,
            created_at=registered,
        )
        self._histories.write(client, registered)

    def _marital_status(self, found: Home, person: Person) -> str:
        if person.role == "child":
            return "LD"
        if any(each.role == "spouse" for each in found.members) and person.role in {"head", "spouse"}:
            return "VH"
        return _SINGLE.pick(self._random)

    def _relate(self, members: list[DemoClient], kind: str) -> None:
        """Write who is what to whom, each pair from both sides as the API does."""
        for number, one in enumerate(members):
            for other in members[number + 1 :]:
                there, back = _relation(one.person.role, other.person.role, kind)
                later = max(one.registered_on, other.registered_on)
                for client, member, relation in ((one, other, there), (other, one, back)):
                    row = self._ids.at(moment(self._random, later))
                    if client.is_child and relation == "parent":
                        self.parents[client.id].append((row, member.person))
                    self._rows.add(
                        "household_members",
                        municipal_area_id=self._area.key,
                        id=row,
                        client_id=client.id,
                        member_client_id=member.id,
                        relation=relation,
                    )


def _household_type(found: Home, dwelling: Dwelling) -> str:
    adults = sum(person.role != "child" for person in found.members)
    if adults < len(found.members):
        return "single_parent" if adults == 1 else "family"
    if adults > 1:
        return {"siblings": "shared_flat", "three_generations": "family"}.get(found.kind, "couple")
    if dwelling.housing in {"collective", "womens_shelter"}:
        return "accommodation"
    return "shared_flat" if dwelling.housing == "sublet" else "single"


def _relation(one: str, other: str, kind: str) -> tuple[str, str]:
    """Return what the other is to the one, and the one to the other; the one comes first in the home."""
    if other == "child":
        if one == "child":
            return "sibling", "sibling"
        return ("other_relative", "other_relative") if one == "relative" else ("child", "parent")
    if other == "spouse":
        return "spouse", "spouse"
    return ("parent", "child") if kind == "three_generations" else ("sibling", "sibling")
