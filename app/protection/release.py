"""The two verbs of the package: `protect` for publishing, `draft` to see what would come of it."""

import time
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from app.protection.columns import Flags
from app.protection.complement import Plan, clean_up, complete
from app.protection.counting import RECIPIENT, Census
from app.protection.evidence import Evidence, attackers
from app.protection.frozen import freeze
from app.protection.homes import Homes, hold_off
from app.protection.linear import Solver
from app.protection.optimum import fewest
from app.protection.outcome import Cell, Count, Proof, Protected, ProtectedTable, ProtectionError, Status
from app.protection.primary import disclosive_zeros, thresholds, too_few, too_few_for_recipient
from app.protection.proof import prove, timed
from app.protection.shapes import Dimension, Key, Known, Rule, Rules, TableSpec, Unit
from app.protection.system import PERSONS, UNITS, System, build, counts_persons, grid, is_collected
from app.protection.window import window

_SMALL = 120
"""Tables with so many cells that may be hidden are small enough to look for the fewest."""
_TIMES = 5
"""The effort spent on that, in times of the effort of a plain search."""
_LARGE = 1_000
"""From so many on, programmes grow with the tables, and fewer are spent."""


def protect(
    units: Iterable[Unit],
    dimensions: Sequence[Dimension],
    tables: Sequence[TableSpec],
    rules: Rules | None = None,
    known: Sequence[Known] = (),
    disclosed: Flags | None = None,
) -> Protected:
    """Return tables that may be published together, beside the earlier releases in `known`.

    `disclosed` marks the units of persons of whom somebody outside was given lines: one more insider.
    Raises ProtectionError when that cannot be shown; ValueError when units or tables do not fit the
    dimensions, or a rule is switched off.
    """
    rules = rules or Rules()
    if rules.off:
        raise ValueError(f"switched off: {', '.join(sorted(rules.off))}; only a draft may be without a rule")
    protected = draft(units, dimensions, tables, rules, known, disclosed)
    if not protected.proof.holds:
        raise ProtectionError("the proof of protection does not hold", protected.proof)
    return protected


def draft(
    units: Iterable[Unit],
    dimensions: Sequence[Dimension],
    tables: Sequence[TableSpec],
    rules: Rules | None = None,
    known: Sequence[Known] = (),
    disclosed: Flags | None = None,
) -> Protected:
    """Return tables and proof whatever the proof says. Never publish a draft: use `protect`."""
    begin = time.perf_counter()
    rules = rules or Rules()
    named = {dimension.name: dimension for dimension in dimensions}
    for table in tables:
        unknown = {*table.levels, *table.where} - set(named)
        if unknown or any(code not in named[name].codes for name, code in table.where.items()):
            raise ValueError(f"table {table.name}: unknown dimension or code")
    census = Census(units, named)
    groups = [[table] for table in tables] if Rule.LINKED in rules.off else [list(tables)]
    shown: list[ProtectedTable] = []
    for group in groups:
        plan, proof = _decide(census, group, rules, known, disclosed)
        shown += [_table(table, plan, named) for table in group]
    return Protected(tuple(shown), timed(proof, time.perf_counter() - begin))


def prepare(
    census: Census,
    tables: Sequence[TableSpec],
    rules: Rules,
    known: Sequence[Known] = (),
    disclosed: Flags | None = None,
) -> tuple[Plan, Flags]:
    """Set up what is known, what must be hidden and what may be; also, which figures are frozen."""
    system = build(census, tables, known, person_totals=Rule.PERSON_TOTALS not in rules.off)
    fixed = freeze(system, known)
    k = thresholds(system, census.dimensions, rules)
    disclosive = disclosive_zeros(system, census.dimensions, rules)
    needed = too_few(system, k, rules) | disclosive
    if disclosed is not None and disclosed.any():
        needed |= _recipient(system, census.known_to_recipient(disclosed), tables, rules, known)
    shown = _shown(system, tables, census.dimensions) | fixed
    hideable = shown & ~fixed & ((system.value > 0) | disclosive)
    cells = np.asarray([measure in {UNITS, PERSONS} for measure, _ in system.names], dtype=bool)
    protected = (cells | needed) & ~fixed
    caps = attackers(system)
    if Rule.INSIDERS in rules.off:
        caps = caps[:1]
    required = np.tile(np.where(protected, rules.k_insider, 0).astype(np.int32), (len(caps), 1))
    required[0] = np.where(protected, k, 0)
    beside = {
        system.column[UNITS, key]: at for at, (measure, key) in enumerate(system.names) if measure == PERSONS
    }
    hidden = (needed & hideable) | ~shown
    depths = [[census.dimensions[name].depth[code] for name, code in key] for _, key in system.names]
    return Plan(
        system=system,
        hidden=hidden,
        needed=needed,
        hideable=hideable,
        protected=protected,
        evidence=Evidence(caps, required),
        solver=Solver(system),
        beside=beside,
        fineness=np.asarray([sum(steps) for steps in depths], dtype=np.int64),
        window=window(system, census),
    ), fixed


