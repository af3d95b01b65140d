"""Medians come from published figures only, and say nothing that these do not say."""

import csv
import io
from itertools import product

import pytest
from openpyxl import load_workbook

from app.reporting.medians import MedianStatus, median_band
from app.reporting.pictures.reading import told_medians
from app.reporting.pictures.workbook import workbook
from app.reporting.report.composing import _table as of_report
from tests.reporting.test_case_subjects import LARGE, drawn, found
from tests.reporting.test_pictures import whole

TOLD, HIDDEN, FEW = MedianStatus.PUBLISHED, MedianStatus.SUPPRESSED, MedianStatus.TOO_FEW


@pytest.mark.parametrize(
    ("parts", "whole_", "expected"),
    [
        ((6, 5, 0), 11, (TOLD, 0)),
        ((5, 6, 0), 11, (TOLD, 1)),
        ((5, 5, 0), 10, (TOLD, 0)),
        ((0, 0, 12), 12, (TOLD, 2)),
        ((5, 4, 0), 9, (FEW, None)),
        ((20, None, None), 30, (TOLD, 0)),
        ((None, None, 20), 30, (TOLD, 2)),
        ((None, 20, None), 30, (TOLD, 1)),
        ((None, None, 7), 30, (HIDDEN, None)),
        ((8, 8, 8), None, (TOLD, 1)),
        ((None, 8, 8), None, (HIDDEN, None)),
        ((None, None, None), 40, (HIDDEN, None)),
        ((0, 0, 0), 0, (FEW, None)),
    ],
)
def test_median_is_the_band_by_whose_end_half_are_counted(parts, whole_, expected) -> None:  # type: ignore[no-untyped-def]
    assert median_band(parts, whole_) == expected


@pytest.mark.parametrize("shown", list(product((None, 0, 5, 9), repeat=3)))
def test_told_median_is_true_whatever_is_hidden_and_none_is_withheld_needlessly(
    shown: tuple[int | None, ...],
) -> None:
    total = 24
    ways = [
        parts
        for parts in product(range(total + 1), repeat=3)
        if sum(parts) == total and all(a in (None, b) for a, b in zip(shown, parts, strict=True))
    ]
    bands = {median_band(parts, total)[1] for parts in ways}
    if ways:
        assert median_band(shown, total)[1] == (bands.pop() if len(bands) == 1 else None)


def test_table_tells_the_median_for_each_kind_of_institution_or_that_it_does_not() -> None:
    protected, _ = found("referrals", 1, 2000)
    place = next(at for at, each in enumerate(protected.tables) if "time_to_answer_and" in each.name)
    made, table = drawn(protected, place)
    value = {tuple(cell["codes"]): cell["value"] for cell in table["cells"]}
    kinds = [each["code"] for each in table["dimensions"][1]["codes"]]
    assert [each["codes"] for each in table["medians"]["places"]] == [[kind] for kind in kinds]
    for each in table["medians"]["places"]:
        assert (each["status"] == TOLD) == (each["code"] is not None)
        if each["status"] == TOLD:
            assert value["answered", each["codes"][0]] is None or value["answered", each["codes"][0]] >= 10
    told = told_medians(table)
    assert told
    rows = csv.DictReader(io.StringIO(made.csv_de), delimiter=";")
    assert [((row["institution_label"],), row["median_label"]) for row in rows if row["median"]] == told
    assert told[0][1] in of_report(table, None)["definition"]


def test_workbook_has_medians_below_their_figures() -> None:
    protected, _ = found("referrals", 2, LARGE)
    place = next(at for at, each in enumerate(protected.tables) if each.name == "referrals_by_time_to_answer")
    _, table = drawn(protected, place)
    sheet = load_workbook(io.BytesIO(workbook(whole(table))))["T01"]
    column = [row[0].value for row in sheet.iter_rows()]
    assert column[-2:] == ["Median", told_medians(table)[0][1]]


def test_other_tables_have_none() -> None:
    protected, _ = found("referrals", 1, LARGE)
    _, table = drawn(protected, 0)
    assert table["medians"] is None
    assert told_medians(table) == []
