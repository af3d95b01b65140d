"""From an obstacle and the published tables of its area to its paper. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.catalogues.check import vocabulary
from app.protection import Status
from app.reporting.classes import TOTAL
from app.reporting.pictures.times import day_text
from app.reporting.report.composing import obstacle_shown
from app.reporting.stated import STATUS

FORMAT = "kim-obstacle-paper/1"
_ABOUT = frozenset({"barrier", "institution", "quarter"})
"""Tables by anything else say nothing of an obstacle, or would say it of persons."""


def paper(
    area: str,
    obstacle: Mapping[str, Any],
    release: Mapping[str, Any] | None,
    tables: Sequence[Mapping[str, Any]],
    today: date,
    language: str,
) -> dict[str, Any]:
    """Return the paper as `PaperRead` describes it."""
    types, kinds = obstacle["barrier_types"], obstacle["institution_types"]
    told = (_table(each, _with_parents("barrier_type", types), _with_parents("institution_type", kinds))
            for each in tables)  # fmt: skip
    return {
        "format": FORMAT,
        "area": area,
        "written_on": today.isoformat(),
        **{name: obstacle[name] for name in ("title", "description", "status")},
        "status_label": _labels("obstacle_status", [obstacle["status"]], language)[0],
        "barrier_types": types,
        "barrier_type_labels": _labels("barrier_type", types, language),
        "institution_types": kinds,
        "institution_type_labels": _labels("institution_type", kinds, language),
        **{
            name: obstacle[name]
            for name in ("responsible_unit", "due_on", "measures", "decisions", "comments")
        },
        "release": release,
        "tables": [each for each in told if each["figures"]],
    }


def printed(obstacle: Mapping[str, Any], written: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return the paper in German as its template shows it."""
    return {
        "area": written["area"],
        "written_on": day_text(written["written_on"], "de"),
        "release": written["release"],
        "obstacle": obstacle_shown(obstacle, today),
        "tables": [
            {
                **{name: each[name] for name in ("title", "definition", "unit")},
                "rows": [[", ".join(one["labels"]), _told(one)] for one in each["figures"]],
            }
            for each in written["tables"]
        ],
    }


def _table(table: Mapping[str, Any], barriers: set[str], institutions: set[str]) -> dict[str, Any]:
    names = [each["name"] for each in table["dimensions"]]
    labels = [{code["code"]: code["label"] for code in each["codes"]} for each in table["dimensions"]]
    wanted = {"barrier": barriers, "institution": institutions}
    is_about = set(names) <= _ABOUT and bool(set(names) & set(wanted))
    return {
        **{name: table[name] for name in ("name", "title", "definition", "unit")},
        "figures": [
            {
                "codes": cell["codes"],
                "labels": [texts[code] for texts, code in zip(labels, cell["codes"], strict=True)],
                "status": cell["status"],
                "value": cell["value"],
            }
            for cell in (table["cells"] if is_about else ())
            if cell["status"] != Status.NOT_COLLECTED
            and all(code in wanted.get(name, {code}) for name, code in zip(names, cell["codes"], strict=True))
        ],
    }


def _with_parents(name: str, codes: Sequence[str]) -> set[str]:
    """Return the codes with their categories or groups, without the total."""
    known = vocabulary(name)
    return {*codes, *(str(known[code].parent) for code in codes if code in known)} - {TOTAL}


def _labels(name: str, codes: Sequence[str], language: str) -> list[str]:
    return [getattr(vocabulary(name)[code], f"label_{language}") for code in codes]


def _told(figure: Mapping[str, Any]) -> str:
    return STATUS[Status.SUPPRESSED].de if figure["value"] is None else str(figure["value"])
