"""From a release and the obstacles of its area to what the template of the report shows. Pure, in German."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from app.catalogues.check import vocabulary
from app.obstacles.rules import FINISHED_MEASURES, REJECTED, asks_steering_group
from app.reporting.gaps.composing import gaps
from app.reporting.gaps.forms import on_a_page
from app.reporting.pictures.charts import chart
from app.reporting.pictures.reading import told_medians
from app.reporting.pictures.room import PAGE, missing
from app.reporting.pictures.times import day_text, quarter_label, when_of
from app.reporting.report.glyphs import shown as with_glyphs
from app.reporting.report.grids import Row, labelled
from app.reporting.report.layout import LONGEST, in_rows, placed
from app.reporting.report.summary import summary
from app.reporting.stated import covered

_MEASURE_STATES = {
    "planned": "geplant", "in_progress": "in Arbeit", "done": "erledigt", "dropped": "aufgegeben",
}  # fmt: skip


def report(release: Mapping[str, Any], obstacles: Sequence[Mapping[str, Any]], today: date) -> dict[str, Any]:
    """Return `{data, charts}`: texts and tables of the report, and its charts by the name of their table."""
    content, tables = release["content"], release["tables"]
    shown = [obstacle_shown(each, today) for each in obstacles]
    drawn = [each for each in tables if placed(each)["has_chart"]]
    specs = {each["name"]: _untitled(chart(each, "de", PAGE)) for each in drawn}
    data = {
        "area": content["area"],
        "quarter": quarter_label(release, "de"),
        "from": _day(content["period"]["from"]),
        "to": _day(content["period"]["to"]),
        "written_on": _day(today.isoformat()),
        "sha256": release["sha256"],
        "summary": [
            *summary({each["name"]: each for each in tables}, release["quarter"]),
            *_of_obstacles(shown),
        ],
        "asked": [each for each in shown if each["is_asked"]],
        "obstacles": shown,
        "gaps": on_a_page(gaps(release)),
        "rows": in_rows([_table(each, specs.get(each["name"])) for each in tables]),
        "left_out": _left_out(content["left_out"]),
        "method": [content[name] for name in ("unit", "source", "method", "note")],
        "limits": _limits(content),
    }
    return {"data": data, "charts": {name: with_glyphs(spec) for name, spec in specs.items()}}


def _untitled(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a chart without its title, which stands above it."""
    return {name: part for name, part in spec.items() if name != "title"}


