"""Makes today's figures agree with what earlier releases published.

A published value is frozen: it is published again unchanged, although corrections or erasures may have
changed the data since. Showing both the old value and a total of the new data would show the correction,
which is about one person. So the least change of today's figures is looked for that keeps every frozen
value and still adds up, and all figures are published as of that state.
"""

from collections.abc import Sequence

import highspy
import numpy as np

from app.protection.columns import Flags, Ints
from app.protection.outcome import ProtectionError
from app.protection.shapes import Known
from app.protection.system import PERSONS, REST, SLACK, UNITS, System

_PRICES = {UNITS: 10.0, PERSONS: 10.0, REST: 1_000.0, SLACK: 0.0}
"""What is left over is what other periods hold: it moves last."""
_EMPTY_CELL = 10.0


def freeze(system: System, known: Sequence[Known]) -> Flags:
    """Set frozen values and fit the others to them; return which variables are fixed.

    Raises ProtectionError when the earlier values contradict each other.
    """
    fixed = np.zeros(len(system.names), dtype=bool)
    target = system.value.copy()
    for cell in known:
        for measure, value in ((UNITS, cell.value), (PERSONS, cell.persons)):
            at = system.column.get((measure, cell.key))
            if at is not None and value is not None:
                fixed[at] = True
                target[at] = value
    if (target != system.value).any():
        system.value[:] = _nearest(system, fixed, target - system.value)
        system.own[:] = np.minimum(system.own, system.value)
    return fixed


def _nearest(system: System, fixed: Flags, change: Ints) -> Ints:
    """Find the values with least change that still add up, in whole numbers."""
    count = len(system.names)
    sizes, rows, signs = system.entries(np.arange(count))
    costs = np.asarray([_PRICES[measure] for measure, _ in system.names])
    costs = costs * np.where(system.value > 0, 1.0, _EMPTY_CELL)
    free = np.full(count, highspy.kHighsInf)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = 2 * count, len(system.rows)
    model.col_cost_ = np.concatenate([costs, costs])
    rising = np.where(fixed, np.maximum(change, 0), free)
    falling = np.where(fixed, np.maximum(-change, 0), system.value)
    model.col_lower_ = np.concatenate([np.where(fixed, rising, 0), np.where(fixed, falling, 0)])
    model.col_upper_ = np.concatenate([rising, falling])
    model.row_lower_ = model.row_upper_ = np.zeros(len(system.rows))
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    starts = np.concatenate([[0], np.cumsum(np.concatenate([sizes, sizes]))])
    model.a_matrix_.start_ = starts.astype(np.int32)
    model.a_matrix_.index_ = np.concatenate([rows, rows]).astype(np.int32)
    model.a_matrix_.value_ = np.concatenate([signs, -signs]).astype(float)
    model.integrality_ = [highspy.HighsVarType.kInteger] * (2 * count)
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # the solver has no annotations
    for option, value in {"output_flag": False, "threads": 1, "random_seed": 1}.items():
        highs.setOptionValue(option, value)
    highs.passModel(model)
    highs.run()
    found = np.asarray(highs.getSolution().col_value)
    amounts = np.rint(found[:count] - found[count:]).astype(np.int64)
    solved = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    if solved and system.balances(np.arange(count), amounts) and (system.value + amounts >= 0).all():
        return np.asarray(system.value + amounts)
    raise ProtectionError("earlier releases contradict each other: no figures agree with all of them")
