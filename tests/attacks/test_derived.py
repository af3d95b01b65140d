"""Derived figures give nobody anything: each follows from the published cells, and from nothing else."""

import random
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

import orjson
import pytest

from app.protection import Unit, columns
from app.reporting.derived import shape
from app.reporting.derived.every import DERIVED_TABLES
from app.reporting.derived.quotients import Figure
from app.reporting.material import Computed, Material
from app.reporting.open_tables.shape import Found
from app.reporting.rules import Quarter
from app.reporting.subjects.active_clients import ACTIVE_CLIENTS
from app.reporting.subjects.open_cases import KINDS, OPEN_CASES, open_cases
from app.reporting.subjects.subject import Further
from tests.attacks.area import Area
from tests.reporting.caseload import PHASES
from tests.reporting.whole import compute_whole

QUARTER = "2025Q3"
NATIONS = ("syria",) * 60 + ("ukraine",) * 30 + ("turkey",) * 12 + ("iraq",) * 4 + ("iran",) * 2 + ("eu",)
AGES = ("27-39",) * 50 + ("18-26",) * 30 + ("0-5",) * 12 + ("55-64",) * 3 + ("65+",)
RESIDENTS = {
    ("syria", "27-39"): 900, ("ukraine", "18-26"): 700, ("turkey", "0-5"): 1200, ("iraq", "55-64"): 150,
    ("iran", "65+"): 60, ("german", "40-54"): 40_000,
}  # fmt: skip
POSITIONS = {("component_2", "filled"): 875, ("component_2", "vacant"): 50, ("component_1", "filled"): 350}
FOUND = {
    "filled_positions": Found(POSITIONS),
    "population_by_age": Found(RESIDENTS, "Amt (2025-06-30), frei"),
}


def clients(chance: random.Random, number: int = 300) -> Further:
    """Return active clients of frequent and of rare groups."""
    same = {"clients": "active", "residence": "eu", "german": "a2_risen", "quarter": QUARTER}
    residence = next(iter(ACTIVE_CLIENTS.classes(Quarter.parse(QUARTER))["residence"].dimension.parents))
    units = tuple(
        Unit(f"p{at}", f"h{at // 2}", f"cm{chance.randrange(9)}", None, {
            **same, "residence": residence, "nationality": chance.choice(NATIONS), "age": chance.choice(AGES),
            "sex": chance.choice("wm"),
        })
        for at in range(number)
    )  # fmt: skip
    return Further(units, tuple(table.name for table in ACTIVE_CLIENTS.tables))


def cases(chance: random.Random, counselled: int, number: int = 220) -> Further:
    """Return open cases of which few are counselling."""
    kinds = list(KINDS)
    rows = [
        (
            f"p{at}", f"h{at // 2}", f"cm{at % 9}", None, None,
            chance.choice(PHASES), "other", kinds[at < counselled],
        )
        for at in range(number)
    ]  # fmt: skip
    return open_cases(columns(rows, 8), Quarter.parse(QUARTER))


def material(seed: int = 0, counselled: int = 3) -> Material:
    chance, area = random.Random(seed), Area(seed)
    area.report(QUARTER)
    of = area.material(QUARTER)
    further = {ACTIVE_CLIENTS.name: clients(chance), OPEN_CASES.name: cases(chance, counselled)}
    return replace(of, figures=replace(of.figures, further=further, open=FOUND))


def computed(of: Material) -> Computed:
    found = compute_whole(of)
    assert isinstance(found, Computed)
    return found


@cache
def of_seed(seed: int) -> Computed:
    """Return a release that several tests look at."""
    return computed(material(seed))


def public(release: Computed) -> dict[str, dict[str, Any]]:
    """Return the tables that everybody reads, as they read them."""
    return {each.name: orjson.loads(each.json_en) for each in release.rendered if each.is_public}


def derived(tables: dict[str, dict[str, Any]]) -> Iterable[dict[str, Any]]:
    return [table for table in tables.values() if table["quotient"]]


