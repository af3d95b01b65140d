"""Made-up releases, realistic in shape: few frequent types and groups, many rare ones, uneven staff."""

import random
from collections import Counter, defaultdict

from app.protection import Dimension, Known, Rules, Status, TableSpec, Unit

ONCE = ("type", "group")
"""A person counts once for a type and a group."""

QUICK = Rules(effort=150)

DIMENSIONS = [
    Dimension(
        "type",
        {f"type{at}": f"category{at // 3}" for at in range(9)}
        | {f"category{at}": "total" for at in range(3)},
        sensitive={"type2"},
    ),
    Dimension("group", {f"group{at}": "total" for at in range(4)}),
    Dimension("quarter", {f"q{at}": "year" for at in range(1, 5)} | {"year": "total", "before": "total"}),
    Dimension(
        "town",
        {f"town{at}": f"region{at // 2}" for at in range(4)} | {"region0": "all", "region1": "all"},
        "all",
    ),
    Dimension("age", {"young": "total", "middle": "total", "old": "total"}, personal=True),
]

TABLES = [
    TableSpec("types by group", {"type": 2, "group": 1}, persons={"group": 1}),
    TableSpec("categories by quarter", {"type": 1, "quarter": 2}),
    TableSpec("regions by group", {"town": 2, "group": 1}, persons={}),
    TableSpec("groups by age", {"group": 1, "age": 1}),
    TableSpec("categories by region and group", {"type": 1, "town": 1, "group": 1}),
]


def city(seed: int, size: int = 150) -> list[Unit]:
    """Barrier cases of one year in one town with seven case managers."""
    draw = random.Random(seed)
    persons = []
    for number in range(int(size * 0.7)):
        town = rare(draw, 4)
        manager = f"manager {(town + rare(draw, 4)) % 7}"
        codes = {"town": f"town{town}", "age": draw.choice(["young", "middle", "middle", "old"])}
        persons.append((f"p{number}", f"h{number // 2}", manager, codes, rare(draw, 3)))
    units = {}
    while len(units) < size:
        person, home, manager, codes, office = draw.choice(persons)
        kind = {"type": f"type{rare(draw, 9)}", "group": f"group{rare(draw, 4)}"}
        when = {"quarter": draw.choice(["q1", "q2", "q3", "q4", "before"])}
        institution = f"office {kind['group']} {office}"
        units.setdefault(
            (person, *kind.values()), Unit(person, home, manager, institution, codes | kind | when)
        )
    return list(units.values())


def rare(draw: random.Random, size: int) -> int:
    """A number under `size`; the first ones are the most frequent."""
    return min(int(draw.paretovariate(0.8)) - 1, draw.randrange(size))


def insiders(units) -> dict[str, list[Unit]]:
    """What each case manager and each institution knows."""
    known = defaultdict(list)
    for unit in units:
        known[unit.contributor].append(unit)
        if unit.institution:
            known[unit.institution].append(unit)
    return known


def crowd(
    count: int, codes: dict[str, str], name: str = "", managers: int = 5, homes: int | None = None
) -> list[Unit]:
    """So many persons with these codes, spread evenly over managers and over homes of their own."""
    return [
        Unit(f"{name}{codes}{at}", f"{name}{codes}{at % (homes or count)}", f"m{at % managers}", None, codes)
        for at in range(count)
    ]


def breaches(protected, units, dimensions=DIMENSIONS, rules=QUICK) -> list:
    """Published cells that break a threshold, and disclosive zeros; counted anew from the units."""
    tree = {dimension.name: dimension for dimension in dimensions}
    found = []
    for cell in (cell for table in protected.tables for cell in table.cells):
        inside = [unit for unit in units if belongs(unit, cell.key, tree)]
        group = [pair for pair in cell.key if not tree[pair[0]].personal]
        if cell.units.status is Status.ZERO and len(group) < len(cell.key):
            found += [cell.key] if any(belongs(unit, group, tree) for unit in units) else []
        if cell.units.status is Status.PUBLISHED:
            sensitive = any(code in tree[name].sensitive_codes for name, code in cell.key)
            if not is_enough(inside, rules.k_sensitive if sensitive else rules.k, rules):
                found.append(cell.key)
    return found


def belongs(unit, key, tree) -> bool:
    return all(code in tree[name].path(unit.codes[name]) for name, code in key)


def is_enough(units, k, rules) -> bool:
    persons = {unit.person for unit in units}
    left = [len(persons)]
    for of in ("contributor", "household"):
        known = defaultdict(set)
        for unit in units:
            known[getattr(unit, of)].add(unit.person)
        left += [len(persons) - len(known[one]) for one in known]
    for office in {unit.institution for unit in units} - {None}:
        own = {unit.person for unit in units if unit.institution == office}
        left += [len(persons - own)] if any(unit.institution != office for unit in units) else []
    homes, managers = Counter(unit.household for unit in units), Counter(unit.contributor for unit in units)
    enough = len(persons) >= k and min(left) >= rules.k_insider
    return enough and len(homes) >= rules.households and len(managers) >= rules.contributors


def published(protected) -> list[Known]:
    """What a later release has to know of this one."""
    found = {}
    for cell in (cell for table in protected.tables for cell in table.cells):
        if cell.units.status is not Status.NOT_COLLECTED:
            persons = cell.persons.value if cell.persons else None
            found[cell.key] = Known(
                cell.key, cell.units.value, persons or getattr(found.get(cell.key), "persons", None)
            )
    return list(found.values())


def shown(protected) -> dict:
    """Every cell with what is shown of it."""
    return {(table.spec.name, cell.codes): cell for table in protected.tables for cell in table.cells}
