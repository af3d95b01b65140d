"""Who decides for children, and what people say is wrong in their files or must not be used."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from app.demo.casework import DemoCase
from app.demo.days import day_within, moment, office_day_before
from app.demo.people import Person
from app.demo.picking import pick
from app.demo.rows import Ids, Rows
from app.demo.staff import Area

_GUARDED, _DISPUTED = 3, 2
"""Children with recorded guardians and disputes, of each case manager."""
_LATE = 15
"""The hour, UTC, in which the office closes."""
_CUSTODY = ["custody"]
_CARE = ["authorities", "health"]
_SOLE, _JOINT = "Auskunft des Jugendamts nach § 58 SGB VIII", "Heiratsurkunde mit Übersetzung lag vor"
_COURT = "Beschluss des Familiengerichts, Ergänzungspflegschaft, Kopie in der Akte"

_OF_FIELDS = (
    ("phone", "Die Nummer gehört einem Bekannten, meine eigene ist neu.", "Die neue Nummer ist eingetragen.",
     "corrected"),
    ("literacy", "Ich kann in meiner Sprache lesen und schreiben, das wurde falsch verstanden.",
     "Im Gespräch mit Sprachmittlung ließ sich nicht klären, welche Schrift gemeint war.", "undecidable"),
    ("marital_status", "Mein Familienstand stimmt nicht, die Urkunde aus dem Herkunftsland kommt noch.",
     "Die Urkunde bestätigt, was eingetragen war.", "confirmed"),
)  # fmt: skip
"""Field of the person, what they say, and how it ended when it did."""
_OF_THE_ADDRESS = "Die Anschrift stimmt nicht: die Hausnummer ist die der früheren Unterkunft."
_NOTE = "Bis die Meldebescheinigung vorliegt, wird an diese Anschrift nichts geschickt."


class Entrusting:
    """Writes them for the clients of one area; draws from a chance of its own."""

    def __init__(
        self,
        area: Area,
        rows: Rows,
        ids: Ids,
        random: Random,
        *,
        today: date,
        parents: Mapping[UUID, Sequence[tuple[UUID, Person]]],
        addresses: Mapping[UUID, UUID],
    ) -> None:
        self._area = area
        self._rows = rows
        self._ids = ids
        self._random = random
        self._yesterday = office_day_before(today - timedelta(days=1))
        self._parents = parents
        self._addresses = addresses
        self._guarded: Counter[UUID] = Counter()
        self._disputed: Counter[UUID] = Counter()
        self._seen: set[UUID] = set()
        self._has_supplementary = self._has_restricted = False

    def write(self, case: DemoCase) -> None:
        """Write what there is to the client of a case, once."""
        client = case.client
        if not case.is_open or client.is_restricted or client.id in self._seen:
            return
        self._seen.add(client.id)
        if client.is_child:
            self._guardians(case)
        elif case.opened_on < self._yesterday - timedelta(days=30):
            self._dispute(case)

    def _guardians(self, case: DemoCase) -> None:
        client, manager = case.client, case.client.manager
        parents = self._parents.get(client.id, ())
        is_joint = len(parents) > 1
        if not parents or (is_joint and case.is_referred) or self._guarded[manager.user_id] >= _GUARDED:
            return
        self._guarded[manager.user_id] += 1
        at = moment(self._random, case.opened_on)
        if is_joint:
            # Written down at last, so that no consent of one parent alone comes after it.
            at = moment(self._random, self._yesterday).replace(hour=_LATE, minute=5)
        for member, _ in parents:
            self._guardian(case, at, kind="parent", member_id=member, institution_id=None, scope=_CUSTODY,
                           is_joint=is_joint, valid_from=client.person.birth_date,
                           evidence=_JOINT if is_joint else _SOLE)  # fmt: skip
        office = self._area.institution("jugendamt", client.dwelling.municipality, 0)
        if office and not is_joint and not self._has_supplementary:
            self._has_supplementary = True
            self._guardian(case, at, kind="supplementary_guardian", member_id=None, institution_id=office.id,
                           scope=_CARE, is_joint=False, valid_from=case.opened_on - timedelta(days=60),
                           evidence=_COURT)  # fmt: skip

    def _guardian(self, case: DemoCase, at: datetime, **values: Any) -> None:
        self._rows.add("guardians", municipal_area_id=self._area.key, id=self._ids.at(at),
                       client_id=case.client.id, created_at=at, changed_at=at, **values)  # fmt: skip

    def _dispute(self, case: DemoCase) -> None:
        client, manager = case.client, case.client.manager
        number = self._disputed[manager.user_id]
        if number >= _DISPUTED:
            return
        self._disputed[manager.user_id] += 1
        first = max(case.opened_on, self._yesterday - timedelta(days=25))
        at = moment(self._random, day_within(self._random, first, self._yesterday - timedelta(days=8)))
        is_first = manager.user_id == self._area.managers[0].user_id
        if number == 0 and is_first and client.dwelling.street and not self._has_restricted:
            self._has_restricted = True
            self._marked(case, at, entry="addresses", entry_ids=[self._addresses[client.id]], field="street",
                         says=_OF_THE_ADDRESS)  # fmt: skip
            self._restrict(case, at + timedelta(minutes=10))
            return
        field, says, reason, outcome = pick(self._random, _OF_FIELDS)
        if number == 0:
            self._marked(case, at, entry="client", entry_ids=[], field=field, says=says)
            return
        ended = moment(self._random, day_within(self._random, at.date() + timedelta(days=2), self._yesterday))
        self._marked(case, at, entry="client", entry_ids=[], field=field, says=says, outcome=outcome,
                     reason=reason, resolved_at=ended, resolved_by=manager.user_id)  # fmt: skip

    def _marked(self, case: DemoCase, at: datetime, **values: Any) -> None:
        changed = values.get("resolved_at", at)
        self._rows.add("disputes", municipal_area_id=self._area.key, id=self._ids.at(at),
                       client_id=case.client.id, disputed_by="client", disputed_on=at.date(),
                       recorded_by=case.client.manager.user_id, created_at=at, changed_at=changed,
                       **values)  # fmt: skip

    def _restrict(self, case: DemoCase, at: datetime) -> None:
        """Restrict the use of the period alone, as asked for, while its accuracy is looked into (Art. 18)."""
        self._rows.add(
            "processing_restrictions",
            municipal_area_id=self._area.key,
            id=self._ids.at(at),
            client_id=case.client.id,
            entry="addresses",
            entry_id=self._addresses[case.client.id],
            ground="accuracy_contested",
            asked_by="client",
            note=_NOTE,
            restricted_at=at,
            recorded_by=case.client.manager.user_id,
        )
