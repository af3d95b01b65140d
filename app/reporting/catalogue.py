"""The fixed catalogue of tables. There are no other tables and no free filters.

Which of them a release offers follows from the size of the area, before any figure is seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.protection import TableSpec
from app.reporting.classes import Label
from app.reporting.rules import Quarter, Scale, Scope, Size, scale_of


class Period(StrEnum):
    """What a table covers."""

    QUARTERS = "quarters"
    """The quarters of the year so far as they were released, and the year once it has ended."""
    QUARTER = "quarter"
    """The release's own quarter."""
    YEAR = "year"
    """The whole year; offered with its last quarter."""


class Audience(StrEnum):
    """Who reads a table."""

    EVERYBODY = "everybody"
    """Published with the release."""
    COORDINATION = "coordination"
    """Stays with the coordinators of the area (the signals), protected in the same proof."""


@dataclass(frozen=True, slots=True)
class Median:
    """That a table tells the median of a dimension in bands, of those that have one."""

    dimension: str
    below: str
    """The code whose parts are the bands, in their order."""


@dataclass(frozen=True, slots=True)
class Quotient:
    """What a derived table divides: published figures of two other tables of its release."""

    numerator: str
    """A table."""
    denominator: str
    """A table."""
    per: int
    """Figures are told for so many units of the denominator."""
    least: int
    """A numerator of fewer units is not divided, unless it is zero."""
    least_denominator: int
    """Nothing is divided by less."""


@dataclass(frozen=True)
class Table:
    """One table of the catalogue: at most three dimensions, each down to a level of its tree."""

    name: str
    title: Label
    definition: Label
    period: Period
    levels: Mapping[str, int]
    scale: Scale = Scale.SMALL
    persons: Mapping[str, int] | None = None
    audience: Audience = Audience.EVERYBODY
    needs_regions: bool = False
    where: Mapping[str, str] = field(default_factory=dict)
    """Codes that every cell has; of a subject beside barriers."""
    median: Median | None = None
    hundredths: bool = False
    """Values are kept in hundredths and told with decimals: full-time equivalents, quotients."""
    quotient: Quotient | None = None
    """Of a derived table: its figures are no parts of a total, so they have no shares and no sums."""

    @property
    def is_public(self) -> bool:
        return self.audience is Audience.EVERYBODY

    def first_day(self, quarter: Quarter) -> date:
        """Return the first day that it tells of: of its quarter, or of the year."""
        return (quarter if self.period is Period.QUARTER else Quarter(quarter.year, 1)).first_day

    def spec(self, quarter: Quarter, scope: Scope) -> TableSpec:
        """Return the table as the protection takes it.

        Before the year has ended nothing links its quarters, so only the new one is protected. With the
        totals of the year, which do, all four are protected together.
        """
        if self.period is Period.YEAR:
            return TableSpec(self.name, self.levels)
        if scope is Scope.YEAR and self.period is Period.QUARTERS:
            return TableSpec(self.name, {**self.levels, "quarter": 1}, persons=self.persons)
        where = {**self.where, "quarter": str(quarter)}
        return TableSpec(self.name, self.levels, where, persons=self._persons_of_one())

    def _persons_of_one(self) -> Mapping[str, int] | None:
        if self.persons is None:
            return None
        return {name: level for name, level in self.persons.items() if name != "quarter"}


SIGNALS = "signals"


def _by(what: Label) -> Label:
    return Label(f"Barrierefälle nach {what.de}", f"Barrier cases by {what.en}")


def _quarterly(name: str, what: Label, dimension: str, scale: Scale, level: int = 1) -> Table:
    by = Label(f"{what.de} und Quartal", f"{what.en} and quarter")
    definition = Label(
        f"Barrierefälle des Jahres nach {what.de}, je Quartal der ersten Meldung.",
        f"Barrier cases of the year by {what.en}, by quarter of the first report.",
    )
    return Table(name, _by(by), definition, Period.QUARTERS, {dimension: level}, scale)


def _yearly(
    name: str, what: Label, levels: Mapping[str, int], scale: Scale, more: Label | None = None
) -> Table:
    definition = Label(
        f"Barrierefälle des abgeschlossenen Jahres nach {what.de}." + (f" {more.de}" if more else ""),
        f"Barrier cases of the ended year by {what.en}." + (f" {more.en}" if more else ""),
    )
    return Table(name, _by(what), definition, Period.YEAR, levels, scale)


_AT_THE_TIME = Label(
    "Merkmale der Person am Tag der ersten Meldung.",
    "Attributes of the person on the day of the first report.",
)
_CATEGORY = {"barrier": 1}

_PERSONAL = (
    ("residence_groups", "residence", Label("Aufenthaltsgruppe", "residence group")),
    ("nationality_groups", "nationality", Label("Staatsangehörigkeitsgruppe", "nationality group")),
    ("age_bands", "age", Label("Altersgruppe", "age band")),
    ("sexes", "sex", Label("Geschlecht", "sex")),
)

