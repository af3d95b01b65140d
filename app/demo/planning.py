"""Assessment, goals, measures and tasks of a case, from the situations of the person."""

from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from app.demo.days import office_day
from app.demo.notes import wording
from app.demo.picking import between, pick
from app.demo.rows import Ids, Rows
from app.demo.staff import Area

if TYPE_CHECKING:
    from app.demo.casework import DemoCase

_OTHERS = ("language", "housing", "family", "participation", "health", "benefits", "residence")
_CHILDRENS_OTHERS = ("family", "participation", "health", "language")
_STATES = ("resource", "resource", "none", "not_discussed")
_LINKED = (
    "Anbindung besteht bereits, die Stelle ist informiert.",
    "Vermittlung auf Wunsch zurückgestellt, die Familie geht selbst hin.",
    "Regelberatung am Ort übernimmt, eine Weiterleitung war nicht nötig.",
)
_AIM = timedelta(days=180)
_CAME = ("reached", "reached", "partly_reached", "partly_reached", "not_reached")
_LATER = ("need", "resource", "resource")
_AGAIN = timedelta(days=150)
"""After so long it is looked again how it stands."""


class Planning:
    """Writes the plans of the cases of one area."""

    def __init__(self, area: Area, rows: Rows, ids: Ids, random: Random, *, today: date) -> None:
        self._area = area
        self._rows = rows
        self._ids = ids
        self._random = random
        self._today = today

    def write(self, case: "DemoCase") -> None:
        """Write what the phases behind a case have left."""
        for phase in ("assessment", "reassessment"):
            at = case.entered(phase)
            if at and (phase == "assessment" or case.phase != "reassessment"):
                self._assessment(
                    case, at, self._random, {each.life_domain: "need" for each in case.situations}
                )
        self._look_again(case)
        planned = case.entered("service_planning")
        if planned:
            self._plan(case, planned)
        linked = case.entered("monitoring")
        if linked and not case.is_referred:
            self._rows.add(
                "case_linkings", municipal_area_id=self._area.key, id=self._ids.at(linked), case_id=case.id,
                reason=pick(self._random, _LINKED), recorded_at=linked,
                recorded_by=case.client.manager.user_id,
            )  # fmt: skip
        self._tasks(case)

    def _look_again(self, case: "DemoCase") -> None:
        first = case.entered("assessment")
        if first and case.entered("service_planning") and case.closed_on is None:
            day = office_day((first + _AGAIN).date())
            if day < self._today and case.entered("reassessment") is None:
                beside = Random(case.id.int)
                at = first + (day - first.date())
                states = {each.life_domain: pick(beside, _LATER) for each in case.situations}
                self._assessment(case, at, beside, states)

    def _assessment(self, case: "DemoCase", at: datetime, random: Random, states: dict[str, str]) -> None:
        assessment = self._ids.at(at)
        self._rows.add(
            "assessments", municipal_area_id=self._area.key, id=assessment, case_id=case.id,
            assessed_on=at.date(), author_id=case.client.manager.user_id, created_at=at,
        )  # fmt: skip
        others = _CHILDRENS_OTHERS if case.client.is_child else _OTHERS
        for domain in random.sample(others, 2):
            states.setdefault(domain, pick(random, _STATES))
        for domain, state in states.items():
            scale = None if state == "not_discussed" else between(random, *_scale(state))
            self._rows.add(
                "assessment_domains",
                municipal_area_id=self._area.key,
                id=self._ids.at(at),
                assessment_id=assessment,
                case_id=case.id,
                life_domain=domain,
                state=state,
                scale=scale,
            )

    def _evaluation(self, case: "DemoCase", goal: UUID, set_on: date) -> dict[str, object]:
        """Return what became of a goal: known at the end of a case, and of most goals after their aim."""
        aimed = office_day(set_on + _AIM)
        if case.closed_on:
            came = pick(self._random, ("reached", "partly_reached"))
            return {"attainment": came, "evaluated_on": case.closed_on}
        if aimed > self._today or goal.int % 4 == 0:
            return {"attainment": None, "evaluated_on": None}
        return {"attainment": _CAME[goal.int % 5], "evaluated_on": aimed}

    def _plan(self, case: "DemoCase", at: datetime) -> None:
        random, client = self._random, case.client
        for situation in case.situations[: between(random, 1, 2)]:
            goal = self._ids.at(at)
            common = {"municipal_area_id": self._area.key, "case_id": case.id}
            self._rows.add(
                "goals",
                **common,
                id=goal,
                life_domain=situation.life_domain,
                wording=wording(situation.goal, client.person),
                set_on=at.date(),
                target_on=at.date() + _AIM,
                **self._evaluation(case, goal, at.date()),
            )
            followed = (case.last_day(self._today) - at.date()).days
            is_done = case.closed_on is not None or (followed > 30 and random.random() < 0.35)
            done_on = at.date() + timedelta(days=between(random, 0, min(followed, 60))) if is_done else None
            due = office_day(at.date() + timedelta(days=between(random, 14, 60)))
            if not is_done:
                due = max(due, office_day(self._today + timedelta(days=between(random, -10, 45))))
            self._rows.add(
                "measures",
                **common,
                id=self._ids.at(at),
                goal_id=goal,
                wording=situation.measure,
                responsible="family" if client.is_child else pick(random, ("client", "case_manager")),
                due_on=due,
                state="done" if is_done else "open",
                done_on=done_on,
            )

    def _tasks(self, case: "DemoCase") -> None:
        random = self._random
        if case.closed_on or random.random() < 0.4:
            return
        manager = case.client.manager
        least = max(-7, -(self._today - case.opened_on).days)
        self._rows.add(
            "tasks",
            municipal_area_id=self._area.key,
            id=self._ids.at(case.way[-1][1]),
            case_id=case.id,
            title=pick(random, case.situations).task,
            due_on=office_day(self._today + timedelta(days=between(random, least, 30))),
            assignee_id=manager.user_id,
            created_by=manager.user_id,
        )


def _scale(state: str) -> tuple[int, int]:
    return (1, 2) if state == "need" else (3, 5)
