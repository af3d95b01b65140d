"""How many barrier cases of some types and groups were published, at least and at most. Pure.

What is hidden is bounded by the published sums that it is part of, as any reader could.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from app.reporting.classes import TOTAL, barrier, institution

Place = tuple[str, str]
"""A type, category or total, and a group or total."""
Grid = Mapping[Place, int | None]
"""The cells of one quarter; None where hidden."""
Bounds = tuple[int, int | None]

_OF_A_TYPE = 2  # the depth of types in their tree


def groups_of(institution_types: Collection[str]) -> frozenset[str]:
    """Return the groups of kinds of institutions: what is published is told by group."""
    return frozenset(institution().dimension.parents[kind] for kind in institution_types)


def bounds(grid: Grid, types: Collection[str], groups: Collection[str]) -> Bounds:
    """Return least and most of the cases of these types at these groups; all of them where none is named."""
    kinds = barrier().dimension
    leaves = [place for place in grid if place[1] != TOTAL and kinds.depth[place[0]] == _OF_A_TYPE]
    wanted = [
        place for place in leaves if (not types or place[0] in types) and (not groups or place[1] in groups)
    ]
    if not wanted:
        return 0, None
    hidden = {place for place in leaves if grid[place] is None}
    least, most = _of_hidden(hidden, hidden & set(wanted), _rests(grid, leaves))
    told = sum(grid[place] or 0 for place in wanted)
    return told + least, None if most is None else told + most


def _above(place: Place) -> tuple[Place, ...]:
    """Return the sums that a cell is part of, always in the same order."""
    kind, group = place
    category = barrier().dimension.parents[kind]
    return (kind, TOTAL), (category, group), (category, TOTAL), (TOTAL, group), (TOTAL, TOTAL)


def _rests(grid: Grid, leaves: Iterable[Place]) -> Mapping[Place, int | None]:
    """Return what of each published sum is left for its hidden cells; None where the sum is hidden too."""
    told: dict[Place, int] = defaultdict(int)
    for place in leaves:
        for above in _above(place):
            told[above] += grid[place] or 0
    return {
        above: None if (value := grid.get(above)) is None else value - published
        for above, published in told.items()
    }


def _of_hidden(
    hidden: Collection[Place], asked: Collection[Place], rests: Mapping[Place, int | None]
) -> Bounds:
    """Return least and most of some hidden cells: for each kind of sum by itself, then the best of them."""
    single = {place: _least_of(rests[above] for above in _above(place)) for place in asked}
    least, most = 0, _sum(single.values())
    for kind_of_sum in range(5):
        inside: dict[Place, set[Place]] = defaultdict(set)
        for place in hidden:
            inside[_above(place)[kind_of_sum]].add(place)
        least = max(least, sum(rests[above] or 0 for above, cells in inside.items() if cells <= set(asked)))
        upper = _sum(
            _least_of((rests[above], _sum(single[place] for place in cells & set(asked))))
            for above, cells in inside.items()
            if cells & set(asked)
        )
        most = _least_of((most, upper))
    return least, most


def _least_of(values: Iterable[int | None]) -> int | None:
    return min((value for value in values if value is not None), default=None)


def _sum(values: Iterable[int | None]) -> int | None:
    found = list(values)
    known = [value for value in found if value is not None]
    return sum(known) if len(known) == len(found) else None