TABLES: tuple[Table, ...] = (
    Table(
        "categories_by_quarter",
        _by(Label("Kategorie und Quartal", "category and quarter")),
        Label(
            "Barrierefälle des Jahres nach Kategorie der Barriere, je Quartal der ersten Meldung; "
            "daneben die Zahl verschiedener Personen.",
            "Barrier cases of the year by category of the barrier, by quarter of the first report; "
            "beside them the number of distinct persons.",
        ),
        Period.QUARTERS,
        _CATEGORY,
        persons={"quarter": 1},
    ),
    _quarterly(
        "institution_groups_by_quarter",
        Label("Gruppe von Einrichtungen", "group of institutions"),
        "institution",
        Scale.SMALL,
    ),
    _quarterly("effects_by_quarter", Label("Wirkung", "effect"), "effect", Scale.SMALL),
    _quarterly("levels_by_quarter", Label("Ebene", "level"), "level", Scale.SMALL),
    _quarterly(
        "interfaces_from_by_quarter",
        Label("abgebendem Rechtskreis", "legal domain left"),
        "interface_from",
        Scale.SMALL,
    ),
    _quarterly(
        "interfaces_to_by_quarter",
        Label("aufnehmendem Rechtskreis", "legal domain entered"),
        "interface_to",
        Scale.SMALL,
    ),
    _quarterly("types_by_quarter", Label("Art der Barriere", "type of barrier"), "barrier", Scale.LARGE, 2),
    Table(
        "categories_by_institution_group_and_quarter",
        _by(
            Label(
                "Kategorie, Gruppe von Einrichtungen und Quartal",
                "category, group of institutions and quarter",
            )
        ),
        Label(
            "Barrierefälle des Jahres nach Kategorie und Gruppe von Einrichtungen, je Quartal.",
            "Barrier cases of the year by category and group of institutions, by quarter.",
        ),
        Period.QUARTERS,
        {"barrier": 1, "institution": 1},
        Scale.LARGE,
    ),
    _yearly("types", Label("Art der Barriere", "type of barrier"), {"barrier": 2}, Scale.MEDIUM),
    _yearly(
        "categories_by_institution_group",
        Label("Kategorie und Gruppe von Einrichtungen", "category and group of institutions"),
        {"barrier": 1, "institution": 1},
        Scale.MEDIUM,
    ),
    _yearly(
        "institution_kinds",
        Label("Art der Einrichtung", "kind of institution"),
        {"institution": 2},
        Scale.MEDIUM,
    ),
    _yearly(
        "interfaces",
        Label("abgebendem und aufnehmendem Rechtskreis", "legal domain left and entered"),
        {"interface_from": 1, "interface_to": 1},
        Scale.MEDIUM,
    ),
    _yearly(
        "effects_by_category",
        Label("Wirkung und Kategorie", "effect and category"),
        {"effect": 1, **_CATEGORY},
        Scale.MEDIUM,
    ),
    _yearly(
        "levels_by_category",
        Label("Ebene und Kategorie", "level and category"),
        {"level": 1, **_CATEGORY},
        Scale.MEDIUM,
    ),
    *(_yearly(name, what, {dimension: 1}, Scale.MEDIUM, _AT_THE_TIME) for name, dimension, what in _PERSONAL),
    *(
        _yearly(
            f"{name}_by_category",
            Label(f"{what.de} und Kategorie", f"{what.en} and category"),
            {dimension: 1, **_CATEGORY},
            Scale.LARGE,
            _AT_THE_TIME,
        )
        for name, dimension, what in _PERSONAL
    ),
    Table(
        "regions_by_category",
        _by(Label("Region und Kategorie", "region and category")),
        Label(
            "Barrierefälle des abgeschlossenen Jahres nach Region der Stelle (Orte mit zusammen mindestens "
            "drei Case Managements) und Kategorie.",
            "Barrier cases of the ended year by region of the unit (towns with together at least three case "
            "managers) and category.",
        ),
        Period.YEAR,
        {"region": 1, **_CATEGORY},
        Scale.LARGE,
        needs_regions=True,
    ),
    Table(
        SIGNALS,
        Label("Signale", "Signals"),
        Label(
            "Barrierefälle des Quartals nach Art der Barriere und Gruppe von Einrichtungen, "
            "für die Koordination.",
            "Barrier cases of the quarter by type of barrier and group of institutions, for coordination.",
        ),
        Period.QUARTER,
        {"barrier": 2, "institution": 1},
        audience=Audience.COORDINATION,
    ),
)

BY_NAME: Mapping[str, Table] = {table.name: table for table in TABLES}


def offered(size: Size, scope: Scope, detail: str | None = None) -> Sequence[Table]:
    """Return the tables of a release, in the order of the catalogue."""
    carried = scale_of(size, detail)
    return tuple(
        table
        for table in TABLES
        if table.scale <= carried
        and (scope is Scope.YEAR or table.period is not Period.YEAR)
        and (size.regions > 1 or not table.needs_regions)
    )
