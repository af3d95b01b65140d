"""Disclosure protection of statistical tables: tables in, protected tables and proof out.

Knows no application, no database and no clock but the one that times the proof.

Words: a *unit* is what is counted; it belongs to a person and a household, was reported by a contributor
and concerns an institution. A *cell* counts units and is known by its *key*, so that a cell which occurs
in several tables or releases is one cell. A cell is *hidden* when its value is not published. An
*attacker* reads everything published; contributors and institutions also know their own units. A
*witness* is a whole-number table that agrees with everything an attacker sees.

What is published are units; thresholds count distinct persons; the interval that an attacker can infer
is measured in units (in persons for person totals).

    type_ = Dimension("type", {"health": "total", "clinic": "health", "rent": "total"}, sensitive={"health"})
    quarter = Dimension("quarter", {"2026": "total", "2026Q1": "2026", "2026Q2": "2026"},
                        not_collected={"2026Q2"})
    protected = protect(
        units=[Unit("p1", "h1", "cm7", "jobcenter", {"type": "rent", "quarter": "2026Q1"}), ...],
        dimensions=[type_, quarter],
        tables=[TableSpec("types", {"type": 2}, where={"quarter": "2026Q1"}, persons={})],
        rules=Rules(k=5),
        known=[Known(key_of({"quarter": "2025Q4", "type": "rent"}, [type_, quarter]), 12)],
    )
    for cell in protected.tables[0].cells:
        cell.codes, cell.units.status, cell.units.value

A million units are better given by column (`Units.from_columns`); `Units.of` makes columns of any others.

`protect` raises `ProtectionError` when the proof fails: then nothing may be published. `known` takes the
cells of earlier releases; a cell published then is published again with the same value. `attack` is the
last check before publishing: an attacker written from the published tables alone.
"""

from app.protection.attacker import Finding, attack
from app.protection.columns import Column, Flags, Gathering, as_one, column, columns, together
from app.protection.counting import RECIPIENT
from app.protection.outcome import Cell, Count, Gap, Proof, Protected, ProtectedTable, ProtectionError, Status
from app.protection.release import draft, protect
from app.protection.shapes import Dimension, Key, Known, Rule, Rules, TableSpec, Unit
from app.protection.system import key_of
from app.protection.units import Codes, Units

__all__ = [
    "RECIPIENT",
    "Cell",
    "Codes",
    "Column",
    "Count",
    "Dimension",
    "Finding",
    "Flags",
    "Gap",
    "Gathering",
    "Key",
    "Known",
    "Proof",
    "Protected",
    "ProtectedTable",
    "ProtectionError",
    "Rule",
    "Rules",
    "Status",
    "TableSpec",
    "Unit",
    "Units",
    "as_one",
    "attack",
    "column",
    "columns",
    "draft",
    "key_of",
    "protect",
    "together",
]
