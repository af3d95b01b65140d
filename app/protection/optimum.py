"""Looks for the fewest hidden cells by an integer programme with cuts, where tables are small enough.

Whenever a choice of hidden cells lets someone confine one of them, the dual solution names the cells of
which one more must be hidden; the next choice obeys that (Fischetti and Salazar-Gonzalez, 2001, with
logical instead of capacity cuts). Proves nothing about protection: its choice is completed and proven.
"""

import highspy
import numpy as np

from app.protection.columns import Flags, Ints
from app.protection.complement import Plan
from app.protection.linear import extreme
from app.protection.programme import Programme

Cut = tuple[int, tuple[int, ...]]
"""If the first cell is hidden, so must be one of the others."""


def fewest(plan: Plan, enough: int, effort: int) -> Flags | None:
    """Return a smaller choice than `enough` cells that should do, or None if none is found in time."""
    limit = plan.solver.programmes + effort
    cuts = dict.fromkeys(_obvious(plan))
    choice = plan.hidden
    known = -1
    while len(cuts) > known:
        known = len(cuts)
        choice = _choose(plan, list(cuts))
        if choice[plan.hideable].sum() >= enough or plan.solver.programmes > limit:
            return None
        for cell in np.flatnonzero(choice & plan.protected).tolist():
            cuts.update(dict.fromkeys(_faults(plan, choice, cell)))
    return choice


def _obvious(plan: Plan) -> list[Cut]:
    """No equation may have a single hidden cell; a person total is hidden beside its cell."""
    cuts: list[Cut] = [
        (units, (persons,)) for units, persons in plan.beside.items() if plan.hideable[persons]
    ]
    for row in plan.system.rows:
        open_ = [at for at in row if plan.hideable[at]]
        if not any(plan.hidden[at] and not plan.hideable[at] for at in row):
            cuts += [(at, tuple(other for other in open_ if other != at)) for at in open_]
    return cuts


def _choose(plan: Plan, cuts: list[Cut]) -> Flags:
    """Find the smallest choice that obeys the cuts; of equal ones that with fewer units."""
    cells = np.flatnonzero(plan.hideable)
    place = {int(cell): at for at, cell in enumerate(cells)}
    count = len(cells)
    value = plan.system.value[cells]
    entries = [[place[at] for at in (cell, *others) if at in place] for cell, others in cuts]
    always = [cell not in place for cell, _ in cuts]
    signs = [1.0 if hidden else -1.0 for hidden in always]
    values = [[sign, *[1.0] * (len(row) - 1)] for sign, row in zip(signs, entries, strict=True)]
    programme = Programme(
        cost=1 + 0.1 * value / max(int(value.sum()), 1),
        lower=plan.needed[cells].astype(float),
        upper=np.ones(count),
        row_lower=np.asarray(always, dtype=float),
        row_upper=np.full(len(cuts), highspy.kHighsInf),
        start=np.cumsum([0, *(len(row) for row in entries)]),
        index=np.asarray([at for row in entries for at in row], dtype=np.int64),
        value=np.asarray([value for row in values for value in row], dtype=float),
        by_row=True,
        whole=True,
    )
    found = plan.solver.answer(programme)
    hidden = plan.hidden & ~plan.hideable
    hidden[cells] = np.rint(found) > 0
    return hidden


def _faults(plan: Plan, hidden: Flags, cell: int) -> list[Cut]:
    """Find a cut for the first attacker from whom this choice does not protect a cell.

    What protects it from a group protects it from each of them, so groups that are safe are not looked into:
    first everyone, then whoever is outside, then insiders by halves.
    """
    everyone = np.arange(len(plan.evidence.caps))
    if _outside(plan, hidden, cell, everyone) is None:
        return []
    waiting = [group for group in (everyone[1:], everyone[:1]) if len(group)]
    while waiting:
        group = waiting.pop()
        missing = _outside(plan, hidden, cell, group)
        if missing is not None and len(group) == 1:
            return [(cell, tuple(missing.tolist()))]
        if missing is not None:
            waiting += np.array_split(group, 2)[::-1]
    return []


def _outside(plan: Plan, hidden: Flags, cell: int, group: Ints) -> Ints | None:
    """Name the cells of which one more must be hidden to protect a cell from this group; None if safe."""
    required = int(plan.evidence.required[group, cell].max())
    caps = plan.evidence.caps[group].min(axis=0)
    hidden = hidden.copy()
    open_ = plan.hideable.copy()
    while True:
        width = 0.0
        useful = np.zeros(len(hidden), dtype=bool)
        for up in (True, False):
            amount, helping = extreme(plan.solver, np.flatnonzero(hidden), cell, required, caps, up=up)
            width += amount
            useful |= helping
        if width >= required:
            return None
        useless = open_ & ~hidden & ~useful
        if not useless.any():
            return np.flatnonzero(open_ & ~hidden)
        hidden |= useless
