"""The two clocks, the deadline, and what never leaves: pure."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.catalogues.check import vocabulary
from app.kit.diagram import mermaid
from app.referrals.package import TooWide, choose, narrow
from app.referrals.rules import (
    DELIVERY,
    REMINDER_DAYS,
    TASK,
    Side,
    Task,
    allowed_steps,
    deadline,
    due_reminders,
    stored_outcome,
    tells_of_shelter,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "due"),
    [(0, ()), (2.99, ()), (3, (3,)), (8.99, (3,)), (9, (3, 9)), (13.99, (3, 9)), (14, ()), (30, ())],
)
def test_reminders_come_on_day_three_and_nine_until_the_deadline(days: float, due: tuple[int, ...]) -> None:
    ends = NOON + timedelta(days=14)
    assert due_reminders(ends, 14, REMINDER_DAYS, NOON + timedelta(days=days)) == due


def test_deadline_is_so_many_days_later_and_none_where_no_answer_is_expected() -> None:
    assert deadline(NOON, None) is None
    assert deadline(NOON, 14) == NOON + timedelta(days=14)


def test_every_state_but_the_last_ones_leads_on() -> None:
    ends = {Task.COMPLETED, Task.FAILED, Task.CANCELLED, Task.REVOKED, Task.ENTERED_IN_ERROR}
    assert {each.source for each in TASK} == {None, *(set(Task) - ends)}
    assert {each.target for each in TASK} == set(Task)


def test_recipient_alone_decides_and_system_alone_revokes_and_expires() -> None:
    by = {each.target: {other.by for other in TASK if other.target == each.target} for each in TASK}
    assert {target for target, sides in by.items() if sides == {Side.RECIPIENT}} == {
        "accepted", "rejected", "in_progress", "on_hold", "completed", "failed",
    }  # fmt: skip
    assert {target for target, sides in by.items() if sides == {Side.SYSTEM}} == {"revoked", "expired"}


def test_refusals_name_the_paths_that_are_open() -> None:
    assert allowed_steps("requested", Side.RECIPIENT) == ["accept", "cancel", "reject"]
    assert allowed_steps("requested", Side.SENDER) == ["cancel", "enter-in-error"]
    assert allowed_steps("requested", Side.SENDER, on_platform=False) == [
        "cancel", "enter-in-error", "record-answer",
    ]  # fmt: skip
    assert allowed_steps("rejected", Side.SENDER) == ["send-back"]
    assert allowed_steps("rejected", Side.SENDER, sent_back=True) == []


def test_both_clocks_can_be_drawn() -> None:
    drawn = mermaid(TASK) + mermaid(DELIVERY)
    assert "requested --> accepted: accept (recipient)" in drawn
    assert "[*] --> offered" in drawn


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"actual": {"housing_type": "womens_shelter"}}, True),
        ([{"a": ["womens_shelter"]}], True),
        (("womens_shelter",), True),
        ({"town": "Wesel", "womens_shelter": None}, False),
        ("a womens_shelter", False),
        (None, False),
    ],
)
def test_shelter_is_found_wherever_it_stands(value: Any, told: bool) -> None:
    assert tells_of_shelter(value) is told


def test_category_that_tells_of_a_shelter_is_left_out_as_a_whole() -> None:
    chosen = {"master_data": None, "housing": None}
    collected = {"master_data": {"sex": "w"}, "housing": {"actual": {"housing_type": "womens_shelter"}}}
    assert narrow(collected, chosen) == {"master_data": {"sex": "w"}}


@pytest.mark.parametrize(
    "collected", [{"health": {"note": "x"}}, {"master_data": {"name": "Amina", "marital_status": "married"}}]
)
def test_a_category_or_field_too_many_stops_everything(collected: dict[str, dict[str, Any]]) -> None:
    with pytest.raises(TooWide):
        narrow(collected, {"master_data": ("name", "birth_date")})


@pytest.mark.parametrize("institution_type", ["auslaenderbehoerde", "zentrale_abh", "einbuergerungsbehoerde"])
def test_authorities_of_residence_law_get_three_fields(institution_type: str) -> None:
    assert choose(institution_type, ["master_data"]) == {"master_data": ("name", "birth_date", "azr_number")}


def test_outcome_is_kept_only_with_agreement() -> None:
    assert stored_outcome("helped", is_agreed=True) == "helped"
    assert stored_outcome("helped", is_agreed=False) == "not_disclosed"


def test_words_of_the_rules_are_words_of_the_catalogue() -> None:
    from app.catalogues.relations import WITHHELD
    from app.referrals.rules import CHANNELS, NOT_FROM_A_RECIPIENT

    assert set(CHANNELS) == set(vocabulary("referral_channel"))
    assert vocabulary("referral_outcome").keys() >= NOT_FROM_A_RECIPIENT
    assert vocabulary("data_category").keys() >= WITHHELD
