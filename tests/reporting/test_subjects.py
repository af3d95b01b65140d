"""What a release counts beside barriers: protected by its own margins, no cell confined by an attacker."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from app.access.roles import Role
from app.protection import Rule, Rules, Status, Unit, attack, draft
from app.reporting import beside
from app.reporting.beside import Beside, protect_subject
from app.reporting.figures import Figures
from app.reporting.further import Further, authority_units
from app.reporting.last_check import best_informed
from app.reporting.material import Material
from app.reporting.rules import Quarter, Scope, Size
from app.reporting.subjects import (
    AUTHORITY_FIGURES,
    SCHOOL_WAITING,
    SUBJECTS,
    foreign_groups,
    is_beside,
    stricter,
)
from tests.reporting.arrange import Office, insert
from tests.reporting.arrange import figures as fill

QUARTER = "2025Q3"
RULES = Rules(effort=50)
OF_AUTHORITIES, OF_SCHOOLS = (next(each for each in SUBJECTS if each.name == name)
                              for name in (AUTHORITY_FIGURES, SCHOOL_WAITING))  # fmt: skip
SMALL = {"ukraine": 3, "syria": 41, "turkey": 1, "iraq": 12, "africa": 25, "other": 30, "eu": 60}


def material(further: Mapping[str, Further], rules: Rules = RULES) -> Material:
    figures = Figures((), Size(500, 200), (), "unknown", further)
    return Material(str(uuid4()), "KIM-X", "X", Quarter.parse(QUARTER), None, figures, (), rules)


def told(entered: Sequence[tuple[str, str, Mapping[str, int]]]) -> Beside | None:
    further = authority_units(entered, QUARTER)
    return protect_subject(OF_AUTHORITIES, further, material({AUTHORITY_FIGURES: further}), [])


def shown(of: Beside, table: int = 0) -> dict[str, int | None]:
    return {cell.codes[0]: cell.units.value for cell in of.shown[table].cells}


def children(number: int, seed: int = 1) -> Further:
    """Return children of several households and case managers who wait."""
    chance = random.Random(seed)
    units = [
        Unit(f"p{each}", f"h{each // 2}", f"cm{chance.randrange(8)}", None, {
            "school": "waiting", "stage": chance.choice(["primary", "lower_secondary", "upper_secondary"]),
            "band": chance.choice(["up_to_4", "up_to_8", "up_to_12", "up_to_26", "over_26"]),
            "quarter": QUARTER,
        })
        for each in range(number)
    ]  # fmt: skip
    return Further(tuple(units), ("school_waiting",))


def test_small_number_of_an_authority_is_hidden_and_another_for_its_sake() -> None:
    found = told([("a", "naturalisation_granted", SMALL)])
    assert found is not None
    values = shown(found)
    assert values["total"] == sum(SMALL.values())
    assert values["ukraine"] is values["turkey"] is None
    assert values["eu"] == 60
    assert not any(value is not None and 0 < value < 10 for value in values.values())


def test_one_small_number_alone_takes_another_cell_with_it() -> None:
    full = dict.fromkeys(foreign_groups(), 40)
    found = told([("a", "duldung_held", {**full, "turkey": 4})])
    assert found is not None
    hidden = [code for code, value in shown(found).items() if value is None]
    assert "turkey" in hidden
    assert len(hidden) >= 2


@pytest.mark.parametrize("seed", range(8))
def test_attacker_confines_no_figure_of_an_authority(seed: int) -> None:
    chance = random.Random(seed)
    entered = [
        ("a", figure, {group: chance.choice([0, 0, 1, 2, 4, 9, 12, 30, 80]) for group in foreign_groups()})
        for figure in ("naturalisation_applied", "naturalisation_granted", "duldung_held")
    ]
    found = told(entered)
    assert found is not None
    dimensions = [each.dimension for each in found.every.values()]
    own = best_informed(authority_units(entered, QUARTER).units, 5)
    assert attack(found.shown, dimensions, k=10, k_sensitive=10, k_insider=3, own=own) == []


@pytest.mark.parametrize("seed", range(6))
def test_attacker_confines_no_child_that_waits(seed: int) -> None:
    further = children(150, seed)
    found = protect_subject(OF_SCHOOLS, further, material({SCHOOL_WAITING: further}), [])
    assert found is not None
    dimensions = [each.dimension for each in found.every.values()]
    own = best_informed(further.units, 8)
    assert attack(found.shown, dimensions, k=10, k_sensitive=10, k_insider=3, own=own) == []
    told_values = [cell.units.value for cell in found.shown[0].cells if cell.units.value is not None]
    assert max(told_values) == 150
    assert not any(0 < value < 10 for value in told_values)


def test_attack_finds_what_is_not_hidden_for_another_sake() -> None:
    further = authority_units(
        [("a", "duldung_held", {**dict.fromkeys(foreign_groups(), 40), "turkey": 4})], QUARTER
    )
    every = OF_AUTHORITIES.classes(Quarter.parse(QUARTER))
    dimensions = [each.dimension for each in every.values()]
    specs = [
        each.spec(Quarter.parse(QUARTER), Scope.QUARTER)
        for each in OF_AUTHORITIES.tables
        if "duldung" in each.name
    ]
    weak = replace(stricter(RULES), off=frozenset({Rule.COMPLEMENTARY}))
    unprotected = draft(further.units, dimensions, specs, weak)
    found = attack(unprotected.tables, dimensions, k=10, k_sensitive=10, k_insider=3)
    assert [dict(each.key).get("nationality") for each in found] == ["turkey"]


def test_subject_that_can_be_attacked_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(units, dimensions, specs, rules, known):  # type: ignore[no-untyped-def]
        return draft(units, dimensions, specs, replace(rules, off=frozenset({Rule.COMPLEMENTARY})), known)

    full = {**dict.fromkeys(foreign_groups(), 40), "turkey": 4}
    assert told([("a", "duldung_held", full)]) is not None
    monkeypatch.setattr(beside, "protect", careless)
    assert told([("a", "duldung_held", full)]) is None


def test_lower_threshold_would_tell_what_may_be_one_family(monkeypatch: pytest.MonkeyPatch) -> None:
    entered = [("a", "naturalisation_granted", {**dict.fromkeys(foreign_groups(), 40), "iran": 7})]
    kept = told(entered)
    assert kept is not None
    assert shown(kept)["iran"] is None
    monkeypatch.setattr(beside, "stricter", lambda rules: rules)
    loose = told(entered)
    assert loose is not None
    assert shown(loose)["iran"] == 7


def test_two_authorities_read_nothing_of_each_other_from_the_sum() -> None:
    found = told([("a", "duldung_held", SMALL), ("b", "duldung_held", SMALL)])
    assert found is not None
    assert [value for value in shown(found).values() if value] == []


def test_three_authorities_are_told_together_with_something_left_without_any_one() -> None:
    found = told(
        [(name, "duldung_held", {"syria": 40, "eu": 2 + 9 * place}) for place, name in enumerate("abc")]
    )
    assert found is not None
    assert shown(found)["syria"] in (None, 120)
    most = told(
        [
            ("a", "duldung_held", {"syria": 118}),
            ("b", "duldung_held", {"syria": 1}),
            ("c", "duldung_held", {"syria": 1}),
        ]
    )
    assert most is not None
    assert shown(most)["syria"] is None


def test_nobody_counted_is_german_so_that_cell_hides_no_other() -> None:
    codes = OF_AUTHORITIES.classes(Quarter.parse(QUARTER))["nationality"].dimension.codes
    assert "german" not in codes


def test_figure_that_nobody_entered_has_no_table() -> None:
    further = authority_units([("a", "duldung_held", SMALL)], QUARTER)
    assert further.tables == ("authority_duldung_held",)


def test_cells_of_subjects_are_never_taken_for_barrier_cases() -> None:
    found = told([("a", "duldung_held", SMALL)])
    assert found is not None
    assert all(is_beside(cell.key) for table in found.shown for cell in table.cells)
    assert not is_beside((("quarter", QUARTER),))
    assert not is_beside((("barrier", "C"), ("nationality", "syria"), ("quarter", QUARTER)))


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
    waiting = await office.table(release_id, "school_waiting")
    total = next(each for each in waiting["cells"] if each["codes"] == ["total", "total"])
    assert (total["status"], total["value"]) == ("published", 60)
    content = (await office.first.get(f"/v1/releases/{release_id}")).json()["content"]
    assert content["proof"]["holds"]
    assert {"authority_naturalisation_granted", "school_waiting"} <= {
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


async def waiting_children(world, number: int) -> None:  # type: ignore[no-untyped-def]
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
    async with office.reporting.transaction(_system(world.area)) as db:
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


def _system(area: str):  # type: ignore[no-untyped-def]
    from app.kit.database import System

    return System(area)


def test_status_of_a_hidden_cell_never_says_why() -> None:
    found = told([("a", "naturalisation_granted", SMALL)])
    assert found is not None
    assert {cell.units.status for table in found.shown for cell in table.cells} <= set(Status)
