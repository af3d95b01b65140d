"""What goes on beside the plan of a case: changes of legal domain, interpreters, entries half written."""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from uuid import UUID

from app.cases.domain_changes.checklists import items_of
from app.demo.casework import DemoCase
from app.demo.days import day_within, moment, office_day, office_day_before
from app.demo.notes import wording
from app.demo.picking import between, pick
from app.demo.rows import Ids, Rows
from app.demo.staff import Area
from app.demo.standing import Livelihood

_SETTLED_AFTER = 12
"""Days from one item of a change of legal domain to the next that is done."""
_LEFT_FROM = 4
"""Of the items from this one on, some wait in an open case however long ago the change was."""
_NOT_NEEDED = {
    "child_benefit": "Keine Kinder im Haushalt",
    "account": "Ein Konto besteht schon",
}
_OF_CHILDREN = "Regeln die Eltern für das Kind mit"
_WAYS = (
    (("record", None, "needed"),),
    (("record", None, "needed"), ("request", "needed", "requested")),
    (("record", None, "needed"), ("request", "needed", "requested"), ("confirm", "requested", "confirmed")),
    (("record", None, "needed"), ("request", "needed", "requested"), ("confirm", "requested", "confirmed"),
     ("hold", "confirmed", "held")),
)  # fmt: skip
"""The ways of the first interpretings of each case manager; the last is over, the others are to come."""
_LEAD = timedelta(days=10)
"""So long before an appointment that is over it was needed."""
_DRAFTS = 2
_HALF_WRITTEN = (
    "Rückruf wegen: SUBJECT. Noch nachzutragen: was vereinbart wurde.",
    "SUBJECT besprochen. Unterlagen: PAPERS, Rest folgt.",
    "Stichworte: SUBJECT, es fehlt noch MISSING.",
)