def wrong(tables: dict[str, dict[str, Any]]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the derived cells that a reader of the published tables would not find themselves."""
    found = []
    for table in derived(tables):
        by = table["quotient"]
        numerators, denominators = tables[by["numerator"]], tables[by["denominator"]]
        for cell in table["cells"]:
            told = (cell["value"], *cell["parts"].values())
            own = by_hand(cell["codes"], table["name"], by, numerators, denominators)
            if told != own:
                found.append((table["name"], tuple(cell["codes"])))
    return found


def by_hand(
    codes: list[str], name: str, by: dict[str, Any], numerators: dict[str, Any], denominators: dict[str, Any]
) -> tuple[Any, ...]:
    """Return value, numerator and denominator as somebody computes them from the released tables."""
    (at,) = codes[:1]
    quarter = [QUARTER] if numerators["dimensions"][-1]["name"] == "quarter" else []
    below = {
        "caseload_per_position": ["component_2", {"funded": "total"}.get(codes[-1], codes[-1])],
        "client_rate_by_nationality": [at, "total"],
        "client_rate_by_age": ["total", at],
        "barrier_rate_by_category": ["total", "total"],
    }[name]
    part, base = figure(numerators, [at, *quarter]), figure(denominators, below)
    if part is None or base is None or base < by["least_denominator"] or 0 < part < by["least"]:
        return None, part, base
    return round(part * by["per"] / base + 1e-9, 2), part, base


def figure(table: dict[str, Any], codes: list[str]) -> Any:
    return next(cell["value"] for cell in table["cells"] if cell["codes"] == codes)


@pytest.mark.parametrize("seed", range(2))
def test_every_derived_figure_follows_from_published_cells_alone(seed: int) -> None:
    tables = public(of_seed(seed))
    assert {table["name"] for table in derived(tables)} >= {"caseload_per_position", "client_rate_by_age"}
    status = {cell["status"] for table in derived(tables) for cell in table["cells"]}
    assert status >= {"published", "suppressed"}
    assert wrong(tables) == []


def test_what_is_hidden_has_no_derived_figure_and_no_part() -> None:
    tables = public(of_seed(0))
    for table in derived(tables):
        for cell in table["cells"]:
            if cell["status"] == "suppressed":
                assert (cell["value"], cell["parts"]["numerator"]) == (None, None)
    of = next(table for table in derived(tables) if table["name"] == "caseload_per_position")
    hidden = {tuple(cell["codes"]) for cell in of["cells"] if cell["status"] == "suppressed"}
    assert ("counselling", "filled") in hidden


def test_worlds_that_differ_in_hidden_counts_alone_have_the_same_derived_tables() -> None:
    one, other = of_seed(0), computed(material(counselled=4))
    first, second = public(one), public(other)
    assert first["open_cases_by_kind"]["cells"] == second["open_cases_by_kind"]["cells"]
    assert [*derived(first)] == [*derived(second)]


def test_quotient_of_a_hidden_cell_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = shape._figures

    def knows_more(table: dict[str, Any]) -> dict[tuple[str, ...], Figure]:
        return {
            place: Figure("published", 12) if each.status == "suppressed" else each
            for place, each in honest(table).items()
        }

    monkeypatch.setattr(shape, "_figures", knows_more)
    found = wrong(public(computed(material())))
    assert ("caseload_per_position", ("counselling", "filled")) in found
    assert {name for name, _ in found} >= {"client_rate_by_nationality", "client_rate_by_age"}


def test_derived_cells_are_sealed_and_in_no_ledger() -> None:
    release = of_seed(0)
    own = {each.table.name for each in DERIVED_TABLES}
    sealed = {table for table, *_ in release.cells}
    assert {"caseload_per_position", "client_rate_by_age"} <= own & sealed
    assert not [key for key, *_ in release.learned if "derived=" in key]
    assert {key for table, _, key, _ in release.cells if table in own} == {
        key for _, _, key, _ in release.cells if "derived=" in key
    }
