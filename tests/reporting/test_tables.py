"""Tables: always the full grid, the same as JSON and CSV, percentages of published figures only."""

import csv
import io
from itertools import product
from typing import Any

import pytest

from app.access.roles import Role
from app.reporting.csv_text import safe
from tests.reporting.arrange import Office, figures
from tests.reporting.frozen import table

TABLES = (
    "categories_by_quarter", "institution_groups_by_quarter", "effects_by_quarter", "levels_by_quarter",
    "interfaces_from_by_quarter", "interfaces_to_by_quarter", "signals",
)  # fmt: skip


@pytest.fixture
async def release(office: Office) -> str:
    """A release of a third quarter."""
    await figures(office.world)
    return await office.computed()


async def test_every_table_is_a_full_grid_with_a_status_in_each_place(office: Office, release: str) -> None:
    for name in TABLES:
        table = await office.table(release, name)
        codes = [[each["code"] for each in dimension["codes"]] for dimension in table["dimensions"]]
        assert [tuple(cell["codes"]) for cell in table["cells"]] == list(product(*codes))
        for cell in table["cells"]:
            told = {"published": cell["value"], "zero": 0}.get(cell["status"])
            assert cell["value"] == told
            assert (cell["status"] == "published") == bool(cell["value"])


async def test_quarter_to_come_and_the_year_are_not_collected(office: Office, release: str) -> None:
    table = await office.table(release, "categories_by_quarter")
    quarters = {
        quarter: {cell["status"] for cell in table["cells"] if cell["codes"][1] == quarter}
        for quarter in ("2025", "2025Q3", "2025Q4")
    }
    assert quarters["2025"] == quarters["2025Q4"] == {"not_collected"}
    assert {"published", "suppressed"} <= quarters["2025Q3"]


async def test_table_states_what_it_must(office: Office, release: str) -> None:
    table = await office.table(release, "effects_by_quarter")
    assert table["period"] == {"year": 2025, "from": "2025-01-01", "to": "2025-09-30"}
    assert table["thresholds"] == {
        "k": 5, "k_sensitive": 10, "k_insider": 3, "households": 3, "case_managers": 3,
    }  # fmt: skip
    assert "not prevalence" in table["note"]
    assert table["coverage"] == "75_to_100"
    assert 0 <= table["hidden_share"] < 1
    assert table["title"] == "Barrier cases by effect and quarter"


async def test_labels_are_german_unless_english_is_preferred(office: Office, release: str) -> None:
    path = f"/v1/releases/{release}/tables/effects_by_quarter"
    answers = [
        (await office.first.http.get(path, headers={"Accept-Language": header})).json()
        for header in ("de", "en-GB,de;q=0.5", "fr")
    ]
    labels = [answer["dimensions"][0]["codes"][1]["label"] for answer in answers]
    assert labels[0] == labels[2] != labels[1]
    assert answers[0]["title"].startswith("Barrierefälle nach")


async def read_csv(office: Office, release: str, name: str, language: str) -> list[dict[str, str]]:
    answer = await office.first.http.get(
        f"/v1/releases/{release}/tables/{name}", headers={"Accept": "text/csv", "Accept-Language": language}
    )
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text), delimiter=";" if language == "de" else ","))


def as_csv(value: Any) -> str:
    return "" if value is None else str(value)


@pytest.mark.parametrize("name", ["categories_by_quarter", "signals"])
async def test_csv_says_the_same_as_json(office: Office, release: str, name: str) -> None:
    table = await office.table(release, name)
    rows = await read_csv(office, release, name, "en")
    names = [dimension["name"] for dimension in table["dimensions"]]
    from_csv = [
        ([row[each] for each in names], row["status"], row["value"], row["percent"], row["persons"])
        for row in rows
    ]
    from_json = [
        (cell["codes"], cell["status"], as_csv(cell["value"]), as_csv(cell["percent"]),
         as_csv(cell["persons"] and cell["persons"]["value"]))
        for cell in table["cells"]
    ]  # fmt: skip
    assert from_csv == from_json
    assert {row["k"] for row in rows} == {"5"}
    assert {row["period_to"] for row in rows} == {"2025-09-30"}


