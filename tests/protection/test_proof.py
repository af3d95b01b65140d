"""The proof is checked in whole numbers, apart from the search: faults planted in the search are caught."""

from dataclasses import replace

import numpy as np
import pytest

from app.protection import ProtectionError, Rules, protect, release
from app.protection.complement import clean_up, complete
from app.protection.counting import Census
from app.protection.proof import prove
from app.protection.release import prepare

from .arrange import DIMENSIONS, QUICK, TABLES, city


@pytest.fixture(name="planned")
def a_plan_with_its_frozen_figures():
    units = city(7)
    census = Census(units, {dimension.name: dimension for dimension in DIMENSIONS})
    plan, fixed = prepare(census, TABLES, QUICK)
    complete(plan)
    clean_up(plan, 100)
    return plan, fixed


def test_the_proof_holds_and_tells_what_was_checked(planned):
    plan, fixed = planned
    proof = prove(plan, QUICK, fixed)
    assert proof.holds
    assert proof.gaps == ()
    assert proof.contributors == len({unit.contributor for unit in city(7)})
    assert proof.pairs == proof.hidden * (1 + proof.contributors + proof.institutions)
    assert proof.witnesses > 0


def test_a_missing_witness_is_a_gap(planned):
    plan, fixed = planned
    plan.evidence.moves.clear()
    proof = prove(plan, QUICK, fixed)
    assert not proof.holds
    assert {gap.attacker for gap in proof.gaps} >= {"outsider", "contributor manager 0"}
    assert all(gap.width == 0 < gap.required for gap in proof.gaps)


def test_a_witness_that_does_not_add_up_is_caught(planned):
    plan, fixed = planned
    number, (columns, amounts) = next(iter(plan.evidence.moves.items()))
    plan.evidence.moves[number] = (columns, amounts + np.eye(1, len(amounts), dtype=np.int64)[0])
    assert not prove(plan, QUICK, fixed).checks["every witness agrees with everything published"]


def test_a_witness_that_changes_a_published_cell_is_caught(planned):
    plan, fixed = planned
    columns, _ = next(iter(plan.evidence.moves.values()))
    plan.hidden[columns[0]] = False
    assert not prove(plan, QUICK, fixed).checks["every witness agrees with everything published"]


def test_a_small_cell_that_is_published_is_caught(planned):
    plan, fixed = planned
    plan.hidden[np.flatnonzero(plan.needed & plan.hideable)[0]] = False
    assert not prove(plan, QUICK, fixed).checks["no cell below its thresholds is published"]


def test_figures_that_do_not_add_up_are_caught(planned):
    plan, fixed = planned
    plan.system.value[0] += 1
    assert not prove(plan, QUICK, fixed).checks["figures add up"]


def test_a_frozen_figure_that_is_hidden_is_caught(planned):
    plan, fixed = planned
    fixed = fixed | plan.hidden
    assert not prove(plan, QUICK, fixed).checks["published before is published again"]


def test_nothing_is_published_when_the_proof_fails(monkeypatch):
    def no_evidence(plan, rules, fixed, homes):
        plan.evidence.moves.clear()
        return prove(plan, rules, fixed, homes)

    monkeypatch.setattr(release, "prove", no_evidence)
    with pytest.raises(ProtectionError) as failed:
        protect(city(7), DIMENSIONS, TABLES, QUICK)
    assert failed.value.proof.gaps


def test_the_evidence_kept_while_searching_is_what_the_proof_finds(planned):
    plan, _ = planned
    again = plan.restart(plan.hidden).evidence
    for move in plan.evidence.moves.values():
        again.add(move)
    assert (again.high - again.low == plan.evidence.high - plan.evidence.low).all()


def test_evidence_that_was_dropped_and_taken_back_shows_what_it_showed(planned):
    plan, _ = planned
    evidence = plan.evidence
    low, high = evidence.low.copy(), evidence.high.copy()
    column = int(next(iter(evidence.moves.values()))[0][0])
    lost, gone = evidence.without(column)
    assert high[:, column].any()
    assert not evidence.interval(column)[1].any()
    assert set(lost) >= {column}
    evidence.take_back(gone)
    assert (evidence.low == low).all()
    assert (evidence.high == high).all()


def test_the_search_looks_among_no_more_cells_than_it_may(planned):
    plan, _ = planned
    everywhere = np.ones(len(plan.hidden), dtype=bool)
    near = plan.solver.near(0, everywhere, 3, most=12)
    assert len(near) == 12 < len(plan.solver.near(0, everywhere, 3, most=1000))


def test_without_effort_more_is_hidden_but_no_less_proven():
    units = city(9)
    quick, thorough = (protect(units, DIMENSIONS, TABLES, Rules(effort=effort)).proof for effort in (0, 500))
    assert quick.holds
    assert quick.hidden >= thorough.hidden
    assert replace(quick, seconds=0) != replace(thorough, seconds=0)
