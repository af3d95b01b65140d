"""Barrier reports over eight quarters, observations, and obstacles under way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from app.catalogues.check import vocabulary
from app.clients.rules import age_band
from app.demo.casework import DemoCase
from app.demo.days import moment, office_day_before
from app.demo.deciding import DemoObstacle
from app.demo.picking import Weighted, between, pick
from app.demo.rows import Ids, Rows
from app.demo.situations import Traits
from app.demo.staff import Area, Institution
from app.demo.stories import OBSERVATIONS, OBSTACLES

_WHERE = {
    "A": ("auslaenderbehoerde",), "B": ("jobcenter", "asylblg_stelle", "sozialamt"),
    "C": ("jobcenter", "asylblg_stelle", "sozialamt"), "D": ("jobcenter", "asylblg_stelle", "sozialamt"),
    "E": ("sprachkurstraeger",), "F": ("schulamt", "schule"), "G": ("kita",),
    "H": ("anerkennungsstelle",), "I": ("wohnungsamt",), "J": ("krankenkasse",),
    "K": ("auslaenderbehoerde",), "L": ("auslaenderbehoerde",), "M": ("jobcenter", "sozialamt"),
    "O": ("einbuergerungsbehoerde",), "P": ("frauenberatung", "sozialamt"), "Q": ("einwohnermeldeamt",),
}  # fmt: skip
_AT = {"C7": ("familienkasse",)}
"""Where some happen that are no matter of the office of their category."""
_GENERAL = Weighted(("D1", 8), ("K1", 5), ("L1", 4), ("B3", 5), ("I1", 7))
_GENERAL_OF_UNION = Weighted(("D1", 6), ("Q1", 5), ("J2", 14), ("I1", 5))
_GENERAL_OF_ELDERS = Weighted(("D1", 8), ("K1", 5), ("L1", 4), ("I1", 4))
"""Barriers that meet everybody; the others follow from what occupies a person."""
_SHARE_GENERAL = 0.25
_TRIES = 6
"""After so many the same is told once more: it goes on."""
_EFFECTS = {
    "B": Weighted(("benefit_gap", 6), ("delay", 5), ("debt", 2), ("distress", 2)),
    "C": Weighted(("delay", 8), ("benefit_gap", 4), ("distress", 3)),
    "F": Weighted(("school_attendance_prevented", 8), ("delay", 4)),
    "H": Weighted(("delay", 6), ("none", 2)),
    "I": Weighted(("delay", 3), ("homelessness_risk", 4), ("distress", 3)),
    "M": Weighted(("debt", 5), ("homelessness_risk", 2), ("distress", 2)),
    "P": Weighted(("distress", 5), ("delay", 2)),
}
_USUAL_EFFECTS = Weighted(("delay", 10), ("distress", 3), ("none", 2))
_LEVELS = Weighted(("organisation", 5), ("interface", 2), ("municipality", 2), ("individual", 1))
_INTERFACES = {"B1": ("ASYLBLG", "SGB_II"), "B3": ("SGB_II", "AUFENTHG")}
_NO_DATES = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class DemoReport:
    """One barrier report while its rows are made."""

    id: UUID
    case: DemoCase
    day: date
    code: str
    institution: Institution | None
    interface: tuple[str, str] | None
    level: str
    effect: str


class DemoObservation(NamedTuple):
    """What somebody noticed at a kind of institution."""

    id: UUID
    kind: str
    code: str


class Obstructing:
    """Makes what stood in the way of one area's cases, and what the coordination made of it."""

    def __init__(self, area: Area, rows: Rows, ids: Ids, random: Random, *, today: date) -> None:
        self._area = area
        self._rows = rows
        self._ids = ids
        self._random = random
        self._today = today
        self._types = vocabulary("barrier_type")
        self._sensitive = {code for code, entry in vocabulary("barrier_category").items()
                           if entry.attributes["sensitive"]}  # fmt: skip
        self._groups = {code: entry.parent for code, entry in vocabulary("institution_type").items()}
        self._residence = {code: entry.parent for code, entry in vocabulary("residence_status").items()}
        self._nationality = {code: entry.parent for code, entry in vocabulary("nationality").items()}

    def report(self, case: DemoCase, reported_on: date, told: set[tuple[int, str]]) -> None:
        """File one report of a case, about what occupies the person and was not told of it in that year."""
        random, at = self._random, moment(self._random, reported_on)
        code = next((each for each in self._types_of(case) if (reported_on.year, each) not in told), None)
        code = code or self._type(case)
        told.add((reported_on.year, code))
        institution = self._institution(case, code)
        interface = _INTERFACES.get(code)
        if institution is None and interface is None:
            interface = ("SGB_II", "SONSTIGES")
        level = "interface" if interface else _LEVELS.pick(random)
        effect = _EFFECTS.get(code[0], _USUAL_EFFECTS).pick(random)
        found = DemoReport(self._ids.at(at), case, reported_on, code, institution, interface, level, effect)
        common = {"municipal_area_id": self._area.key}
        self._rows.add(
            "barrier_reports",
            **common,
            id=found.id,
            case_id=case.id,
            reported_by=case.client.manager.user_id,
            reported_on=reported_on,
            created_at=at,
            barrier_type=code,
            institution_id=institution and institution.id,
            interface_from=interface and interface[0],
            interface_to=interface and interface[1],
            level=level,
            effect=effect,
            since=max(
                reported_on - timedelta(days=between(random, 1, 60)),
                min(case.client.standing.arrived_on, reported_on),
            ),
        )
        self._rows.add(
            "barrier_persons", **common, id=self._ids.at(at), report_id=found.id, case_id=case.id,
            client_id=case.client.id,
        )  # fmt: skip
        if not case.client.is_restricted:
            self._figure(found)

    def _types_of(self, case: DemoCase) -> Iterator[str]:
        return (self._type(case) for _ in range(_TRIES))

    def _type(self, case: DemoCase) -> str:
        is_general = self._random.random() < _SHARE_GENERAL and not case.client.is_child
        if is_general or not case.situations:
            return _general(case.traits).pick(self._random)
        return pick(self._random, pick(self._random, case.situations).barriers)

    def _institution(self, case: DemoCase, code: str) -> Institution | None:
        """Return where it happened: the office that is responsible for this person."""
        client, kinds = case.client, _WHERE[code[0]]
        if code in _AT:
            kinds = _AT[code]
        elif "jobcenter" in kinds:
            without = "jobcenter" if client.benefit in {"ASYLBLG", "SGB_XII"} else "asylblg_stelle"
            kinds = tuple(kind for kind in kinds if kind != without)
        found = (
            self._area.institution(kind, client.dwelling.municipality, client.age(case.opened_on))
            for kind in kinds
        )
        possible = [each for each in found if each]
        return pick(self._random, possible) if possible else None

    def _figure(self, report: DemoReport) -> None:
        case, day, code = report.case, report.day, report.code
        client, kind = case.client, report.institution and report.institution.kind
        category = self._types[code].parent
        self._rows.add(
            "barrier_figures",
            municipal_area_id=self._area.key,
            id=self._ids.any(),
            report_id=report.id,
            reported_on=day,
            quarter=f"{day.year}Q{(day.month + 2) // 3}",
            year=day.year,
            person_key=client.pseudonym,
            household_key=client.household_key,
            contributor_id=client.manager.user_id,
            unit_id=client.manager.unit_id,
            municipality=client.manager.municipality,
            institution_id=report.institution and report.institution.id,
            institution_type=kind,
            institution_group=kind and self._groups[kind],
            interface_from=report.interface and report.interface[0],
            interface_to=report.interface and report.interface[1],
            barrier_type=code,
            barrier_category=category,
            is_sensitive=category in self._sensitive,
            effect=report.effect,
            level=report.level,
            residence_group=self._residence[client.person.status],
            nationality_group=self._nationality[client.person.origin.nationality],
            age_band=age_band(client.person.birth_date, "day", day),
            sex=client.person.sex,
        )

    def observe(self, quarters: list[str]) -> list[DemoObservation]:
        """Write the area's observations, spread over the last quarters."""
        monday = self._today - timedelta(days=self._today.weekday()) - _NO_DATES
        made = []
        for number, (kind, code, text) in enumerate(OBSERVATIONS):
            if kind in self._area.institutions:
                observation = self._ids.any()
                made.append(DemoObservation(observation, kind, code))
                self._rows.add(
                    "observations", municipal_area_id=self._area.key, id=observation, institution_type=kind,
                    barrier_type=code, quarter=quarters[-1 - number % 3], text=text, visible_from=monday,
                )  # fmt: skip
        return made

    def bundle(self, observations: list[DemoObservation]) -> list[DemoObstacle]:
        """Put obstacles on their way, each in another place of it."""
        made = []
        coordinator = self._area.coordinators[0]
        unit = self._area.units[self._area.plan.units[0].name]
        common = {"municipal_area_id": self._area.key}
        for number, (title, description, types, kinds, status, measure, decision) in enumerate(OBSTACLES):
            begun = office_day_before(self._today - timedelta(days=200 - 10 * number))
            obstacle = self._id(begun)
            is_bundled = status != "under_review"
            owned = status in {"in_project_group", "decided", "implemented"}
            self._rows.add(
                "obstacles",
                **common,
                id=obstacle,
                title=title,
                description=description,
                barrier_types=list(types),
                institution_types=list(kinds),
                status=status,
                bundled_on=begun + timedelta(days=20) if is_bundled else None,
                responsible_unit_id=unit if owned else None,
                due_on=self._today + timedelta(days=60) if owned else None,
                created_by=coordinator,
            )
            for observation, kind, code in observations:
                if kind in kinds and code in types:
                    self._rows.add(
                        "obstacle_links", **common, id=self._id(begun), obstacle_id=obstacle,
                        observation_id=observation,
                    )  # fmt: skip
            if measure:
                self._measure(obstacle, measure, kinds[0], status)
            if decision:
                day = office_day_before(self._today - timedelta(days=40))
                self._rows.add(
                    "obstacle_decisions", **common, id=self._id(begun), obstacle_id=obstacle,
                    decided_on=day, recorded_at=moment(self._random, day), recorded_by=coordinator,
                    minute=f"Umlaufbeschluss vom {day.day}.{day.month}.{day.year}",
                    text=decision,
                )  # fmt: skip
            self._steps(obstacle, status, begun, coordinator)
            made.append(DemoObstacle(obstacle, types, kinds, status))
        return made

    def _measure(self, obstacle: UUID, title: str, kind: str, status: str) -> None:
        done = status == "implemented"
        self._rows.add(
            "obstacle_measures",
            municipal_area_id=self._area.key,
            id=self._id(self._today - timedelta(days=50)),
            obstacle_id=obstacle,
            title=title,
            institution_id=self._area.institutions[kind][0].id,
            due_on=self._today + timedelta(days=45),
            state="done" if done else "in_progress",
            done_on=self._today - timedelta(days=10) if done else None,
        )

    def _steps(self, obstacle: UUID, status: str, begun: date, by: UUID) -> None:
        way = ["reported", "under_review", "bundled", "in_working_group", "in_project_group", "decided",
               "implemented"]  # fmt: skip
        previous: str | None = None
        for number, step in enumerate(way[: way.index(status) + 1]):
            day = office_day_before(begun + timedelta(days=20 * number))
            self._rows.add(
                "obstacle_steps", municipal_area_id=self._area.key, id=self._id(day), obstacle_id=obstacle,
                from_status=previous, to_status=step, taken_on=day, taken_by=by,
            )  # fmt: skip
            previous = step

    def _id(self, day: date) -> UUID:
        return self._ids.at(moment(self._random, day))


def _general(traits: Traits) -> Weighted:
    if "eu" in traits:
        return _GENERAL_OF_UNION
    return _GENERAL_OF_ELDERS if "elder" in traits else _GENERAL
