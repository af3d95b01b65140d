"""What is written down of a case: intake, consent to documentation, contacts."""

import json
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from app.consents.rules import default_end
from app.consents.texts import digest_of
from app.demo.days import day_within, moment, office_day
from app.demo.notes import contact_note, last_note, wording
from app.demo.picking import Weighted, between, pick
from app.demo.rows import Ids, Rows
from app.demo.staff import Area

if TYPE_CHECKING:
    from app.demo.casework import DemoCase
    from app.demo.population import DemoClient

INTERPRETED = "Sprachmittlungspool der Kommune"
_RENEWED = timedelta(days=350)
"""A consent that ends is asked for again two weeks before."""
_ROUTES = ("self", "mbe", "jobcenter", "ki", "volunteers", "refugee_counselling")
_ROUTES_OF_CHILDREN = ("school", "ki", "youth_welfare", "jmd", "volunteers", "mso")
_KINDS = Weighted(
    ("office", 34), ("phone", 32), ("message", 12), ("visit", 9), ("accompanied", 9), ("video", 4)
)
_SAFE_KINDS = Weighted(("office", 6), ("phone", 4))
"""Nobody visits a shelter, writes to somebody in it or is seen beside her."""
_CONTACTS = (1, 7)
"""Least and most between the first conversation and the last."""
_INTERPRETERS = Weighted(("professional", 5), ("volunteer", 4), ("relative", 3))
_MINUTES = {
    "office": (30, 45, 60, 75, 90), "phone": (5, 10, 15, 20, 25), "message": (5, 10), "visit": (60, 75, 90),
    "accompanied": (60, 90, 120, 150), "video": (20, 30, 45),
}  # fmt: skip
_ENDS = Weighted(
    ("goals_reached", 10), ("handed_to_regular_services", 8), ("moved_away", 5), ("contact_lost", 1),
    ("client_ended", 1),
)  # fmt: skip
PLANNED_ENDS = frozenset({"goals_reached", "handed_to_regular_services"})
_FEEDBACK = (
    "Ich weiß jetzt, an wen ich mich wenden kann.",
    "Es ist vieles leichter geworden, die Briefe verstehe ich aber noch nicht allein.",
    "Ohne die Begleitung hätte ich aufgegeben.",
    "Es hat lange gedauert, am Ende hat es geklappt.",
)


def routes_of(client: "DemoClient") -> tuple[str, ...]:
    """Return the ways on which somebody comes."""
    return _ROUTES_OF_CHILDREN if client.is_child else _ROUTES


def given_by(client: "DemoClient") -> dict[str, str | None]:
    """Return who consents for somebody: the client, for a child the parent who heads the household."""
    if client.guardian is None:
        return {"given_by": "client", "guardian": None}
    parent = {"w": "Mutter", "m": "Vater"}.get(client.guardian.sex, "Elternteil")
    name = f"{client.guardian.given_name} {client.guardian.family_name}"
    return {"given_by": "guardian", "guardian": f"{parent} {name}, Ausweis lag vor"}


def agreed_by(client: "DemoClient") -> dict[str, Any]:
    """Return how somebody agrees in writing: what was explained, in which language, and who interpreted."""
    return {
        "special_categories": [],
        "text_language": "deu",
        "text_version": "1",
        "interpreter_used": client.needs_interpreter,
        "interpreter": INTERPRETED if client.needs_interpreter else None,
        "consequences_explained": True,
        "revocability_explained": True,
        "form": "written",
        **given_by(client),
    }


