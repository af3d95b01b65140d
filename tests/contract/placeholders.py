"""Makes a record the same whenever it is made: ids, times, tokens and names of the area get stable forms.

Days that the scene counts from today, and moments around now, are moved to one fixed day; other dates are
facts of the story and stay.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app.kit.clock import BERLIN, months_later
from tests.contract.stage import NOW, TODAY, Exchange, Stage

QUARTER = "2026Q2"
"""What the quarter of today is moved to; any other quarter is a fact of the story."""
AREA, AREA_BELOW = "KREIS-AUENTAL", "kreis-auental"

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
NUMBERED = ("access_token", "refresh_token", "next", "secret", "client_secret", "receipt", "invitation_code",
            "manifest")  # fmt: skip
"""Opaque texts that later requests may send again: each is told from the others."""
DIGEST = "{:064}"
"""Of a file that whoever fetched it confirms: it names pseudonyms, so no two are the same."""
_LETTER = {"sha256": "0" * 64, "size_bytes": 40000}
"""A letter says days and the number of the case, so no two are the same."""
_PACKAGE = {"sha256": "0" * 64}
"""So does the package of a transfer."""
_LINES = {"size_bytes": 6000}
"""A file for the state-wide database names the area in each line, and its code has no fixed length."""
_OFFERED = {"package_sha256": "0" * 64}
"""A package that names an offer has the id of it."""
_COUNTED = {"position": 4711, "waiting_days": 70}
"""Numbers that depend on what else happened, or on the day of today."""
_EVENT = re.compile(r"(?<=\nid: )\S+")
"""The place in a stream of events, a cursor of its own."""
_CHANGES = re.compile(r"event: changes\n.*?\n\n", re.DOTALL)
"""What a stream tells anew of what was written just before, as long as any transaction is older."""
_ENDS = ("_until", "_ends_at")
"""What ends with a day ends at midnight in the offices, so many days ahead and not so many hours."""
_FIXED = {
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "kid": "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U",
}


@dataclass
class Placeholders:
    """What stands for what; fill it by asking for the whole record in its order."""

    stage: Stage
    known: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def of_record(self) -> dict[str, Any]:
        """Return the record with placeholders, as it is written down."""
        self._constants = self._constant_days()
        given = {name: self._id(real) for name, real in self.stage.given.items()}
        steps = [
            {"meanwhile": each} if isinstance(each, str) else self._of_exchange(each)
            for each in self.stage.record
        ]
        return {"today": TODAY.isoformat(), "given": given, "steps": steps}

    def _of_exchange(self, each: Exchange) -> dict[str, Any]:
        request: dict[str, Any] = {
            "path": self.of(each.path),
            "query": self.of(each.query),
            "headers": each.headers,
            "media_type": each.media_type if each.body is not None else None,
            "body": self.of(each.body),
        }
        answer = {
            "status": each.status,
            "media_type": each.answer_type if each.answer is not None else None,
            "body": self.of(each.answer),
        }
        said = {key: value for key, value in request.items() if value not in ({}, None)}
        return {"operation": each.operation, "by": each.by, "request": said, "answer": answer}

    def of(self, value: Any, key: str = "") -> Any:
        """Return a value with placeholders."""
        if isinstance(value, dict):
            if "withdrawals" in value and "sha256" in value:
                self._numbered(value["sha256"], DIGEST)
            return {name: self.of(inner, name) for name, inner in {**value, **_dated(value)}.items()}
        if isinstance(value, list):
            return [self.of(inner, key) for inner in value]
        if key in _COUNTED:
            return _COUNTED[key]
        return self._of_text(value, key) if isinstance(value, str) else value

    def _of_text(self, value: str, key: str) -> str:
        if key in NUMBERED or value in self.known:
            return self._numbered(value, f"example-{key.replace('_', '-')}-{{}}")
        if key in _FIXED:
            return _FIXED[key]
        if key == "number":
            return self._numbered(value, f"{TODAY.year}-{{:06}}")
        if key == "quarter":
            return QUARTER if value == self.stage.quarter else value
        if _MOMENT.fullmatch(value):
            return self._moment(value, key)
        value = _CHANGES.sub("", value)
        value = _EVENT.sub(lambda found: self._numbered(found[0], "example-next-{}"), value)
        value = UUID.sub(lambda found: self._id(found[0]), value)
        value = value.replace(self.stage.world.area, AREA).replace(self.stage.world.area.lower(), AREA_BELOW)
        return _DATE.sub(lambda found: self._day(found[0]), value)

    def _id(self, value: str) -> str:
        return self._numbered(value, "00000000-0000-7000-8000-{:012}")

    def _numbered(self, value: str, form: str) -> str:
        if value not in self.known:
            self.counts[form] += 1
            self.known[value] = form.format(self.counts[form])
        return self.known[value]

    def _day(self, text: str) -> str:
        day = date.fromisoformat(text)
        counted = (TODAY + (day - self.stage.today)).isoformat()
        if day in self.stage.days:
            return counted
        if text in self._constants or day < self.stage.today:
            return text
        months = 12 * (day.year - self.stage.today.year)
        if months and (day.month, day.day) == (12, 31):
            return months_later(TODAY.replace(month=12, day=31), months).isoformat()
        if months_later(self.stage.today, months) == day:
            return months_later(TODAY, months).isoformat()
        return counted

    def _moment(self, text: str, key: str) -> str:
        moment = datetime.fromisoformat(text)
        if moment in self.stage.moments:
            return _written(NOW + timedelta(hours=self.stage.moments[moment]))
        local = moment.astimezone(BERLIN)
        if key.endswith(_ENDS) and local.time() == time.min:
            day = TODAY + (local.date() - self.stage.today)
            stable = datetime.combine(day, local.time(), BERLIN).astimezone(UTC)
        else:
            away = (moment - self.stage.started) / timedelta(hours=1)
            stable = NOW + timedelta(hours=round(away))
        return _written(stable)

    def _constant_days(self) -> set[str]:
        counted = {day.isoformat() for day in self.stage.days}
        sent = [str((each.query, each.body)) for each in self.stage.exchanges]
        return {day for text in sent for day in _DATE.findall(text)} - counted


_FROZEN = {"is_frozen", "frozen_at", "withdraw_reason", "release_sha256", "asked_by"}
"""One of these is beside the digest of what was frozen: a package, what was sent, a cited table."""


def _dated(value: dict[str, Any]) -> dict[str, Any]:
    """Return what stands for the fields of an object that say, hashed, on which day it was made, or an id."""
    if value.get("package_sha256") and value.get("offer"):
        return _OFFERED
    if "sha256" in value and value.get("source") == "letter":
        return _LETTER
    if "withdrawals" in value and value.get("size_bytes") is not None:
        return _LINES
    return _PACKAGE if value.get("sha256") and _FROZEN & value.keys() else {}


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
