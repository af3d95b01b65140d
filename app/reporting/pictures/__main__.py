"""The process that makes one picture or workbook: reads JSON, writes the file, ends.

It has no address, key or password of the application, and looks nothing up: data stand in the chart.
"""

import os
import sys
from typing import Any

import orjson
import vl_convert

from app.reporting.pictures.kinds import Form

_VEGA_LITE = "6.4"
_SCALE = 2.0
"""Pixels for each point, as screens and printers have them today."""
_NICENESS = 5


def make(form: Form, of: dict[str, Any]) -> bytes:
    """Return a chart as SVG or PNG, a release as a workbook or report, papers as PDF or as sheets.

    Each loads what it needs and nothing else: the process lives for one of them.
    """
    if form is Form.WORKBOOK:
        from app.reporting.pictures.workbook import workbook

        return workbook(of)
    if form is Form.REPORT:
        from app.reporting.report.typesetting import typeset

        return typeset(of["data"], {name: drawn(spec) for name, spec in of["charts"].items()})
    if form is Form.PAPER:
        from app.reporting.paper.typesetting import typeset_paper

        return typeset_paper(of)
    if form is Form.SHEETS:
        from app.reporting.paper.sheets import paper_workbook

        return paper_workbook(of)
    if form is Form.OBSTACLE_PAPER:
        from app.reporting.obstacle_paper.typesetting import typeset_obstacle_paper

        return typeset_obstacle_paper(of)
    svg = drawn(of)
    return svg.encode() if form is Form.SVG else vl_convert.svg_to_png(svg, scale=_SCALE)


def drawn(spec: dict[str, Any]) -> str:
    """Return a chart as SVG."""
    svg: str = vl_convert.vegalite_to_svg(spec, vl_version=_VEGA_LITE, allowed_base_urls=[])
    return svg


def main() -> None:
    """Read from the standard input, and write what was made to the standard output."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    sys.stdout.buffer.write(make(Form(sys.argv[1]), orjson.loads(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
