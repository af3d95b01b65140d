"""Fifty made-up releases: an attacker written apart finds nothing, and finds a lot without protection."""

from dataclasses import replace

import highspy
import pytest

from app.protection import Count, Dimension, Known, Rule, Rules, Status, TableSpec, attack, draft, protect
from app.protection.intervals import solution

from .arrange import DIMENSIONS, ONCE, QUICK, TABLES, breaches, city, crowd, insiders, published


def findings(tables, units, rules=QUICK):
    return attack(
        tables,
        DIMENSIONS,
        k=rules.k,
        k_sensitive=rules.k_sensitive,
        k_insider=rules.k_insider,
        own=insiders(units),
        once=ONCE,
    )


def without(*rules: Rule) -> Rules:
    return Rules(effort=0, off=frozenset(rules))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(50))
def test_neither_outsider_nor_insider_confines_any_hidden_cell(seed):
    units = city(seed)
    protected = protect(units, DIMENSIONS, TABLES, QUICK)
    assert findings(protected.tables, units) == []
    assert breaches(protected, units) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(50))
def test_the_attack_succeeds_without_complementary_suppression(seed):
    units = city(seed)
    unprotected = draft(units, DIMENSIONS, TABLES, without(Rule.COMPLEMENTARY))
    assert not unprotected.proof.holds
    assert findings(unprotected.tables, units)


@pytest.mark.slow
@pytest.mark.parametrize("rule", [Rule.INSIDERS, Rule.LINKED])
def test_the_attack_succeeds_when_the_proof_leaves_something_out(rule):
    for seed in range(100, 110):
        units = city(seed)
        try:
            found = findings(draft(units, DIMENSIONS, TABLES, without(rule)).tables, units)
        except ValueError as contradiction:
            found = [contradiction]
        if found:
            return
    pytest.fail(f"ten releases without the rule {rule} and nothing found")


@pytest.mark.parametrize(("rules", "confined"), [(Rules(), False), (without(Rule.PERSON_TOTALS), True)])
def test_person_totals_tell_the_parts_unless_the_proof_knows_them(rules, confined):
    topic = Dimension("topic", {"health": "total", "rent": "total"}, sensitive={"health"})
    units = [unit for code in topic.parents for unit in crowd(6, {"topic": code})]
    units = [replace(unit, person=f"p{at % 6}", household=f"h{at % 6}") for at, unit in enumerate(units)]
    protected = draft(units, [topic], [TableSpec("topics", {"topic": 1}, persons={})], rules)
    found = attack(protected.tables, [topic], k=5, k_sensitive=10, once=["topic"])
    assert bool(found) == confined


def test_the_attack_succeeds_across_releases_that_do_not_know_of_each_other():
    def one(quarter):
        return TableSpec(quarter, {"type": 1, "group": 1}, {"quarter": quarter})

    whole = TableSpec("year", {"type": 1, "group": 1}, {"quarter": "year"})
    found = {True: 0, False: 0}
    for seed in range(3):
        units = [unit for unit in city(seed, 200) if unit.codes["quarter"] != "before"]
        for knows in found:
            ledger: list[Known] = []
            tables = []
            for spec in [one("q1"), one("q2"), one("q3"), one("q4"), whole]:
                rules = Rules(effort=0) if knows else without(Rule.LEDGER)
                release = draft(units, DIMENSIONS, [spec], rules, ledger)
                tables += release.tables
                ledger += published(release)
            found[knows] += len(findings(tables, units))
    assert found[True] == 0
    assert found[False] > 0


TOPIC = Dimension("topic", {"rent": "total", "work": "total", "school": "total"})


def topics(rent: int):
    units = [
        unit
        for code, count in [("rent", rent), ("work", 20), ("school", 20)]
        for unit in crowd(count, {"topic": code})
    ]
    return draft(units, [TOPIC], [TableSpec("topics", {"topic": 1})], without(Rule.COMPLEMENTARY)).tables[0]


def test_the_attacker_computes_a_single_hidden_cell_from_its_total():
    (found,) = attack([topics(3)], [TOPIC], k=5, k_sensitive=10)
    assert (found.key, found.low, found.high) == ((("topic", "rent"),), 3, 3)


def test_the_attacker_refuses_sums_that_cannot_be():
    table = topics(20)
    total, *parts = table.cells
    faulty = replace(table, cells=(replace(total, units=Count(Status.PUBLISHED, 61)), *parts))
    with pytest.raises(ValueError, match="contradict"):
        attack([faulty], [TOPIC], k=5, k_sensitive=10)


def test_the_attacker_does_not_take_a_failed_solver_for_safety():
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.addVar(0, highspy.kHighsInf)
    solver.changeColCost(0, -1.0)
    with pytest.raises(ArithmeticError):
        solution(solver)


def test_the_attacker_refuses_tables_that_contradict_each_other():
    one = draft(city(1), DIMENSIONS, TABLES[:1], without(Rule.COMPLEMENTARY))
    other = draft(city(2, 140), DIMENSIONS, TABLES[:1], without(Rule.COMPLEMENTARY))
    with pytest.raises(ValueError, match="two values"):
        findings([*one.tables, *other.tables], city(1))


def test_attackers_together_find_what_each_of_them_finds_alone():
    units = city(3)
    tables = draft(units, DIMENSIONS, TABLES, without(Rule.COMPLEMENTARY)).tables

    def found(own):
        every = attack(tables, DIMENSIONS, k=5, k_sensitive=10, k_insider=3, own=own, once=ONCE)
        return {(each.attacker, each.measure, each.key, round(each.low), round(each.high)) for each in every}

    known = insiders(units)
    assert found(known) == set().union(*(found({name: own}) for name, own in known.items()))


def test_attackers_whose_knowledge_does_not_go_together_still_attack_alone():
    few = [unit for code in ("rent", "work") for unit in crowd(3, {"topic": code})]
    table = TableSpec("topics", {"topic": 1})
    shown = draft([*few, *crowd(30, {"topic": "school"})], [TOPIC], [table], without(Rule.COMPLEMENTARY))
    own = {"a": crowd(5, {"topic": "rent"}), "b": crowd(5, {"topic": "work"})}
    found = attack(shown.tables, [TOPIC], k=5, k_sensitive=10, k_insider=3, own=own)
    assert {each.attacker for each in found} == {"a", "b"}
