"""The way of a case as data: the table is complete, and its diagram says what it says."""

from dataclasses import replace
from itertools import product

import pytest

from app.cases import rules
from app.cases.rules import Facts, Way
from app.catalogues.check import vocabulary
from app.kit.diagram import mermaid, section

EVERYTHING = Facts(
    kind="case_management",
    criteria=dict.fromkeys(rules.CRITERIA, True),
    outcome="case_management",
    notice_given=True,
    basis_stated=True,
    basis_holds=True,
    needs=1,
    needs_since_phase=1,
    assessed_since_phase=True,
    goals=1,
    goals_without_measure=0,
    goals_without_attainment=0,
    agreed=True,
    linked=True,
    review_dated=True,
    feedback_given=True,
)
LACKING = {
    "privacy_notice": {"notice_given": False},
    "intake_criteria": {"criteria": {"C6": True}},
    "voluntary_participation": {"criteria": dict.fromkeys(rules.CRITERIA, False)},
    "intake_outcome": {"outcome": "declined"},
    "documentation_basis": {"basis_stated": False, "basis_holds": False},
    "documentation_consent": {"basis_stated": True, "basis_holds": False},
    "need": {"needs": 0, "needs_since_phase": 0},
    "new_assessment": {"assessed_since_phase": False},
    "goal": {"goals": 0},
    "measure": {"goals_without_measure": 1},
    "agreement": {"agreed": False},
    "linking": {"linked": False},
    "review_date": {"review_dated": False},
    "goal_attainment": {"goals_without_attainment": 1},
    "client_feedback": {"feedback_given": False},
}


def test_phases_are_those_of_the_vocabulary() -> None:
    assert list(rules.PHASES) == list(vocabulary("case_phase"))


def test_criteria_are_those_of_the_vocabulary() -> None:
    assert list(rules.CRITERIA) == list(vocabulary("intake_criterion"))
    assert set(vocabulary("intake_outcome")) >= rules.TAKEN_ON
    assert set(vocabulary("closing_reason")) >= rules.AFTER_EVALUATION


def test_every_phase_but_the_last_says_what_it_is_left_with() -> None:
    assert set(rules.NEEDS) == set(rules.PHASES) - {rules.CLOSED}


@pytest.mark.parametrize("phase", rules.NEEDS)
def test_nothing_is_missing_when_everything_is_there(phase: str) -> None:
    assert rules.missing(phase, EVERYTHING) == []


@pytest.mark.parametrize(("phase", "need"), [(p, n) for p, needs in rules.NEEDS.items() for n in needs])
def test_each_need_is_missed_by_its_name(phase: str, need: str) -> None:
    assert need in rules.missing(phase, replace(EVERYTHING, **LACKING[need]))


@pytest.mark.parametrize(
    ("stated", "holds", "lacking"),
    [
        (False, False, ["documentation_basis"]),
        (True, False, ["documentation_consent"]),
        (True, True, []),
        (False, True, []),
    ],
)
def test_basis_and_consent_are_told_apart(stated: bool, holds: bool, lacking: list[str]) -> None:
    facts = replace(EVERYTHING, basis_stated=stated, basis_holds=holds)
    assert rules.missing("intake", facts) == lacking


def test_counselling_does_not_ask_for_voluntary_participation() -> None:
    without = replace(EVERYTHING, criteria={**EVERYTHING.criteria, "C6": False})
    assert rules.missing("intake", without) == ["voluntary_participation"]
    assert rules.missing("intake", replace(without, kind="counselling")) == []


def test_goals_without_any_lack_measures_too() -> None:
    assert rules.missing("service_planning", replace(EVERYTHING, goals=0)) == ["goal", "measure"]


@pytest.mark.parametrize(("source", "target"), list(product(rules.PHASES, rules.PHASES)))
def test_a_way_is_a_step_or_a_skip_and_never_both(source: str, target: str) -> None:
    found = [each.way for each in rules.TRANSITIONS if (each.source, each.target) == (source, target)]
    assert len({Way.STEP, Way.SKIP} & set(found)) <= 1
    assert rules.way(source, target) in {None, *found}
    assert (target in rules.following(source)) == (rules.way(source, target) is not None)


def test_reassessment_loops_back_to_service_planning() -> None:
    assert rules.way("monitoring", "reassessment") is Way.STEP
    assert rules.way("reassessment", "service_planning") is Way.STEP
    assert rules.way("service_planning", "assessment") is None


def test_every_open_phase_can_be_closed_and_every_closed_case_reopened() -> None:
    for phase in set(rules.PHASES) - {rules.CLOSED}:
        ways = {each.way for each in rules.TRANSITIONS if (each.source, each.target) == (phase, rules.CLOSED)}
        assert ways == {Way.CLOSE, Way.WITHDRAW}
        back = {each.way for each in rules.TRANSITIONS if (each.source, each.target) == (rules.CLOSED, phase)}
        assert back == {Way.REOPEN}
    assert rules.following(rules.CLOSED) == []


def test_only_a_planned_ending_waits_for_the_evaluation() -> None:
    bare = replace(EVERYTHING, feedback_given=False)
    assert rules.unfinished("evaluation", bare, "goals_reached") == ["client_feedback"]
    assert rules.unfinished("evaluation", bare, "contact_lost") == []
    assert rules.unfinished("monitoring", bare, "goals_reached") == []


@pytest.mark.parametrize(
    ("source", "target", "lacking", "over"),
    [
        ("assessment", "service_planning", [], []),
        ("assessment", "service_planning", ["need"], ["assessment"]),
        ("intake", "monitoring", [], ["assessment", "service_planning", "linking"]),
        ("reassessment", "monitoring", ["need"], ["reassessment", "service_planning", "linking"]),
        ("monitoring", "reassessment", [], []),
    ],
)
def test_history_says_what_was_passed_over(
    source: str, target: str, lacking: list[str], over: list[str]
) -> None:
    assert rules.passed_over(source, target, lacking) == over


def test_diagram_shows_every_transition_once() -> None:
    lines = mermaid(rules.TRANSITIONS).splitlines()
    assert lines[0] == "stateDiagram-v2"
    assert "    [*] --> intake: step" in lines
    assert "    monitoring --> closed: close, withdraw" in lines
    pairs = {(each.source, each.target) for each in rules.TRANSITIONS}
    assert len(lines) - 1 == len(pairs)


def test_chapter_holds_its_diagram() -> None:
    chapter = section("Cases", rules.TRANSITIONS)
    assert chapter.startswith("## Cases\n\n```mermaid\nstateDiagram-v2\n")
    assert chapter.endswith("```\n")