class Accompanying:
    """Writes them for the cases of one area; draws from a chance of its own."""

    def __init__(self, area: Area, rows: Rows, ids: Ids, random: Random, *, today: date) -> None:
        self._area = area
        self._rows = rows
        self._ids = ids
        self._random = random
        self._today = today
        self._yesterday = office_day_before(today - timedelta(days=1))
        self._interpreted: Counter[UUID] = Counter()
        self._drafted: Counter[UUID] = Counter()

    def write(self, case: DemoCase) -> None:
        """Write what there is to a case."""
        self._domain_changes(case)
        if case.is_open and case.phase != "intake":
            self._interpreting(case)
            self._draft(case)

    def _domain_changes(self, case: DemoCase) -> None:
        """Write the checklists that changes of legal domain opened in a case that was open on that day."""
        for before, after in pairwise(case.client.livelihoods):
            if case.opened_on <= after.begin <= case.last_day(self._yesterday):
                self._domain_change(case, before, after)

    def _domain_change(self, case: DemoCase, before: Livelihood, after: Livelihood) -> None:
        opened = moment(self._random, min(office_day(after.begin), case.last_day(self._yesterday)))
        change = self._ids.at(opened)
        common = {"municipal_area_id": self._area.key, "case_id": case.id}
        without = (after.begin - (before.end or after.begin)).days
        self._rows.add(
            "domain_changes", **common, id=change, before=before.source, after=after.source,
            changed_on=after.begin, days_without=without,
            between_domains=before.is_benefit and after.is_benefit, opened_at=opened,
        )  # fmt: skip
        for position, item in enumerate(items_of(before.source, after.source)):
            self._rows.add(
                "domain_change_items",
                **common,
                id=self._ids.at(opened),
                domain_change_id=change,
                position=position,
                checklist_version=item.version,
                code=item.code,
                side=item.side,
                label_de=item.label_de,
                label_en=item.label_en,
                source=item.source,
                created_at=opened,
                **self._settled(case, item.code, opened, position),
            )

    def _settled(self, case: DemoCase, code: str, opened: datetime, position: int) -> dict[str, Any]:
        """Return what became of an item by now: one after the other they are seen to."""
        client, reason = case.client, None
        if client.is_child and code in _NOT_NEEDED:
            reason = _OF_CHILDREN
        elif code in _NOT_NEEDED:
            is_needed = client.children_born if code == "child_benefit" else self._random.random() < 0.7
            reason = None if is_needed else _NOT_NEEDED[code]
        wait = between(self._random, 2, _SETTLED_AFTER) + _SETTLED_AFTER * position
        day = office_day(opened.date() + timedelta(days=wait))
        is_left = case.is_open and position >= _LEFT_FROM and self._random.random() < 0.5
        if is_left or day > case.last_day(self._yesterday):
            return {"state": "open", "reason": None, "settled_at": None, "settled_by": None,
                    "changed_at": opened, "version": 1}  # fmt: skip
        at = moment(self._random, day)
        return {"state": "not_needed" if reason else "done", "reason": reason, "settled_at": at,
                "settled_by": client.manager.user_id, "changed_at": at, "version": 2}  # fmt: skip

    def _interpreting(self, case: DemoCase) -> None:
        client, manager = case.client, case.client.manager
        number = self._interpreted[manager.user_id]
        old_enough = case.opened_on <= self._yesterday - 2 * _LEAD
        if not client.needs_interpreter or number >= len(_WAYS) or not old_enough:
            return
        self._interpreted[manager.user_id] += 1
        way = _WAYS[number]
        state = way[-1][2]
        if state == "held":
            day = day_within(self._random, self._yesterday - timedelta(days=6), self._yesterday)
        else:
            day = office_day(self._today + timedelta(days=between(self._random, 3, 18)))
        starts = moment(self._random, day)
        needed = day_within(self._random, self._yesterday - _LEAD, self._yesterday - timedelta(days=7))
        steps = self._steps(moment(self._random, needed), starts, len(way), is_held=state == "held")
        interpreting = self._ids.at(steps[0])
        provider = self._area.institutions["sprachmittlung"][0].id
        self._rows.add(
            "interpretings",
            municipal_area_id=self._area.key,
            id=interpreting,
            case_id=case.id,
            language=client.voice.origin.language,
            mode="on_site" if client.is_restricted else pick(self._random, ("on_site", "on_site", "video")),
            starts_at=starts,
            minutes=pick(self._random, (45, 60, 90)),
            wished_sex="w" if client.is_restricted else None,
            payer="open" if state == "needed" else "kim",
            provider_id=None if state == "needed" else provider,
            circle_excluded=client.is_restricted and state in {"confirmed", "held"},
            state=state,
            created_by=manager.user_id,
            created_at=steps[0],
            changed_at=steps[-1],
            version=len(steps),
        )
        for at, (step, source, target) in zip(steps, way, strict=True):
            self._rows.add("interpreting_steps", municipal_area_id=self._area.key, id=self._ids.at(at),
                           interpreting_id=interpreting, case_id=case.id, at=at, step=step, source=source,
                           target=target, user_id=manager.user_id)  # fmt: skip

    def _steps(self, first: datetime, starts: datetime, number: int, *, is_held: bool) -> list[datetime]:
        """Return when each step was taken: asked at once, confirmed within hours, held when it is over."""
        found = [first + timedelta(minutes=20 * each) for each in range(number)]
        if is_held:
            found[-1] = starts + timedelta(hours=2)
        return found

    def _draft(self, case: DemoCase) -> None:
        manager = case.client.manager
        first = max(case.opened_on, self._yesterday - timedelta(days=5))
        if self._drafted[manager.user_id] >= _DRAFTS or first > self._yesterday:
            return
        self._drafted[manager.user_id] += 1
        situation = pick(self._random, case.situations)
        words = pick(self._random, _HALF_WRITTEN).replace("SUBJECT", situation.subject)
        words = words.replace("PAPERS", situation.papers).replace("MISSING", situation.missing)
        at = moment(self._random, day_within(self._random, first, self._yesterday))
        self._rows.add(
            "contact_drafts",
            municipal_area_id=self._area.key,
            id=self._ids.at(at),
            case_id=case.id,
            author_id=manager.user_id,
            contact_type=pick(self._random, ("office", "phone", None)),
            happened_at=at - timedelta(minutes=30),
            note=wording(words, case.client.person),
            created_at=at,
            changed_at=at,
        )
