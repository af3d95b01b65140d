"""What the reporting role reads of persons: codes of the day, and nobody who is hidden or only kept."""

from datetime import date
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from app.kit.database import System
from app.reporting.rules import Quarter
from app.reporting.subjects import active_clients, interpreting, life_domains
from app.reporting.subjects.subject import Further
from tests.reporting.arrange import Office
from tests.reporting.laid import Laid, add, assess, change, contact, goal, history, lay_clients
from tests.state_exports.arrange import planted

QUARTER = Quarter.parse("2025Q3")
FUNCTIONS = ("active_client_figures", "interpreted_contact_figures", "goal_figures", "life_domain_figures")


async def read(office: Office, reader: Any) -> Further:
    async with office.reporting.transaction(System(office.world.area)) as db:
        return Further(*_parts(await reader(await db.driver(), QUARTER)))


def _parts(further: Further) -> tuple[Any, Any]:
    return further.units, further.tables


async def counted(office: Office, function: str) -> set[str]:
    async with office.reporting.transaction(System(office.world.area)) as db:
        driver = await db.driver()
        rows = await driver.fetch(
            f"SELECT person_key FROM {function}($1, $2)", QUARTER.first_day, QUARTER.last_day
        )
    return {str(row[0]) for row in rows}


async def everything(office: Office, number: int = 1) -> list[Laid]:
    """Lay clients who are counted by each of the subjects."""
    laid = await lay_clients(office.world, number)
    await add(office.world, "contacts", [contact(each, "2025-08-04", "ara") for each in laid])
    await add(office.world, "goals", [goal(each, "housing", "reached", "2025-08-04") for each in laid])
    await assess(office.world, laid, "2025-02-03", {"housing": 1})
    await assess(office.world, laid, "2025-08-04", {"housing": 4})
    return laid


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    "hidden",
    [
        "UPDATE clients SET is_restricted = true WHERE id = $1",
        "UPDATE clients SET processing_restricted_at = now() WHERE id = $1",
        "UPDATE cases SET is_restricted = true WHERE client_id = $1",
    ],
)
async def test_who_is_hidden_or_only_kept_is_in_no_figure(office: Office, function: str, hidden: str) -> None:
    kept, other = await everything(office, 2)
    assert await counted(office, function) == {str(kept.pseudonym), str(other.pseudonym)}
    await change(office.world.admin, hidden, kept.client)
    assert await counted(office, function) == {str(other.pseudonym)}


@pytest.mark.parametrize("function", FUNCTIONS)
async def test_other_area_is_not_counted(office: Office, function: str) -> None:
    (laid,) = await everything(office)
    await change(
        office.world.admin, "UPDATE cases SET municipal_area_id = 'KIM-OTHER' WHERE id = $1", laid.case
    )
    assert await counted(office, function) == set()


async def test_reporting_reads_no_table_of_persons(office: Office) -> None:
    tables = ("clients", "cases", "contacts", "goals", "assessments", "language_levels")
    for table in tables:
        async with office.reporting.transaction(System(office.world.area)) as db:
            driver = await db.driver()
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await driver.fetch(f"SELECT 1 FROM {table}")


async def test_client_is_active_from_the_opening_to_the_closing_of_a_case(office: Office) -> None:
    world = office.world
    (early,) = await lay_clients(world, 1)
    (late,) = await lay_clients(world, 1, opened_on=date(2025, 10, 1))
    (gone,) = await lay_clients(world, 1)
    (last_days,) = await lay_clients(world, 1, opened_on=date(2025, 9, 30))
    close = "UPDATE cases SET phase = 'closed', closed_on = $2 WHERE id = $1"
    await change(world.admin, close, gone.case, date(2025, 6, 30))
    await change(world.admin, close, early.case, date(2025, 7, 1))
    found = await counted(office, "active_client_figures")
    assert found == {str(early.pseudonym), str(last_days.pseudonym)}
    assert str(late.pseudonym) not in found


async def test_client_with_two_cases_counts_once(office: Office) -> None:
    world = office.world
    one, other = await lay_clients(world, 2)
    await change(world.admin, "UPDATE cases SET client_id = $1 WHERE id = $2", one.client, other.case)
    further = await read(office, active_clients.read)
    assert [unit.person for unit in further.units] == [str(one.pseudonym)]


async def test_attributes_are_those_of_the_last_day(office: Office) -> None:
    world = office.world
    (laid,) = await lay_clients(world, 1, birth_date=date(1998, 10, 1))
    await add(
        world,
        "client_nationalities",
        [{"client_id": laid.client, "nationality": "475", "position": 0}],
    )
    await add(
        world,
        "residence_documents",
        [history(laid, "2025-03-03", strand="title", residence_status="AE-22.1")],
    )
    await add(
        world,
        "language_levels",
        [
            {**history(laid, "2025-03-03", language="deu", overall="A1"), "valid": _between("2025-03-03")},
            history(laid, "2025-09-01", language="deu", overall="B1"),
            history(laid, "2025-03-03", language="eng", overall="C2"),
        ],
    )
    (unit,) = (await read(office, active_clients.read)).units
    assert unit.codes == {
        "clients": "active", "residence": "ae_humanitaer", "nationality": "syria", "age": "18-26",
        "sex": "w", "german": "b1_risen", "quarter": "2025Q3",
    }  # fmt: skip
    assert (unit.household, unit.contributor) == (str(laid.household), str(laid.lead))


def _between(since: str) -> asyncpg.Range:
    return asyncpg.Range(date.fromisoformat(since), date(2025, 9, 1))


