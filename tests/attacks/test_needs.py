"""Needs under attack: data sets made to break them, quarters, corrections, twins; why no source is told."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import orjson
import pytest

from app.protection import (
    Dimension,
    Known,
    ProtectedTable,
    Rule,
    Rules,
    Status,
    TableSpec,
    Unit,
    attack,
    draft,
    protect,
)
from app.reporting.beside import Beside, protect_subject
from app.reporting.classes import TOTAL
from app.reporting.gaps.composing import gaps
from app.reporting.material import Material
from app.reporting.parts import Figures
from app.reporting.rendering import render
from app.reporting.rules import Quarter, Scope, Size
from app.reporting.subjects.needs import BY_BOTH, NEEDS, TABLES
from app.reporting.subjects.subject import Further
from tests.attacks.needy import KINDS, QUARTER, REGIONS, data_set
from tests.attacks.readers import READERS
from tests.protection.arrange import crowd
from tests.reporting.frozen import RELEASE

RULES = Rules(effort=50)
SEEDS = range(3)


def told(
    further: Further, known: Sequence[Known] = (), clients: int = 1200, quarter: Quarter = QUARTER
) -> Beside | None:
    figures = Figures((), Size(clients, 0), (), "unknown", {NEEDS.name: further})
    material = Material("x", "KIM-X", "X", quarter, None, figures, (), RULES)
    return protect_subject(NEEDS, further, material, known)


def dimensions(further: Further) -> list[Dimension]:
    return [each.dimension for each in NEEDS.every(QUARTER, further).values()]


def insiders(units: Sequence[Unit]) -> dict[str, list[Unit]]:
    """Return what every case manager, institution and household knows."""
    known: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        for name in ("contributor", "institution", "household"):
            if getattr(unit, name) is not None:
                known[f"{name} {getattr(unit, name)}"].append(unit)
    most = sorted(known, key=lambda name: (-len(known[name]), name))
    return {name: known[name] for name in most[:12]}


def inferred(tables: Sequence[ProtectedTable], further: Further) -> list[object]:
    own = insiders(further.units)
    return list(attack(tables, dimensions(further), k=5, k_sensitive=10, k_insider=3, own=own))


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_nobody_infers_or_reads_too_much_of_needs(kind: str, seed: int) -> None:
    further = data_set(kind, seed)
    found = told(further)
    assert found is not None
    assert inferred(found.shown, further) == []
    tree = {each.name: each for each in dimensions(further)}
    read = {name: reader(found.shown, further.units, tree, RULES) for name, reader in READERS.items()}
    assert read == {name: [] for name in READERS}


CAUGHT = {
    Rule.COMPLEMENTARY: "cells_about_the_threshold",
    Rule.ZEROS: "a_region_where_everybody_needs_the_same",
    Rule.SENSITIVE: "violence_is_the_rest_of_every_region",
    Rule.REMAINDER: "one_manager_has_nearly_all",
    Rule.HOUSEHOLDS: "two_homes_need_the_same",
    Rule.PERSONS: "few_persons_need_everything",
    Rule.INSTITUTIONS: "one_institution_knows_of_nearly_all",
    Rule.INSIDERS: "one_institution_knows_of_nearly_all",
}


@pytest.mark.slow
@pytest.mark.parametrize("rule", CAUGHT)
def test_without_a_rule_somebody_learns_of_needs(rule: Rule) -> None:
    careless = Rules(effort=0, off=frozenset({rule}))
    for seed in range(8):
        further = data_set(CAUGHT[rule], seed)
        specs = [table.spec(QUARTER, Scope.QUARTER) for table in TABLES]
        tables = draft(further.units, dimensions(further), specs, careless).tables
        tree = {each.name: each for each in dimensions(further)}
        read = [key for reader in READERS.values() for key in reader(tables, further.units, tree, RULES)]
        if read or inferred(tables, further):
            return
    pytest.fail(f"nobody learns anything without {rule}")


def as_known(found: Beside) -> list[Known]:
    """Return what the ledger keeps of a told subject."""
    cells = {cell.key: cell.units.value for table in found.shown for cell in table.cells}
    return [Known(key, value) for key, value in cells.items()]


def test_corrected_needs_tell_nothing_beside_a_release_that_was_put_aside() -> None:
    further = data_set("cells_about_the_threshold", 1)
    first = told(further)
    assert first is not None
    corrected = replace(further, units=further.units[::2])
    again = told(corrected, as_known(first))
    assert again is not None
    before = {each.key: each.value for each in as_known(first)}
    assert all(
        before[each.key] == each.value
        for each in as_known(again)
        if None not in (before[each.key], each.value)
    )
    tables = [*first.shown, *again.shown]
    assert attack(tables, dimensions(further), k=5, k_sensitive=10, k_insider=3) == []
    fresh = told(corrected)
    assert fresh is not None
    with pytest.raises(ValueError, match="two values"):
        attack([*first.shown, *fresh.shown], dimensions(further), k=5, k_sensitive=10, k_insider=3)


def test_needs_are_left_out_where_the_regions_are_others_than_before() -> None:
    further = data_set("one_manager_has_nearly_all", 1)
    first = told(further)
    assert first is not None
    joined = replace(further, regions=(("05170024", "05170044"), ("05170008", "05170048")))
    assert told(joined) is not None
    assert told(joined, as_known(first)) is None


def test_quarters_of_needs_are_told_one_by_one() -> None:
    """A need counts in one quarter, so what was told of one says nothing of the next."""
    further = data_set("cells_about_the_threshold", 2)
    later = replace(
        further,
        units=tuple(replace(each, codes={**each.codes, "quarter": "2025Q4"}) for each in further.units),
    )
    first = told(further)
    assert first is not None
    second = told(later, as_known(first), quarter=Quarter.parse("2025Q4"))
    assert second is not None
    assert not {cell.key for table in first.shown for cell in table.cells} & {
        cell.key for table in second.shown for cell in table.cells
    }


def body(found: Beside, language: str = "en") -> list[dict[str, object]]:
    release = replace(RELEASE, quarter=QUARTER, words=NEEDS.words, rules=found.rules)
    made = [
        render(release, table, shown, found.every)
        for table, shown in zip(found.tables, found.shown, strict=True)
    ]
    return [dict(orjson.loads(getattr(each, f"json_{language}"))) for each in made]


def view(found: Beside) -> bytes:
    whole = {
        "language": "en", "quarter": str(QUARTER), "sha256": "0" * 64, "content": {"area": "X"},
        "tables": body(found),
    }  # fmt: skip
    return orjson.dumps(gaps(whole))


def swapped(further: Further, one: Unit, other: Unit) -> Further:
    """Return a world in which two persons have each other's topics."""
    topics = {id(one): other.codes["life_domain"], id(other): one.codes["life_domain"]}
    units = tuple(
        replace(each, codes={**each.codes, "life_domain": topics.get(id(each), each.codes["life_domain"])})
        for each in further.units
    )
    return replace(further, units=units)


