"""Subjects beside barriers in a whole release: protected, told, and held in the ledger."""

from datetime import date
from uuid import uuid4

from app.access.roles import Role
from app.kit.database import System
from tests.reporting.arrange import Office, insert
from tests.reporting.arrange import figures as fill
from tests.reporting.laid import change
from tests.state_exports.arrange import planted
from tests.world import World

QUARTER = "2025Q3"
SMALL = {"ukraine": 3, "syria": 41, "turkey": 1, "iraq": 12, "africa": 25, "other": 30, "eu": 60}


async def test_release_tells_figures_of_authorities_and_waiting_children_protected(office: Office) -> None:
    world = office.world
    await fill(world)
    officer = await world.person(Role.AUTHORITY_OFFICER, institution="auslaenderbehoerde")
    body = {
        "quarter": QUARTER,
        "figure": "naturalisation_granted",
        "total": sum(SMALL.values()),
        "groups": SMALL,
    }
    assert (await officer.post("/v1/authority-figures", body)).status_code == 201
    await waiting_children(world, 60)
    release_id = await office.published()
    table = await office.table(release_id, "authority_naturalisation_granted", office.second)
    cells = {each["codes"][0]: (each["status"], each["value"]) for each in table["cells"]}
    assert cells["total"] == ("published", sum(SMALL.values()))
    assert cells["turkey"] == ("suppressed", None)
    assert (table["unit"], table["thresholds"]["k"]) == ("Persons", 10)
    waiting = await office.table(release_id, "school_waiting_by_stage")
    total = next(each for each in waiting["cells"] if each["codes"] == ["total"])
    assert (total["status"], total["value"]) == ("published", 60)
    content = (await office.first.get(f"/v1/releases/{release_id}")).json()["content"]
    assert content["proof"]["holds"]
    assert {"authority_naturalisation_granted", "school_waiting_by_time"} <= {
        each["name"] for each in content["tables"]
    }
    ledger = await world.admin.fetch(
        "SELECT key, value FROM ledger WHERE municipal_area_id = $1 AND key LIKE '%figure=%'", world.area
    )
    assert {row["value"] for row in ledger if "nationality=turkey" in row["key"]} == {None}


async def test_next_quarter_is_released_beside_what_subjects_told_before(office: Office) -> None:
    world = office.world
    people = await fill(world, "2025Q1")
    officer = await world.person(Role.AUTHORITY_OFFICER, institution="auslaenderbehoerde")
    for quarter in ("2025Q1", "2025Q2"):
        body = {"quarter": quarter, "figure": "duldung_held", "total": sum(SMALL.values()), "groups": SMALL}
        assert (await officer.post("/v1/authority-figures", body)).status_code == 201
    await office.published("2025Q1")
    await fill(world, "2025Q2", population=people)
    second = await office.published("2025Q2")
    table = await office.table(second, "authority_duldung_held")
    assert table["quarter"] == "2025Q2"


async def waiting_children(world: World, number: int) -> None:
    """Lay children of many households who wait, led by five case managers."""
    unit = await world.unit()
    leads = [uuid4() for _ in range(5)]
    clients, cases, entries = [], [], []
    for each in range(number):
        client, case, lead = uuid4(), uuid4(), leads[each % 5]
        clients.append(
            {
                "municipal_area_id": world.area,
                "id": client,
                "pseudonym": uuid4(),
                "unit_id": unit,
                "created_by": lead,
                "given_name": "K",
                "family_name": "K",
                "birth_precision": "unknown",
                "sort_key": "k",
                "name_forms": ["k"],
                "name_keys": ["k"],
                "household_key": uuid4(),
            }
        )
        cases.append(
            {
                "municipal_area_id": world.area,
                "id": case,
                "client_id": client,
                "unit_id": unit,
                "number": str(each),
                "kind": "counselling",
                "phase": "intake",
                "lead_user_id": lead,
                "opened_on": date(2025, 1, 7),
            }
        )
        entries.append(
            {
                "municipal_area_id": world.area,
                "id": uuid4(),
                "case_id": case,
                "stage": "primary",
                "state": "registered",
                "registered_on": date(2025, 8, 4),
                "waiting_since": date(2025, 8, 4),
                "created_by": lead,
            }
        )
    for table, rows in (("clients", clients), ("cases", cases), ("school_entries", entries)):
        await insert(world.admin, table, rows)


async def test_restricted_child_and_one_with_a_first_day_are_in_no_figure(office: Office) -> None:
    world = office.world
    await waiting_children(world, 4)
    async with office.reporting.transaction(System(world.area)) as db:
        driver = await db.driver()
        count = "SELECT count(*) FROM school_waiting_figures('2025-09-30')"
        assert await driver.fetchval(count) == 4
        ids = [row[0] for row in await world.admin.fetch(
            "SELECT client_id FROM cases WHERE municipal_area_id = $1 ORDER BY id", world.area)]  # fmt: skip
        async with world.admin.transaction():
            await world.admin.execute("SET LOCAL session_replication_role = replica")
            await world.admin.execute("UPDATE clients SET is_restricted = true WHERE id = $1", ids[0])
            await world.admin.execute(
                """UPDATE school_entries SET first_day = '2025-09-01', state = 'regular_class'
                WHERE case_id = (SELECT id FROM cases WHERE client_id = $1)""", ids[1]
            )  # fmt: skip
        assert await driver.fetchval(count) == 2
        assert await driver.fetchval("SELECT count(*) FROM school_waiting_figures('2025-08-20')") == 3


async def test_child_of_a_case_that_was_closed_does_not_wait_for_ever(office: Office) -> None:
    """A closing leaves entries open where nobody settles them: the child of a family that moved away."""
    world = office.world
    await waiting_children(world, 3)
    ids = [row[0] for row in await world.admin.fetch(
        "SELECT id FROM cases WHERE municipal_area_id = $1 ORDER BY id", world.area)]  # fmt: skip
    closed = "UPDATE cases SET phase = 'closed', closed_on = $2 WHERE id = $1"
    await change(world.admin, closed, ids[0], date(2025, 9, 30))
    await change(world.admin, closed, ids[1], date(2025, 10, 1))
    assert await waiting(office) == 2
    when = "c.closed_on > school_waiting_figures.p_day"
    async with planted(world, "school_waiting_figures", when, "true"):
        assert await waiting(office) == 3


async def waiting(office: Office) -> int:
    async with office.reporting.transaction(System(office.world.area)) as db:
        driver = await db.driver()
        found: int = await driver.fetchval("SELECT count(*) FROM school_waiting_figures('2025-09-30')")
    return found
