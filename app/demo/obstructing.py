"""Barrier reports over eight quarters, observations, and obstacles under way."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

from app.catalogues.check import vocabulary
from app.clients.rules import age_band
from app.demo.casework import DemoCase
from app.demo.rows import Ids, Rows, at
from app.demo.staff import Area
from app.demo.stories import OBSERVATIONS, OBSTACLES

_WHERE = {
    "A": ("auslaenderbehoerde",), "B": ("jobcenter", "asylblg_stelle", "sozialamt"),
    "C": ("jobcenter", "familienkasse", "sozialamt"), "D": ("jobcenter", "auslaenderbehoerde"),
    "E": ("sprachkurstraeger",), "F": ("schulamt", "schule"), "H": ("anerkennungsstelle", "agentur_arbeit"),
    "I": ("wohnungsamt",), "J": ("krankenkasse", "gesundheitsamt"), "K": ("jobcenter", "einwohnermeldeamt"),
    "L": ("auslaenderbehoerde",), "O": ("einbuergerungsbehoerde",), "Q": ("einwohnermeldeamt",),
}  # fmt: skip
_TYPES = (
    ("A1", 16), ("A2", 10), ("A3", 7), ("A4", 9), ("B1", 10), ("B2", 5), ("B3", 6), ("C1", 9), ("C4", 7),
    ("C7", 4), ("C9", 8), ("D1", 9), ("D2", 3), ("E1", 9), ("E4", 5), ("F1", 4), ("F2", 8), ("H4", 3),
    ("H1", 2), ("I1", 6), ("I5", 4), ("J1", 3), ("J2", 3), ("K1", 5), ("L1", 2), ("O1", 4), ("Q1", 3),
)  # fmt: skip
_EFFECTS = (
    ("delay", 10), ("benefit_gap", 5), ("distress", 4), ("debt", 2), ("school_attendance_prevented", 2),
    ("job_lost", 1), ("none", 2),
)  # fmt: skip
_INTERFACES = {"B1": ("ASYLBLG", "SGB_II"), "B3": ("SGB_II", "SGB_XII")}
_NO_DATES = timedelta(days=21)


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

    def report(self, case: DemoCase, reported_on: date) -> None:
        """File one report of a case."""
        random = self._random
        code = random.choices([code for code, _ in _TYPES], [weight for _, weight in _TYPES])[0]
        kinds = [kind for kind in _WHERE[code[0]] if kind in self._area.institutions]
        kind = random.choice(kinds) if kinds else None
        interface = _INTERFACES.get(code) if kind is None or random.random() < 0.5 else None
        if kind is None and interface is None:
            interface = ("SGB_II", "SONSTIGES")
        institution = random.choice(self._area.institutions[kind]) if kind else None
        report = self._id(reported_on)
        effect = random.choices([effect for effect, _ in _EFFECTS], [weight for _, weight in _EFFECTS])[0]
        common = {"municipal_area_id": self._area.key}
        self._rows.add(
            "barrier_reports",
            **common,
            id=report,
            case_id=case.id,
            reported_by=case.client.manager.user_id,
            reported_on=reported_on,
            barrier_type=code,
            institution_id=institution,
            interface_from=interface and interface[0],
            interface_to=interface and interface[1],
            level=random.choice(("organisation", "organisation", "interface", "municipality")),
            effect=effect,
            since=reported_on - timedelta(days=random.randint(1, 60)),
        )
        self._rows.add(
            "barrier_persons", **common, id=self._id(reported_on), report_id=report, case_id=case.id,
            client_id=case.client.id,
        )  # fmt: skip
        if not case.client.is_restricted:
            self._figure(case, report, reported_on, code, kind, institution, interface, effect)

    def _figure(
        self,
        case: DemoCase,
        report: UUID,
        day: date,
        code: str,
        kind: str | None,
        institution: UUID | None,
        interface: tuple[str, str] | None,
        effect: str,
    ) -> None:
        client = case.client
        category = self._types[code].parent
        self._rows.add(
            "barrier_figures",
            municipal_area_id=self._area.key,
            id=self._ids.any(),
            report_id=report,
            reported_on=day,
            quarter=f"{day.year}Q{(day.month + 2) // 3}",
            year=day.year,
            person_key=client.pseudonym,
            household_key=client.household_key,
            contributor_id=client.manager.user_id,
            unit_id=client.manager.unit_id,
            municipality=client.manager.municipality,
            institution_id=institution,
            institution_type=kind,
            institution_group=kind and self._groups[kind],
            interface_from=interface and interface[0],
            interface_to=interface and interface[1],
            barrier_type=code,
            barrier_category=category,
            is_sensitive=category in self._sensitive,
            effect=effect,
            level="organisation",
            residence_group=self._residence[client.person.status],
            nationality_group=self._nationality[client.person.origin.nationality],
            age_band=age_band(client.person.birth_date, day),
            sex=client.person.sex,
        )

    def observe(self, quarters: list[str]) -> list[UUID]:
        """Write the area's observations, spread over the last quarters."""
        monday = self._today - timedelta(days=self._today.weekday()) - _NO_DATES
        made = []
        for number, (kind, code, text) in enumerate(OBSERVATIONS):
            if kind in self._area.institutions:
                observation = self._ids.any()
                made.append(observation)
                self._rows.add(
                    "observations", municipal_area_id=self._area.key, id=observation, institution_type=kind,
                    barrier_type=code, quarter=quarters[-1 - number % 3], text=text, visible_from=monday,
                )  # fmt: skip
        return made

    def bundle(self, observations: list[UUID]) -> None:
        """Put obstacles on their way, each in another place of it."""
        coordinator = self._area.coordinators[0]
        unit = self._area.units[self._area.plan.units[0].name]
        common = {"municipal_area_id": self._area.key}
        for number, (title, types, kinds, status, measure, decision) in enumerate(OBSTACLES):
            begun = self._today - timedelta(days=200 - 10 * number)
            obstacle = self._id(begun)
            is_bundled = status != "under_review"
            owned = status in {"in_project_group", "decided", "implemented"}
            self._rows.add(
                "obstacles",
                **common,
                id=obstacle,
                title=title,
                description=f"{title}: aus Beobachtungen und Meldungen mehrerer Quartale gebündelt.",
                barrier_types=list(types),
                institution_types=list(kinds),
                status=status,
                bundled_on=begun + timedelta(days=20) if is_bundled else None,
                responsible_unit_id=unit if owned else None,
                due_on=self._today + timedelta(days=60) if owned else None,
                created_by=coordinator,
            )
            self._rows.add(
                "obstacle_links", **common, id=self._id(begun), obstacle_id=obstacle,
                observation_id=observations[number % len(observations)],
            )  # fmt: skip
            if measure:
                self._measure(obstacle, measure, status)
            if decision:
                day = self._today - timedelta(days=40)
                self._rows.add(
                    "obstacle_decisions", **common, id=self._id(begun), obstacle_id=obstacle,
                    decided_on=day, recorded_at=at(day, hour=16), recorded_by=coordinator,
                    minute=f"Lenkungsgruppe 2026/2, TOP {number + 3}", text=decision,
                )  # fmt: skip
            self._steps(obstacle, status, begun, coordinator)

    def _measure(self, obstacle: UUID, title: str, status: str) -> None:
        done = status == "implemented"
        self._rows.add(
            "obstacle_measures",
            municipal_area_id=self._area.key,
            id=self._id(self._today - timedelta(days=50)),
            obstacle_id=obstacle,
            title=title,
            institution_id=self._area.institutions["jobcenter"][0],
            due_on=self._today + timedelta(days=45),
            state="done" if done else "in_progress",
            done_on=self._today - timedelta(days=10) if done else None,
        )

    def _steps(self, obstacle: UUID, status: str, begun: date, by: UUID) -> None:
        way = ["reported", "under_review", "bundled", "in_working_group", "in_project_group", "decided",
               "implemented"]  # fmt: skip
        previous: str | None = None
        for number, step in enumerate(way[: way.index(status) + 1]):
            day = begun + timedelta(days=20 * number)
            self._rows.add(
                "obstacle_steps", municipal_area_id=self._area.key, id=self._id(day), obstacle_id=obstacle,
                from_status=previous, to_status=step, taken_on=day, taken_by=by,
            )  # fmt: skip
            previous = step

    def _id(self, day: date) -> UUID:
        return self._ids.at(at(day, hour=self._random.randint(8, 16)))
