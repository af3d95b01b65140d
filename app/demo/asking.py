"""Inquiries: people who asked once, who were advised, passed on or declined, or wait for a case manager."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from app.demo.days import day_within, moment, office_day_before
from app.demo.people import ORIGINS
from app.demo.picking import between, pick
from app.demo.rows import Ids, Rows
from app.demo.staff import Area, CaseManager
from app.inquiries.rules import RECEIVED, quarter_of
from app.kit.clock import months_later

_DAYS = 26
"""So far back they were received: within what is kept of those who only asked."""
_OF_THIRD_COUNTRIES = tuple(each for each in ORIGINS if each.nationality not in {"154", "125"})
_OPEN = frozenset({"open", "waiting"})


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
"""Inquiries of each case manager, and of how many; with nine stories each is told in both areas."""
_BEFORE = 7
"""Of the quarter that ended last, for its release: of each case manager."""


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
        """Write the inquiries of the case managers with accounts."""
        for number, manager in enumerate(self._area.managers[:_MANAGERS]):
            for each in range(_EACH):
                story = _STORIES[(number * _EACH + each) % len(_STORIES)]
                self._inquiry(manager, story, self._last - timedelta(days=_DAYS), self._last)
        begin, end = _quarter_before(self._today)
        earlier = [each for each in _STORIES if each.state != "open"]
        for number, manager in enumerate(self._area.managers):
            for each in range(_BEFORE):
                story = earlier[(number * _BEFORE + each) % len(earlier)]
                # From the second week on: what is older than half a year is forgotten.
                self._inquiry(manager, story, begin + timedelta(days=7), end)

    def _inquiry(self, manager: CaseManager, asked: _Asked, first: date, last: date) -> None:
        random = self._random
        origin = pick(random, _OF_THIRD_COUNTRIES if "residence" in asked.concerns else ORIGINS)
        at = moment(random, day_within(random, first, last))
        ended = None if asked.state in _OPEN else at + timedelta(minutes=between(random, 15, 40))
        inquiry, waits = self._ids.at(at), asked.state == "waiting"
        name = f"{pick(random, origin.women)} {origin.family_name(pick(random, origin.families), 'w')}"
        phone = f"+49 15{between(random, 10, 79)} {between(random, 1000000, 9999999)}"
        self._rows.add(
            "inquiries",
            municipal_area_id=self._area.key,
            id=inquiry,
            unit_id=manager.unit_id,
            responsible_id=manager.user_id,
            state=asked.state,
            language=origin.language,
            waiting_since=at.date() if waits else None,
            priority_reason=asked.priority,
            created_at=at,
            changed_at=ended or at,
        )
        institution = asked.passed_to and self._area.institution(asked.passed_to, manager.municipality, 30)
        self._rows.add(
            "inquiry_contents",
            municipal_area_id=self._area.key,
            id=inquiry,
            received_on=at.date(),
            access_route=asked.route,
            concerns=list(asked.concerns),
            name=None if asked.is_anonymous else name,
            reachable=None if asked.is_anonymous else phone,
            minutes=pick(random, (10, 15, 20, 30)),
            note=asked.note,
            finished_on=ended and ended.date(),
            institution_id=institution.id if institution else None,
            reason=asked.reason,
            created_at=at,
            changed_at=ended or at,
        )
        self._count(manager, asked, RECEIVED, origin.language, at)
        if ended:
            self._count(manager, asked, asked.state, origin.language, ended)

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


def _quarter_before(today: date) -> tuple[date, date]:
    """Return the first and the last day of the quarter that ended last."""
    begin = months_later(date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), -3)
    return begin, months_later(begin, 3) - timedelta(days=1)
