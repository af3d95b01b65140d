"""Sentences made from the published figures of a release, in German. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.reporting.numerals import rate

Tables = Mapping[str, Mapping[str, Any]]

_TOTALS = "categories_by_quarter"
_RANKED = (
    (_TOTALS, "Bei den Kategorien"),
    ("institution_groups_by_quarter", "Bei den Gruppen von Einrichtungen"),
    ("effects_by_quarter", "Bei den Wirkungen"),
)
_COUNTED = (
    ("inquiries_by_result", "Anfragen, aus denen im Quartal etwas geworden ist: {}."),
    ("inquiries_waiting", "Anfragen, die am letzten Tag des Quartals warten: {}."),
    ("open_cases_by_phase", "Fälle, die am letzten Tag des Quartals offen sind: {}."),
    ("closed_cases_by_reason", "Im Quartal abgeschlossene Fälle: {}."),
    ("referrals_by_outcome", "Vermittlungen, die im Quartal endeten: {}."),
    ("days_without_benefit", "Rechtskreiswechsel im Quartal: {}."),
)
_CASELOAD = "caseload_per_position"
_MOST = 3


def summary(tables: Tables, quarter: str) -> list[str]:
    """Return what a release says in words: totals, and the largest of the figures that are shown."""
    return [
        *_of_totals(tables[_TOTALS], quarter),
        *_of_ranks(tables, quarter),
        *_of_others(tables),
        *_of_caseload(tables.get(_CASELOAD)),
    ]


def _of_others(tables: Tables) -> Iterator[str]:
    """Tell the totals of what is counted beside barriers, where they are shown."""
    for name, sentence in _COUNTED:
        cells = tables[name]["cells"] if name in tables else []
        total = next((cell["value"] for cell in cells if set(cell["codes"]) == {"total"}), None)
        if total:
            yield sentence.format(total)


def _of_caseload(table: Mapping[str, Any] | None) -> Iterator[str]:
    """Tell the caseload per filled position, where it is computable."""
    cells = table["cells"] if table else []
    value = next((cell["value"] for cell in cells if cell["codes"] == ["total", "filled"]), None)
    if value:
        yield f"Offene Fälle je besetztem Vollzeitäquivalent im Case Management: {rate(value, 'de')}."


def _of_totals(table: Mapping[str, Any], quarter: str) -> Iterator[str]:
    cells = {cell["codes"][1]: cell for cell in table["cells"] if cell["codes"][0] == "total"}
    labels = {code["code"]: code["label"] for code in table["dimensions"][1]["codes"]}
    now = cells[quarter]
    if now["value"] is None:
        yield f"Die Zahl der Barrierefälle im {labels[quarter]} ist gesperrt; gesperrt heißt nicht null."
        return
    told = f"Im {labels[quarter]} wurden {_cases(now['value'])} gezählt"
    persons = (now["persons"] or {}).get("value")
    yield f"{told}; sie betreffen {_persons(persons)}." if persons else f"{told}."
    before = cells.get(_before(quarter))
    if before is not None and before["value"] is not None:
        yield (
            f"Im {labels[_before(quarter)]} waren es {before['value']}. Das ist keine Entwicklung: Was im "
            "Jahr schon gezählt ist, zählt in späteren Quartalen nicht noch einmal."
        )


def _of_ranks(tables: Tables, quarter: str) -> Iterator[str]:
    for name, where in _RANKED:
        largest = _largest(tables.get(name), quarter)
        if largest:
            yield f"{where} sind die größten gezeigten Zahlen: {', '.join(largest)}."


def _largest(table: Mapping[str, Any] | None, quarter: str) -> Sequence[str]:
    if table is None:
        return []
    labels = {code["code"]: code["label"] for code in table["dimensions"][0]["codes"]}
    shown = [
        (cell["value"], labels[cell["codes"][0]])
        for cell in table["cells"]
        if cell["codes"][-1] == quarter and cell["codes"][0] != "total" and cell["value"]
    ]
    ranked = sorted(shown, key=lambda each: -each[0])[:_MOST]
    return [f"{label} ({value})" for value, label in ranked]


def _before(quarter: str) -> str:
    return f"{quarter[:5]}{int(quarter[5]) - 1}"


def _cases(number: int) -> str:
    return "ein Barrierefall" if number == 1 else f"{number} Barrierefälle"


def _persons(number: int) -> str:
    return "eine Person" if number == 1 else f"{number} verschiedene Personen"
