"""How tables stand in the report: marks say what figures say, nothing hidden is drawn, pages are filled."""

import copy
import io
from typing import Any

import pikepdf
import pypdfium2
import pytest

from app.reporting.report.composing import report
from app.reporting.report.layout import in_rows, placed
from app.reporting.report.typesetting import typeset
from tests.reporting.frozen import table
from tests.reporting.test_report import SVG, TODAY, release

NAME = "categories_by_quarter"


def one_dimension(*values: tuple[str, float | None], quotient: bool = False) -> dict[str, Any]:
    """Return a table of a total and its parts: status and value of each."""
    codes = [{"code": "total", "label": "Insgesamt", "parent": None}]
    codes += [{"code": f"c{at}", "label": f"Klasse {at}", "parent": "total"} for at in range(1, len(values))]
    return {
        "name": "n", "title": "Titel", "definition": "Definition.", "unit": "Einheit", "medians": None,
        "period": {"year": 2025, "from": "2025-07-01", "to": "2025-09-30"},
        "quotient": {"per": 1} if quotient else None,
        "dimensions": [{"name": "class", "title": "Klasse", "codes": codes}],
        "cells": [
            {"codes": [code["code"]], "status": status, "value": value, "persons": None, "parts": None}
            for code, (status, value) in zip(codes, values, strict=True)
        ],
    }  # fmt: skip


def test_bar_is_as_long_as_its_figure_and_nothing_stands_where_there_is_none() -> None:
    shown = placed(one_dimension(("published", 40), ("published", 30), ("suppressed", None), ("zero", 0)))
    assert [line["shares"] for line in shown["lines"]] == [[0], [1.0], [0], [0]]
    assert [line["cells"][1] for line in shown["lines"]] == ["40", "30", "gesperrt", "0"]
    assert (shown["is_narrow"], shown["has_chart"]) == (True, False)


def test_bars_of_hidden_figures_alone_are_none() -> None:
    shown = placed(one_dimension(("suppressed", None), ("suppressed", None)))
    assert [line["shares"] for line in shown["lines"]] == [[0], [0]]


def test_quotient_that_is_not_computable_says_why() -> None:
    shown = placed(one_dimension(("published", 2.55), ("too_few", None), ("no_base", None), quotient=True))
    assert shown["head"] == ["Klasse", "Wert"]
    assert [line["cells"][1] for line in shown["lines"]] == ["2,6", "zu wenige", "ohne Nenner"]


def several_quarters() -> dict[str, Any]:
    of = copy.deepcopy(table(NAME))
    told = {cell["codes"][1] for cell in of["cells"] if cell["status"] != "not_collected"}
    assert len(told) > 1
    return of


def test_several_quarters_are_a_chart_above_the_table_over_the_whole_width() -> None:
    shown = placed(several_quarters())
    assert (shown["has_chart"], shown["is_narrow"]) == (True, False)
    assert len(shown["head"]) > 2


def test_one_quarter_is_a_column_with_bars() -> None:
    of = several_quarters()
    for cell in of["cells"]:
        if cell["codes"][1] != "2025Q3":
            cell.update(status="not_collected", value=None)
    shown = placed(of)
    assert shown["head"][1:] == ["3. Quartal 2025"]
    assert (shown["has_chart"], shown["is_narrow"]) == (False, True)


def test_figures_of_a_line_are_those_of_the_table() -> None:
    of = several_quarters()
    labels = [{code["code"]: code["label"] for code in each["codes"]} for each in of["dimensions"]]
    at = {tuple(cell["codes"]): cell for cell in of["cells"]}
    shown = placed(of)
    codes = {label: code for code, label in labels[1].items()}
    lines = {line["cells"][0]: dict(zip(shown["head"][1:], line["cells"][1:], strict=True))
             for line in shown["lines"]}  # fmt: skip
    for code, label in labels[0].items():
        for quarter, told in lines.get(label, {}).items():
            value = at[code, codes[quarter]]["value"]
            assert told == ("gesperrt" if value is None else str(value))
    assert len(lines) > 5


def narrow(name: str, *, is_narrow: bool = True) -> dict[str, Any]:
    return {"name": name, "is_narrow": is_narrow}


@pytest.mark.parametrize(
    ("widths", "rows"),
    [("nnnn", ["ab", "cd"]), ("nwnn", ["a", "b", "cd"]), ("nnn", ["ab", "c"]), ("wn", ["a", "b"])],
)
def test_two_narrow_tables_that_follow_each_other_stand_side_by_side(widths: str, rows: list[str]) -> None:
    tables = [narrow(name, is_narrow=width == "n") for name, width in zip("abcd", widths, strict=False)]
    assert ["".join(each["name"] for each in row) for row in in_rows(tables)] == rows


def many(number: int) -> dict[str, Any]:
    """Return what a report is made of with so many small tables."""
    values = [("published", 90), *[("published", at + 5) for at in range(10)]]
    tables = [{**one_dimension(*values), "name": f"t{at}", "title": f"Tabelle {at}"} for at in range(number)]
    told = release()
    of = several_quarters()
    return {**told, "tables": [of, *tables]}


def test_pages_are_filled_and_every_table_is_one_for_a_screen_reader() -> None:
    told = report(many(24), [], TODAY)
    pdf = typeset(told["data"], dict.fromkeys(told["charts"], SVG))
    assert len(pypdfium2.PdfDocument(pdf)) <= 8
    with pikepdf.open(io.BytesIO(pdf)) as document:
        kinds = [str(each.get("/S", "")) for each in document.objects if isinstance(each, pikepdf.Dictionary)]
    facts = 1
    assert kinds.count("/Table") == 24 + 1 + facts
    assert kinds.count("/TH") >= 2 * 24


def test_what_a_release_leaves_out_is_named_once_for_each_reason() -> None:
    told = release()
    missing = [
        {"name": name, "title": name.upper(), "reason": reason, "explanation": f"Weil {reason}."}
        for name, reason in (("a", "too_small"), ("b", "not_told"), ("c", "too_small"))
    ]
    content = {**told["content"], "left_out": missing}
    data = report({**told, "content": content}, [], TODAY)["data"]
    assert data["left_out"] == [
        {"explanation": "Weil too_small.", "titles": ["A", "C"]},
        {"explanation": "Weil not_told.", "titles": ["B"]},
    ]
    charts = dict.fromkeys(report(told, [], TODAY)["charts"], SVG)
    text = " ".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(typeset(data, charts))
    )
    assert "Was dieser Berichtsstand nicht enthält" in text
