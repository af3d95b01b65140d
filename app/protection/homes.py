"""Households that confine a hidden cell by what they know of themselves: looked for when cells are chosen.

There are too many to search against each of them. Most know nothing that one contributor, who is held off
anyway, does not know too; of the others only those against whom the tables found so far do not suffice
become attackers of their own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.protection.columns import Counted, Ints
from app.protection.complement import Plan, complete
from app.protection.counting import Census
from app.protection.evidence import Evidence, multiples
from app.protection.linear import Move
from app.protection.shapes import Known, Rule, Rules, TableSpec
from app.protection.system import UNITS, build

_UNITS = 2
"""A household with one unit in every hidden cell leaves of k units at least `k_insider`."""
_AT_ONCE = 400
_NEW = 40
"""So many households become attackers in one round, those that confine a cell most."""


@dataclass(frozen=True, slots=True)
class Homes:
    """What is needed to tell what households know of every variable of a system."""

    census: Census
    tables: Sequence[TableSpec]
    known: Sequence[Known]
    rules: Rules

    def confining(self, plan: Plan) -> Counted:
        """Return what each household knows that the tables found so far leave with too narrow an interval."""
        if Rule.INSIDERS in self.rules.off:
            return plan.system.own[:0]
        cells = np.flatnonzero(plan.hidden & plan.protected)
        names = plan.system.names
        keys = [names[at][1] for at in np.flatnonzero(plan.hidden).tolist() if names[at][0] == UNITS]
        chosen = self.census.households_with(_UNITS, keys)
        found, narrow = [plan.system.own[:0]], [np.zeros(0, dtype=np.int64)]
        for start in range(0, len(chosen), _AT_ONCE):
            own = self._own(plan, chosen[start : start + _AT_ONCE])
            width = _widths(plan.evidence.moves.values(), plan.system.value - own)
            missing = np.maximum(self.rules.k_insider - width[:, cells], 0).sum(axis=1)
            found.append(own[missing > 0])
            narrow.append(missing[missing > 0])
        most_first = np.argsort(-np.concatenate(narrow), kind="stable")
        return np.concatenate(found)[most_first]

    def _own(self, plan: Plan, chosen: Ints) -> Counted:
        totals = Rule.PERSON_TOTALS not in self.rules.off
        theirs = self.census.known_to_households(chosen)
        own = build(theirs, self.tables, self.known, person_totals=totals).own
        return np.minimum(own, plan.system.value).astype(np.int32)


def hold_off(plan: Plan, homes: Homes) -> Plan:
    """Hide further cells until no household confines one; raise ProtectionError when that cannot be."""
    while len(own := homes.confining(plan)[:_NEW]):
        plan = _with_attackers(plan, own, homes.rules.k_insider)
        complete(plan)
    return plan


def _with_attackers(plan: Plan, own: Counted, width: int) -> Plan:
    """Return the same choice with further attackers; what was found shows for them what it shows."""
    system, before = plan.system, plan.evidence
    system.own = np.concatenate([system.own, own])
    system.insiders += ["household"] * len(own)
    required = np.where(plan.protected, width, 0).astype(np.int32)
    evidence = Evidence(
        np.concatenate([before.caps, (system.value - own).astype(np.int32)]),
        np.concatenate([before.required, np.tile(required, (len(own), 1))]),
    )
    for move in before.moves.values():
        evidence.add(move)
    return replace(plan, evidence=evidence, looked_at=None)


def _widths(moves: Iterable[Move], caps: Counted) -> Counted:
    """Return how wide an interval these moves leave each attacker of each variable."""
    high, low = np.zeros_like(caps), np.zeros_like(caps)
    for columns, amounts in moves:
        up, down = multiples((columns, amounts), caps)
        for times in (up, -down):
            table = np.outer(times, amounts)
            high[:, columns] = np.maximum(high[:, columns], table)
            low[:, columns] = np.minimum(low[:, columns], table)
    return high - low
