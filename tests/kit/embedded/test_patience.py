"""Waiting goes on while something moves, however long, and ends when nothing does."""

from itertools import count

from app.kit.embedded.patience import wait_for


def test_progress_is_waited_for_beyond_the_patience():
    looks = count()
    moves = count()

    assert wait_for(lambda: next(looks) >= 20, lambda: next(moves), patience=0.05) is True
    assert next(looks) == 21


def test_standstill_ends_the_waiting():
    looks = count()

    assert wait_for(lambda: next(looks) >= 1_000_000, lambda: "always the same", patience=0.05) is False


def test_what_is_done_needs_no_waiting():
    assert wait_for(lambda: True, lambda: 0, patience=1e-9) is True
