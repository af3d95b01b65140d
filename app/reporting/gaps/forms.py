"""The view of gaps as CSV, and as head and rows for sheets and pages. Pure."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from app.protection import Status
from app.reporting.classes import TOTAL, Label
from app.reporting.csv_text import safe
from app.reporting.paper.shape import Grid, Paper, Value
from app.reporting.stated import STATED, STATUS

_WORDS = {
    "topic": Label("Thema", "Topic"),
    "region": Label("Region", "Region"),
    "persons": Label("Personen mit Bedarf im Quartal", "Persons with a need in the quarter"),
    "persons_of_year": Label("im Jahr bis dahin", "in the year so far"),
    "offers": Label("Angebote", "Offers"),
    "offers_in_region": Label("davon in der Region", "in the region itself"),
    "offers_with_known_places": Label("Angebote, die freie Plätze nennen", "Offers that tell of free places"),
    "free_places": Label("freie Plätze", "Free places"),
    "places_per_person": Label("freie Plätze je Person", "Free places for each person"),
    "gap": Label("Einschätzung", "Assessment"),
}
_FACTS = {
    "quarter": Label("Quartal", "Quarter"),
    "definition": STATED["definition"],
    "note": STATED["note"],
    "sha256": Label("Prüfsumme (SHA-256)", "Digest (SHA-256)"),
}
_SIDES = {"needs": Label("Bedarf", "Needs"), "offers": Label("Angebot", "Offers")}
_FIGURES = ("persons", "persons_of_year")
_COUNTS = ("offers", "offers_in_region", "offers_with_known_places", "free_places", "places_per_person")
_ON_A_PAGE = ("persons", "offers", "free_places")


def as_csv(view: Mapping[str, Any], language: str) -> str:
    """Return one line for each topic and region; semicolons and decimal commas in German."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if language == "de" else ",", lineterminator="\r\n")
    figures = [column for name in _FIGURES for column in (f"{name}_status", name)]
    head = ["quarter", "topic", "topic_label", "region", "region_label", *figures, *_COUNTS]
    writer.writerow([*head, "gap", "gap_label"])
    for line in view["lines"]:
        where = [line[name] for name in ("topic", "topic_label", "region", "region_label")]
        told = [line[name][part] for name in _FIGURES for part in ("status", "value")]
        fields = [view["quarter"], *where, *told, *(line[name] for name in _COUNTS)]
        writer.writerow([_field(each, language) for each in (*fields, line["gap"], line["gap_label"])])
    return out.getvalue()


def _field(value: object, language: str) -> object:
    if isinstance(value, float) and language == "de":
        return str(value).replace(".", ",")
    return safe(value)


def as_grid(view: Mapping[str, Any], language: str) -> Grid:
    """Return all lines for a sheet; what is hidden is a word."""
    names = (*_FIGURES, *_COUNTS, "gap")
    head = [_WORDS[name].text(language) for name in ("topic", "region", *names)]
    return {"head": head, "rows": [_row(line, language) for line in view["lines"]], "labels": 2}


def _row(line: Mapping[str, Any], language: str) -> Sequence[Value]:
    told = [_told(line[name], language) for name in _FIGURES]
    return [
        line["topic_label"],
        line["region_label"],
        *told,
        *(line[each] for each in _COUNTS),
        line["gap_label"],
    ]


def _told(figure: Mapping[str, Any], language: str) -> Value:
    value: int | None = figure["value"]
    return STATUS[Status(figure["status"])].text(language) if value is None else value


def on_a_page(view: Mapping[str, Any]) -> dict[str, Any]:
    """Return the topics of the whole area as a table that a page takes in, in German, as text."""
    lines = [line for line in view["lines"] if line["region"] == TOTAL and line["topic"] != TOTAL]
    rows = [
        [
            line["topic_label"],
            *(
                str(_told(line[each], "de")) if each in _FIGURES else _count(line[each])
                for each in _ON_A_PAGE
            ),
            line["gap_label"],
        ]
        for line in lines
    ]
    head = [_WORDS[name].text("de") for name in ("topic", *_ON_A_PAGE, "gap")]
    return {"definition": view["definition"], "note": view["note"], "head": head, "rows": rows}


def _count(value: int | None) -> str:
    return STATUS[Status.NOT_COLLECTED].de if value is None else str(value)


def as_paper(view: Mapping[str, Any], language: str) -> Paper:
    """Return the view for the writer of sheets: what it states, then all lines."""
    facts = [[words.text(language), view[name]] for name, words in _FACTS.items()]
    for side, words in _SIDES.items():
        said = view[side] or {}
        facts += [[f"{words.text(language)}: {STATED[name].text(language)}", said[name]] for name in said]
    section = {"title": view["title"], "paragraphs": (), "tables": [as_grid(view, language)]}
    return {"title": view["title"], "area": view["area"], "facts": facts, "sections": [section]}  # type: ignore[list-item]
