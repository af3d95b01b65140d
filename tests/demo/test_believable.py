"""An expert of the field believes the demonstration's data: no rule finds a contradiction, and all can."""

import json
from collections import Counter

import asyncpg
import pytest

from app.catalogues.check import vocabulary
from app.organisations.models import STATE_AREA
from tests.demo.conftest import DAY
from tests.demo.plausibility import PERSONS, Rule
from tests.demo.plausibility_of_cases import CASES
from tests.demo.plausibility_of_more import MORE

RULES = pytest.mark.parametrize(
    "rule", [*PERSONS, *CASES, *MORE], ids=lambda rule: rule.says.replace(" ", "_")
)

_BY_CASE = "SELECT count(*) FROM {} x JOIN cases k ON k.id = x.case_id WHERE k.lead_user_id = $1"
_BY_CLIENT = """SELECT count(*) FROM {} x JOIN assignments a ON a.client_id = x.client_id
    WHERE a.kind = 'registrar' AND a.user_id = $1"""


async def contradictions(demo: asyncpg.Connection, rule: Rule) -> list[asyncpg.Record]:
    return list(await demo.fetch(dated(rule.finds)))


def dated(statement: str) -> str:
    return statement.replace("DAY", f"DATE '{DAY}'")


@RULES
async def test_rule_finds_no_contradiction(demo: asyncpg.Connection, rule: Rule) -> None:
    assert await contradictions(demo, rule) == []


@RULES
async def test_rule_catches_a_planted_contradiction(demo: asyncpg.Connection, rule: Rule) -> None:
    planted = demo.transaction()
    await planted.start()
    try:
        await demo.execute("SET LOCAL session_replication_role = replica")
        assert await demo.execute(dated(rule.plant)) not in {"UPDATE 0", "DELETE 0"}
        assert await contradictions(demo, rule)
    finally:
        await planted.rollback()


async def test_households_are_of_every_kind(demo: asyncpg.Connection) -> None:
    found = {row[0] for row in await demo.fetch("SELECT DISTINCT household_type FROM clients")}
    assert found == {"single", "couple", "single_parent", "family", "shared_flat", "accommodation"}


async def test_a_few_persons_are_restricted_in_each_area(demo: asyncpg.Connection) -> None:
    rows = await demo.fetch("""SELECT municipal_area_id, count(*) FILTER (WHERE is_restricted) AS some,
        count(*) AS everybody FROM clients GROUP BY 1""")
    assert len(rows) == 2
    assert all(2 <= row["some"] <= row["everybody"] // 20 for row in rows)


async def test_residents_are_of_every_group_and_grown_up(demo: asyncpg.Connection) -> None:
    for row in await demo.fetch("SELECT figures::text FROM populations"):
        lines = json.loads(row["figures"])
        assert {group for _, group, _, _ in lines} == set(vocabulary("nationality_group"))
        ages = Counter(dict.fromkeys(vocabulary("age_band"), 0))
        for _, _, age, persons in lines:
            ages[age] += persons
        assert min(ages.values()) > 0
        assert ages["40-54"] > 5 * ages["16-17"]


async def test_notes_and_times_vary(demo: asyncpg.Connection) -> None:
    row = await demo.fetchrow("""SELECT count(*) AS contacts, count(DISTINCT note) AS notes,
        count(DISTINCT happened_at::time) AS times FROM contacts""")
    assert row["notes"] > 0.8 * row["contacts"]
    assert row["times"] > 60


async def test_staff_is_that_of_both_areas(demo: asyncpg.Connection) -> None:
    rows = await demo.fetch(
        """SELECT municipal_area_id, component,
        sum(full_time_equivalents)::float AS positions FROM positions
        WHERE NOT is_assistant AND funded_year = extract(year FROM $1::date) GROUP BY 1, 2""",
        DAY,
    )
    found = {(row[0], row[1]): row[2] for row in rows}
    assert (found["KIM-05170", 1], found["KIM-05170", 2], found["KIM-05914", 2]) == (6.5, 11, 10)
    managers = dict(
        await demo.fetch("""SELECT municipal_area_id, count(*) FROM memberships
        WHERE role = 'case_manager' GROUP BY 1""")
    )
    assert managers == {"KIM-05170": 11, "KIM-05914": 10}


async def test_positions_and_contracts_go_back_as_far_as_reports(demo: asyncpg.Connection) -> None:
    first = await demo.fetchval("SELECT min(year) FROM barrier_figures")
    for table, column in (("positions", "funded_year"), ("cooperation_contracts", "year")):
        assert await demo.fetchval(f"SELECT min({column}) FROM {table}") <= first


async def test_the_land_has_one_account_in_an_area_of_its_own(demo: asyncpg.Connection) -> None:
    rows = await demo.fetch("SELECT municipal_area_id FROM memberships WHERE role = 'state_viewer'")
    assert [row["municipal_area_id"] for row in rows] == [STATE_AREA]
    assert await demo.fetchval("SELECT count(*) FROM users WHERE municipal_area_id = $1", STATE_AREA) == 1


async def test_the_first_case_manager_has_some_of_everything(demo: asyncpg.Connection) -> None:
    first = await demo.fetchval("""SELECT u.id FROM users u JOIN accounts a ON a.id = u.account_id
        WHERE a.email = 'anja.berger@demo.kim.example'""")
    of_clients = ("guardians", "disputes", "processing_restrictions")
    of_cases = (
        "domain_changes", "interpretings", "contact_drafts", "referrals", "conferences", "pathways",
        "school_entries",
    )  # fmt: skip
    found = {
        **{each: await demo.fetchval(_BY_CLIENT.format(each), first) for each in of_clients},
        **{each: await demo.fetchval(_BY_CASE.format(each), first) for each in of_cases},
        "inquiries": await demo.fetchval("SELECT count(*) FROM inquiries WHERE responsible_id = $1", first),
    }
    assert {each for each, number in found.items() if not number} == set()
