"""The delay of sign-ins grows, is bounded, decays, and leaves a guesser almost nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from app.identity.throttle_rules import (
    HALF_LIFE,
    LONGEST_DELAY,
    LONGEST_DELAY_OF_ACCOUNT,
    delay_after,
    failures_left,
    retry_after,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
NOTHING = timedelta(0)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.mark.asvs("6.3.1")
def test_the_delay_doubles_from_the_third_failure_to_a_quarter_of_an_hour() -> None:
    seconds = [delay_after(failures).total_seconds() for failures in range(15)]
    assert seconds == [0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


@pytest.mark.asvs("6.3.1")
@pytest.mark.parametrize("failures", [100, 10_000, 2**63])
def test_no_number_of_failures_locks_a_person_out(failures: int) -> None:
    assert delay_after(failures) == LONGEST_DELAY
    assert retry_after(failures, NOW, NOW + LONGEST_DELAY) is None


def test_an_account_as_a_whole_waits_at_most_half_a_minute() -> None:
    assert delay_after(4, longest=LONGEST_DELAY_OF_ACCOUNT) == 2 * SECOND
    assert delay_after(1_000, longest=LONGEST_DELAY_OF_ACCOUNT) == timedelta(seconds=30)
    assert retry_after(1_000, NOW, NOW, longest=LONGEST_DELAY_OF_ACCOUNT) == timedelta(seconds=30)


def test_two_mistakes_cost_nothing() -> None:
    assert retry_after(0, NOW, NOW) is None
    assert retry_after(2, NOW, NOW) is None


def test_what_is_left_to_wait_shrinks_to_nothing() -> None:
    assert retry_after(6, NOW, NOW) == 8 * SECOND
    assert retry_after(6, NOW, NOW + 5 * SECOND) == 3 * SECOND
    assert retry_after(6, NOW, NOW + timedelta(seconds=7.5)) == SECOND / 2
    assert retry_after(6, NOW, NOW + 8 * SECOND) is None


def test_a_clock_that_is_behind_adds_no_wait() -> None:
    assert retry_after(6, NOW + DAY, NOW) == 8 * SECOND
    assert retry_after(1, NOW + DAY, NOW) is None
    assert failures_left(6, NOW + DAY, NOW) == 6


def test_half_of_the_failures_is_forgotten_after_each_half_life() -> None:
    moments = [NOW, NOW + HALF_LIFE - SECOND, NOW + HALF_LIFE, NOW + 2 * HALF_LIFE, NOW + 4 * HALF_LIFE]
    assert [failures_left(13, NOW, moment) for moment in moments] == [13, 13, 6, 3, 0]
    assert failures_left(2**62, NOW, NOW + 1_000 * DAY) == 0


def guesses_in(days: int, half_life: timedelta, pause: timedelta) -> int:
    """Play a guesser who tries as soon as allowed, but rests for `pause` once the delay is at its longest."""
    now, last, failures, guesses = NOW, NOW, 0, 0
    while now < NOW + days * DAY:
        halvings = (now - last) // half_life
        failures = (failures >> min(halvings, 64)) + 1
        last, guesses = now, guesses + 1
        delay = delay_after(failures)
        now += pause if delay == LONGEST_DELAY and pause else max(delay, SECOND)
    return guesses


@pytest.mark.asvs("6.3.1")
@pytest.mark.parametrize("pause", [NOTHING, HALF_LIFE, 2 * HALF_LIFE, 3 * HALF_LIFE, 4 * HALF_LIFE])
def test_a_guesser_has_about_a_hundred_tries_a_day_however_cunningly_they_rest(pause: timedelta) -> None:
    assert guesses_in(30, HALF_LIFE, pause) <= 30 * 100


def test_a_short_half_life_would_feed_the_guesser_who_rests() -> None:
    short = timedelta(minutes=1)
    assert guesses_in(30, short, 6 * short) > 30 * 1_000
