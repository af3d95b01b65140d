"""What a computation begins with and what it ends with. Data only."""

from dataclasses import dataclass

import numpy as np

from app.protection import Cell, Key, Known, Rules, Units
from app.reporting.classes import fixed
from app.reporting.parts import Figures
from app.reporting.rules import Quarter
from app.reporting.stated import Rendered


@dataclass(frozen=True, slots=True)
class Material:
    """What a computation needs: figures, what was ever shown of the year, and how much detail is wanted."""

    release_id: str
    municipal_area_id: str
    area_name: str
    quarter: Quarter
    detail: str | None
    figures: Figures
    known: tuple[Known, ...]
    rules: Rules

    def inside(self, key: Key) -> Units:
        """Return the cases of today that a cell counts."""
        trees = {name: each.dimension for name, each in fixed().items()}
        cases = Units.of(self.figures.cases)
        chosen = np.ones(len(cases), dtype=bool)
        for name, code in key:
            below = trees[name].below(code) if name in trees else {code}
            chosen &= cases.codes_of(name).among(below)
        return cases.taken(chosen)


@dataclass(frozen=True, slots=True)
class Computed:
    """A release that may be shown: its cells, its renderings, and what the ledger must remember."""

    cells: tuple[tuple[str, int, str, Cell], ...]
    """Table, place in its grid, key in writing, cell."""
    rendered: tuple[Rendered, ...]
    learned: tuple[tuple[str, int | None, int | None], ...]
    """Key, value and persons of each cell of which more is shown than ever before."""
    content_de: dict[str, object]
    content_en: dict[str, object]
    sha256: str
