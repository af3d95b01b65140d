"""Which cells may not be published for their own sake (rules 2 and 4), whatever else is published."""

from collections.abc import Mapping

import numpy as np

from app.protection.columns import Flags, Ints
from app.protection.shapes import Dimension, Key, Rule, Rules
from app.protection.system import PERSONS, UNITS, System


def thresholds(system: System, dimensions: Mapping[str, Dimension], rules: Rules) -> Ints:
    """Return the k of each cell: the higher one for cells with a sensitive code."""
    sensitive = {
        (name, code): Rule.SENSITIVE not in rules.off
        for name, of in dimensions.items()
        for code in of.sensitive_codes
    }
    flagged = [any(sensitive.get(pair, False) for pair in key) for _, key in system.names]
    return np.where(flagged, rules.k_sensitive, rules.k).astype(np.int64)


def too_few(system: System, k: Ints, rules: Rules) -> Flags:
    """Cells that hold someone, but too few persons, households or contributors, or depend on one of them.

    Of an institution they depend where it leaves too few persons; not where it leaves no unit at all.
    """
    counts, off = system.counts, rules.off
    size = len(counts.units)
    failing = np.zeros(len(system.names), dtype=bool)
    cells = failing[:size]
    if Rule.PERSONS not in off:
        cells |= counts.persons < k[:size]
    if Rule.HOUSEHOLDS not in off:
        cells |= counts.households < rules.households
    if Rule.CONTRIBUTORS not in off:
        cells |= counts.contributors < rules.contributors
    if Rule.REMAINDER not in off:
        cells |= counts.left < rules.k_insider
    if Rule.INSTITUTIONS not in off:
        cells |= counts.others < rules.k_insider
    cells &= system.value[:size] > 0
    return _with_persons(system, failing)


def too_few_for_recipient(system: System, theirs: System, rules: Rules) -> Flags:
    """Cells with somebody of whom the recipient of lines knows, and too few of whom they do not.

    Nobody left is too few as well: it says of all whose lines they lack that they have not what it counts.
    """
    counts, size = theirs.counts, len(theirs.counts.units)
    left = np.minimum(counts.persons - counts.own_persons[0], system.value[:size] - counts.own_units[0])
    failing = np.zeros(len(system.names), dtype=bool)
    failing[:size] = (counts.own_units[0] > 0) & (left < rules.k_insider)
    return _with_persons(system, failing)


def _with_persons(system: System, failing: Flags) -> Flags:
    """Let totals of persons fail with their cell."""
    for place, (measure, key) in enumerate(system.names):
        if measure == PERSONS:
            failing[place] = failing[system.column[UNITS, key]]
    return failing


def disclosive_zeros(system: System, dimensions: Mapping[str, Dimension], rules: Rules) -> Flags:
    """Cells by a personal attribute that say of people of a group that none of them has it.

    To everybody these are zeros in a group that is not empty. To an institution they are also the cells of
    which it knows every unit, in a group of which it does not.
    """
    disclosing = np.zeros(len(system.names), dtype=bool)
    if Rule.ZEROS in rules.off:
        return disclosing
    for place, (measure, key) in enumerate(system.names):
        group = tuple(pair for pair in key if not dimensions[pair[0]].personal)
        if measure not in {UNITS, PERSONS} or group == key:
            continue
        if system.value[place] == 0:
            disclosing[place] = not _is_empty(system, group)
        elif Rule.INSTITUTIONS not in rules.off:
            disclosing[place] = _is_all_of_one(system, key, group)
    return disclosing


def _is_empty(system: System, group: Key) -> bool:
    """Whether a group is known to hold nobody; a group that no table shows is not known to be empty."""
    at = system.column.get((UNITS, group))
    return at is not None and system.value[at] == 0


def _is_all_of_one(system: System, key: Key, group: Key) -> bool:
    """Whether one institution is behind every unit of a cell, and not behind every unit of its group."""
    counts, at = system.counts, system.column.get((UNITS, group))
    institution = counts.sole[system.column[UNITS, key]]
    if institution < 0:
        return False
    return at is None or bool(counts.own_units[institution, at] < counts.units[at])
