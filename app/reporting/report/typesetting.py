"""From the data of a report and its drawn charts to an accessible PDF (PDF/UA-1), by typst."""

import re
from collections.abc import Mapping
from importlib.resources import as_file, files
from typing import Any

from app.letters.rendering import PDF_STANDARD, compiled
from app.reporting.report.glyphs import shown

_SIZE = re.compile(r'<svg[^>]*?\swidth="([0-9.]+)"\sheight="([0-9.]+)"')


def typeset(data: Mapping[str, Any], charts: Mapping[str, str], **how: Any) -> bytes:
    """Return the report as PDF, or in another format for looking at it; `charts` are SVG by table."""
    told = shown(data)
    rows = [[_with_chart(each, charts) for each in row] for row in told["rows"]]
    with as_file(files("app.reporting.report") / "templates") as folder:
        return compiled(
            folder,
            "report.typ",
            {**told, "rows": rows},
            **(how or {"format": "pdf", "pdf_standards": PDF_STANDARD}),
        )


def _with_chart(table: Mapping[str, Any], charts: Mapping[str, str]) -> dict[str, Any]:
    svg = charts.get(table["name"])
    width, height = _size(svg) if svg else (None, None)
    return {**table, "svg": svg, "width": width, "height": height}


def _size(svg: str) -> tuple[float, float]:
    found = _SIZE.search(svg)
    assert found is not None
    return float(found[1]), float(found[2])
