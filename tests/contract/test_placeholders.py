"""A record is the same at whatever hour and on whatever day it is made."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.kit.clock import BERLIN, local_date, months_later
from tests.contract.placeholders import Placeholders
from tests.contract.stage import NOW, TODAY, Stage
from tests.world import World

STARTS = (
    datetime(2026, 11, 28, 23, 5, tzinfo=UTC),  # already the 29th in the offices
    datetime(2027, 6, 30, 21, 58, tzinfo=UTC),
    datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
    datetime(2027, 3, 28, 0, 30, tzinfo=UTC),  # the clocks go forward in half an hour
)
HOURS = (-3, -2, -1, 48, 72)


@pytest.fixture(params=STARTS, ids=str)
def started(world: World, request: pytest.FixtureRequest) -> Stage:
    return Stage(world, started=request.param)


def test_moments_of_the_scene_are_written_the_same(started: Stage) -> None:
    sent = [started.moment(hours) for hours in HOURS]
    written = [datetime.fromisoformat(Placeholders(started).of(each)) for each in sent]
    assert written == [NOW + timedelta(hours=hours) for hours in HOURS]


def test_moments_of_the_scene_are_on_the_right_side_of_now_and_on_their_day(started: Stage) -> None:
    for hours in HOURS:
        moment = datetime.fromisoformat(started.moment(hours))
        assert (moment <= started.started) == (hours < 0)
        assert local_date(moment) - started.today == local_date(NOW + timedelta(hours=hours)) - TODAY


@pytest.mark.parametrize("months", [12, 60])
def test_days_some_years_ahead_are_written_the_same(started: Stage, months: int) -> None:
    told = Placeholders(started)
    told.of_record()
    ahead = months_later(started.today, months).isoformat()
    assert told.of(ahead) == months_later(TODAY, months).isoformat()


@pytest.mark.parametrize("key", ["readable_until", "consent_ends_at"])
def test_ends_of_days_are_written_the_same(started: Stage, key: str) -> None:
    written = Placeholders(started).of({key: half_a_year_after(started.today).isoformat()})
    assert datetime.fromisoformat(written[key]) == half_a_year_after(TODAY)


def half_a_year_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=181), time.min, BERLIN).astimezone(UTC)


def test_stream_is_written_without_what_it_tells_again(started: Stage) -> None:
    begin, again, end = "event: begin\nid: abc\n\n", "event: changes\nid: abd\ndata: {}\n\n", "event: end\n\n"
    quiet, busy = (Placeholders(started).of(text) for text in (begin + end, begin + again + end))
    assert quiet == busy == "event: begin\nid: example-next-1\n\nevent: end\n\n"
