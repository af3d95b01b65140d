"""From the data of a paper to an accessible PDF (PDF/UA-1), by typst."""

from collections.abc import Mapping
from importlib.resources import as_file, files
from typing import Any

from app.letters.rendering import PDF_STANDARD, compiled
from app.reporting.report.glyphs import shown


def typeset_obstacle_paper(data: Mapping[str, Any], **how: Any) -> bytes:
    """Return the paper as PDF, or in another format for looking at it."""
    with as_file(files("app.reporting.obstacle_paper") / "templates") as folder:
        return compiled(
            folder,
            "obstacle_paper.typ",
            shown(dict(data)),
            **(how or {"format": "pdf", "pdf_standards": PDF_STANDARD}),
        )
