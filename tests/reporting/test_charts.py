"""A chart says what its table says: each figure at its place, what is hidden as hidden, and nothing else."""

import copy
from typing import Any

import pytest
import vl_convert

from app.reporting.catalogue import BY_NAME
from app.reporting.pictures.charts import chart
from app.reporting.pictures.reading import LONGEST, axes, places
from tests.reporting.frozen import table

Told = dict[tuple[str, ...], int | None]


def drawn(spec: dict[str, Any], names: list[str]) -> Told:
    """Return what a chart tells: the figure at each place that it names."""
    return {tuple(row[name] for name in names if name in row): row["value"] for row in spec["data"]["values"]}


def frozen(of: dict[str, Any]) -> Told:
    """Return what a table tells at its lowest codes, by their labels."""
    along = axes(of)
    return {
        tuple(axis.labels[code] for axis, code in zip(along, each.codes, strict=True)): each.value
        for each in places(of, along)
        if each.status != "not_collected"
    }


def untrue(spec: dict[str, Any], of: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return the places at which a chart tells what its table does not."""
    names = [each["name"] for each in of["dimensions"]]
    stated = frozen(of)
    told = drawn(spec, names)
    if stated.keys() and len(next(iter(told))) < len(next(iter(stated))):
        newest = max(place[-1] for place in stated)
        stated = {place[:-1]: value for place, value in stated.items() if place[-1] == newest}
    return [place for place, value in told.items() if place not in stated or stated[place] != value]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", BY_NAME)
def test_chart_tells_what_its_table_tells(name: str, language: str) -> None:
    of = table(name, language)
    spec = chart(of, language)
    assert spec["data"]["values"]
    assert untrue(spec, of) == []
    assert all((row["status"] == "suppressed") == (row["value"] is None) for row in spec["data"]["values"])


def test_figure_that_is_not_in_the_table_is_noticed() -> None:
    of = table("categories_by_quarter")
    spoilt = copy.deepcopy(chart(of, "de"))
    hidden = next(row for row in spoilt["data"]["values"] if row["status"] == "suppressed")
    hidden["value"] = 4
    assert untrue(spoilt, of) == [(hidden["barrier"], hidden["quarter"])]


@pytest.mark.parametrize("name", BY_NAME)
def test_chart_is_vega_lite_that_compiles(name: str) -> None:
    vega = vl_convert.vegalite_to_vega(chart(table(name), "de"), vl_version="6.4")
    assert vega["marks"]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("sexes", "width"),
        ("categories_by_quarter", "facet"),
        ("interfaces", "layer"),
        ("categories_by_institution_group_and_quarter", "encoding"),
    ],
)
def test_form_of_a_table_decides_its_chart(name: str, form: str) -> None:
    assert form in chart(table(name), "de")


def test_ranking_goes_down_and_ends_with_what_is_hidden() -> None:
    values = [row["value"] for row in chart(table("institution_kinds"), "de")["data"]["values"]]
    told = [value for value in values if value is not None]
    assert told == sorted(told, reverse=True)
    assert values[len(told) :] == [None] * (len(values) - len(told))
    assert None in values


def test_quarter_that_is_not_released_is_not_drawn() -> None:
    spec = chart(table("categories_by_quarter"), "de")
    assert {row["quarter"] for row in spec["data"]["values"]} == {
        "1. Quartal 2025", "2. Quartal 2025", "3. Quartal 2025",
    }  # fmt: skip


def test_two_codes_of_one_label_stay_two() -> None:
    of = copy.deepcopy(table("sexes"))
    codes = of["dimensions"][0]["codes"]
    long = "x" * (LONGEST + 1)
    codes[1]["label"] = codes[2]["label"] = long
    labels = axes(of)[0].labels.values()
    assert len(set(labels)) == len(labels) == len(codes) - 1


def test_table_of_which_nothing_is_collected_is_drawn_empty() -> None:
    of = copy.deepcopy(table("sexes"))
    for cell in of["cells"]:
        cell.update(status="not_collected", value=None)
    assert chart(of, "de")["data"]["values"] == []


@pytest.mark.parametrize(
    ("name", "when"),
    [
        ("categories_by_institution_group_and_quarter", "3. Quartal 2025"),
        ("signals", "3. Quartal 2025"),
        ("types", "1.1.2025 / 30.9.2025"),
        ("categories_by_quarter", "1.1.2025 / 30.9.2025"),
    ],
)
def test_chart_says_of_when_its_figures_are(name: str, when: str) -> None:
    assert chart(table(name), "de")["title"]["subtitle"][0].startswith(f"Kreis Wesel, {when};")


def test_only_quarter_that_is_told_is_named() -> None:
    of = copy.deepcopy(table("effects_by_quarter"))
    for cell in of["cells"]:
        if cell["codes"][1] != "2025Q2":
            cell.update(status="not_collected", value=None)
    assert "2. Quartal 2025" in chart(of, "de")["title"]["subtitle"][0]


@pytest.mark.parametrize("name", ["sexes", "categories_by_institution_group"])
def test_where_only_zeros_are_told_they_stand_at_zero(name: str) -> None:
    of = copy.deepcopy(table(name))
    for cell in of["cells"]:
        cell.update(status="zero", value=0)
    scales = [
        channel["scale"]["domain"]
        for layer in chart(of, "de")["layer"]
        for channel in layer.get("encoding", {}).values()
        if "domain" in channel.get("scale", {})
    ]
    assert scales
    assert all(domain == [0, 1] for domain in scales)


def test_long_axis_is_drawn_without_what_is_empty_and_a_short_one_whole() -> None:
    of = copy.deepcopy(table("institution_kinds"))
    for cell in of["cells"]:
        if cell["codes"] != ["jobcenter"] and cell["codes"] != ["schule"]:
            cell.update(status="zero", value=0)
    for code, status, value in (("jobcenter", "published", 7), ("schule", "suppressed", None)):
        next(cell for cell in of["cells"] if cell["codes"] == [code]).update(status=status, value=value)
    assert [row["value"] for row in chart(of, "de")["data"]["values"]] == [7, None]
    short = copy.deepcopy(table("sexes"))
    for cell in short["cells"]:
        cell.update(status="zero", value=0)
    assert len(chart(short, "de")["data"]["values"]) == 3