def _recipient(
    system: System, census: Census, tables: Sequence[TableSpec], rules: Rules, known: Sequence[Known]
) -> Flags:
    """Make the recipient of lines one of the insiders; return the cells that tell them of too few others."""
    theirs = build(census, tables, known, person_totals=Rule.PERSON_TOTALS not in rules.off)
    own = np.minimum(theirs.own, system.value).astype(np.int32)
    system.own = np.concatenate([system.own, own])
    system.insiders.append(RECIPIENT)
    return too_few_for_recipient(system, theirs, rules)


def _decide(
    census: Census,
    tables: Sequence[TableSpec],
    rules: Rules,
    known: Sequence[Known],
    disclosed: Flags | None,
) -> tuple[Plan, Proof]:
    """Choose what to hide in linked tables, and prove that it suffices."""
    homes = Homes(census, tables, () if Rule.LEDGER in rules.off else known, rules)
    plan, fixed = prepare(census, tables, rules, homes.known, disclosed)
    if Rule.COMPLEMENTARY not in rules.off:
        plan = hold_off(_with_fewest(plan, rules), homes)
    return plan, prove(plan, rules, fixed, homes)


def _with_fewest(plan: Plan, rules: Rules) -> Plan:
    """Hide what must be hidden beside; where the tables are small, look for a smaller choice."""
    begin = plan.restart(plan.hidden)
    complete(plan)
    clean_up(plan, rules.effort * _LARGE // max(_LARGE, int(plan.hideable.sum())))
    if plan.hideable.sum() > _SMALL:
        return plan
    choice = fewest(begin, int((plan.hidden & plan.hideable).sum()), _TIMES * rules.effort)
    if choice is None:
        return plan
    other = begin.restart(choice)
    complete(other)
    clean_up(other, rules.effort)
    return min(plan, other, key=lambda one: int((one.hidden & one.hideable).sum()))


def _shown(system: System, tables: Sequence[TableSpec], dimensions: Mapping[str, Dimension]) -> Flags:
    """Mark the variables that have a place in one of these tables."""
    shown = np.zeros(len(system.names), dtype=bool)
    for table in tables:
        for codes, key in grid(table, dimensions):
            if is_collected(key, dimensions):
                shown[system.column[UNITS, key]] = True
                if counts_persons(table, codes, dimensions) and (PERSONS, key) in system.column:
                    shown[system.column[PERSONS, key]] = True
    return shown


def _table(table: TableSpec, plan: Plan, dimensions: Mapping[str, Dimension]) -> ProtectedTable:
    cells = []
    for codes, key in grid(table, dimensions):
        asked = counts_persons(table, codes, dimensions)
        if not is_collected(key, dimensions):
            empty = Count(Status.NOT_COLLECTED)
            cells.append(Cell(codes, key, empty, empty if asked else None))
            continue
        units = _count(plan, plan.system.column[UNITS, key])
        cells.append(Cell(codes, key, units, _persons(plan, key, units) if asked else None))
    hidden = sum(cell.units.status is Status.SUPPRESSED for cell in cells)
    return ProtectedTable(table, tuple(table.levels), tuple(cells), hidden / len(cells))


def _count(plan: Plan, at: int) -> Count:
    """Show a figure as it may be seen."""
    if plan.hidden[at]:
        return Count(Status.SUPPRESSED)
    value = int(plan.system.value[at])
    return Count(Status.PUBLISHED if value else Status.ZERO, value)


def _persons(plan: Plan, key: Key, units: Count) -> Count:
    """Distinct persons of a cell; only without their rule are they outside the proof."""
    at = plan.system.column.get((PERSONS, key))
    if at is not None:
        return _count(plan, at)
    if units.value is None:
        return units
    return Count(units.status, int(plan.system.counts.persons[plan.system.column[UNITS, key]]))
