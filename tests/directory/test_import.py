"""A sheet of institutions: every bad line is named, nothing half taken."""

import httpx
import pytest

from app.access.roles import Role
from app.directory.sheet import LINES_AT_MOST, read_sheet
from tests.refusals import places
from tests.world import Person, World

GOOD = """name;institution_type;municipality;languages
Jobcenter Moers;jobcenter;05170024;deu ara
Schule am Park;schule;05170024;

VHS Moers;vhs;;deu
"""
BAD = (
    GOOD + "Burg;castle;05170024;\nSchule am Park;schule;;\n;schule;;\nHafen;schule;5170;xxx\nShort;schule\n"
)


async def send(person: Person, text: str, **query: str) -> httpx.Response:
    headers = {"Content-Type": "text/csv; charset=utf-8"}
    return await person.http.post(
        "/v1/institutions/import", content=text.encode(), headers=headers, params=query
    )


async def names(person: Person) -> list[str]:
    return [each["name"] for each in (await person.get("/v1/institutions")).json()["items"]]


async def test_good_sheet_is_taken_and_taken_again_changes_nothing(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    first, again = await send(coordinator, GOOD), await send(coordinator, GOOD)
    assert first.json() == {"created": 3, "changed": 0, "unchanged": 0, "faults": []}
    assert again.json() == {"created": 0, "changed": 0, "unchanged": 3, "faults": []}
    assert await names(coordinator) == ["Jobcenter Moers", "Schule am Park", "VHS Moers"]


async def test_sheet_changes_by_name(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    await send(coordinator, GOOD)
    report = await coordinator.post("/v1/institutions/import", {"csv": GOOD.replace("deu ara", "deu")})
    assert report.json() == {"created": 0, "changed": 1, "unchanged": 2, "faults": []}
    listed = (await coordinator.get("/v1/institutions", institution_type="jobcenter")).json()["items"]
    assert (listed[0]["languages"], listed[0]["version"]) == (["deu"], 2)


async def test_one_bad_line_and_nothing_is_taken(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    report = (await send(coordinator, BAD)).json()
    assert (report["created"], await names(coordinator)) == (0, [])
    assert [(fault["line"], fault["field"], fault["kind"]) for fault in report["faults"]] == [
        (6, "institution_type", "unknown_code"),
        (7, "name", "twice"),
        (8, "name", "missing"),
        (9, "municipality", "string_pattern_mismatch"),
        (10, "line", "columns_differ"),
    ]
    assert "Burg" not in str(report)


async def test_good_lines_are_taken_when_asked_for(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    report = (await send(coordinator, BAD, take_good_lines="true")).json()
    assert (report["created"], len(report["faults"])) == (3, 5)
    assert len(await names(coordinator)) == 3


async def test_assistant_may_import_and_a_case_manager_may_not(world: World) -> None:
    assert (await send(await world.person(Role.ASSISTANT), GOOD)).status_code == 200
    assert (await send(await world.case_manager(), GOOD)).status_code == 403


async def test_what_is_no_sheet_is_refused_without_an_echo(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    unknown = await coordinator.post("/v1/institutions/import", {"csv": GOOD, "Amina": 1})
    none = await coordinator.http.post("/v1/institutions/import", content=b"{")
    latin = await coordinator.http.post(
        "/v1/institutions/import", content=b"name\nB\xfcro", headers={"Content-Type": "text/csv"}
    )
    assert (unknown.status_code, none.status_code, latin.status_code) == (422, 422, 422)
    assert "Amina" not in unknown.text
    assert places(latin) == [{"place": "body", "kind": "not_utf8"}]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [(1, "name", "column_missing"), (1, "institution_type", "column_missing")]),
        ("name,kind", [(1, "institution_type", "column_missing"), (1, "column 2", "column_unknown")]),
        ("name,institution_type,name", [(1, "name", "column_twice")]),
        ('name,institution_type\n"a"b,schule', [(2, "line", "not_csv")]),
        ("name,institution_type,languages\nA,schule,deu xxx", [(2, "languages", "unknown_code")]),
        ("name,institution_type,email\nA,schule,nobody", [(2, "email", "email_invalid")]),
    ],
)
def test_every_fault_names_line_field_and_kind(text: str, faults: list[tuple[int, str, str]]) -> None:
    sheet = read_sheet(text)
    assert [(each.line, each.field, each.kind) for each in sheet.faults] == faults
    assert sheet.institutions == ()


def test_byte_order_mark_of_a_spreadsheet_is_no_part_of_the_first_column() -> None:
    assert read_sheet("\ufeff" + GOOD).faults == ()


def test_sheet_without_end_is_cut_off() -> None:
    text = "name,institution_type\n" + "".join(
        f"School {number},schule\n" for number in range(LINES_AT_MOST + 2)
    )
    sheet = read_sheet(text)
    assert len(sheet.institutions) == LINES_AT_MOST
    assert [each.kind for each in sheet.faults] == ["too_many_lines"]
