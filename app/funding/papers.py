"""A funding report as a paper, in German; the same data become PDF and workbook. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.reporting.open_tables.activities import ACTIVITIES
from app.reporting.open_tables.positions import COMPONENTS
from app.reporting.paper.shape import Paper, Section, Value, money
from app.reporting.pictures.times import day_text

Row = Mapping[str, Any]
_METHOD = (
    "Ein Monat zählt, wenn die Stelle an jedem seiner Tage besetzt war. Der Förderbetrag ist Satz mal "
    "Stellenanteil mal Monate durch zwölf. Für Baustein 3 ist kein Satz hinterlegt. Zahlen über Personen "
    "stammen allein aus veröffentlichten Berichtsständen; gesperrt heißt nicht null."
)


def funding_paper(report: Row, today: date) -> Paper:
    """Return the report of a year as a paper."""
    return {
        "title": f"Zahlen zum Sachbericht und Verwendungsnachweis {report['year']}",
        "area": report["area"],
        "facts": [
            ["Jahr", str(report["year"])],
            ["Stand", day_text(today.isoformat(), "de")],
            ["Umfang", "das ganze Jahr" if report["complete"] else "das Jahr bis zum Vortag"],
        ],
        "sections": [
            _components(report["components"]),
            _positions(report["positions"]),
            _contracts(report["contracts"], report["contract_sums"]),
            _figures(report["figures"]),
            _activities(report["activities"]),
            {"title": "Methode", "paragraphs": [_METHOD], "tables": []},
        ],
    }


def _section(title: str, head: Sequence[str], rows: Sequence[Sequence[Value]], labels: int) -> Section:
    if not rows:
        return {"title": title, "paragraphs": ["Dazu liegt nichts vor."], "tables": []}
    return {"title": title, "paragraphs": [], "tables": [{"head": head, "rows": rows, "labels": labels}]}


def _components(components: Sequence[Row]) -> Section:
    rows: list[list[Value]] = [
        [
            COMPONENTS[each["component"]].de,
            each["full_time_equivalents"],
            each["full_time_months"],
            money(each["funded_cents"]),
            money(each["workplace_cents"]),
        ]
        for each in components
    ]
    return _section(
        "Stellen nach Baustein",
        ["Baustein", "VZÄ", "VZÄ mal Monate", "Förderbetrag", "Arbeitsplatz"],
        rows,
        1,
    )


def _positions(positions: Sequence[Row]) -> Section:
    rows: list[list[Value]] = [
        [
            COMPONENTS[each["component"]].de,
            each["employer"],
            each["full_time_equivalents"],
            _day(each["filled_from"]),
            _day(each["filled_until"]),
            each["months_filled"],
            money(each["funded_cents"]),
        ]
        for each in positions
    ]
    head = ["Baustein", "Anstellungsträger", "VZÄ", "Besetzt seit", "Besetzt bis", "Monate", "Förderbetrag"]
    return _section("Einzelne Stellen", head, rows, 2)


def _contracts(contracts: Sequence[Row], sums: Row) -> Section:
    rows: list[list[Value]] = [
        [
            each["unit"],
            each["reference"],
            _day(each["concluded_on"]),
            *(money(each[name]) for name in ("forwarded_cents", "own_share_cents", "deficit_cents")),
        ]
        for each in contracts
    ]
    if rows:
        rows.append(["Insgesamt", "", "", *(money(amount) for amount in sums.values())])
    head = ["Träger", "Vertrag", "Geschlossen", "Weitergeleitet", "Eigenanteil", "Fehlbedarf"]
    return _section("Weitergeleitete Mittel", head, rows, 2)


def _figures(figures: Sequence[Row]) -> Section:
    rows: list[list[Value]] = [
        [
            each["title"],
            each["unit"].partition(" (")[0],
            each["quarter"],
            "gesperrt" if each["value"] is None else each["value"],
        ]
        for each in figures
    ]
    section = _section(
        "Fälle aus veröffentlichten Berichtsständen", ["Tabelle", "Einheit", "Stand", "Zahl"], rows, 2
    )
    seals = dict.fromkeys(f"Berichtsstand {each['quarter']}: SHA-256 {each['sha256']}" for each in figures)
    return {**section, "paragraphs": [*section["paragraphs"], *seals]}


def _activities(activities: Sequence[Row]) -> Section:
    rows: list[list[Value]] = [[ACTIVITIES[each["activity"]].de, each["number"]] for each in activities]
    section = _section("Tätigkeiten der Koordination", ["Tätigkeit", "Zahl"], rows, 1)
    quarters = ", ".join(activities[0]["quarters"]) if activities else ""
    said = f"Aus den Berichtsständen {quarters}." if quarters else "Noch kein Berichtsstand des Jahres."
    return {**section, "paragraphs": [said]}


def _day(day: date | None) -> str:
    return "" if day is None else day_text(day.isoformat(), "de")
