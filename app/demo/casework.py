"""Cases in every phase, with what each phase has left behind."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from app.cases.rules import IN_ORDER
from app.consents.rules import default_end
from app.consents.texts import digest_of
from app.demo.population import DemoClient
from app.demo.rows import Ids, Rows, at
from app.demo.staff import Area
from app.demo.stories import (
    CLOSINGS,
    CONCERNS,
    CONTACT_NOTES,
    GOALS,
    INTERPRETED,
    TASKS,
)

_PHASES = (
    ("intake", 8), ("assessment", 12), ("service_planning", 14), ("linking", 20), ("monitoring", 22),
    ("reassessment", 4), ("evaluation", 6), ("closed", 14),
)  # fmt: skip
_DOMAINS = (
    "residence",
    "language",
    "work",
    "school",
    "housing",
    "family",
    "benefits",
    "authorities",
    "debts",
)
_REACHED = {"reassessment": 5, "evaluation": 6, "closed": 6}


@dataclass(frozen=True)
class DemoCase:
    """A case as the other makers of data see it."""

    id: UUID
    client: DemoClient
    phase: str
    opened_on: date
    closed_on: date | None

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


class Casework:
    """Makes the cases of one area."""

    def __init__(self, area: Area, rows: Rows, ids: Ids, random: Random, *, today: date) -> None:
        self._area = area
        self._rows = rows
        self._ids = ids
        self._random = random
        self._today = today
        self._numbers: dict[int, int] = {}

    def finish(self) -> None:
        """Leave the counters where the next case goes on."""
        for year, last in sorted(self._numbers.items()):
            self._rows.add("case_numbers", municipal_area_id=self._area.key, year=year, last=last)

    def open_case(self, client: DemoClient, *, is_lean: bool = False) -> DemoCase:
        """Make one case of a client with everything that belongs to it; a lean one has no plan."""
        random = self._random
        phase = random.choices([code for code, _ in _PHASES], [weight for _, weight in _PHASES])[0]
        opened = client.registered_on + timedelta(days=random.randint(0, 10))
        opened = min(opened, self._today - timedelta(days=1))
        later = min(opened + timedelta(days=random.randint(30, 400)), self._today)
        closed = later if phase == "closed" else None
        case = DemoCase(self._id(opened), client, phase, opened, closed)
        self._shell(case)
        self._content(case)
        steps = _REACHED.get(phase, 0) or IN_ORDER.index(phase)
        self._phases(case, steps)
        if steps >= 1:
            self._documentation_consent(case)
        self._contacts(case)
        if is_lean:
            return case
        if steps >= 2:
            self._assessment(case)
        if steps >= 3:
            self._plan(case)
        self._tasks(case)
        return case

    def _shell(self, case: DemoCase) -> None:
        manager = case.client.manager
        year = case.opened_on.year
        self._numbers[year] = self._numbers.get(year, 0) + 1
        common = {"municipal_area_id": self._area.key}
        self._rows.add(
            "cases",
            **common,
            id=case.id,
            number=f"{year}-{self._numbers[year]:06d}",
            client_id=case.client.id,
            unit_id=manager.unit_id,
            lead_user_id=manager.user_id,
            kind="case_management" if self._random.random() < 0.8 else "counselling",
            phase=case.phase,
            opened_on=case.opened_on,
            closed_on=case.closed_on,
            is_restricted=case.client.is_restricted,
        )
        self._rows.add(
            "assignments",
            **common,
            id=self._id(case.opened_on),
            user_id=manager.user_id,
            client_id=case.client.id,
            case_id=case.id,
            unit_id=manager.unit_id,
            kind="lead",
            is_restricted=case.client.is_restricted,
            active_from=at(case.opened_on),
            created_by=manager.user_id,
        )
        if case.closed_on:
            self._rows.add(
                "retentions",
                **common,
                id=self._id(case.closed_on),
                object_type="case",
                object_id=case.id,
                client_id=case.client.id,
                client_pseudonym=case.client.pseudonym,
                unit_id=manager.unit_id,
                starts_on=case.closed_on,
                delete_after=date(case.closed_on.year + 5, 12, 31),
                reason="closed",
            )

    def _content(self, case: DemoCase) -> None:
        begun = case.phase != "intake"
        criteria = {f"C{number}": number == 6 or self._random.random() < 0.6 for number in range(1, 8)}
        self._rows.add(
            "case_contents",
            municipal_area_id=self._area.key,
            id=case.id,
            access_route=self._random.choice(("self", "mbe", "jobcenter", "school", "ki", "volunteers")),
            concern=self._random.choice(CONCERNS),
            intake_criteria=json.dumps(criteria if begun else {}),
            intake_outcome="case_management" if begun else None,
            privacy_notice_version="2026-1" if begun else None,
            privacy_notice_language="deu" if begun else None,
            privacy_notice_on=case.opened_on if begun else None,
            documentation_basis="consent" if begun else None,
            next_review_on=None
            if case.closed_on
            else self._today + timedelta(days=self._random.randint(5, 90)),
            closing_reason=self._random.choice(CLOSINGS) if case.closed_on else None,
        )

    def _phases(self, case: DemoCase, steps: int) -> None:
        passed: Sequence[str] = IN_ORDER[: steps + 1]
        if case.phase not in passed:
            passed = (*IN_ORDER[: min(steps, 5)], case.phase)
        length = ((case.closed_on or self._today) - case.opened_on).days
        previous: str | None = None
        for number, phase in enumerate(passed):
            day = case.opened_on + timedelta(days=length * number // max(len(passed), 1))
            self._rows.add(
                "case_phases",
                municipal_area_id=self._area.key,
                id=self._id(day),
                case_id=case.id,
                at=at(day),
                source=previous,
                target=phase,
                user_id=case.client.manager.user_id,
            )
            previous = phase

    def _documentation_consent(self, case: DemoCase) -> None:
        manager = case.client.manager
        interpreter = self._random.random() < 0.4
        adult = case.client.is_adult(case.opened_on)
        self._rows.add(
            "consents",
            municipal_area_id=self._area.key,
            id=self._id(case.opened_on),
            client_id=case.client.id,
            case_id=case.id,
            purpose="case_documentation",
            unit_id=manager.unit_id,
            data_categories=["master_data", "contact", "residence", "benefits", "household"],
            special_categories=[],
            direction="to",
            text_language="deu",
            text_version="1",
            text_sha256=digest_of("case_documentation", "deu", "1"),
            interpreter_used=interpreter,
            interpreter=INTERPRETED if interpreter else None,
            consequences_explained=True,
            revocability_explained=True,
            form="written",
            given_by="client" if adult else "guardian",
            guardian=None if adult else "Mutter, Ausweis lag vor",
            given_at=at(case.opened_on),
            given_on=case.opened_on,
            valid_until=max(default_end(case.opened_on), self._today + timedelta(days=30)),
            evidence="Papierakte, Blatt 1",
            recorded_by=manager.user_id,
        )

    def _assessment(self, case: DemoCase) -> None:
        random = self._random
        assessment = self._id(case.opened_on)
        common = {"municipal_area_id": self._area.key}
        day = min(case.opened_on + timedelta(days=random.randint(3, 30)), self._today)
        self._rows.add(
            "assessments", **common, id=assessment, case_id=case.id, assessed_on=day,
            author_id=case.client.manager.user_id,
        )  # fmt: skip
        for number, domain in enumerate(random.sample(_DOMAINS, random.randint(2, 5))):
            state = "need" if number == 0 else random.choice(("need", "need", "resource", "none"))
            self._rows.add(
                "assessment_domains",
                **common,
                id=self._id(day),
                assessment_id=assessment,
                case_id=case.id,
                life_domain=domain,
                state=state,
                scale=random.randint(1, 3) if state == "need" else random.randint(3, 5),
            )

    def _plan(self, case: DemoCase) -> None:
        random = self._random
        common = {"municipal_area_id": self._area.key}
        for domain, wording, measure in random.sample(GOALS, random.randint(1, 2)):
            goal = self._id(case.opened_on)
            done = case.closed_on is not None or random.random() < 0.3
            self._rows.add(
                "goals", **common, id=goal, case_id=case.id, life_domain=domain, wording=wording,
                set_on=case.opened_on, target_on=case.opened_on + timedelta(days=180),
                attainment="reached" if case.closed_on else None,
            )  # fmt: skip
            self._rows.add(
                "measures",
                **common,
                id=self._id(case.opened_on),
                case_id=case.id,
                goal_id=goal,
                wording=measure,
                responsible=random.choice(("client", "case_manager")),
                due_on=self._today + timedelta(days=random.randint(-20, 60)),
                state="done" if done else "open",
                done_on=min(case.opened_on + timedelta(days=40), self._today) if done else None,
            )

    def _contacts(self, case: DemoCase) -> None:
        random = self._random
        last = case.closed_on or self._today
        for _ in range(random.randint(1, 4)):
            day = case.opened_on + timedelta(days=random.randint(0, max((last - case.opened_on).days, 0)))
            self._rows.add(
                "contacts",
                municipal_area_id=self._area.key,
                id=self._id(day),
                case_id=case.id,
                contact_type=random.choice(("office", "phone", "phone", "message", "visit", "accompanied")),
                happened_at=at(day),
                minutes=random.choice((10, 15, 30, 45, 60, 90)),
                language=case.client.person.origin.language,
                interpreter=random.choice(("none", "none", "professional", "volunteer")),
                note=random.choice(CONTACT_NOTES),
                author_id=case.client.manager.user_id,
            )

    def _tasks(self, case: DemoCase) -> None:
        if case.closed_on or self._random.random() < 0.4:
            return
        manager = case.client.manager
        self._rows.add(
            "tasks",
            municipal_area_id=self._area.key,
            id=self._id(self._today - timedelta(days=3)),
            case_id=case.id,
            title=self._random.choice(TASKS),
            due_on=self._today + timedelta(days=self._random.randint(-7, 30)),
            assignee_id=manager.user_id,
            created_by=manager.user_id,
        )

    def _id(self, day: date) -> UUID:
        return self._ids.at(at(day, hour=self._random.randint(8, 16)))
