"""Quarters, sizes, bands, regions and the way of a release, without a database."""

from datetime import UTC, date, datetime

import pytest

from app.kit.clock import local_date
from app.kit.diagram import mermaid
from app.reporting.rules import (
    OPEN,
    TRANSITIONS,
    Quarter,
    Scale,
    Size,
    State,
    coverage,
    following,
    merge_towns,
    scale_of,
    thresholds,
)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2025Q3", date(2025, 7, 1), date(2025, 9, 30)),
        ("2025Q4", date(2025, 10, 1), date(2025, 12, 31)),
    ],
)
def test_quarter_knows_its_days(text: str, first: date, last: date) -> None:
    quarter = Quarter.parse(text)
    assert (str(quarter), quarter.first_day, quarter.last_day) == (text, first, last)


@pytest.mark.parametrize("text", ["2025Q0", "2025Q5", "1999Q1", "2025-Q1", "2025q1", "2025Q1 ", "２０２５Q1"])
def test_quarter_is_written_in_one_way(text: str) -> None:
    with pytest.raises(ValueError):
        Quarter.parse(text)


def test_quarter_ends_at_midnight_where_the_offices_are() -> None:
    quarter = Quarter.parse("2025Q3")
    assert not quarter.has_ended(local_date(datetime(2025, 9, 30, 21, 59, tzinfo=UTC)))
    assert quarter.has_ended(local_date(datetime(2025, 9, 30, 22, 0, tzinfo=UTC)))


def test_release_is_published_only_after_it_was_computed() -> None:
    assert following(State.REQUESTED) == [State.COMPUTED, State.REFUSED, State.DISCARDED]
    assert following(State.COMPUTED) == [State.PUBLISHED, State.DISCARDED]
    for end in (State.PUBLISHED, State.REFUSED, State.DISCARDED):
        assert following(end) == []


def test_every_open_state_can_be_closed() -> None:
    assert all(State.DISCARDED in following(state) for state in OPEN)


def test_way_of_a_release_is_drawn_from_the_table() -> None:
    drawn = mermaid(TRANSITIONS)
    assert "[*] --> requested: a coordinator" in drawn
    assert "computed --> published: another coordinator" in drawn


@pytest.mark.parametrize(
    ("clients", "reports", "detail", "scale"),
    [
        (299, 1000, None, Scale.SMALL),
        (300, 99, None, Scale.SMALL),
        (300, 100, None, Scale.MEDIUM),
        (999, 5000, None, Scale.MEDIUM),
        (1000, 374, None, Scale.MEDIUM),
        (1000, 375, None, Scale.LARGE),
        (1000, 375, "small", Scale.SMALL),
        (10, 10, "large", Scale.SMALL),
    ],
)
def test_detail_follows_size(clients: int, reports: int, detail: str | None, scale: Scale) -> None:
    assert scale_of(Size(clients, reports), detail) is scale


@pytest.mark.parametrize(
    ("reporting", "staff", "band"),
    [(0, 0, "unknown"), (0, 8, "under_25"), (2, 8, "25_to_49"), (4, 8, "50_to_74"), (6, 8, "75_to_100"),
     (9, 8, "75_to_100")],
)  # fmt: skip
def test_coverage_is_told_in_bands(reporting: int, staff: int, band: str) -> None:
    assert coverage(reporting, staff) == band


def test_regions_have_at_least_three_case_managers() -> None:
    towns = {"05170004": 1, "05170008": 5, "05170012": 1, "05170016": 2, "05170020": 1, "05170024": 1}
    regions = merge_towns(towns)
    assert regions == [("05170004", "05170012", "05170016", "05170020", "05170024"), ("05170008",)] or all(
        sum(towns[town] for town in region) >= 3 for region in regions
    )
    assert sorted(town for region in regions for town in region) == sorted(towns)
    assert all(sum(towns[town] for town in region) >= 3 for region in regions)


def test_last_small_town_joins_a_region_that_stands() -> None:
    assert merge_towns({"a": 4, "b": 1}) == [("a", "b")]
    assert merge_towns({"a": 1}) == [("a",)]
    assert merge_towns({}) == []


def test_thresholds_of_an_operator_are_never_weaker_for_sensitive_cells() -> None:
    assert (thresholds(5, 10).k, thresholds(5, 10).k_sensitive) == (5, 10)
    assert thresholds(12, 10).k_sensitive == 12
    with pytest.raises(ValueError):
        thresholds(2, 10)
