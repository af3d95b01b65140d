"""The way of a pathway, the versions of the law, and what they differ in."""

from datetime import date, timedelta

import pytest

from app.catalogues.check import vocabulary
from app.pathways.rules import (
    MISSING,
    REQUIREMENT_STATES,
    WAY,
    State,
    Step,
    difference,
    newer_version,
    requirements_of,
    version_on,
    versions_of,
)

PATHWAYS = list(vocabulary("pathway"))


def test_every_state_is_reached_and_a_decision_of_the_authority_follows_an_application() -> None:
    assert {each.target for each in WAY} == set(State)
    for step in (Step.GRANT, Step.REJECT):
        assert {state for state in State if WAY.target_of(step, state)} == {State.APPLIED}


def test_what_was_granted_or_withdrawn_is_left_by_no_step() -> None:
    assert {each.source for each in WAY} == {None, State.PREPARING, State.APPLIED, State.REJECTED}


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_one_version_of_the_law_holds_on_a_day(pathway: str) -> None:
    for version in versions_of(pathway):
        assert version.valid_from is not None
        assert version_on(pathway, version.valid_from) is version
        assert version_on(pathway, version.valid_from - timedelta(days=1)) is not version


@pytest.mark.parametrize("entry", vocabulary("pathway_requirement").values(), ids=lambda entry: entry.code)
def test_every_requirement_names_its_paragraph_and_the_usual_evidence(entry) -> None:  # type: ignore[no-untyped-def]
    assert "§" in entry.attributes["norm"]
    assert entry.attributes["evidence_de"]
    assert entry.label_en != ""


def test_naturalisation_after_three_years_ended_on_29_october_2025() -> None:
    before, after = (
        version_on("naturalisation", date(2025, 10, 29)),
        version_on("naturalisation", date(2025, 10, 30)),
    )
    assert before is not None
    assert after is not None
    assert "special_integration" in requirements_of(before.code)
    assert "special_integration" not in requirements_of(after.code)
    assert difference(before.code, after.code).removed == ("special_integration",)
    assert newer_version(before.code, date(2025, 10, 30)) is after
    assert newer_version(before.code, date(2025, 10, 29)) is None
    assert newer_version(after.code, date(2026, 1, 1)) is None
    assert newer_version(before.code, date(1999, 1, 1)) is None


def test_opportunity_right_of_residence_ended_with_2025_and_names_what_follows() -> None:
    assert version_on("stay_opportunity", date(2025, 12, 31)) is not None
    assert version_on("stay_opportunity", date(2026, 1, 1)) is None
    assert versions_of("stay_opportunity")[-1].attributes["followed_by"] == ("stay_young", "stay_integrated")


def test_state_of_a_requirement_is_one_of_six_and_missing_those_with_something_to_do() -> None:
    assert set(REQUIREMENT_STATES) - set(MISSING) == {"evidence_there", "not_applicable", "to_be_examined"}
