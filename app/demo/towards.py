"""Ways that take months: pathways of component 3, children on the way to a school, figures of authorities.

Draws from randomness of its own, so that nothing else changes with it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

import orjson

from app.catalogues.check import vocabulary
from app.clients.rules import age_on
from app.demo.casework import DemoCase
from app.demo.days import moment, office_day_before
from app.demo.population import DemoClient
from app.demo.rows import Ids, Rows
from app.demo.staff import Area
from app.demo.standing import is_tolerated
from app.pathways.rules import requirements_of, version_on
from app.school_entries.rules import Step, days_of

_GROWN, _SETTLED_DAYS = 18, 4 * 365
_LONG_TOLERATED_DAYS = 3 * 365
_KNOWN = {
    "lawful_stay": "Aufenthaltstitel und Meldebescheinigungen liegen vor",
    "stay": "Duldungen der ganzen Zeit liegen vor",
    "identity": "Nationalpass, gültig",
    "language": "Zertifikat",
    "livelihood": "Arbeitsvertrag und drei Lohnabrechnungen",
    "civic_knowledge": "Einbürgerungstest bestanden",
}
_FIRST = {"primary": 6, "lower_secondary": 10, "upper_secondary": 16}
_WAY = {
    "counselling": ((Step.COUNSEL, "counselled"),),
    "waiting": ((Step.COUNSEL, "counselled"), (Step.WAIT, "waiting")),
    "allocated": ((Step.COUNSEL, "counselled"), (Step.WAIT, "waiting"), (Step.ALLOCATE, "allocated")),
    "support_class": (
        (Step.COUNSEL, "counselled"), (Step.OFFER, "offered"), (Step.ACCEPT, "accepted"),
        (Step.START_SUPPORT, "support_class"),
    ),
}  # fmt: skip
"""The steps that lead to where the child's schooling stands, after being registered."""
_FIGURES = {
    "naturalisation_applied": 380, "naturalisation_granted": 260, "naturalisation_rejected": 60,
    "stay_examined": 150, "stay_granted": 90, "duldung_held": 760,
}  # fmt: skip
_SHARES = {
    "syria": 30, "ukraine": 5, "turkey": 16, "iraq": 12, "afghanistan": 11, "western_balkans": 10,
    "africa": 9, "iran": 5, "other": 9,
}  # fmt: skip
_FEW = 200
"""Figures below are spread over the larger groups alone."""
_LARGE = 10  # per cent


