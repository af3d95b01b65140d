"""Checks in whole numbers, anew and from the chosen cells and witnesses alone, that nothing is disclosed.

Uses the moves that the search found, but none of its bookkeeping: a fault there makes the proof fail.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.protection.columns import Counted, Flags, Ints
from app.protection.complement import Plan
from app.protection.evidence import multiples
from app.protection.homes import Homes
from app.protection.outcome import Gap, Proof
from app.protection.shapes import Rule, Rules
from app.protection.system import SLACK, System


def prove(plan: Plan, rules: Rules, fixed: Flags, homes: Homes | None = None) -> Proof:
    """Show for every hidden cell and attacker two tables that lie far enough apart, or name the gap.

    A gap has the widest interval shown. `seconds` is left 0 for the caller, who knows when it began.
    """
    system, evidence = plan.system, plan.evidence
    cells = np.flatnonzero(plan.hidden & plan.protected)
    high = np.zeros_like(evidence.caps)
    low = np.zeros_like(evidence.caps)
    sound = True
    for move in evidence.moves.values():
        columns, amounts = move
        sound &= bool(plan.hidden[columns].all()) and system.balances(columns, amounts)
        up, down = multiples(move, evidence.caps)
        for times in (up, -down):
            table = np.outer(times, amounts)
            sound &= bool((table + evidence.caps[:, columns] >= 0).all())
            high[:, columns] = np.maximum(high[:, columns], table)
            low[:, columns] = np.minimum(low[:, columns], table)
    width = high - low
    shown = ~plan.hidden & np.asarray([measure != SLACK for measure, _ in system.names])
    checks = {
        "figures add up": system.balances(np.arange(len(system.names)), system.value),
        "no cell below its thresholds is published": not (shown & plan.needed & ~fixed).any(),
        "published before is published again": not (fixed & plan.hidden).any(),
        "every witness agrees with everything published": sound,
        "no household confines a hidden cell": homes is None or not len(homes.confining(plan)),
        "every rule was in force": not rules.off - {Rule.LEDGER},
    }
    gaps = tuple(_gaps(system, cells, width, evidence.required))
    names = system.insiders if len(evidence.caps) > 1 else []
    return Proof(
        holds=not gaps and all(checks.values()),
        rules=rules,
        cells=int(np.sum([measure != SLACK for measure, _ in system.names])),
        hidden=len(cells),
        contributors=sum(name.startswith("contributor") for name in names),
        institutions=sum(name.startswith("institution") for name in names),
        pairs=len(cells) * len(evidence.caps),
        witnesses=2 * len(evidence.moves),
        programmes=plan.solver.programmes,
        seconds=0.0,
        gaps=gaps,
        checks=checks,
    )


def _gaps(system: System, cells: Ints, width: Counted, required: Counted) -> Sequence[Gap]:
    found = []
    for attacker, place in np.argwhere(width[:, cells] < required[:, cells]).tolist():
        cell = int(cells[place])
        measure, key = system.names[cell]
        who = "outsider" if attacker == 0 else system.insiders[attacker - 1]
        found.append(Gap(key, measure, who, int(width[attacker, cell]), int(required[attacker, cell])))
    return found


def timed(proof: Proof, seconds: float) -> Proof:
    """Return the same proof with the time that everything took."""
    return replace(proof, seconds=round(seconds, 3))