async def test_entry_that_is_only_kept_is_told_as_not_known(office: Office) -> None:
    world = office.world
    (laid,) = await lay_clients(world, 1)
    await add(
        world,
        "residence_documents",
        [history(laid, "2025-03-03", strand="title", residence_status="AE-22.1")],
    )
    await add(world, "language_levels", [history(laid, "2025-03-03", language="deu", overall="B1")])
    for table, entry in (("residence_documents", "residence-documents"), ("language_levels", "languages")):
        entry_id = await world.admin.fetchval(f"SELECT id FROM {table} WHERE client_id = $1", laid.client)
        await add(
            world,
            "processing_restrictions",
            [
                {
                    "client_id": laid.client,
                    "entry": entry,
                    "entry_id": entry_id,
                    "ground": "accuracy_contested",
                    "restricted_at": date(2025, 5, 1),
                    "recorded_by": laid.lead,
                }
            ],
        )
    (unit,) = (await read(office, active_clients.read)).units
    assert (unit.codes["residence"], unit.codes["german"]) == ("keine_angabe", "german_unknown")


async def test_nothing_is_known_of_a_person_without_entries(office: Office) -> None:
    await lay_clients(office.world, 1, birth_date=None, birth_precision="unknown", sex="d")
    (unit,) = (await read(office, active_clients.read)).units
    assert [unit.codes[each] for each in ("residence", "nationality", "age", "sex", "german")] == [
        "keine_angabe", "stateless_unclear", "not_stated", "other", "german_unknown",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("born", "precision", "age"),
    [
        (date(2007, 1, 1), "year", "16-17"), (date(2007, 1, 1), "day", "18-26"),
        (date(2007, 9, 1), "month", "18-26"), (date(2007, 10, 1), "month", "16-17"),
        (date(2006, 1, 1), "year", "18-26"), (date(2025, 1, 1), "year", "0-5"),
        (date(2026, 1, 1), "year", "not_stated"), (None, "unknown", "not_stated"),
    ],
)  # fmt: skip
async def test_who_can_still_be_a_minor_is_one(
    office: Office, born: date | None, precision: str, age: str
) -> None:
    await lay_clients(office.world, 1, birth_date=born, birth_precision=precision)
    (unit,) = (await read(office, active_clients.read)).units
    assert unit.codes["age"] == age


async def test_minor_would_be_an_adult_if_a_year_of_birth_began_with_its_first_day(office: Office) -> None:
    await lay_clients(office.world, 1, birth_date=date(2007, 1, 1), birth_precision="year")
    async with planted(office.world, "age_at_least", "'year'::text", "'never'::text"):
        (unit,) = (await read(office, active_clients.read)).units
    assert unit.codes["age"] == "18-26"


async def test_interpreted_contacts_of_the_quarter_count_once_a_language(office: Office) -> None:
    world = office.world
    (laid,) = await lay_clients(world, 1)
    await add(
        world,
        "contacts",
        [
            contact(laid, "2025-07-01", "ara"),
            contact(laid, "2025-09-30", "apc", "relative"),
            contact(laid, "2025-08-04", "rus", "none"),
            contact(laid, "2025-06-30", "tur"),
            contact(laid, "2025-10-01", "tur"),
        ],
    )
    corrected = contact(laid, "2025-08-04", "tir")
    await add(world, "contacts", [{**corrected, "corrected_by_id": uuid4()}])
    (unit,) = (await read(office, interpreting.read)).units
    assert {name: unit.codes[name] for name in ("language", "interpreter", "often")} == {
        "language": "arabic",
        "interpreter": "relative",
        "often": "up_to_3",
    }


async def test_goals_count_when_they_are_evaluated(office: Office) -> None:
    world = office.world
    (laid,) = await lay_clients(world, 1)
    await add(
        world,
        "goals",
        [
            goal(laid, "housing", "reached", "2025-07-01"),
            goal(laid, "housing", "reached", "2025-09-30"),
            goal(laid, "housing", "dropped", "2025-08-04"),
            goal(laid, "work", "reached", "2025-10-01"),
            goal(laid, "debts", None, None),
        ],
    )
    further = await read(office, life_domains.read_goals)
    assert sorted((unit.codes["life_domain"], unit.codes["attainment"]) for unit in further.units) == [
        ("housing", "dropped"),
        ("housing", "reached"),
    ]


async def test_course_is_from_the_first_to_the_latest_assessment_of_the_case(office: Office) -> None:
    world = office.world
    laid, once = await lay_clients(world, 2)
    await assess(world, [laid], "2025-02-03", {"housing": 1, "work": 2, "health": None})
    await assess(world, [laid], "2025-05-05", {"housing": 5})
    await assess(world, [laid], "2025-08-04", {"housing": 3, "debts": 2, "health": 4})
    await assess(world, [laid], "2025-11-03", {"housing": 5, "work": 5})
    await assess(world, [once], "2025-08-04", {"housing": 3})
    further = await read(office, life_domains.read_courses)
    assert [(unit.person, unit.codes["life_domain"], unit.codes["course"]) for unit in further.units] == [
        (str(laid.pseudonym), "housing", "hard_to_middling")
    ]


async def test_subject_without_persons_has_no_table(office: Office) -> None:
    readers = (
        active_clients.read, interpreting.read, life_domains.read_goals, life_domains.read_courses
    )  # fmt: skip
    for reader in readers:
        further = await read(office, reader)
        assert (len(further.units), further.tables) == (0, ())
