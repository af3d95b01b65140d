"""No letter of a chart in the report is too small to read, and what a page has no room for is said."""

import copy
import math
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from app.reporting.pictures.__main__ import drawn
from app.reporting.pictures.charts import chart
from app.reporting.pictures.reading import Axis, Place, axes
from app.reporting.pictures.room import ENDLESS, PAGE, Missing, Room, largest, missing
from app.reporting.report.layout import placed
from app.reporting.report.typesetting import typeset
from tests.reporting.frozen import every_public_table, table
from tests.reporting.test_report_pages import bare, outside, overprinted, told_of

TOTALS = "categories_by_quarter"
LEAST = 6.0
"""Points."""


def letters(pdf: bytes) -> dict[int, float]:
    """Return the size in points of the smallest letter of each page, as it stands there."""
    found = {}
    for number, page in enumerate(pypdfium2.PdfDocument(pdf), 1):
        text, matrix = page.get_textpage(), pdfium.FS_MATRIX()
        sizes = []
        for at in range(text.count_chars()):
            if not chr(pdfium.FPDFText_GetUnicode(text, at)).isspace():
                assert pdfium.FPDFText_GetMatrix(text, at, matrix)
                sizes.append(pdfium.FPDFText_GetFontSize(text, at) * math.hypot(matrix.c, matrix.d))
        found[number] = min(sizes)
    return found


def told_alone(of: dict[str, Any]) -> dict[str, Any]:
    """Return what the report tells of one table, without the one that every report has."""
    if of["name"] == TOTALS:
        return told_of(of)
    told = told_of(table(TOTALS), of)
    return {**told, "data": {**told["data"], "rows": told["data"]["rows"][1:]}}


def typeset_alone(of: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    return typeset_of(told_alone(of))


def typeset_of(told: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    data = {**told["data"], "summary": []}
    return told, typeset(data, {name: drawn(spec) for name, spec in told["charts"].items()})


def test_no_letter_of_any_chart_that_a_report_can_have_is_too_small() -> None:
    tables = [each for each in every_public_table() if placed(each)["has_chart"]]
    assert {"types", "types_by_quarter", "interfaces", "residence_groups_by_category"} <= {
        each["name"] for each in tables
    }
    told, pdf = typeset_of(told_of(*tables))
    assert told["charts"].keys() == {each["name"] for each in tables}
    assert {page: size for page, size in letters(pdf).items() if size < LEAST} == {}
    assert (bare(pdf), outside(pdf)) == ([], [])


@pytest.mark.parametrize("name", ["types", "types_by_quarter", "residence_groups_by_category"])
def test_chart_that_is_shrunk_to_its_page_is_noticed(name: str) -> None:
    of = table(name)
    told = told_alone(of)
    whole = {part: value for part, value in chart(of, "de", ENDLESS).items() if part != "title"}
    pdf = typeset({**told["data"], "summary": []}, {name: drawn(whole)})
    assert min(letters(pdf).values()) < LEAST


def test_longest_ranking_has_the_largest_rows_and_says_how_many_more_there_are() -> None:
    of = table("types")
    spec = chart(of, "de", PAGE)
    values = [row["value"] for row in spec["data"]["values"]]
    every = [row["value"] for row in chart(of, "de")["data"]["values"]]
    assert values == every[: PAGE.bars]
    left = missing(of, spec)
    assert left.rows + len(values) == len(axes(of)[0].labels)
    told, pdf = typeset_alone(of)
    text = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)).split()
    said = f"{left.rows} weitere Zeilen, {left.hidden} davon gesperrt, stehen in der Arbeitsmappe"
    assert said in " ".join(text)
    assert overprinted(pdf) == []
    assert told["data"]["rows"][0][0]["lines"] == []


def test_what_a_chart_over_a_table_leaves_out_stands_in_the_table() -> None:
    of = copy.deepcopy(table("categories_by_quarter"))
    (axis, _) = of["dimensions"]
    for at in range(20):
        axis["codes"].append({"code": f"more{at}", "label": f"Weitere {at}", "parent": "total"})
        of["cells"] += [
            {**cell, "codes": [f"more{at}", cell["codes"][1]], "status": "published", "value": 1}
            for cell in of["cells"]
            if cell["codes"][0] == "total" and cell["status"] != "not_collected"
        ]
    ((shown,),) = told_alone(of)["data"]["rows"]
    assert len(shown["lines"]) == 38
    assert "weitere Zeilen" in shown["beside_chart"]
    assert shown["beside_chart"].endswith("stehen in der Tabelle darunter.")


def test_nothing_is_said_beside_a_chart_that_has_everything() -> None:
    ((shown,),) = told_alone(table("categories_by_quarter"))["data"]["rows"]
    assert shown["beside_chart"] == ""


def test_letter_in_a_narrow_column_is_explained_and_a_wide_one_has_the_word() -> None:
    of = table("residence_groups_by_category")
    marks = {row["short"] for row in chart(of, "de", PAGE)["data"]["values"] if row["value"] is None}
    assert marks == {"g"}
    ((shown,),) = told_alone(of)["data"]["rows"]
    assert "Grau mit „g“: gesperrt, das heißt nicht null." in shown["beside_chart"]
    assert all("short" not in row for row in chart(of, "de")["data"]["values"])


CODES = {"a": "A", "b": "B", "c": "C", "d": "D"}


def cells(**values: int | None) -> list[Place]:
    return [
        Place((code,), "suppressed" if value is None else "published", value)
        for code, value in values.items()
    ]


def test_largest_rows_stay_in_the_order_of_the_catalogue_and_hidden_ones_go_first() -> None:
    axis = Axis("x", "X", CODES)
    ((cut,), kept) = largest([axis], cells(a=None, b=3, c=9, d=4), 0, 2)
    assert [*cut.labels] == [each.codes[0] for each in kept] == ["c", "d"]
    ((whole,), every) = largest([axis], cells(a=None, b=3, c=9, d=4), 0, 4)
    assert ([*whole.labels], len(every)) == ([*CODES], 4)


def test_hidden_figure_decides_nothing_about_what_is_shown() -> None:
    """A hidden figure is not in the table; the planted fault is a table in which it is shown."""
    axis = Axis("x", "X", CODES)
    hidden = largest([axis], cells(a=None, b=3, c=9, d=4), 0, 2)
    shown = largest([axis], cells(a=777, b=3, c=9, d=4), 0, 2)
    assert "a" not in hidden[0][0].labels
    assert "a" in shown[0][0].labels


def test_flow_leaves_nothing_out() -> None:
    of = table("interfaces")
    assert missing(of, chart(of, "de", PAGE)) == Missing(0, 0)


@pytest.mark.parametrize("most", [1, 5, 36])
def test_shown_and_missing_rows_are_all_rows(most: int) -> None:
    of = table("institution_kinds")
    every = len(chart(of, "de", ENDLESS)["data"]["values"])
    empty = missing(of, chart(of, "de", ENDLESS)).rows
    spec = chart(of, "de", Room(most, most, most, math.inf))
    assert len(spec["data"]["values"]) + missing(of, spec).rows == every + empty


def test_sign_that_the_fonts_have_not_is_replaced_in_a_chart_too() -> None:
    of = copy.deepcopy(table("types"))
    code = next(each for each in of["dimensions"][0]["codes"] if each["code"] in axes(of)[0].labels)
    code["label"] = "SGB II \u2192 SGB XII \U0001f469"
    for cell in of["cells"]:
        if cell["codes"] == [code["code"]]:
            cell.update(status="published", value=5000)
    _, pdf = typeset_alone(of)
    text = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    assert "SGB II » SGB XII ?" in text
