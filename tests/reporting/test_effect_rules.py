"""The rule of the effect check: quarters, intervals, conclusions."""

from datetime import date

import pytest

from app.obstacles.rules import REASONS
from app.reporting.effects.bounds import bounds, groups_of
from app.reporting.effects.rules import (
    Change,
    Side,
    byar,
    conclude,
    interval,
    pairs_for_check,
    pairs_for_watch,
)
from app.reporting.rules import Quarter


def quarters(*names: str) -> list[Quarter]:
    return [Quarter.parse(each) for each in names]


def names(pairs: list[tuple[Quarter, Quarter]]) -> list[tuple[str, str]]:
    return [(str(before), str(after)) for before, after in pairs]


EVERY = quarters(*(f"{year}Q{number}" for year in (2023, 2024, 2025, 2026) for number in range(1, 5)))
SPRING = Change(date(2025, 2, 10), date(2025, 4, 20))


def side(least: int, most: int | None = -1, clients: int | None = 800, coverage: str = "75_to_100",
         of: tuple[str, ...] = ("2024Q3", "2024Q4")) -> Side:  # fmt: skip
    return Side(of, least, least if most == -1 else most, clients, frozenset({coverage}))


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.689), (5, 1.623, 11.668), (10, 4.795, 18.390), (20, 12.217, 30.888), (100, 81.364, 121.627)],
)
def test_interval_is_near_the_exact_one(count: int, low: float, high: float) -> None:
    """The exact limits are those of Garwood, Biometrika 28 (1936)."""
    found = byar(count)
    assert found[0] == pytest.approx(low, abs=0.05)
    assert found[1] == pytest.approx(high, abs=0.12)


def test_check_compares_the_newest_quarters_with_those_like_them_before_the_change() -> None:
    assert names(pairs_for_check(EVERY, SPRING)) == [
        ("2024Q1", "2026Q1"), ("2024Q2", "2026Q2"), ("2024Q3", "2026Q3"), ("2024Q4", "2026Q4"),
    ]  # fmt: skip
    early = [each for each in EVERY if each <= Quarter(2025, 4)]
    assert names(pairs_for_check(early, SPRING)) == [("2024Q3", "2025Q3"), ("2024Q4", "2025Q4")]


def test_quarters_in_which_something_changed_are_on_no_side() -> None:
    for pair in pairs_for_check(EVERY, SPRING):
        assert not {Quarter(2025, 1), Quarter(2025, 2)} & set(pair)


def test_earlier_quarter_is_used_once() -> None:
    pairs = pairs_for_check(quarters("2024Q3", "2025Q3", "2026Q3"), SPRING)
    assert names(pairs) == [("2024Q3", "2026Q3")]


def test_quarter_that_was_not_published_is_missing() -> None:
    assert pairs_for_check(quarters("2024Q1", "2025Q3", "2025Q4"), SPRING) == []


def test_watch_looks_at_the_two_newest_quarters_since_the_check() -> None:
    assert names(pairs_for_watch(EVERY, SPRING, ["2025Q3", "2025Q4"])) == [
        ("2025Q3", "2026Q3"), ("2025Q4", "2026Q4"),
    ]  # fmt: skip
    assert names(pairs_for_watch(EVERY, SPRING, ["2026Q2", "2026Q3"])) == [("2025Q4", "2026Q4")]
    assert pairs_for_watch(EVERY, SPRING, ["2026Q4"]) == []


def test_watch_goes_behind_the_change_where_a_year_ago_it_was_under_way() -> None:
    until = [each for each in EVERY if each <= Quarter(2026, 2)]
    assert names(pairs_for_watch(until, SPRING, ["2025Q4"])) == [("2024Q1", "2026Q1"), ("2024Q2", "2026Q2")]


def test_rate_that_fell_or_rose_clearly_is_said_to() -> None:
    assert conclude(side(80), side(30)).conclusion == "fell"
    assert conclude(side(30), side(80)).conclusion == "rose"


def test_more_clients_can_make_more_cases_a_lower_rate() -> None:
    assert conclude(side(80, clients=400), side(90, clients=1200)).conclusion == "fell"


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (side(80, of=("2024Q3",)), side(30, of=("2025Q3",)), "too_few_quarters"),
        (side(0, None, None, of=()), side(0, None, None, of=()), "too_few_quarters"),
        (side(80), side(30, coverage="50_to_74"), "coverage_changed"),
        (side(80, coverage="unknown"), side(30, coverage="unknown"), "coverage_changed"),
        (side(80), side(20, 70), "hidden"),
        (side(80), side(0, None), "hidden"),
        (side(80), side(30, clients=None), "hidden"),
        (side(80), side(70), "intervals_overlap"),
    ],
)
def test_no_conclusion_says_why(before: Side, after: Side, reason: str) -> None:
    found = conclude(before, after)
    assert (found.conclusion, found.reason) == ("no_conclusion", reason)
    assert reason in REASONS


def test_hidden_cells_that_change_nothing_do_not_hinder() -> None:
    assert conclude(side(100, 104), side(10, 14)).conclusion == "fell"


def test_interval_spans_both_ends_of_what_is_hidden() -> None:
    low, high = interval(side(20, 40, clients=1000))
    assert low == pytest.approx(byar(20)[0] / 10)
    assert high == pytest.approx(byar(40)[1] / 10)


GRID = {
    ("total", "total"): 60, ("total", "benefits"): 40, ("total", "residence"): 20,
    ("K", "total"): 30, ("K", "benefits"): 22, ("K", "residence"): None,
    ("K1", "total"): 25, ("K1", "benefits"): 20, ("K1", "residence"): None,
    ("K2", "total"): None, ("K2", "benefits"): None, ("K2", "residence"): None,
    ("A", "total"): 30, ("A1", "total"): 30, ("A", "benefits"): 18, ("A", "residence"): 12,
    ("A1", "benefits"): 18, ("A1", "residence"): 12,
}  # fmt: skip


def test_published_cells_are_added() -> None:
    assert bounds(GRID, ["K1", "A1"], ["benefits"]) == (38, 38)


def test_hidden_cell_is_bounded_by_the_sums_that_it_is_part_of() -> None:
    assert bounds(GRID, ["K1"], ["residence"]) == (5, 5)
    assert bounds(GRID, ["K2"], ["residence"]) == (0, 8)
    assert bounds(GRID, ["K2"], ["benefits"]) == (2, 2)


def test_hidden_cells_that_a_published_sum_holds_whole_are_known_together() -> None:
    assert bounds(GRID, ["K1", "K2"], []) == (30, 30)
    assert bounds(GRID, [], []) == (60, 60)


def test_nothing_published_bounds_nothing() -> None:
    assert bounds({}, ["K1"], []) == (0, None)
    assert bounds({("K1", "benefits"): None}, ["K1"], []) == (0, None)


def test_kinds_of_institutions_are_told_by_group() -> None:
    assert groups_of(["jobcenter", "auslaenderbehoerde"]) == {"benefits", "residence"}
    assert groups_of([]) == frozenset()
