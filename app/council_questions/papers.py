"""A council question and its answer as a paper, in German. Pure."""

from collections.abc import Mapping
from typing import Any

from app.council_questions.rules import ANSWERED
from app.kit.clock import local_date
from app.reporting.catalogue import BY_NAME as BARRIER_TABLES
from app.reporting.paper.shape import Paper, Section
from app.reporting.pictures.times import day_text, when_of
from app.reporting.report.grids import grid
from app.reporting.stated import covered


def question_paper(whole: Mapping[str, Any]) -> Paper:
    """Return the paper; the tables are those that were published, whatever has changed since."""
    facts = [
        ["Nummer", whole["number"]],
        ["Gefragt von", whole["asked_by"]],
        ["Gefragt am", day_text(whole["asked_on"].isoformat(), "de")],
    ]
    if whole["state"] == ANSWERED:
        facts += [
            ["Beantwortet am", day_text(local_date(whole["answered_at"]).isoformat(), "de")],
            ["Prüfsumme", whole["sha256"]],
        ]
    else:
        facts.append(["Stand", "Entwurf"])
    cited = zip(whole["tables"], whole["digests"], strict=True)
    return {
        "title": "Antwort auf eine Anfrage",
        "area": whole["area"],
        "facts": facts,
        "sections": [
            {"title": "Frage", "paragraphs": _paragraphs(whole["question"]), "tables": []},
            {"title": "Antwort", "paragraphs": _paragraphs(whole["answer"] or "Noch keine."), "tables": []},
            *(_cited(table, digest) for table, digest in cited),
        ],
    }


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def _protection(table: Mapping[str, Any]) -> list[str]:
    """Return from how many persons on a figure is shown, and of barriers who reported; else nothing."""
    k = table["thresholds"]
    if k is None:
        return []
    shown = f"Eine Zahl wird ab {k['k']} Personen gezeigt, bei sensiblen Merkmalen ab {k['k_sensitive']}."
    return [shown, *([covered(table["coverage"], "de")] if table["name"] in BARRIER_TABLES else [])]


def _cited(table: Mapping[str, Any], digest: str) -> Section:
    head, rows, labels = grid(table)
    return {
        "title": f"{table['title']}, {when_of(table, 'de')}",
        "paragraphs": [
            table["definition"],
            f"Gezählt: {table['unit']}. Quelle: {table['source']}.",
            table["note"],
            *_protection(table),
            (
                f"Berichtsstand {table['quarter']}, Tabelle {table['name']}, SHA-256 {digest}. "
                "Gesperrt heißt nicht null."
            ),
        ],
        "tables": [{"head": head, "rows": rows, "labels": labels}],
    }
