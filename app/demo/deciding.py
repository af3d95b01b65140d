"""Who works on the obstacles of a demonstration, who reported what they rest on, and when the group meets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from app.catalogues.check import vocabulary
from app.demo.days import moment, office_day, office_day_before
from app.demo.rows import Ids, Rows
from app.demo.staff import Area

_ASKED = "Stand der Maßnahmen und weiteres Vorgehen."
_CONFIRMED = "Der Zwischenbericht wird zur Kenntnis genommen, der Termin bleibt."


@dataclass(frozen=True, slots=True)
class DemoObstacle:
    """An obstacle of the demonstration."""

    id: UUID
    barrier_types: tuple[str, ...]
    institution_types: tuple[str, ...]
    status: str


class Deciding:
    """Makes groups, signals and meetings of one area."""

    def __init__(self, area: Area, rows: Rows, ids: Ids, random: Random, *, today: date) -> None:
        self._area = area
        self._rows = rows
        self._ids = ids
        self._random = random
        self._today = today
        self._common = {"municipal_area_id": area.key}

    def sign(self, observations: Sequence[UUID]) -> None:
        """Let case managers be the authors of observations: what became of them is theirs to read."""
        for number, observation in enumerate(observations):
            manager = self._area.managers[number % len(self._area.managers)]
            self._rows.add(
                "observation_sources", **self._common, id=self._id(self._today),
                observation_id=observation, author_id=manager.user_id,
            )  # fmt: skip

    def decide(self, obstacles: Sequence[DemoObstacle], quarters: Sequence[str]) -> None:
        """Let obstacles rest on signals too, offices work on them, and the steering group meet twice."""
        groups = {code: entry.parent for code, entry in vocabulary("institution_type").items()}
        for each in obstacles:
            self._rows.add(
                "obstacle_links", **self._common, id=self._id(self._today), obstacle_id=each.id,
                quarter=quarters[-1], barrier_type=each.barrier_types[0],
                institution_group=groups[each.institution_types[0]],
            )  # fmt: skip
            if each.status in {"in_working_group", "in_project_group"}:
                self._work(each)
        self._meet([each for each in obstacles if each.status in {"decided", "implemented"}])
        self._plan([each for each in obstacles if each.status == "in_project_group"])

    def _work(self, obstacle: DemoObstacle) -> None:
        joined = office_day_before(self._today - timedelta(days=60))
        body = "project" if obstacle.status == "in_project_group" else "working"
        unit = self._area.units[self._area.plan.units[0].name]
        office = self._area.institutions[obstacle.institution_types[0]][0].id
        for place, leads, responsible in (
            ({"unit_id": unit}, True, "Koordination"),
            ({"institution_id": office}, False, "Bereichsleitung"),
        ):
            self._rows.add(
                "obstacle_members", **self._common, id=self._id(joined), obstacle_id=obstacle.id, body=body,
                responsible=responsible, leads=leads, joined_on=joined, **place,
            )  # fmt: skip

    def _meet(self, about: Sequence[DemoObstacle]) -> None:
        day = office_day_before(self._today - timedelta(days=20))
        minute = f"Lenkungsgruppe {day.year}/{(day.month + 2) // 3}"
        minutes = "Alle Punkte wurden beraten; die Beschlüsse fielen einstimmig."
        meeting = self._meeting(day, about, state="held", minute=minute, minutes=minutes)
        for number, each in enumerate(about, 1):
            self._rows.add(
                "obstacle_decisions", **self._common, id=self._id(day), obstacle_id=each.id, decided_on=day,
                minute=f"{minute}, TOP {number}", text=_CONFIRMED, meeting_id=meeting,
                recorded_at=moment(self._random, day), recorded_by=self._area.coordinators[0],
            )  # fmt: skip

    def _plan(self, about: Sequence[DemoObstacle]) -> None:
        self._meeting(office_day(self._today + timedelta(days=40)), about, state="planned")

    def _meeting(self, day: date, about: Sequence[DemoObstacle], **more: str) -> UUID:
        meeting = self._id(office_day_before(self._today - timedelta(days=30)))
        self._rows.add(
            "steering_meetings", **self._common, id=meeting, meets_on=day, place="Großer Sitzungssaal",
            planned_by=self._area.coordinators[0], **more,
        )  # fmt: skip
        for number, each in enumerate(about, 1):
            self._rows.add(
                "steering_agenda_items", **self._common, id=self._id(day), meeting_id=meeting,
                position=number, obstacle_id=each.id, asked=_ASKED,
            )  # fmt: skip
        return meeting

    def _id(self, day: date) -> UUID:
        return self._ids.at(moment(self._random, day))
