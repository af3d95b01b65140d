"""Dates as an iCalendar document (RFC 5545): neutral names, times in UTC, the same bytes for the same dates.

Pure. No title, client, case, place or colleague gets in here: an `Entry` has no field for them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

NAMES = {"appointment": "Termin KIM", "task": "Frist KIM"}
LONGEST_LINE = 75  # octets, without the line end
_HEAD = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//KIM//Kalender//DE",
    "CALSCALE:GREGORIAN",
    "X-WR-CALNAME:KIM",
    "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    # A calendar has at least one component, also when nothing is due.
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Berlin",
    "BEGIN:DAYLIGHT",
    "DTSTART:19810329T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "TZNAME:CEST",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "DTSTART:19961027T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "TZNAME:CET",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """When something is due, and nothing of what it is."""

    task_id: UUID
    kind: str
    due_on: date
    due_at: datetime | None
    minutes: int | None
    changed_at: datetime
    version: int


def render(entries: Iterable[Entry], owner: UUID) -> bytes:
    """Return the document for one user; another user's names for the same date do not match these."""
    lines = [*_HEAD]
    for entry in entries:
        lines += _event(entry, owner)
    lines.append("END:VCALENDAR")
    return b"".join(fold(line) for line in lines)


def _event(entry: Entry, owner: UUID) -> Iterable[str]:
    changed = _utc(entry.changed_at)
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid5(owner, str(entry.task_id))}"
    # Without a METHOD, DTSTAMP is the last revision (RFC 5545, 3.8.7.2): so the bytes stay the same.
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"SEQUENCE:{entry.version - 1}"
    if entry.due_at is None:
        yield f"DTSTART;VALUE=DATE:{entry.due_on:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.due_on + timedelta(days=1):%Y%m%d}"
    else:
        yield f"DTSTART:{_utc(entry.due_at)}"
        if entry.minutes is not None:
            yield f"DTEND:{_utc(entry.due_at + timedelta(minutes=entry.minutes))}"
    yield f"SUMMARY:{escape(NAMES[entry.kind])}"
    yield "CLASS:PRIVATE"
    yield f"TRANSP:{'OPAQUE' if entry.kind == 'appointment' else 'TRANSPARENT'}"
    yield "END:VEVENT"


def escape(text: str) -> str:
    """Return a text as the value of a property."""
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\n").replace("\n", "\\n")


def fold(line: str) -> bytes:
    """Return a line with its end, broken into pieces of at most 75 octets, never within a character."""
    pieces: list[bytes] = [b""]
    for character in line:
        encoded = character.encode()
        if len(pieces[-1]) + len(encoded) > LONGEST_LINE:
            pieces.append(b" ")
        pieces[-1] += encoded
    return b"\r\n".join(pieces) + b"\r\n"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
