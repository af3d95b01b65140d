"""Inquiries: people who asked once, who wait for a case manager or did so, and those who became a case."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from app.demo.casework import DemoCase
from app.demo.days import day_within, moment, office_day, office_day_before
from app.demo.people import ORIGINS
from app.demo.picking import Weighted, between, pick
from app.demo.rows import Ids, Rows
from app.demo.staff import Area, CaseManager
from app.inquiries.rules import RECEIVED, quarter_of
from app.kit.clock import months_later

_DAYS = 26
"""So far back the latest were received."""
_OF_THIRD_COUNTRIES = tuple(each for each in ORIGINS if each.nationality not in {"154", "125"})
_OPEN = frozenset({"open", "waiting"})


_ROUTES = Weighted(("self", 6), ("jobcenter", 4), ("mbe", 4), ("volunteers", 3))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What somebody asked, and what became of it."""

    state: str
    route: str
    concerns: tuple[str, ...]
    note: str
    passed_to: str | None = None
    """Kind of institution."""
    reason: str | None = None
    priority: str | None = None
    is_anonymous: bool = False


_STORIES = (
    _Asked("waiting", "jobcenter", ("housing", "benefits"), "Vermieter hat zum Monatsende gekündigt, "
           "das Jobcenter zahlt die neue Miete noch nicht. Möchte begleitet werden.", priority="housing"),
    _Asked("advised", "self", ("authorities",), "Versteht den Bescheid der Familienkasse nicht, er wurde "
           "erklärt. Mehr wird nicht gewünscht.", is_anonymous=True),
    _Asked("passed_on", "volunteers", ("language",), "Sucht einen Deutschkurs am Abend, "
           "arbeitet im Schichtdienst. Mit Einverständnis an den Kursträger verwiesen.",
           passed_to="sprachkurstraeger"),
    _Asked("declined", "school", ("school",), "Familie wird schon im Case Management des "
           "Jugendamts begleitet.", reason="other_case_management"),
    _Asked("open", "mso", ("work", "recognition"), "Hat in der Heimat als Krankenpflegerin gearbeitet, fragt "
           "nach der Anerkennung. Rückruf vereinbart."),
    _Asked("waiting", "self", ("residence", "family"), "Fragt nach dem Nachzug des Ehemanns, mehrere Ämter "
           "beteiligt."),
    _Asked("passed_on", "self", ("debts",), "Mahnungen eines Mobilfunkanbieters, sonst gut versorgt.",
           passed_to="schuldnerberatung"),
    _Asked("declined", "other", ("housing",), "Wohnt in der Nachbarstadt, an das dortige KIM verwiesen.",
           reason="not_responsible"),
    _Asked("advised", "mbe", ("benefits",), "Fragen zum Weiterbewilligungsantrag, "
           "Antrag gemeinsam ausgefüllt."),
)  # fmt: skip
_EACH, _MANAGERS = 3, 11
"""The latest of each case manager, and of how many; with nine stories each is told in both areas."""
_QUARTERS = 2
"""Of the quarters that ended last, for their releases."""
_BEFORE = 9
"""In each of them, of each case manager."""
_ENDED = Weighted(("advised", 5), ("passed_on", 3), ("declined", 3))
_LISTED, _LISTED_WEEKS = 11, 46
"""Of each case manager put on the waiting list, over so many weeks."""
_WAITS = (2, 24)
"""Weeks: nobody is forgotten while they wait."""
_AFTER_WAITING = Weighted(("removed", 5), ("advised", 3), ("passed_on", 2))
_WHY_REMOVED = ("no_longer_wanted", "not_reached", "helped_elsewhere")
_BECAME_DAYS = 300
_BECAME_WAITING = 0.4
_KEPT_MONTHS = 6
"""So long it is kept what tells of a person of whom nothing came."""


@dataclass(frozen=True, slots=True)
class _Course:
    """When somebody asked, since when they wait or waited, and when something came of it."""

    at: datetime
    waiting_since: date | None = None
    ended: datetime | None = None