class Documenting:
    """Writes intake, consents and contacts of the cases of one area."""

    def __init__(self, area: Area, rows: Rows, ids: Ids, random: Random, *, today: date) -> None:
        self._area = area
        self._rows = rows
        self._ids = ids
        self._random = random
        self._today = today

    def write(self, case: "DemoCase") -> None:
        """Write all of it for a case."""
        ended = _ENDS.pick(self._random) if case.closed_on else None
        self._content(case, ended)
        if case.phase != "intake":
            self._documentation_consents(case)
        self._contacts(case, ended)

    def _content(self, case: "DemoCase", ended: str | None) -> None:
        random, begun = self._random, case.phase != "intake"
        concern = wording(case.situations[0].concern, case.client.person)
        given = case.way[0][1].date() if begun else None
        planned = case.entered("linking")
        judged = ended in PLANNED_ENDS
        self._rows.add(
            "case_contents",
            municipal_area_id=self._area.key,
            id=case.id,
            access_route=case.route,
            concern=concern,
            intake_criteria=json.dumps(self._criteria(case) if begun else {}),
            intake_outcome=case.kind if begun else None,
            privacy_notice_version="2026-1" if begun else None,
            privacy_notice_language="deu" if begun else None,
            privacy_notice_on=given,
            documentation_basis="consent" if begun else None,
            plan_agreed_on=planned.date() if planned else None,
            plan_agreement="Plan gemeinsam durchgesehen und unterschrieben." if planned else None,
            next_review_on=None
            if ended
            else office_day(self._today + timedelta(days=between(random, 5, 90))),
            client_feedback=pick(random, _FEEDBACK) if judged else None,
            closing_reason=ended,
            closing_outcomes=json.dumps(
                {each.life_domain: "resolved" if judged else "unchanged" for each in case.situations}
                if ended
                else {}
            ),
            unfinished_tasks=0 if ended else None,
            unfinished_measures=0 if ended else None,
        )

    def _criteria(self, case: "DemoCase") -> dict[str, bool]:
        found = {f"C{number}": self._random.random() < 0.6 for number in range(1, 8)}
        found |= {"C1": len({each.life_domain for each in case.situations}) > 1, "C6": True, "C7": True}
        return found | {"C3": "changed" in case.traits}

    def _documentation_consents(self, case: "DemoCase") -> None:
        """Write a consent for each year of the case: each ends after twelve months and is asked for again."""
        day, last, sheet = case.opened_on, case.last_day(self._today), 1
        while day <= last:
            self._consent(case, day, sheet)
            day, sheet = office_day(day + _RENEWED), sheet + 6

    def _consent(self, case: "DemoCase", day: date, sheet: int) -> None:
        client, manager = case.client, case.client.manager
        at = case.way[0][1] if day == case.opened_on else moment(self._random, day)
        self._rows.add(
            "consents",
            municipal_area_id=self._area.key,
            id=self._ids.at(at),
            client_id=client.id,
            case_id=case.id,
            purpose="case_documentation",
            unit_id=manager.unit_id,
            data_categories=["master_data", "contact", "residence", "benefits", "household"],
            direction="to",
            text_sha256=digest_of("case_documentation", "deu", "1"),
            **agreed_by(client),
            given_at=at,
            given_on=day,
            valid_until=default_end(day),
            evidence=f"Papierakte, Blatt {sheet}",
            recorded_by=manager.user_id,
        )

    def _contacts(self, case: "DemoCase", ended: str | None) -> None:
        """Write the first conversation, what followed, and the last one of a case that ended as planned."""
        random, client = self._random, case.client
        kinds = _SAFE_KINDS if client.is_restricted else _KINDS
        first = case.way[0][1] + timedelta(minutes=5)
        self._contact(case, "office", first, contact_note(random, "office", case.situations[0], client.voice))
        second = office_day(case.opened_on + timedelta(days=1))
        last = case.last_day(self._today) - timedelta(days=1)
        for _ in range(between(random, *_CONTACTS) if last >= second else 0):
            at = moment(random, day_within(random, second, last))
            kind, about = kinds.pick(random), pick(random, case.situations)
            self._contact(case, kind, at, contact_note(random, kind, about, client.voice))
        if ended in PLANNED_ENDS:
            self._contact(
                case, "office", case.way[-1][1], last_note(random, case.situations[0], client.voice)
            )

    def _contact(self, case: "DemoCase", kind: str, at: datetime, note: str) -> None:
        client, random = case.client, self._random
        needed = client.needs_interpreter
        language: dict[str, Any] = {"language": "deu", "interpreter": "none"}
        if needed:
            interpreter = "none" if kind == "message" else _INTERPRETERS.pick(random)
            sheltered = client.is_restricted and interpreter != "none"
            language = {
                "language": client.person.origin.language,
                "interpreter": "professional" if sheltered else interpreter,
            }
        self._rows.add(
            "contacts",
            municipal_area_id=self._area.key,
            id=self._ids.at(at),
            case_id=case.id,
            contact_type=kind,
            happened_at=at,
            minutes=pick(random, _MINUTES[kind]),
            **language,
            **self._accompanied_to(case, kind, at),
            note=note,
            author_id=client.manager.user_id,
            created_at=at,
        )

    def _accompanied_to(self, case: "DemoCase", kind: str, at: datetime) -> dict[str, Any]:
        """Return to which institution somebody was accompanied: one of the case's concerns, near the home."""
        if kind != "accompanied":
            return {"institution_id": None, "institution_name": None}
        home, age = case.client.dwelling.municipality, case.client.age(at.date())
        wanted = (
            self._area.institution(each, home, age) for one in case.situations for each in one.referred_to
        )
        found = next((each for each in wanted if each is not None), None)
        return {
            "institution_id": found and found.id,
            "institution_name": None if found else "Bürgerbüro",
        }