def test_gaps_do_not_tell_two_worlds_apart_that_differ_in_hidden_needs() -> None:
    further = data_set("one_manager_has_nearly_all", 2)
    truth = told(further)
    assert truth is not None
    both = next(
        shown for table, shown in zip(truth.tables, truth.shown, strict=True) if table.name == BY_BOTH
    )
    hidden = {cell.codes for cell in both.cells if cell.units.status is Status.SUPPRESSED}
    regions = {town: "region:" + "+".join(group) for group in REGIONS for town in group}

    def place(unit: Unit, topic: str) -> tuple[str, str]:
        return topic, regions[unit.codes["region"]]

    for one, other in combinations(further.units, 2):
        topics = one.codes["life_domain"], other.codes["life_domain"]
        places = {place(unit, topic) for unit in (one, other) for topic in topics}
        if topics[0] == topics[1] or len(places) < 4 or not places <= hidden:
            continue
        twin = told(swapped(further, one, other))
        if twin is not None and twin.shown == truth.shown:
            assert view(twin) == view(truth)
            break
    else:
        pytest.fail("no world found that shows the same cells")
    gone = told(replace(further, units=further.units[:-40]))
    assert gone is not None
    assert view(gone) != view(truth)


def test_source_of_a_need_would_be_a_bound_of_hidden_referrals() -> None:
    """Seven persons whose referrals stayed unanswered are seven unanswered referrals, in another subject."""
    course = Dimension("course", dict.fromkeys(("helped", "no_answer", "rejected"), TOTAL))
    units = {
        code: crowd(persons, {"course": code})
        for code, persons in (("helped", 60), ("no_answer", 7), ("rejected", 2))
    }
    every = [each for some in units.values() for each in some]
    (referrals,) = protect(every, [course], [TableSpec("referrals", {"course": 1})], RULES).tables
    limits = {"k": 5, "k_sensitive": 10, "k_insider": 3}
    assert attack([referrals], [course], **limits) == []
    by_needs = attack([referrals], [course], **limits, own={"who reads of seven needs": units["no_answer"]})
    assert [dict(each.key)["course"] for each in by_needs] == ["no_answer", "rejected"]
    told_by = {each.name for each in dimensions(data_set("one_town_alone", 0))}
    assert told_by == {"need", "life_domain", "region", "quarter"}
