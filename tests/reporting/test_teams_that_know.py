"""Members and deputies read what the lead of a case reads: they are held off with all that is theirs."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.kit.database import Database, System
from app.protection import Column, Rules, Unit, attack, column, columns
from app.reporting.beside import Beside, protect_subject
from app.reporting.material import Material
from app.reporting.parts import Figures
from app.reporting.rules import Size
from app.reporting.subjects.active_clients import ACTIVE_CLIENTS
from app.reporting.subjects.closed_cases import CLOSED_CASES
from app.reporting.subjects.domain_changes import DOMAIN_CHANGES
from app.reporting.subjects.interpreting import INTERPRETING
from app.reporting.subjects.life_domains import GOALS, LIFE_DOMAINS
from app.reporting.subjects.open_cases import OPEN_CASES, open_cases
from app.reporting.subjects.school_waiting import SCHOOL_WAITING
from app.reporting.subjects.subject import Further, Subject
from app.reporting.subjects.teams import who_knows_too
from tests.reporting.caseload import QUARTER
from tests.reporting.casework import Casework
from tests.reporting.laid import Laid, add, assess, contact, goal, lay_clients
from tests.world import World

RULES = Rules(effort=30)


def knowing(*rows: tuple[str, str | None]) -> list[str | None]:
    """Return who knows too of units with these leads and teams."""
    lead, team = columns(rows, 2)
    found = who_knows_too(lead, team)
    return [None] * len(rows) if found is None else [found[row] for row in range(len(rows))]


def test_nobody_knows_too_of_cases_that_only_their_leads_have() -> None:
    assert who_knows_too(column(["a", "b"]), column([None, None])) is None
    assert who_knows_too(column(["a", "b"]), column(["a", None])) is None


def test_deputy_knows_the_cases_of_others_together_with_their_own() -> None:
    assert knowing(("a", "d"), ("b", "d"), ("d", None), ("a", None)) == ["d", "d", "d", None]


def test_of_several_on_a_case_it_is_who_knows_of_most_of_those_on_cases_of_others() -> None:
    """The lead has more, but no case of others: as a contributor they are held off from all of theirs."""
    assert knowing(("a", "m d"), ("a", None), ("a", None), ("b", "d")) == ["d", None, None, "d"]


def test_unit_knows_what_any_team_of_it_knows() -> None:
    unit: Column[str | None] = column(["X", "Y"])
    assert who_knows_too(column(["a", "b"]), column(["d", None]), unit) is unit
    nothing: Column[str | None] = column([None, None])
    found = who_knows_too(column(["a", "b"]), column(["d", None]), nothing)
    assert found is not None
    assert [found[0], found[1]] == ["d", None]


def cases(*, is_deputy_told: bool) -> Further:
    """Return few cases in two phases, of which a deputy of two colleagues has all but one."""
    rows = []
    for phase, leads in (("monitoring", "AB"), ("linking", "ABC"), ("intake", "ABC" * 20)):
        for at, lead in enumerate(leads):
            who = f"{phase} {at}"
            team = "D" if is_deputy_told and phase != "intake" and lead in "AB" else None
            rows.append((who, who, lead, None, team, phase, "self", "case_management"))
    return open_cases(columns(rows, 8), QUARTER)


def told(subject: Subject, further: Further) -> Beside | None:
    figures = Figures((), Size(1000, 0), (), "unknown", {subject.name: further})
    material = Material("x", "KIM-X", "X", QUARTER, None, figures, (), RULES)
    return protect_subject(subject, further, material, [])


def found_by_the_deputy(protected: Beside | None) -> list[str]:
    """Return who confines a hidden cell by the cases of a deputy and what is shown."""
    assert protected is not None
    known = [each for each in cases(is_deputy_told=True).units if each.institution == "D"]
    assert len(known) == 4
    dimensions = [each.dimension for each in protected.every.values()]
    found = attack(protected.shown, dimensions, k=5, k_sensitive=10, k_insider=3, own={"D": known})
    return [each.attacker for each in found if each.attacker == "D"]


def test_deputy_would_read_a_hidden_case_of_somebody_else_if_not_held_off() -> None:
    assert found_by_the_deputy(told(OPEN_CASES, cases(is_deputy_told=False)))
    assert not found_by_the_deputy(told(OPEN_CASES, cases(is_deputy_told=True)))


def test_case_with_a_team_is_of_one_contributor() -> None:
    """Twelve cases of one lead with three deputies are known to one, and are not told as if to three."""
    rows = [
        (f"p{at}", f"h{at}", "A", None, f"D{at % 3}", "monitoring", "self", "case_management")
        for at in range(12)
    ]
    rows += [
        (f"q{at}", f"q{at}", f"D{at % 3}", None, None, "intake", "self", "case_management")
        for at in range(90)
    ]
    further = open_cases(columns(rows, 8), QUARTER)
    assert {each.contributor for each in further.units if each.codes["phase"] == "monitoring"} == {"A"}
    protected = told(OPEN_CASES, further)
    assert protected is not None
    values = {cell.codes[0]: cell.units.value for cell in protected.shown[0].cells}
    assert values["monitoring"] is None
    as_if = [
        Unit(each.person, each.household, each.institution or each.contributor, None, each.codes)
        for each in further.units
    ]
    wrong = told(OPEN_CASES, Further(tuple(as_if), further.tables))
    assert wrong is not None
    assert {cell.codes[0]: cell.units.value for cell in wrong.shown[0].cells}["monitoring"] == 12


def test_deputy_reads_no_single_case_of_somebody_else_from_what_is_published() -> None:
    """Nine cases are of three leads, eight of them of two who share a deputy."""
    rows: list[tuple[object, ...]] = []
    for phase, leads in (("monitoring", "AAAABBBBC"), ("linking", "ABC" * 20)):
        for at, lead in enumerate(leads):
            who = f"{phase} {at}"
            rows.append((who, who, lead, None, None, phase, "self", "case_management"))
    with_deputy = [(*row[:4], "D" if at < 8 else None, *row[5:]) for at, row in enumerate(rows)]
    for given, value in ((rows, 9), (with_deputy, None)):
        protected = told(OPEN_CASES, open_cases(columns(given, 8), QUARTER))
        assert protected is not None
        values = {cell.codes[0]: cell.units.value for cell in protected.shown[0].cells}
        assert values["monitoring"] == value


@pytest.fixture
def work(world: World) -> Casework:
    """Rows of the world's area."""
    return Casework(world)


