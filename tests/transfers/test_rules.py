"""The way of a transfer, what a package can carry, and that the database knows the same words. Pure."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from app.catalogues.check import vocabulary
from app.consents.rules import recipient_fits
from app.transfers.rules import (
    CARRIED,
    CATEGORY_OF_DOMAIN,
    UNDER_WAY,
    WAY,
    Side,
    State,
    Step,
    deadline,
    leaves,
    not_carried,
)

LEADS_ON = {
    (Step.DRAFT, Side.SENDER, None): State.DRAFTED,
    (Step.OFFER, Side.SENDER, State.DRAFTED): State.OFFERED,
    (Step.WITHDRAW, Side.SENDER, State.DRAFTED): State.WITHDRAWN,
    (Step.WITHDRAW, Side.SENDER, State.OFFERED): State.WITHDRAWN,
    (Step.WITHDRAW, Side.SENDER, State.ACCEPTED): State.WITHDRAWN,
    (Step.ACCEPT, Side.RECEIVER, State.OFFERED): State.ACCEPTED,
    (Step.DECLINE, Side.RECEIVER, State.OFFERED): State.DECLINED,
    (Step.DECLINE, Side.RECEIVER, State.ACCEPTED): State.DECLINED,
    (Step.RECEIVE, Side.RECEIVER, State.ACCEPTED): State.RECEIVED,
    (Step.REVOKE, Side.SYSTEM, State.OFFERED): State.REVOKED,
    (Step.REVOKE, Side.SYSTEM, State.ACCEPTED): State.REVOKED,
    (Step.EXPIRE, Side.SYSTEM, State.OFFERED): State.EXPIRED,
    (Step.EXPIRE, Side.SYSTEM, State.ACCEPTED): State.EXPIRED,
}


@pytest.mark.parametrize(("step", "side", "state"), list(product(Step, Side, (None, *State))))
def test_every_step_of_every_side_from_every_state(step: Step, side: Side, state: State | None) -> None:
    assert WAY.target_of(step, state, side) == LEADS_ON.get((step, side, state))


def test_nothing_leads_on_from_an_end() -> None:
    ends = set(State) - set(UNDER_WAY)
    assert not [each for each in WAY if each.source in ends]
    assert {each.target for each in WAY} == set(State)


def test_who_was_refused_is_told_what_leads_on() -> None:
    assert WAY.steps_from("drafted", Side.SENDER) == ["offer", "withdraw"]
    assert WAY.steps_from("offered", Side.RECEIVER) == ["accept", "decline"]
    assert WAY.steps_from("received", Side.SENDER) == []


def test_an_answer_is_waited_for_two_weeks_and_a_receipt_four() -> None:
    now = datetime(2026, 5, 1, 9, tzinfo=UTC)
    assert deadline(State.OFFERED, now) == now + timedelta(days=14)
    assert deadline(State.ACCEPTED, now) == now + timedelta(days=28)


def test_what_never_goes_along() -> None:
    assert not_carried(["master_data", "protection_from_violence", "religion"]) == [
        "protection_from_violence",
        "religion",
    ]


@pytest.mark.parametrize(
    ("domain", "categories", "goes"),
    [
        ("participation", {"case_record"}, True),
        ("participation", {"master_data"}, False),
        ("health", {"case_record"}, False),
        ("health", {"case_record", "health"}, True),
        ("health", {"health"}, False),
        ("protection", CARRIED, False),
    ],
)
def test_what_is_said_of_a_life_domain_goes_with_its_category(
    domain: str, categories: set[str], *, goes: bool
) -> None:
    assert leaves(domain, categories) is goes


def test_domains_and_categories_are_those_of_the_catalogue() -> None:
    assert set(CATEGORY_OF_DOMAIN) <= set(vocabulary("life_domain"))
    assert CARRIED | set(CATEGORY_OF_DOMAIN.values()) <= set(vocabulary("data_category"))


@pytest.mark.parametrize(
    ("purpose", "institution", "unit", "fits"),
    [
        ("transfer", False, True, True),
        ("transfer", True, False, False),
        ("transfer", True, True, False),
        ("transfer", False, False, False),
        ("referral", True, False, True),
        ("referral", False, True, False),
        ("referral", True, True, False),
        ("case_documentation", False, False, True),
        ("case_documentation", False, True, False),
    ],
)
def test_a_purpose_comes_with_exactly_its_recipient(
    purpose: str, *, institution: bool, unit: bool, fits: bool
) -> None:
    assert recipient_fits(purpose, institution=institution, receiving_unit=unit) is fits
