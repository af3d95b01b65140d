"""The document is valid to the letter, and the reader that says so notices what is not."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendars.icalendar import Entry, escape, fold, render
from tests.calendars.parsing import Broken, read

OWNER, TASK = UUID(int=7), UUID(int=8)
CHANGED = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
DAY = Entry(TASK, "task", date(2030, 2, 28), None, None, CHANGED, 3)
MEETING = Entry(UUID(int=9), "appointment", date(2030, 7, 1), datetime(2030, 7, 1, 22, 30, tzinfo=UTC), 90,
                CHANGED, 1)  # fmt: skip


def test_deadline_takes_a_day_and_hinders_nothing() -> None:
    (event,) = read(render([DAY], OWNER))
    assert (event["DTSTART"], event["DTEND"]) == ("20300228", "20300301")
    assert (event["SUMMARY"], event["TRANSP"], event["SEQUENCE"]) == ("Frist KIM", "TRANSPARENT", "2")
    assert event["DTSTAMP"] == event["LAST-MODIFIED"] == "20300102T030405Z"


def test_appointment_has_its_moments_in_utc() -> None:
    (event,) = read(render([MEETING], OWNER))
    assert (event["DTSTART"], event["DTEND"]) == ("20300701T223000Z", "20300702T000000Z")
    assert (event["SUMMARY"], event["TRANSP"], event["CLASS"]) == ("Termin KIM", "OPAQUE", "PRIVATE")


def test_calendar_without_dates_is_valid() -> None:
    assert read(render([], OWNER)) == []


def test_name_of_a_date_is_stable_and_another_for_everybody() -> None:
    names = {read(render([DAY], owner))[0]["UID"] for owner in (OWNER, OWNER, uuid4())}
    assert len(names) == 2
    assert str(TASK) not in names


MOMENTS = st.integers(1_600_000_000, 7_000_000_000).map(lambda each: datetime.fromtimestamp(each, UTC))
ENTRIES = st.builds(
    Entry,
    st.uuids(),
    st.sampled_from(["task", "appointment"]),
    st.dates(date(2020, 1, 1), date(2199, 1, 1)),
    st.none() | MOMENTS,
    st.none() | st.integers(1, 1440),
    MOMENTS,
    st.integers(1, 10**6),
)


@given(st.lists(ENTRIES, max_size=5, unique_by=lambda entry: entry.task_id))
def test_every_calendar_is_valid_and_the_same_again(entries: list[Entry]) -> None:
    document = render(entries, OWNER)
    assert len(read(document)) == len(entries)
    assert document == render(entries, OWNER)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300))
def test_long_line_is_folded_without_breaking_a_character(text: str) -> None:
    folded = fold(text)
    assert all(len(piece) <= 75 for piece in folded.split(b"\r\n"))
    assert folded.decode().replace("\r\n ", "") == text + "\r\n"


def test_text_is_escaped() -> None:
    assert escape("a;b,c\\d\r\ne\nf") == r"a\;b\,c\\d\ne\nf"


FAULTS = {
    "line end": (b"\r\n", b"\n"),
    "long line": (b"SUMMARY:Frist", b"SUMMARY:" + b"x" * 80),
    "no stamp": (b"DTSTAMP:20300102T030405Z\r\n", b""),
    "stamp without zone": (b"DTSTAMP:20300102T030405Z", b"DTSTAMP:20300102T030405"),
    "day as moment": (b"DTSTART;VALUE=DATE:", b"DTSTART:"),
    "ends before": (b"DTEND;VALUE=DATE:20300301", b"DTEND;VALUE=DATE:20300227"),
    "not escaped": (b"Frist KIM", b"Frist, KIM"),
    "overlap": (b"END:VEVENT\r\n", b""),
    "no version": (b"VERSION:2.0\r\n", b""),
    "twice": (b"CLASS:PRIVATE", b"UID:1"),
    "no property": (b"CLASS:PRIVATE", b"CLASS PRIVATE"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_reader_notices_a_planted_fault(fault: str) -> None:
    document = render([DAY], OWNER)
    right, wrong = FAULTS[fault]
    assert right in document
    with pytest.raises(Broken):
        read(document.replace(right, wrong))


def test_reader_notices_two_events_of_one_name_and_an_empty_calendar() -> None:
    with pytest.raises(Broken):
        read(render([DAY, DAY], OWNER))
    with pytest.raises(Broken):
        read(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n")
