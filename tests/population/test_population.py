"""Official figures of residents: every bad line is named and nothing half taken; source and licence stay."""

from typing import Any

import pytest

from app.access.roles import Role
from app.population.rules import towns_of
from app.population.sheet import LINES_AT_MOST, MOST_PERSONS, read_sheet
from tests.refusals import places
from tests.world import World

HEADER = "municipality;nationality_group;age_band;persons\n"
GOOD = f"{HEADER}05170044;syria;18-26;40\n\n05170044;eu;;3\n"
SAID = {"stated_on": "2025-06-30", "source": "IT.NRW", "licence": "dl-de/by-2-0", "csv": GOOD}
PATH = "/v1/populations"


async def test_sheet_is_taken_and_read_line_by_line(world: World) -> None:
    assistant, steering = await world.person(Role.ASSISTANT), await world.person(Role.STEERING_MEMBER)
    report = (await assistant.post(f"{PATH}/import", SAID)).json()
    assert (report["lines"], report["residents"], report["faults"]) == (2, 43, [])
    read = (await steering.get(f"{PATH}/{report['population_id']}")).json()
    assert (read["source"], read["licence"], read["residents"]) == ("IT.NRW", "dl-de/by-2-0", 43)
    assert read["lines"][1] == {
        "municipality": "05170044", "nationality_group": "eu", "age_band": None, "persons": 3,
    }  # fmt: skip
    listed = (await steering.get(PATH)).json()["items"]
    assert [each["stated_on"] for each in listed] == ["2025-06-30"]
    assert "lines" not in listed[0]


async def test_later_sheet_for_the_same_day_takes_the_place_of_the_first(world: World) -> None:
    assistant = await world.person(Role.ASSISTANT)
    first = (await assistant.post(f"{PATH}/import", SAID)).json()
    again = (await assistant.post(f"{PATH}/import", {**SAID, "csv": GOOD.replace("40", "41")})).json()
    assert again["population_id"] == first["population_id"]
    assert [each["residents"] for each in (await assistant.get(PATH)).json()["items"]] == [44]


async def test_one_bad_line_and_nothing_is_taken(world: World) -> None:
    assistant = await world.person(Role.ASSISTANT)
    bad = f"{GOOD}Hafen;syria;;1\n05170044;moon;;1\n05170044;eu;;9\n05170024;eu;;1.000\n05170024;;old;\n1;2\n"
    report = (await assistant.post(f"{PATH}/import", {**SAID, "csv": bad})).json()
    assert (report["population_id"], report["residents"]) == (None, 0)
    assert [(each["line"], each["field"], each["kind"]) for each in report["faults"]] == [
        (5, "municipality", "unknown_code"),
        (6, "nationality_group", "unknown_code"),
        (7, "nationality_group", "twice"),
        (8, "persons", "not_a_whole_number"),
        (9, "nationality_group", "missing"),
        (9, "persons", "missing"),
        (9, "age_band", "unknown_code"),
        (10, "line", "columns_differ"),
    ]
    assert "Hafen" not in str(report)
    assert (await assistant.get(PATH)).json()["items"] == []


async def test_figures_of_a_day_to_come_are_refused(world: World) -> None:
    assistant = await world.person(Role.ASSISTANT)
    answer = await assistant.post(f"{PATH}/import", {**SAID, "stated_on": "2199-01-01"})
    assert places(answer) == [{"place": "body.stated_on", "kind": "day_to_come"}]


@pytest.mark.parametrize(
    ("role", "reads", "imports"),
    [
        (Role.ASSISTANT, 200, 200),
        (Role.COORDINATOR, 200, 200),
        (Role.STEERING_MEMBER, 200, 403),
        (Role.CASE_MANAGER, 403, 403),
    ],
)
async def test_who_reads_and_who_imports(world: World, role: Role, reads: int, imports: int) -> None:
    person = await world.person(role)
    assert (await person.post(f"{PATH}/import", SAID)).status_code == imports
    assert (await person.get(PATH)).status_code == reads


async def test_neighbour_sees_no_figures_of_the_area(world: World) -> None:
    made = (await (await world.person(Role.ASSISTANT)).post(f"{PATH}/import", SAID)).json()
    stranger = await (await world.neighbour()).person(Role.ASSISTANT)
    assert (await stranger.get(f"{PATH}/{made['population_id']}")).status_code == 404


def faults(text: str, towns: frozenset[str] = towns_of("a trial")) -> list[tuple[int, str, str]]:
    return [(each.line, each.field, each.kind) for each in read_sheet(text, towns).faults]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(1, "municipality", "column_missing"), (1, "nationality_group", "column_missing"),
              (1, "persons", "column_missing")]),
        (HEADER, [(1, "line", "no_lines")]),
        (f"{HEADER}\n;;;\n", [(1, "line", "no_lines")]),
        (HEADER.replace("age_band", "sex"), [(1, "column 3", "column_unknown")]),
        (HEADER.replace("age_band", "persons"), [(1, "persons", "column_twice")]),
        (f'{HEADER}"05170044;eu;;1', [(2, "line", "not_csv")]),
        (f"{HEADER}05170044;eu;;{MOST_PERSONS + 1}\n", [(2, "persons", "too_many")]),
        (f"{HEADER}05170044;eu;;-1\n", [(2, "persons", "not_a_whole_number")]),
        (f"{HEADER}05170044;eu;;٣\n", [(2, "persons", "not_a_whole_number")]),
        (f"{HEADER}05170044;eu;;{'9' * 5000}\n", [(2, "persons", "too_many")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_without_the_value(text: str, found: list[Any]) -> None:
    assert faults(text) == found


def test_town_of_another_area_is_noticed_where_the_catalogue_knows_the_area() -> None:
    text = f"{HEADER}05170044;eu;;1\n05914000;eu;;1\n"
    assert faults(text, towns_of("KIM-05170")) == [(3, "municipality", "not_in_the_area")]
    assert faults(text) == []


def test_lines_have_a_limit() -> None:
    text = HEADER + "x;eu;;1\n" * (LINES_AT_MOST + 5)
    assert len(faults(text)) == LINES_AT_MOST + 1
    assert faults(text)[-1][2] == "too_many_lines"


def test_comma_and_byte_order_mark_are_read() -> None:
    text = "\N{ZERO WIDTH NO-BREAK SPACE}" + GOOD.replace(";", ",")
    assert [line[-1] for line in read_sheet(text, towns_of("a trial")).lines] == [40, 3]
