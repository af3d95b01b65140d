"""What has to stand when figures are protected: the quarter's total, and what earlier releases implied.

Reports are corrected and persons erased after their quarter was released. A cell that was suppressed then
said that there was something; if today nothing is left of it, publishing around it would tell the change.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

from app.protection import Key, Known, Rules, Unit
from app.reporting.classes import barrier, institution
from app.reporting.material import Material

LARGE = 5
"""A total stands from so many times the highest threshold."""

STAND_IN = "frozen"


def settled_total(material: Material) -> list[Known]:
    """Return the quarter's total of units and persons if it is large enough whatever else is hidden."""
    key: Key = (("quarter", str(material.quarter)),)
    inside = material.inside(key)
    told = any(cell.key == key and cell.value is not None for cell in material.known)
    if told or not passes(inside, material.rules, LARGE * material.rules.k_sensitive):
        return []
    return [Known(key, len(inside), len({case.person for case in inside}))]


def passes(cases: Sequence[Unit], rules: Rules, persons_needed: int) -> bool:
    """Tell whether so many persons, households and contributors are there, and some left without any one."""
    persons = {case.person for case in cases}
    known: dict[tuple[str, str], set[str]] = defaultdict(set)
    for case in cases:
        known["contributor", case.contributor].add(case.person)
        known["household", case.household].add(case.person)
    contributors = sum(kind == "contributor" for kind, _ in known)
    most = max((len(each) for each in known.values()), default=0)
    return (
        len(persons) >= persons_needed
        and contributors >= rules.contributors
        and len(known) - contributors >= rules.households
        and len(persons) - most >= rules.k_insider
    )


def stand_ins(material: Material) -> list[Unit]:
    """Return one case for each type and group that an earlier quarter suppressed and that is empty today.

    All of them are one person of the quarter's busiest contributor, so they help no cell over a threshold.
    """
    there = {
        (
            case.codes["quarter"],
            case.codes["barrier"],
            institution().dimension.parents[case.codes["institution"]],
        )
        for case in material.figures.cases
    }
    quarters = {quarter for quarter, _, _ in there}
    usual = {quarter: _usual(material.inside((("quarter", quarter),))) for quarter in quarters}
    found = []
    for cell in material.known:
        codes = dict(cell.key)
        place = (codes.get("quarter", ""), codes.get("barrier", ""), codes.get("institution", ""))
        if cell.value is None and len(codes) == len(place) and place[0] in usual and place not in there:
            found += _stand_in(*place, usual[place[0]])
    return found


def _usual(cases: Sequence[Unit]) -> tuple[str, dict[str, str]]:
    """Return the busiest contributor and the most frequent code of each attribute."""
    contributor = Counter(case.contributor for case in cases).most_common(1)[0][0]
    names = cases[0].codes
    return contributor, {
        name: Counter(case.codes[name] for case in cases).most_common(1)[0][0] for name in names
    }


def _stand_in(quarter: str, type_: str, group: str, usual: tuple[str, dict[str, str]]) -> list[Unit]:
    kinds = institution().dimension.children.get(group, ())
    if barrier().dimension.children.get(type_) != () or not kinds:
        return []
    contributor, codes = usual
    own = {**codes, "quarter": quarter, "barrier": type_, "institution": kinds[0]}
    return [Unit(STAND_IN, STAND_IN, contributor, None, own)]
