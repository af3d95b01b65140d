"""A linear or integer programme in arrays, as it is handed to the solver without a copy number by number."""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from app.protection.columns import Ints

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Programme:
    """Least cost of columns within bounds, where rows of the matrix stay within theirs.

    The matrix has `start`, `index` and `value` column by column, or row by row where `by_row`.
    """

    cost: Numbers
    lower: Numbers
    upper: Numbers
    row_lower: Numbers
    row_upper: Numbers
    start: Ints
    index: Ints
    value: Numbers
    by_row: bool = False
    whole: bool = False

    def load(self, highs: highspy.Highs) -> None:
        """Hand the programme to a solver, which forgets the one before."""
        count = len(self.cost)
        way = highspy.MatrixFormat.kRowwise if self.by_row else highspy.MatrixFormat.kColwise
        kind = highspy.HighsVarType.kInteger if self.whole else highspy.HighsVarType.kContinuous
        highs.passModel(
            count,
            len(self.row_lower),
            len(self.index),
            int(way),
            int(highspy.ObjSense.kMinimize),
            0.0,
            self.cost.astype(np.float64),
            self.lower.astype(np.float64),
            self.upper.astype(np.float64),
            self.row_lower.astype(np.float64),
            self.row_upper.astype(np.float64),
            self.start.astype(np.int32),
            self.index.astype(np.int32),
            self.value.astype(np.float64),
            np.full(count, int(kind), dtype=np.int32),
        )