async def test_table_of_the_quarter_says_so_in_json_and_csv(office: Office, release: str) -> None:
    """Seven closed cases of a quarter are not those of nine months."""
    quarter = {"year": 2025, "from": "2025-07-01", "to": "2025-09-30"}
    assert (await office.table(release, "signals"))["period"] == quarter
    for name, first in (("signals", "2025-07-01"), ("effects_by_quarter", "2025-01-01")):
        rows = await read_csv(office, release, name, "en")
        assert {(row["period_from"], row["period_to"]) for row in rows} == {(first, "2025-09-30")}


async def test_german_csv_is_read_by_german_spreadsheets(office: Office, release: str) -> None:
    rows = await read_csv(office, release, "effects_by_quarter", "de")
    percentages = [row["percent"] for row in rows if row["percent"]]
    assert percentages
    assert all("," in each and "." not in each for each in percentages)
    assert "gesperrt" in {row["status_label"] for row in await read_csv(office, release, "signals", "de")}


@pytest.mark.parametrize("field", ["=1+1", "+49", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_field_is_taken_for_a_formula(field: str) -> None:
    assert safe(field) == f"'{field}"


@pytest.mark.parametrize("field", ["0-5", "Sprache", 7, -7, None])
def test_harmless_fields_stay_as_they_are(field: object) -> None:
    assert safe(field) == field


async def test_percentages_come_from_published_figures_only(office: Office, release: str) -> None:
    for name in TABLES:
        table = await office.table(release, name)
        value = {tuple(cell["codes"]): cell["value"] for cell in table["cells"]}
        for cell in table["cells"]:
            whole = value["total", *cell["codes"][1:]]
            if cell["value"] is None or not whole:
                assert cell["percent"] is None
            else:
                assert cell["percent"] == round(100 * cell["value"] / whole, 1)


async def test_distinct_persons_are_told_beside_the_totals(office: Office, release: str) -> None:
    table = await office.table(release, "categories_by_quarter")
    told = {tuple(cell["codes"]): cell["persons"] for cell in table["cells"] if cell["persons"]}
    assert told["total", "2025Q3"]["status"] == "published"
    total = next(cell for cell in table["cells"] if cell["codes"] == ["total", "2025Q3"])
    assert 0 < told["total", "2025Q3"]["value"] <= total["value"]


async def test_unknown_table_is_not_found(office: Office, release: str) -> None:
    assert (await office.first.get(f"/v1/releases/{release}/tables/nothing")).status_code == 404
    assert (await office.first.get(f"/v1/releases/{release}/tables/A%27%3B--")).status_code == 422


async def test_year_is_offered_with_its_last_quarter(office: Office) -> None:
    population = await figures(office.world, "2025Q3")
    await figures(office.world, "2025Q4", population=population)
    release_id = await office.published("2025Q4")
    steering = await office.world.person(Role.STEERING_MEMBER)
    types = await office.table(release_id, "types", steering)
    assert {cell["status"] for cell in types["cells"]} == {"published", "suppressed", "zero"}
    quarters = await office.table(release_id, "categories_by_quarter", steering)
    assert "not_collected" not in {cell["status"] for cell in quarters["cells"]}
    by_total = {
        next(cell["value"] for cell in table["cells"] if set(cell["codes"]) <= {"total", "2025"})
        for table in (types, quarters)
    }
    assert len(by_total) == 1


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("age_bands", ["total", "0-5", "6-9", "10-15"]),
        ("sexes", ["total", "m", "w", "other"]),
        ("types", ["total", "A", "A1", "A2", "A3"]),
    ],
)
def test_codes_are_in_the_order_of_the_catalogue(name: str, order: list[str]) -> None:
    frozen = table(name)
    assert [each["code"] for each in frozen["dimensions"][0]["codes"]][: len(order)] == order
    assert [cell["codes"][0] for cell in frozen["cells"]][: len(order)] == order
