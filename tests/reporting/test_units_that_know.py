"""A team lead lists every case of the unit: of several units each is one who knows, and is held off."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from app.access.roles import Role
from app.kit.database import Database, System
from app.protection import Rules, Status, Unit, Units, attack, columns
from app.reporting.beside import Beside, protect_subject
from app.reporting.material import Material
from app.reporting.parts import Figures
from app.reporting.rules import Size
from app.reporting.subjects.closed_cases import CLOSED_CASES
from app.reporting.subjects.open_cases import OPEN_CASES, open_cases
from app.reporting.subjects.school_waiting import SCHOOL_WAITING
from app.reporting.subjects.subject import Further, Subject
from tests.reporting.caseload import QUARTER, Caseload
from tests.reporting.casework import FIRST, LAST, Casework
from tests.world import World

RULES = Rules(effort=30)
KNOWN_TO_UNITS: dict[str, tuple[Subject, Callable[[Caseload, int], Further]]] = {
    "open_cases": (OPEN_CASES, lambda load, units: load.open_cases(units)),
    "closed_cases": (CLOSED_CASES, lambda load, units: load.closed_cases(0.4, units)),
    "school_waiting": (SCHOOL_WAITING, lambda load, units: load.children(0.4, units)),
}


def told(subject: Subject, further: Further, clients: int = 1000) -> Beside | None:
    figures = Figures((), Size(clients, 0), (), "unknown", {subject.name: further})
    material = Material("x", "KIM-X", "X", QUARTER, None, figures, (), RULES)
    return protect_subject(subject, further, material, [])


def found_by_units(protected: Beside, units: Iterable[Unit]) -> list[str]:
    """Return the units that confine a hidden cell by what their team lead lists."""
    subject, every = protected.subject, list(units)
    rules = subject.rules(RULES)
    own = {
        name: [each for each in every if each.institution == name]
        for name in sorted({each.institution for each in every if each.institution})
    }
    assert own
    dimensions = [each.dimension for each in protected.every.values()]
    limits = {"k": rules.k, "k_sensitive": rules.k_sensitive, "k_insider": rules.k_insider}
    return [each.attacker for each in attack(protected.shown, dimensions, **limits, own=own)]


@pytest.mark.parametrize("units", [2, 3])
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", KNOWN_TO_UNITS)
def test_no_unit_confines_a_hidden_cell_by_its_own_cases(name: str, seed: int, units: int) -> None:
    subject, figures = KNOWN_TO_UNITS[name]
    further = figures(Caseload(400, 12, seed), units)
    protected = told(subject, further)
    assert protected is not None
    assert found_by_units(protected, further.units) == []
    cells = [cell for table in protected.shown for cell in table.cells]
    assert any(cell.units.status is Status.PUBLISHED for cell in cells)
    assert any(cell.units.status is Status.SUPPRESSED for cell in cells)


def unknown(further: Further) -> Further:
    """Return the same as if no unit knew of it."""
    alone = Units.of(replace(each, institution=None) for each in further.units)
    return replace(further, units=alone)


def mostly_of_one_unit() -> Further:
    """Return cases of which a second unit has few in each phase that is hidden."""
    rows = []
    for phase, here, there in (("monitoring", 3, 1), ("linking", 4, 0), ("intake", 40, 40)):
        for at in range(here + there):
            who = f"{phase} {at}"
            unit = "X" if at < here else "Y"
            rows.append((who, who, f"{unit}{at % 4}", unit, None, phase, "self", "case_management"))
    return open_cases(columns(rows, 8), QUARTER)


def test_unit_would_read_of_the_other_what_is_hidden_if_it_were_not_held_off() -> None:
    """Of eight hidden cases one unit has all but one: it must not learn what phase the other's is in."""
    further = mostly_of_one_unit()
    careless = told(OPEN_CASES, unknown(further))
    assert careless is not None
    assert "X" in found_by_units(careless, further.units)
    careful = told(OPEN_CASES, further)
    assert careful is not None
    assert found_by_units(careful, further.units) == []


@pytest.fixture
def work(world: World) -> Casework:
    """Rows of the world's area."""
    return Casework(world)


async def knowers(world: World, reporting: Database, subject: Subject) -> Counter[str | None]:
    """Return how often which unit is one who knows."""
    async with reporting.transaction(System(world.area)) as db:
        units = (await subject.read(await db.driver(), QUARTER)).units
    return Counter(each.institution for each in units)


async def lay_cases(work: Casework, *units: UUID) -> None:
    """Lay an open case, one that was closed and a child that waits at each of these units."""
    for unit in units:
        case = work.case(unit=unit)
        work.case(None, ("intake", FIRST), ("closed", LAST), reason="other", unit=unit)
        work.waits(case)
    await work.lay()


@pytest.mark.parametrize("name", KNOWN_TO_UNITS)
async def test_of_several_units_each_knows_its_own_and_of_one_nobody_is_told(
    work: Casework, reporting_database: Database, name: str
) -> None:
    subject, _ = KNOWN_TO_UNITS[name]
    here, there = uuid4(), uuid4()
    await lay_cases(work, here)
    assert await knowers(work.world, reporting_database, subject) == {None: 1}
    await lay_cases(work, there, there)
    assert await knowers(work.world, reporting_database, subject) == {str(here): 1, str(there): 2}


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.TEAM_LEAD])
@pytest.mark.parametrize("name", KNOWN_TO_UNITS)
async def test_unit_without_cases_is_one_of_several_while_somebody_works_there(
    work: Casework, reporting_database: Database, name: str, role: Role
) -> None:
    """Whether units are told apart must not tell that the other one has no case."""
    subject, _ = KNOWN_TO_UNITS[name]
    world, here = work.world, uuid4()
    await lay_cases(work, here)
    other = await world.person(role, unit="Elsewhere")
    began = "UPDATE memberships SET started_at = $2, ended_at = $3 WHERE user_id = $1"
    for started_at, ended_at, is_one in (
        ("2025-09-01", None, True), ("2025-10-01", None, False), ("2025-01-01", "2025-06-30", False),
        ("2025-01-01", "2025-10-01", True),
    ):  # fmt: skip
        times = [each and QUARTER.first_day.fromisoformat(each) for each in (started_at, ended_at)]
        await world.admin.execute(began, other.user_id, *times)
        expected = str(here) if is_one else None
        assert await knowers(world, reporting_database, subject) == {expected: 1}


async def test_coordinator_of_another_unit_makes_it_none_that_has_cases(
    work: Casework, reporting_database: Database
) -> None:
    await lay_cases(work, uuid4())
    await work.world.person(Role.COORDINATOR, unit="Elsewhere")
    assert await knowers(work.world, reporting_database, OPEN_CASES) == {None: 1}


def test_unit_reads_no_single_case_of_the_other_from_what_is_published() -> None:
    """Of twelve cases one unit has eleven: taking them away would tell of the other's one."""
    rows = [
        (f"m{at}", f"m{at}", f"X{at % 3}", "X", None, "monitoring", "self", "case_management")
        for at in range(11)
    ]
    rows += [("y", "y", "Y1", "Y", None, "monitoring", "self", "case_management")]
    rows += [
        (f"l{at}", f"l{at}", f"{'XY'[at % 2]}{at % 6}", "XY"[at % 2], None, "linking", "self", "counselling")
        for at in range(60)
    ]
    further = open_cases(columns(rows, 8), QUARTER)
    for figures, value in ((unknown(further), 12), (further, None)):
        protected = told(OPEN_CASES, figures)
        assert protected is not None
        values = {cell.codes[0]: cell.units.value for cell in protected.shown[0].cells}
        assert values["monitoring"] == value
