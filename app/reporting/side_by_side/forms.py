"""The state's view as CSV and as a paper for the workbook. Pure."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from app.reporting.classes import TOTAL, Label
from app.reporting.csv_text import safe
from app.reporting.paper.shape import Paper, Value
from app.reporting.side_by_side.composing import NOT_PUBLISHED
from app.reporting.stated import STATED, STATUS

_STATUS = {
    **{status.value: label for status, label in STATUS.items()},
    NOT_PUBLISHED: Label("nicht veröffentlicht", "not published"),
}
_WORDS = {
    "areas": Label("Kommunen", "Municipalities"),
    "state": Label("Stand", "Status"),
    "quarter": Label("Quartal", "Quarter"),
    "published": Label("veröffentlicht haben", "have published"),
    "number": Label("Anzahl", "Number"),
    "rate": Label("Wert", "Value"),
    "sum": Label(
        "Eine Summe über Kommunen steht nur, wo alle, die veröffentlicht haben, die Zelle zeigen.",
        "A sum over municipalities is given only where all that have published show the cell.",
    ),
}
_AREA_STATUS = {
    "published": Label("veröffentlicht", "published"),
    "without_table": Label("Berichtsstand ohne diese Tabelle", "release without this table"),
    NOT_PUBLISHED: _STATUS[NOT_PUBLISHED],
}


def as_csv(view: Mapping[str, Any], language: str) -> str:
    """Return one line a cell; semicolons and decimal commas in German."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if language == "de" else ",", lineterminator="\r\n")
    names = [column for each in view["dimensions"] for column in (each["name"], f"{each['name']}_label")]
    writer.writerow(["quarter", "table", *names, "status", "status_label", "value", "areas_published"])
    labels = _labels(view)
    for cell in view["cells"]:
        where = [
            text
            for code, known in zip(cell["codes"], labels, strict=True)
            for text in (code, safe(known[code]))
        ]
        value = cell["value"]
        told = str(value).replace(".", ",") if isinstance(value, float) and language == "de" else value
        status = [cell["status"], _STATUS[cell["status"]].text(language)]
        writer.writerow([view["quarter"], view["name"], *where, *status, told, view["areas_published"]])
    return out.getvalue()


def as_paper(view: Mapping[str, Any], language: str, *, is_rate: bool) -> Paper:
    """Return the view for the writer of sheets: the figures (or rates), and who has published what."""

    def figure(value: float) -> Value:
        return {"rate": value} if is_rate else value

    labels = _labels(view)
    rows: list[list[Value]] = [
        [
            *(known[code] for code, known in zip(cell["codes"], labels, strict=True)),
            _STATUS[cell["status"]].text(language) if cell["value"] is None else figure(cell["value"]),
        ]
        for cell in view["cells"]
    ]
    areas: list[list[Value]] = [
        [each["name"], _AREA_STATUS[each["status"]].text(language), each["sha256"]] for each in view["areas"]
    ]
    said = {name: words.text(language) for name, words in _WORDS.items()}
    said["figure"] = said["rate" if is_rate else "number"]
    head = [*(each["title"] for each in view["dimensions"]), said["figure"]]
    return {
        "title": view["title"],
        "area": "NRW",
        "facts": [
            [said["quarter"], view["quarter"]],
            [said["published"], str(view["areas_published"])],
            *([words.text(language), view[name]] for name, words in STATED.items() if view[name]),
            *([["", said["sum"]]] if any(cell["codes"][0] == TOTAL for cell in view["cells"]) else []),
        ],
        "sections": [
            {
                "title": said["figure"],
                "paragraphs": [],
                "tables": [{"head": head, "rows": rows, "labels": len(head) - 1}],
            },
            {
                "title": said["areas"],
                "paragraphs": [],
                "tables": [{"head": [said["areas"], said["state"], "SHA-256"], "rows": areas, "labels": 3}],
            },
        ],
    }


def _labels(view: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{code["code"]: code["label"] for code in each["codes"]} for each in view["dimensions"]]
