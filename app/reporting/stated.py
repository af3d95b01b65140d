"""A table as it is told: what its release states, its cells, and what is made of them. Data only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.protection import Cell, ProtectedTable, Rules, Status
from app.reporting.catalogue import Table
from app.reporting.classes import Classes, Label
from app.reporting.medians import Place
from app.reporting.rules import Quarter, Scale, Scope
from app.reporting.words import OF_BARRIERS, Words

LANGUAGES = ("de", "en")

STATUS = {
    Status.PUBLISHED: Label("veröffentlicht", "published"),
    Status.ZERO: Label("Null", "zero"),
    Status.SUPPRESSED: Label("gesperrt", "suppressed"),
    Status.NOT_COLLECTED: Label("liegt nicht vor", "not available"),
    Status.TOO_FEW: Label("zu wenige", "too few"),
    Status.NO_BASE: Label("ohne Nenner", "no denominator"),
}
STATED = {
    "definition": Label("Definition", "Definition"),
    "unit": Label("Einheit", "Unit"),
    "source": Label("Quelle", "Source"),
    "method": Label("Methode", "Method"),
    "note": Label("Hinweis", "Note"),
}
"""What the words of a table are called where they are listed."""
_COVERED = Label(
    "Barrieren gemeldet haben im Quartal {} der Fachkräfte, die einen Fall führten.",
    "Of the case managers who led a case, {} reported barriers in the quarter.",
)
_SHARES = {
    "under_25": Label("weniger als 25 %", "less than 25 %"),
    "25_to_49": Label("25 bis 49 %", "25 to 49 %"),
    "50_to_74": Label("50 bis 74 %", "50 to 74 %"),
    "75_to_100": Label("75 bis 100 %", "75 to 100 %"),
    "unknown": Label("ein unbekannter Anteil", "an unknown share"),
}
Number = int | float
Parts = Mapping[tuple[str, ...], tuple[Number | None, Number | None]]
"""Numerator and denominator of each place of a quotient, as they are published."""


def covered(band: str, language: str) -> str:
    """Return in a sentence who reported at all, as the band of a release says."""
    return _COVERED.text(language).format(_SHARES[band].text(language))


@dataclass(frozen=True, slots=True)
class Release:
    """What every table of a release states."""

    id: str
    municipal_area_id: str
    area_name: str
    quarter: Quarter
    scope: Scope
    scale: Scale
    coverage: str
    rules: Rules | None
    """None for what is no subject of the protection."""
    hidden_share: float
    proof: Mapping[str, object]
    words: Words = OF_BARRIERS


@dataclass(frozen=True, slots=True)
class Rendered:
    """One table in both languages."""

    name: str
    is_public: bool
    json_de: str
    json_en: str
    csv_de: str
    csv_en: str


@dataclass(frozen=True, slots=True)
class Whole:
    """A protected table with all that is told of it."""

    release: Release
    table: Table
    shown: ProtectedTable
    every: Mapping[str, Classes]
    percentages: Sequence[float | None]
    medians: Sequence[Place]
    parts: Parts | None
    """Of a quotient; none for every other table."""

    def told(self, value: int | None) -> int | float | None:
        """Return a value as it is told: hundredths with decimals."""
        return value / 100 if self.table.hundredths and value is not None else value


def hidden_share(cells: Iterable[Cell]) -> float:
    """Return the share of the distinct cells with figures that are hidden: of cells, never of persons."""
    status = {cell.key: cell.units.status for cell in cells}
    collected = [each for each in status.values() if each is not Status.NOT_COLLECTED]
    return round(sum(each is Status.SUPPRESSED for each in collected) / max(len(collected), 1), 3)