class Towards:
    """Writes what leads towards a decision or a school, for the cases of one area."""

    def __init__(
        self,
        area: Area,
        rows: Rows,
        *,
        seed: int,
        today: date,
        schooling: Mapping[UUID, tuple[str, date]],
        children: Mapping[UUID, Sequence[DemoClient]],
    ) -> None:
        self._schooling = schooling
        self._children = children
        self._on_the_way: set[UUID] = set()
        self._area = area
        self._rows = rows
        self._random = Random(f"{seed} {area.key}")
        self._ids = Ids(Random(f"{seed + 1} {area.key}"))
        self._today = today

    def write(self, case: DemoCase) -> None:
        """Write what fits an open case: a pathway of an adult, the ways of children whose step is known."""
        if not case.is_open or case.phase == "intake":
            return
        client = case.client
        if client.is_child:
            self._school(case, client)
            return
        if client.person.role == "head":
            for child in self._children.get(client.household_key, ()):
                self._school(case, child)
        tolerated = is_tolerated(client.person.status)
        stayed = (self._today - client.standing.arrived_on).days
        if client.age(self._today) < _GROWN:
            return
        if tolerated and stayed > _LONG_TOLERATED_DAYS:
            self._pathway(case, "stay_integrated")
        elif not tolerated and client.level in {"B1", "B2", "C1"} and stayed > _SETTLED_DAYS:
            self._pathway(case, "naturalisation")

    def _pathway(self, case: DemoCase, pathway: str) -> None:
        random = self._random
        version = version_on(pathway, self._today)
        if version is None:
            return
        begun = moment(random, office_day_before(self._today - timedelta(days=random.randrange(5, 90))))
        begun = max(begun, moment(random, case.opened_on))
        pathway_id = self._ids.at(begun)
        applied = random.random() < 0.3
        common = {"municipal_area_id": self._area.key, "case_id": case.id}
        self._rows.add(
            "pathways", **common, id=pathway_id, pathway=pathway, law_version=version.code,
            state="applied" if applied else "preparing",
            applied_on=begun.date() if applied else None,
            next_on=self._today + timedelta(days=random.randrange(3, 40)),
            started_by=case.client.manager.user_id,
        )  # fmt: skip
        self._step(common, pathway_id, begun, case, "start", None, "preparing")
        for name in requirements_of(version.code):
            said = _KNOWN.get(name) if random.random() < 0.6 else None
            self._rows.add(
                "pathway_requirements", **common, id=self._ids.at(begun), pathway_id=pathway_id,
                requirement=name, state="evidence_there" if said else random.choice(("open", "in_progress")),
                evidence=said,
            )  # fmt: skip
        if applied:
            self._step(common, pathway_id, begun, case, "apply", "preparing", "applied")

    def _step(
        self,
        common: dict[str, object],
        pathway_id: UUID,
        at: datetime,
        case: DemoCase,
        step: str,
        source: str | None,
        target: str,
    ) -> None:
        self._rows.add(
            "pathway_steps", **common, id=self._ids.at(at), pathway_id=pathway_id, at=at, step=step,
            source=source, target=target, user_id=case.client.manager.user_id,
        )  # fmt: skip

    def _school(self, case: DemoCase, child: DemoClient) -> None:
        """Write the way of a child once: under its own case or that of the head of its household."""
        stands, since = self._schooling.get(child.id, ("", self._today))
        if stands not in _WAY or child.id in self._on_the_way:
            return
        self._on_the_way.add(child.id)
        age = age_on(child.person.birth_date, self._today)
        stage = max((each for each in _FIRST if _FIRST[each] <= age), key=_FIRST.__getitem__)
        way = _WAY[stands]
        school = (
            self._area.institution("schule", None, age) if stands in {"allocated", "support_class"} else None
        )
        days = self._days(since, len(way))
        entry_id = self._ids.at(moment(self._random, max(days[0], case.opened_on)))
        found = days_of(zip((Step.REGISTER, *(step for step, _ in way)), days, strict=True))
        common = {"municipal_area_id": self._area.key, "case_id": case.id}
        is_member = child is not case.client
        self._rows.add(
            "school_entries", **common, id=entry_id, stage=stage,
            member_client_id=child.id if is_member else None, relation="child" if is_member else None,
            school_id=school.id if school else None, state=way[-1][1],
            support_form="first_support" if stands == "support_class" else None,
            registered_on=found.registered_on, waiting_since=found.waiting_since, first_day=found.first_day,
            listed_on=found.listed_on,
            created_by=case.client.manager.user_id,
        )  # fmt: skip
        source: str | None = None
        for (step, target), day in zip(((Step.REGISTER, "registered"), *way), days, strict=True):
            at = moment(self._random, max(day, case.opened_on))
            self._rows.add(
                "school_entry_steps", **common, id=self._ids.at(at), school_entry_id=entry_id, at=at,
                step=step, source=source, target=target, happened_on=day,
                user_id=case.client.manager.user_id,
                school=school.name if school and step in {Step.OFFER, Step.ALLOCATE} else None,
            )  # fmt: skip
            source = target

    def _days(self, last: date, steps: int) -> list[date]:
        """Return a day for being registered and for each step, in order; the last is given."""
        days = [last]
        for _ in range(steps):
            days.append(office_day_before(days[-1] - timedelta(days=self._random.randrange(4, 25))))
        return days[::-1]

    def count(self, quarters: list[tuple[str, date, date]]) -> None:
        """Enter the figures of the first authority of the area for quarters that have ended."""
        if not self._area.officers:
            return
        institution, officer = self._area.officers[0]
        groups = [group for group in vocabulary("nationality_group") if group in _SHARES]
        for quarter, _, last in quarters:
            at = moment(self._random, office_day_before(min(last + timedelta(days=9), self._today)))
            for figure, usual in _FIGURES.items():
                counts = {
                    group: self._random.randrange(
                        usual * _SHARES[group] // 110, usual * _SHARES[group] // 80 + 2
                    )
                    for group in groups
                    if usual >= _FEW or _SHARES[group] >= _LARGE
                }
                self._rows.add(
                    "authority_figures", municipal_area_id=self._area.key, id=self._ids.any(),
                    institution_id=institution, quarter=quarter, figure=figure, total=sum(counts.values()),
                    groups=orjson.dumps(counts).decode(), entered_by=officer, entered_at=at,
                )  # fmt: skip
