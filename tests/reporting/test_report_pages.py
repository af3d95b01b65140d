"""How a report falls into pages: nothing is printed over something else, no page holds a heading alone."""

import copy
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from defusedxml.ElementTree import fromstring

from app.letters.rendering import compiled
from app.reporting.pictures.__main__ import drawn
from app.reporting.pictures.charts import chart
from app.reporting.report.composing import report
from app.reporting.report.typesetting import typeset
from tests.reporting.frozen import table
from tests.reporting.test_pictures import whole
from tests.reporting.test_report import OBSTACLE, TODAY

NAMES = ("categories_by_quarter", "institution_groups_by_quarter", "effects_by_quarter")
EVERY = (*NAMES, "sexes", "institution_kinds", "types")
HIGH = '<svg xmlns="http://www.w3.org/2000/svg" width="784" height="{}"></svg>'
TOUCHING = 1.0
"""Points by which the boxes of two lines may lie over each other: they are of the font, not of the ink."""
FOOT = 24 / 25.4 * 72


def four_quarters(name: str, first: int = 1000) -> dict[str, Any]:
    """Return a table of the catalogue in which each figure of its four quarters is there once."""
    of = copy.deepcopy(table(name))
    for at, cell in enumerate(of["cells"]):
        cell.update(status="published", value=first + at)
    return of


def told_of(*tables: dict[str, Any], obstacles: int = 0) -> dict[str, Any]:
    stated = whole(*tables)
    thresholds = {"k": 5, "k_sensitive": 10, "households": 3, "case_managers": 3}
    release = {**stated, "quarter": "2025Q4", "content": {**stated["content"], "thresholds": thresholds}}
    return report(release, [OBSTACLE] * obstacles, TODAY)


def overprinted(pdf: bytes) -> list[tuple[int, str, str]]:
    """Return page and words of each two pieces of text of which one lies on the other."""
    found = []
    for number, page in enumerate(pypdfium2.PdfDocument(pdf), 1):
        text = page.get_textpage()
        boxes = [text.get_rect(at) for at in range(text.count_rects())]
        found += [
            (number, text.get_text_bounded(*one), text.get_text_bounded(*other))
            for one, other in combinations(boxes, 2)
            if min(one[2], other[2]) - max(one[0], other[0]) > TOUCHING
            and min(one[3], other[3]) - max(one[1], other[1]) > TOUCHING
        ]
    return found


def outside(pdf: bytes) -> list[int]:
    """Return the pages on which something reaches from above into the lower margin."""
    found = []
    for number, page in enumerate(pypdfium2.PdfDocument(pdf), 1):
        bounds = [each.get_bounds() for each in page.get_objects(max_depth=1)]
        if any(bottom < FOOT - TOUCHING and top > FOOT for _, bottom, _, top in bounds):
            found.append(number)
    return found


def bare(pdf: bytes) -> list[int]:
    """Return the pages that hold headings and nothing else."""
    found = []
    for number, page in enumerate(pypdfium2.PdfDocument(pdf), 1):
        text = page.get_textpage().get_text_bounded(bottom=FOOT)
        lines = [line for line in text.splitlines() if line.strip()]
        if all(re.match(r"\d+(\.\d+)? \D", line) for line in lines):
            found.append(number)
    return found


def planted(folder: Path, source: str) -> bytes:
    (folder / "planted.typ").write_text(f'#set page(margin: 24mm)\n#set heading(numbering: "1.1")\n{source}')
    return compiled(folder, "planted.typ", {}, format="pdf")


@pytest.mark.parametrize("high", [200, 831, 3000])
@pytest.mark.parametrize("obstacles", [0, 3])
def test_each_figure_stands_on_a_page_at_a_place_of_its_own(high: int, obstacles: int) -> None:
    of = four_quarters(NAMES[0])
    told = told_of(of, obstacles=obstacles)
    [[shown]] = told["data"]["rows"]
    assert (len(shown["lines"]) >= 18, len(shown["head"])) == (True, 6)
    pdf = typeset({**told["data"], "summary": []}, {NAMES[0]: HIGH.format(high)})
    text = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    figures = [cell for line in shown["lines"] for cell in line["cells"][1:]]
    words = text.split()
    assert [figure for figure in figures if words.count(figure) != 1] == []
    assert (overprinted(pdf), bare(pdf), outside(pdf)) == ([], [], [])


def test_no_page_of_a_whole_report_is_overprinted_or_bare() -> None:
    told = told_of(*map(four_quarters, EVERY), obstacles=3)
    pdf = typeset(told["data"], {name: drawn(spec) for name, spec in told["charts"].items()})
    assert (overprinted(pdf), bare(pdf), outside(pdf)) == ([], [], [])


def test_head_of_a_table_is_there_again_on_the_next_page() -> None:
    told = told_of(four_quarters(NAMES[0]))
    pdf = typeset(told["data"], {NAMES[0]: HIGH.format(1100)})
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    assert sum("Jahr 2025" in page for page in pages) == 2


def test_block_that_is_longer_than_its_page_is_noticed(tmp_path: Path) -> None:
    rows = "#block(breakable: false, table(columns: 2, ..range(160).map(at => [Zeile #at])))"
    pdf = planted(tmp_path, rows)
    assert overprinted(pdf)
    assert overprinted(planted(tmp_path, rows.replace("false", "true"))) == []


def test_picture_that_runs_over_the_foot_is_noticed(tmp_path: Path) -> None:
    tall = "#block(breakable: false, width: 3cm, height: {}, fill: red)"
    assert outside(planted(tmp_path, tall.format("28cm"))) == [1]
    assert outside(planted(tmp_path, tall.format("20cm"))) == []


def test_page_of_a_heading_alone_is_noticed(tmp_path: Path) -> None:
    pdf = planted(tmp_path, "= Zahlen\n#pagebreak()\n== Tabelle\nDefinition.")
    assert bare(pdf) == [1]


@pytest.mark.parametrize("language", ["de", "en"])
def test_four_quarters_below_a_small_chart_do_not_run_into_each_other(language: str) -> None:
    of = copy.deepcopy(table(NAMES[0], language))
    for cell in of["cells"]:
        cell.update(status="published", value=7)
    spec = chart(of, language)
    texts = fromstring(drawn(spec)).iter("{http://www.w3.org/2000/svg}text")
    places = {
        each.text: float(re.findall(r"[\d.]+", each.get("transform"))[0])
        for each in texts
        if re.fullmatch(r"Q\d/2025", each.text or "")
    }
    assert list(places) == ["Q1/2025", "Q2/2025", "Q3/2025", "Q4/2025"]
    size = 10
    widest = 0.65 * size * max(map(len, places))
    steps = [after - before for before, after in zip(places.values(), [*places.values()][1:], strict=False)]
    assert min(steps) > widest
    assert 0.65 * size * len("1. Quartal 2025") > min(steps)