def moment(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=12)


async def assign(world: World, case: UUID, kind: str, since: str, until: str | None = None) -> UUID:
    """Let somebody have been something of a case; return who."""
    user = uuid4()
    row = {
        "user_id": user, "client_id": uuid4(), "case_id": case, "unit_id": uuid4(), "kind": kind,
        "active_from": moment(since), "active_until": until and moment(until), "created_by": user,
        "reason": "a reason to look" if kind == "break_glass" else None,
    }  # fmt: skip
    await add(world, "assignments", [row])
    return user


async def knowers(world: World, reporting: Database, subject: Subject) -> Counter[str | None]:
    """Return how often who knows beside the lead."""
    async with reporting.transaction(System(world.area)) as db:
        units = (await subject.read(await db.driver(), QUARTER)).units
    return Counter(each.institution for each in units)


async def of_a_day(work: Casework) -> UUID:
    case = work.case()
    work.waits(case)
    await work.lay()
    return case


async def of_a_quarter(work: Casework) -> UUID:
    case = work.case(None, ("intake", date(2025, 4, 1)), ("closed", date(2025, 9, 1)), reason="other")
    work.change(case, "ASYLBLG", "SGB_II", 3)
    await work.lay()
    return case


async def of_a_person(work: Casework) -> UUID:
    laid: list[Laid] = await lay_clients(work.world, 1)
    await add(work.world, "contacts", [contact(laid[0], "2025-08-04", "ara")])
    await add(work.world, "goals", [goal(laid[0], "housing", "reached", "2025-08-04")])
    for day in ("2025-02-03", "2025-08-04"):
        await assess(work.world, laid, day, {"housing": 3})
    return laid[0].case


Laying = Callable[[Casework], Any]
READ: dict[str, tuple[Subject, Laying]] = {
    "open_cases": (OPEN_CASES, of_a_day),
    "school_waiting": (SCHOOL_WAITING, of_a_day),
    "closed_cases": (CLOSED_CASES, of_a_quarter),
    "domain_changes": (DOMAIN_CHANGES, of_a_quarter),
    "active_clients": (ACTIVE_CLIENTS, of_a_person),
    "interpreting": (INTERPRETING, of_a_person),
    "goals": (GOALS, of_a_person),
    "life_domains": (LIFE_DOMAINS, of_a_person),
}


@pytest.mark.parametrize("kind", ["lead", "member", "deputy"])
@pytest.mark.parametrize("name", READ)
async def test_who_had_a_case_of_others_at_the_time_knows_too(
    work: Casework, reporting_database: Database, name: str, kind: str
) -> None:
    subject, lay = READ[name]
    case = await lay(work)
    assert await knowers(work.world, reporting_database, subject) == {None: 1}
    until = "2025-10-20" if kind == "lead" else None
    user = await assign(work.world, case, kind, "2025-09-20", until)
    assert await knowers(work.world, reporting_database, subject) == {str(user): 1}


@pytest.mark.parametrize("name", READ)
async def test_who_had_it_before_or_after_or_broke_the_glass_is_no_part_of_the_team(
    work: Casework, reporting_database: Database, name: str
) -> None:
    subject, lay = READ[name]
    case = await lay(work)
    await assign(work.world, case, "member", "2025-01-01", "2025-06-30")
    await assign(work.world, case, "deputy", "2025-10-01", "2025-10-09")
    await assign(work.world, case, "break_glass", "2025-09-30")
    assert await knowers(work.world, reporting_database, subject) == {None: 1}


async def test_deputy_of_the_summer_knew_what_was_of_the_quarter_and_not_of_its_last_day(
    work: Casework, reporting_database: Database
) -> None:
    for lay in (of_a_day, of_a_quarter):
        await assign(work.world, await lay(work), "deputy", "2025-08-01", "2025-08-20")
    assert await knowers(work.world, reporting_database, OPEN_CASES) == {None: 1}
    assert None not in await knowers(work.world, reporting_database, CLOSED_CASES)
