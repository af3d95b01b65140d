"""Households with several contributors know more than each of them: they are held off in hidden cells too."""

from dataclasses import replace

import pytest

from app.protection import (
    Dimension,
    ProtectionError,
    Rules,
    Status,
    TableSpec,
    Unit,
    attack,
    draft,
    protect,
    release,
)

from .arrange import crowd

TOPIC = Dimension("topic", dict.fromkeys(("rent", "work", "school", "debts", "health"), "total"))
TABLE = TableSpec("topics", {"topic": 1})
FAMILY = [Unit(f"f{at}", "family", f"m{at % 2}", None, {"topic": "debts"}) for at in range(4)]
OTHERS = [
    Unit("other", "other", "m6", None, {"topic": "health"}),
    *crowd(56, {"topic": "rent"}),
    *crowd(18, {"topic": "work"}),
    *crowd(79, {"topic": "school"}),
]


def confined(tables, family):
    own = {"the family": family}
    return attack(tables, [TOPIC], k=5, k_sensitive=10, k_insider=3, own=own)


def hidden(protected):
    cells = protected.tables[0].cells
    return {cell.codes[0] for cell in cells if cell.units.status is Status.SUPPRESSED}


def test_a_family_of_two_contributors_confines_nothing_beside_its_own():
    protected = protect([*FAMILY, *OTHERS], [TOPIC], [TABLE])
    assert hidden(protected) == {"debts", "health", "rent"}
    assert confined(protected.tables, FAMILY) == []
    assert protected.proof.holds


def test_without_looking_for_families_one_of_them_learns_and_the_proof_fails(monkeypatch):
    monkeypatch.setattr(release, "hold_off", lambda plan, homes: plan)
    protected = draft([*FAMILY, *OTHERS], [TOPIC], [TABLE])
    assert hidden(protected) == {"debts", "health"}
    assert {dict(each.key)["topic"] for each in confined(protected.tables, FAMILY)} == {"debts", "health"}
    assert not protected.proof.checks["no household confines a hidden cell"]
    with pytest.raises(ProtectionError):
        protect([*FAMILY, *OTHERS], [TOPIC], [TABLE])


def test_a_person_with_several_units_is_a_household_as_well():
    person = [replace(each, person="one", household="one") for each in FAMILY]
    assert confined(protect([*person, *OTHERS], [TOPIC], [TABLE]).tables, person) == []


def test_a_family_of_one_contributor_knows_no_more_than_this_one():
    family = [replace(each, contributor="m0") for each in FAMILY]
    protected = protect([*family, *OTHERS], [TOPIC], [TABLE])
    assert protected.proof.pairs == protected.proof.hidden * (1 + protected.proof.contributors)
    assert confined(protected.tables, family) == []


def test_every_family_that_confines_something_is_held_off():
    families = [
        Unit(f"{name} {at}", name, f"m{at % 3}", None, {"topic": topic})
        for name, topic in (("a", "debts"), ("b", "health"), ("c", "work"))
        for at in range(4)
    ]
    units = [*families, *crowd(56, {"topic": "rent"}), *crowd(79, {"topic": "school"})]
    tables = protect(units, [TOPIC], [TABLE], Rules(effort=0)).tables
    for name in "abc":
        assert confined(tables, [each for each in families if each.household == name]) == []