class Asking:
    """Writes the inquiries of one area; draws from a chance of its own."""

    def __init__(self, area: Area, rows: Rows, ids: Ids, random: Random, *, today: date) -> None:
        self._area = area
        self._rows = rows
        self._ids = ids
        self._random = random
        self._last = office_day_before(today - timedelta(days=1))
        self._today = today

    def ask(self) -> None:
        """Write what case managers were asked lately, in the quarters that ended last, and who waits."""
        for number, manager in enumerate(self._area.managers[:_MANAGERS]):
            for each in range(_EACH):
                story = _STORIES[(number * _EACH + each) % len(_STORIES)]
                at = self._moment(self._last - timedelta(days=_DAYS), self._last)
                waits = at.date() if story.state == "waiting" else None
                ended = None if story.state in _OPEN else self._soon(at)
                self._inquiry(manager, story, _Course(at, waits, ended))
        for begin, end in _quarters_before(self._today, _QUARTERS):
            for manager in self._area.managers:
                for _ in range(_BEFORE):
                    at = self._moment(begin, end)
                    self._inquiry(manager, self._story(_ENDED), _Course(at, None, self._soon(at)))
        for manager in self._area.managers:
            for _ in range(_LISTED):
                self._list(manager)

    def became(self, case: DemoCase) -> None:
        """Write the inquiry that became a case that is not long open, of nobody who must not be found."""
        client = case.client
        is_late = (self._today - case.opened_on).days > _BECAME_DAYS
        if is_late or client.is_restricted or case.phase == "intake" or case.route not in _ROUTES.codes:
            return
        ended, random = case.way[0][1], self._random
        asked = _Asked("case", case.route, tuple(each.life_domain for each in case.situations), "")
        day = office_day_before(case.opened_on - timedelta(days=between(random, 1, 9)))
        waits = random.random() < _BECAME_WAITING
        if waits:
            day = office_day_before(day - timedelta(weeks=between(random, 2, 10)))
        at = moment(random, day)
        self._inquiry(client.manager, asked, _Course(at, day if waits else None, ended), case)

    def _list(self, manager: CaseManager) -> None:
        """Put somebody on the waiting list; most have left it again."""
        first = self._last - timedelta(weeks=_LISTED_WEEKS)
        at = self._moment(first, self._last)
        day = office_day(at.date() + timedelta(weeks=between(self._random, *_WAITS)))
        waiting = pick(self._random, [each for each in _STORIES if each.state == "waiting"])
        if day > self._last:
            self._inquiry(manager, waiting, _Course(at, at.date()))
            return
        story = self._story(_AFTER_WAITING)
        self._inquiry(manager, story, _Course(at, at.date(), moment(self._random, day)))

    def _story(self, states: Weighted) -> _Asked:
        """Return what somebody asked of whom something came, by one of the usual ways."""
        random, state = self._random, states.pick(self._random)
        told = "waiting" if state == "removed" else state
        story = replace(pick(random, [each for each in _STORIES if each.state == told]), state=state)
        story = replace(story, route=_ROUTES.pick(random))
        return replace(story, reason=pick(random, _WHY_REMOVED)) if state == "removed" else story

    def _moment(self, first: date, last: date) -> datetime:
        return moment(self._random, day_within(self._random, first, last))

    def _soon(self, at: datetime) -> datetime:
        return at + timedelta(minutes=between(self._random, 15, 40))

    def _inquiry(
        self, manager: CaseManager, asked: _Asked, course: _Course, case: DemoCase | None = None
    ) -> None:
        language = self._language(asked, case)
        inquiry = self._ids.at(course.at)
        changed = course.ended or course.at
        self._rows.add(
            "inquiries", municipal_area_id=self._area.key, id=inquiry, unit_id=manager.unit_id,
            responsible_id=manager.user_id, state=asked.state, language=language,
            waiting_since=course.waiting_since, priority_reason=asked.priority, created_at=course.at,
            changed_at=changed,
        )  # fmt: skip
        institution = asked.passed_to and self._area.institution(asked.passed_to, manager.municipality, 30)
        self._rows.add(
            "inquiry_contents",
            municipal_area_id=self._area.key,
            id=inquiry,
            received_on=course.at.date(),
            access_route=asked.route,
            concerns=list(asked.concerns),
            minutes=pick(self._random, (10, 15, 20, 30)),
            finished_on=course.ended and course.ended.date(),
            institution_id=institution.id if institution else None,
            reason=asked.reason,
            case_id=case and case.id,
            created_at=course.at,
            changed_at=changed,
            **self._told(asked, language, course, case),
        )
        self._count(manager, asked, RECEIVED, language, course.at)
        if course.ended:
            self._count(manager, asked, asked.state, language, course.ended)

    def _language(self, asked: _Asked, case: DemoCase | None) -> str:
        if case is not None:
            return case.client.person.origin.language
        return pick(self._random, _OF_THIRD_COUNTRIES if "residence" in asked.concerns else ORIGINS).language

    def _told(self, asked: _Asked, language: str, course: _Course, case: DemoCase | None) -> dict[str, Any]:
        """Return what tells of the person, as long as it is kept: in a case it stands there alone."""
        random = self._random
        origin = next(each for each in ORIGINS if each.language == language)
        name = f"{pick(random, origin.women)} {origin.family_name(pick(random, origin.families), 'w')}"
        phone = f"+49 15{between(random, 10, 79)} {between(random, 1000000, 9999999)}"
        forgotten = course.ended if case else None
        if course.ended and not case and months_later(course.ended.date(), _KEPT_MONTHS) <= self._today:
            forgotten = moment(random, office_day(months_later(course.ended.date(), _KEPT_MONTHS)))
        if forgotten:
            return {"name": None, "reachable": None, "note": None, "forgotten_at": forgotten}
        return {
            "name": None if asked.is_anonymous else name,
            "reachable": None if asked.is_anonymous else phone,
            "note": asked.note,
            "forgotten_at": None,
        }

    def _count(self, manager: CaseManager, asked: _Asked, event: str, language: str, at: datetime) -> None:
        """Count it as the API does: the quarter, never the day, and no way back to the inquiry."""
        self._rows.add(
            "inquiry_figures",
            municipal_area_id=self._area.key,
            id=self._ids.any(),
            unit_id=manager.unit_id,
            contributor_id=manager.user_id,
            quarter=quarter_of(at.date()),
            event=event,
            access_route=asked.route,
            concerns=sorted(asked.concerns),
            language=language,
            is_anonymous=asked.is_anonymous,
            reason=None if event == RECEIVED else asked.reason,
        )


def _quarters_before(today: date, number: int) -> list[tuple[date, date]]:
    """Return the first and the last day of the quarters that ended last."""
    begin = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    begins = [months_later(begin, -3 * each) for each in range(1, number + 1)]
    return [(each, months_later(each, 3) - timedelta(days=1)) for each in begins]
