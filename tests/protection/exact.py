"""The fewest cells that any solver could hide, by an exact integer programme; for small tables only.

Hitting sets: whenever a choice of hidden cells lets someone confine one of them, the largest choice that
still does so is taken, and every later choice must hide something outside of it. Held to the weaker,
fractional attacker, so what it finds is never more than the true optimum in whole numbers.
"""

import highspy
import numpy as np

from app.protection.complement import Plan

SILENT = {"output_flag": False, "threads": 1, "mip_rel_gap": 0.0}


def fewest_hidden(plan: Plan) -> int:
    """Return how many cells an optimal choice hides."""
    cells = np.flatnonzero(plan.hideable)
    cuts = [(int(cell), None) for cell in np.flatnonzero(plan.hidden & plan.hideable)]
    for row in plan.system.rows:
        inside = [at for at in row if plan.hideable[at]]
        if all(plan.hideable[at] or not plan.hidden[at] for at in row):
            cuts += [(at, [other for other in inside if other != at]) for at in inside]
    while True:
        hidden = chosen(plan, cells, cuts)
        new = [cut for cell in cells[hidden[cells]] for cut in faults(plan, hidden, int(cell), cells)]
        if not new:
            return int(hidden[cells].sum())
        cuts += new


def chosen(plan: Plan, cells, cuts):
    """The smallest choice that obeys all cuts: `(cell, None)` is hidden; else `cell` only with another."""
    place = {int(cell): at for at, cell in enumerate(cells)}
    model = highspy.Highs()
    for option, value in SILENT.items():
        model.setOptionValue(option, value)
    lower = np.zeros(len(cells))
    lower[[place[cell] for cell, others in cuts if others is None]] = 1
    for low in lower:
        model.addVar(low, 1)
    for at in range(len(cells)):
        model.changeColCost(at, 1)
        model.changeColIntegrality(at, highspy.HighsVarType.kInteger)
    for cell, others in cuts:
        if others is not None:
            columns = [place[other] for other in others] + [place[cell]]
            model.addRow(0, highspy.kHighsInf, len(columns), columns, [1.0] * len(others) + [-1.0])
    model.run()
    hidden = plan.hidden & ~plan.hideable
    hidden[cells] = np.rint(model.getSolution().col_value).astype(bool)
    return hidden


def faults(plan: Plan, hidden, cell, cells):
    """One cut for the first attacker from whom this choice does not protect a cell."""
    for attacker in range(len(plan.evidence.caps)):
        if width(plan, hidden, cell, attacker) < plan.evidence.required[attacker, cell] - 1e-6:
            larger = hidden.copy()
            for other in cells[~hidden[cells]]:
                larger[other] = True
                if width(plan, larger, cell, attacker) >= plan.evidence.required[attacker, cell] - 1e-6:
                    larger[other] = False
            return [(cell, [int(other) for other in cells[~larger[cells]]])]
    return []


def width(plan: Plan, hidden, cell, attacker):
    """How wide an interval a cell keeps, up to what is required."""
    columns = np.flatnonzero(hidden)
    needed = plan.evidence.required[attacker, cell]
    caps = plan.evidence.caps[attacker, columns]
    sizes, rows, signs = plan.system.entries(columns)
    used, numbered = np.unique(rows, return_inverse=True)
    ends = []
    for sense in (-1.0, 1.0):
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(columns), len(used)
        cost = np.zeros(len(columns))
        own = int(np.searchsorted(columns, cell))
        cost[own] = sense
        upper = np.full(len(columns), highspy.kHighsInf)
        upper[own] = needed
        model.col_cost_, model.col_lower_, model.col_upper_ = cost, -caps.astype(float), upper
        model.row_lower_ = model.row_upper_ = np.zeros(len(used))
        model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
        model.a_matrix_.index_ = numbered.astype(np.int32)
        model.a_matrix_.value_ = signs.astype(float)
        solver = highspy.Highs()
        for option, value in SILENT.items():
            solver.setOptionValue(option, value)
        solver.passModel(model)
        solver.run()
        ends.append(solver.getSolution().col_value[own])
    return ends[0] - ends[1]