def obstacle_shown(each: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return an obstacle in words, with what of its measures is overdue."""
    measures = [_measure(one, today) for one in each["measures"]]
    return {
        "title": each["title"],
        "description": each["description"],
        "status": vocabulary("obstacle_status")[each["status"]].label_de,
        "about": ", ".join(_labels("barrier_type", each["barrier_types"])),
        "where": ", ".join(_labels("institution_type", each["institution_types"])),
        "unit": each["responsible_unit"],
        "due_on": _day(each["due_on"]),
        "is_asked": asks_steering_group(each["status"]),
        "measures": measures,
        "overdue": 0 if each["status"] == REJECTED else sum(one["is_overdue"] for one in measures),
        "decisions": [{**one, "decided_on": _day(one["decided_on"])} for one in each["decisions"]],
        "comments": [{**one, "commented_on": _day(one["commented_on"])} for one in each["comments"]],
    }


def _measure(each: Mapping[str, Any], today: date) -> dict[str, Any]:
    due = each["due_on"] and date.fromisoformat(each["due_on"])
    return {
        "title": each["title"],
        "responsible": each["responsible"],
        "due_on": _day(each["due_on"]),
        "state": _MEASURE_STATES[each["state"]],
        "is_overdue": bool(due) and due < today and each["state"] not in FINISHED_MEASURES,
    }


def _labels(name: str, codes: Sequence[str]) -> list[str]:
    return [vocabulary(name)[code].label_de for code in codes]


def _day(text: str | None) -> str | None:
    return text and day_text(text, "de")


def _of_obstacles(shown: Sequence[Mapping[str, Any]]) -> list[str]:
    if not shown:
        return ["Der Lenkungsgruppe liegt noch kein strukturelles Hindernis vor."]
    overdue = sum(each["overdue"] for each in shown)
    asked = sum(each["is_asked"] for each in shown)
    return [
        f"Strukturelle Hindernisse in diesem Bericht: {len(shown)}; auf einen Beschluss warten: {asked}.",
        f"Maßnahmen über ihrem Termin: {overdue}.",
    ]


def _table(table: Mapping[str, Any], spec: Mapping[str, Any] | None) -> dict[str, Any]:
    stands = placed(table)
    return {
        "name": table["name"],
        "title": table["title"],
        "definition": " ".join([f"{when_of(table, 'de')}:", table["definition"], *_medians(table)]),
        "unit": table["unit"],
        **stands,
        "alternative": _alternative(table["title"], labelled(table)),
        "beside_chart": " ".join(_beside_chart(table, spec, bool(stands["lines"]))) if spec else "",
    }


def _beside_chart(table: Mapping[str, Any], spec: Mapping[str, Any], is_listed: bool) -> Iterator[str]:
    """Say what a chart leaves out and where that stands, and what the letter in its narrow columns means."""
    left = missing(table, spec)
    if left.rows:
        where = "in der Tabelle darunter" if is_listed else "in der Arbeitsmappe dieses Berichtsstands"
        hidden = f", {left.hidden} davon gesperrt," if left.hidden else ""
        more, verb = (
            ("Eine weitere Zeile", "steht") if left.rows == 1 else (f"{left.rows} weitere Zeilen", "stehen")
        )
        yield f"Gezeigt sind die Zeilen mit den größten Zahlen. {more}{hidden} {verb} {where}."
    if any(row.get("short") not in (None, row["told"]) for row in spec["data"]["values"]):
        yield "Grau mit „g“: gesperrt, das heißt nicht null."


def _medians(table: Mapping[str, Any]) -> list[str]:
    """Return in words which medians are told, at most one sentence."""
    told = told_medians(table)
    if not told:
        return []
    named = "; ".join(": ".join(part for part in (", ".join(where), band) if part) for where, band in told)
    return [f"Median: {named}."]


def _alternative(title: str, rows: Sequence[Row]) -> str:
    """Return what stands for a chart to those who do not see it: all of it while that is short."""
    if len(rows) > LONGEST:
        return f"Schaubild: {title}. Alle Zahlen stehen in der Arbeitsmappe dieses Berichtsstands."
    return f"Schaubild: {title}. " + "; ".join(": ".join((", ".join(row[:-1]), row[-1])) for row in rows)


def _left_out(missing: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return why tables are not in the release, each reason once with the titles of all that it holds for."""
    titles: dict[str, list[str]] = {}
    for each in missing:
        titles.setdefault(each["explanation"], []).append(each["title"])
    return [{"explanation": why, "titles": named} for why, named in titles.items()]


def _limits(content: Mapping[str, Any]) -> list[str]:
    k = content["thresholds"]
    return [
        (
            f"Eine Zahl wird ab {k['k']} Personen gezeigt, bei sensiblen Merkmalen ab {k['k_sensitive']}; "
            f"sie umfasst mindestens {k['households']} Haushalte und {k['case_managers']} Fachkräfte."
        ),
        f"Gesperrt sind {_percent(content['hidden_share'])} der Zellen. {covered(content['coverage'], 'de')}",
        (
            "Der Schutz gilt gegen das, was sich aus allen veröffentlichten Tabellen und früheren "
            "Berichtsständen errechnen lässt, auch für Fachkräfte und Einrichtungen mit eigenem Wissen. Er "
            "gilt nicht gegen jemanden, der eine Person schon kennt und ihr eine gezeigte Gruppe zuschreibt."
        ),
    ]


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")
