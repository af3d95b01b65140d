"""Measures protecting 20 linked tables with about 10,000 cells of one area, and the last attack on them.

Run as `python -m bench.protection [units] [effort]`; prints time, memory, and what was hidden and proven.
"""

import random
import resource
import sys
import time

from app.protection import Dimension, Rules, TableSpec, Unit, attack, draft
from app.reporting.last_check import best_informed

CONTRIBUTORS, INSTITUTIONS_OF_A_KIND, TOWNS = 15, 3, 12


def dimensions() -> list[Dimension]:
    """Return the dimensions of a usual release; sizes follow the catalogues."""
    types = {f"type{t}": f"category{t // 5}" for t in range(60)}
    categories = {f"category{c}": "total" for c in range(12)}
    towns = {f"town{t}": f"region{t // 3}" for t in range(TOWNS)}
    quarters = {f"2026Q{q}": "2026" for q in range(1, 5)}
    return [
        Dimension("type", {**types, **categories}, sensitive={"category11", "type3"}),
        Dimension("kind", {f"kind{k}": f"group{k // 2}" for k in range(16)} | _flat("group", 8)),
        Dimension("town", towns | _flat("region", TOWNS // 3)),
        Dimension("period", quarters, total="2026"),
        Dimension("domain", _flat("domain", 7)),
        Dimension("effect", _flat("effect", 6)),
        Dimension("age", _flat("age", 5), personal=True),
        Dimension("status", _flat("status", 6), personal=True),
    ]


def tables() -> list[TableSpec]:
    """Twenty tables that share their margins."""
    levels = [
        {"type": 2, "kind": 2},
        {"type": 2, "town": 2},
        {"type": 2, "domain": 1},
        {"type": 2, "effect": 1},
        {"type": 1, "age": 1},
        {"type": 1, "status": 1},
        {"kind": 2, "town": 2},
        {"kind": 2, "domain": 1},
        {"kind": 2, "effect": 1},
        {"kind": 1, "age": 1},
        {"kind": 1, "status": 1},
        {"town": 2, "domain": 1},
        {"town": 2, "effect": 1},
        {"town": 1, "status": 1},
        {"domain": 1, "effect": 1},
        {"type": 1, "kind": 1, "town": 1},
        {"type": 1, "kind": 1, "domain": 1},
        {"type": 1, "kind": 2, "effect": 1},
    ]
    yearly = [TableSpec(f"t{at}", shown, persons={}) for at, shown in enumerate(levels)]
    return [
        *yearly,
        TableSpec("quarters", {"type": 2, "period": 1}, persons={"period": 1}),
        TableSpec("kinds by quarter", {"kind": 2, "period": 1, "type": 1}),
    ]


def units(count: int, seed: int = 2026) -> list[Unit]:
    """Barrier cases: few frequent types and kinds, many rare ones; a person has one case manager."""
    draw = random.Random(seed)
    persons = [_person(draw, number) for number in range(int(count * 0.6))]
    found: dict[tuple[str, str, str, str], Unit] = {}
    while len(found) < count:
        unit, institution_of = draw.choice(persons)
        type_, kind = f"type{_rare(draw, 60)}", f"kind{_rare(draw, 16)}"
        domain = f"domain{_rare(draw, 7)}"
        codes = {
            **unit.codes,
            "type": type_,
            "kind": kind,
            "domain": domain,
            "effect": f"effect{_rare(draw, 6)}",
            "period": f"2026Q{draw.randrange(1, 5)}",
        }
        institution = f"{kind} {institution_of}"
        new = Unit(unit.person, unit.household, unit.contributor, institution, codes)
        found.setdefault((unit.person, type_, kind, domain), new)
    return list(found.values())


def _flat(name: str, size: int) -> dict[str, str]:
    return {f"{name}{at}": "total" for at in range(size)}


def _rare(draw: random.Random, size: int) -> int:
    """Draw a number under `size`; each is less frequent than the one before."""
    return min(int(draw.paretovariate(0.7)) - 1, draw.randrange(size))


def _person(draw: random.Random, number: int) -> tuple[Unit, int]:
    town = _rare(draw, TOWNS)
    codes = {"town": f"town{town}", "age": f"age{draw.randrange(5)}", "status": f"status{_rare(draw, 6)}"}
    contributor = f"manager{(town + draw.randrange(5)) % CONTRIBUTORS}"
    return Unit(f"p{number}", f"h{number // 2}", contributor, None, codes), draw.randrange(
        INSTITUTIONS_OF_A_KIND
    )


def main() -> None:
    """Print one line of figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    effort = int(sys.argv[2]) if len(sys.argv) > 2 else Rules().effort
    given = units(count)
    begin, busy = time.perf_counter(), time.process_time()
    protected = draft(given, dimensions(), tables(), Rules(effort=effort))
    seconds, busy = time.perf_counter() - begin, time.process_time() - busy
    begun, worked = time.perf_counter(), time.process_time()
    found = attack(
        protected.tables,
        dimensions(),
        k=5,
        k_sensitive=10,
        k_insider=3,
        own=best_informed(given),
    )
    attacked, worked = time.perf_counter() - begun, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    proof = protected.proof
    print(
        f"units {count}; cells {proof.cells}; hidden {proof.hidden} ({protected.hidden_share:.0%}); "
        f"contributors {proof.contributors}; institutions {proof.institutions}; pairs {proof.pairs}; "
        f"witnesses {proof.witnesses}; programmes {proof.programmes}; holds {proof.holds}; "
        f"{seconds:.1f} s ({busy:.1f} s of one core); attack {attacked:.1f} s ({worked:.1f} s of one core), "
        f"findings {len(found)}; {memory:.0f} MiB"
    )


if __name__ == "__main__":
    main()
