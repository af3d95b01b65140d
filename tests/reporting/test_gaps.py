"""Gaps: needs against offers, from published figures alone; what is suppressed stays so in every form."""

import csv
import io
from typing import Any

import openpyxl
import pytest

from app.access.roles import Role
from app.reporting.gaps.composing import gaps
from app.reporting.gaps.forms import as_csv, as_grid, on_a_page
from app.reporting.gaps.rules import SAID, Figure, Gap, Offered, added, gap_of, places_per_person
from app.reporting.gaps.schemas import GapLineRead
from tests.reporting.arrange import Office, figures
from tests.reporting.gap_tables import (
    BOTH,
    MOERS,
    NEEDS,
    OFFERS,
    REGIONS,
    TOPICS,
    frozen,
    release,
    with_untold,
)
from tests.reporting.laid import assess, lay_clients
from tests.reporting.offered import offer
from tests.world import Person


def published(value: int) -> Figure:
    return Figure("published" if value else "zero", value)


HIDDEN = Figure("suppressed", None)


@pytest.mark.parametrize(
    ("persons", "offered", "gap"),
    [
        (published(12), Offered(0, 0, is_known=True), Gap.NO_OFFER),
        (published(12), Offered(2, 0, is_known=True), Gap.NO_FREE_PLACE),
        (published(12), Offered(2, 11, is_known=True), Gap.FEWER_PLACES),
        (published(12), Offered(2, 12, is_known=True), Gap.ENOUGH_PLACES),
        (published(12), Offered(2, 12, is_known=False), Gap.ENOUGH_PLACES),
        (published(12), Offered(2, 11, is_known=False), Gap.PLACES_NOT_KNOWN),
        (published(12), Offered(2, 0, is_known=False), Gap.PLACES_NOT_KNOWN),
        (published(12), Offered(2, None, is_known=False), Gap.PLACES_NOT_KNOWN),
        (published(12), None, Gap.OFFERS_NOT_KNOWN),
        (published(0), Offered(0, 0, is_known=True), Gap.NO_NEED),
        (HIDDEN, Offered(0, 0, is_known=True), Gap.NEED_NOT_KNOWN),
        (HIDDEN, Offered(2, 50, is_known=True), Gap.NEED_NOT_KNOWN),
        (HIDDEN, None, Gap.NEED_NOT_KNOWN),
    ],
)
def test_need_and_offer_compare_in_a_word(persons: Figure, offered: Offered | None, gap: Gap) -> None:
    assert gap_of(persons, offered) is gap


@pytest.mark.parametrize(
    ("persons", "offered", "ratio"),
    [
        (published(12), Offered(2, 6, is_known=True), 0.5),
        (published(12), Offered(0, 0, is_known=True), 0.0),
        (published(12), Offered(2, 6, is_known=False), None),
        (published(12), Offered(2, None, is_known=False), None),
        (published(0), Offered(2, 6, is_known=True), None),
        (HIDDEN, Offered(2, 6, is_known=True), None),
        (published(12), None, None),
    ],
)
def test_ratio_is_of_published_figures_and_known_places(
    persons: Figure, offered: Offered | None, ratio: float | None
) -> None:
    assert places_per_person(persons, offered) == ratio


def test_quarters_add_up_where_each_tells_its_part() -> None:
    assert added([published(7), published(5)]) == published(12)
    assert added([published(0), published(0)]) == published(0)
    assert added([published(7), HIDDEN]) == HIDDEN
    assert added([published(7), Figure("not_collected", None)]) == Figure("not_collected", None)


def lines(view: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(line["topic"], line["region"]): line for line in view["lines"]}


def test_each_topic_of_the_area_has_a_line_with_its_gap() -> None:
    found = lines(gaps(release(NEEDS, *OFFERS)))
    gap = {topic: found[topic, "total"]["gap"] for topic in TOPICS}
    assert gap == {
        "housing": "no_offer", "debts": "no_free_place", "language": "fewer_places_than_persons",
        "work": "places_not_known", "health": "need_not_known",
    }  # fmt: skip
    language = found["language", "total"]
    assert (language["persons"]["value"], language["offers"], language["free_places"]) == (20, 3, 9)
    assert (language["offers_with_known_places"], language["places_per_person"]) == (3, 0.45)
    assert found["work", "total"]["places_per_person"] is None
    assert found["total", "total"]["gap"] == "not_compared"
    assert {region for _, region in found} == {"total"}


def test_places_that_no_offer_told_are_not_zero() -> None:
    found = lines(gaps(release(NEEDS, *OFFERS)))
    assert found["debts", "total"]["free_places"] == found["housing", "total"]["free_places"] == 0
    silent = frozen(
        "offers_by_topic",
        {"life_domain": list(TOPICS), "room": ["free", "full", "not_told"]},
        {("debts", "total"): 1, ("debts", "not_told"): 1},
    )
    untold = with_untold(OFFERS[1], ("debts",))
    debts = lines(gaps(release(NEEDS, silent, untold, *OFFERS[2:])))["debts", "total"]
    assert (debts["offers"], debts["free_places"], debts["gap"]) == (1, None, "places_not_known")


def test_region_adds_what_was_told_and_tells_nothing_where_nobody_did() -> None:
    rooms, places, in_towns, free = OFFERS
    some = with_untold(free, ("language", MOERS), ("work", MOERS))
    found = lines(gaps(release(NEEDS, REGIONS, rooms, places, in_towns, some)))
    assert found["language", f"region:{MOERS}"]["free_places"] == 7
    assert found["work", f"region:{MOERS}"]["free_places"] is None
    assert found["work", BOTH]["free_places"] == 0, "where nothing is offered there is no free place"


def test_region_is_compared_with_its_towns_and_what_is_in_no_single_town() -> None:
    found = lines(gaps(release(NEEDS, REGIONS, *OFFERS)))
    moers, other = found["language", f"region:{MOERS}"], found["language", BOTH]
    assert (moers["offers"], moers["offers_in_region"], moers["free_places"]) == (3, 2, 9)
    assert moers["gap"] == "fewer_places_than_persons"
    assert (other["offers"], other["offers_in_region"], other["free_places"]) == (1, 0, 7)
    assert other["gap"] == "places_for_all"
    assert found["work", BOTH]["gap"] == "no_offer"
    assert found["debts", BOTH]["gap"] == "need_not_known"
    assert other["persons_of_year"]["status"] == "not_collected"


def test_region_without_a_town_is_compared_with_all_offers() -> None:
    wide = frozen("needs_by_region", {"region": ["region:area_wide"]}, {("region:area_wide",): 30})
    line = lines(gaps(release(NEEDS, wide, *OFFERS)))["total", "region:area_wide"]
    assert (line["persons"]["value"], line["gap"], line["offers_in_region"]) == (30, "not_compared", None)


def test_year_so_far_is_told_where_every_quarter_told_its_part() -> None:
    first = frozen("needs_by_topic", {"life_domain": list(TOPICS)}, {("debts",): 8, ("housing",): None})
    found = lines(gaps(release(NEEDS, *OFFERS), {"2025Q1": first}))
    assert found["debts", "total"]["persons_of_year"] == {"status": "published", "value": 20}
    assert found["housing", "total"]["persons_of_year"] == {"status": "suppressed", "value": None}
    for earlier in ({}, {"2025Q1": None}):
        found = lines(gaps(release(NEEDS, *OFFERS), earlier))
        assert found["debts", "total"]["persons_of_year"] == {"status": "not_collected", "value": None}
    first_quarter = lines(gaps(release(NEEDS, *OFFERS, quarter="2025Q1")))
    assert first_quarter["debts", "total"]["persons_of_year"]["value"] == 12


def test_contract_explains_the_persons_of_a_quarter_and_of_a_year() -> None:
    """What the description says of a hidden quarter, a missing one and a region is what the view does."""
    told = GapLineRead.model_json_schema()["properties"]
    assert "in this quarter" in told["persons"]["description"]
    assert {"suppressed", "not_collected"} <= {*told["persons_of_year"]["description"].split("`")}


def test_side_that_the_release_does_not_tell_of_is_not_known() -> None:
    needs_alone, offers_alone = gaps(release(NEEDS)), gaps(release(*OFFERS))
    assert needs_alone["offers"] is offers_alone["needs"] is None
    assert lines(needs_alone)["debts", "total"]["gap"] == "offers_not_known"
    assert {line["gap"] for line in offers_alone["lines"]} == {"need_not_known", "not_compared"}
    assert gaps(release())["lines"] == []


def test_every_word_is_there_in_both_languages() -> None:
    assert set(SAID) == set(Gap)
    assert all(label.de != label.en for label in SAID.values())
    german, english = gaps(release(NEEDS, language="de")), gaps(release(NEEDS))
    assert all(german[name] != english[name] for name in ("title", "definition", "note"))


def as_text(view: dict[str, Any]) -> list[str]:
    """Return the view in all its forms, as text."""
    grid = as_grid(view, "en")
    return [str(view["lines"]), as_csv(view, "en"), str(grid["rows"]), str(on_a_page(view)["rows"])]


def test_two_worlds_that_differ_in_hidden_needs_have_the_same_gaps() -> None:
    """A view is made of the frozen table; the planted fault is a table in which the need is shown."""
    shown = frozen("needs_by_topic", {"life_domain": list(TOPICS)}, {("health",): 777})
    hidden = frozen("needs_by_topic", {"life_domain": list(TOPICS)}, {("health",): None})
    assert all("777" in text for text in as_text(gaps(release(shown, *OFFERS))))
    assert as_text(gaps(release(hidden, *OFFERS))) == as_text(gaps(release(dict(hidden), *OFFERS)))
    health = lines(gaps(release(hidden, *OFFERS)))["health", "total"]
    assert [health[name] for name in ("persons", "places_per_person", "gap")] == [
        {"status": "suppressed", "value": None}, None, "need_not_known",
    ]  # fmt: skip


@pytest.fixture
async def filled(office: Office) -> str:
    """A published release of an area with needs and offers: housing without an offer, protection hidden."""
    world = office.world
    await figures(world, reports=60)
    laid = await lay_clients(world, 60)
    await assess(world, laid, "2025-08-04", {"housing": 1, "debts": 2})
    await assess(world, laid[:40], "2025-09-01", {"language": 2})
    await assess(world, laid[:4], "2025-09-01", {"protection": 1})
    await assess(world, laid[:9], "2025-09-08", {"family": 1, "health": 1})
    school, advice = (
        await world.institution("sprachkurstraeger"),
        await world.institution("schuldnerberatung"),
    )
    await offer(world, school, "language", told=(("2025-09-01", 8, 20),), towns=(MOERS,))
    await offer(world, advice, "debts")
    return await office.published()


async def read(
    person: Person, release_id: str, accept: str = "application/json", language: str = "en"
) -> Any:
    headers = {"Accept": accept, "Accept-Language": language}
    answer = await person.http.get(f"/v1/releases/{release_id}/gaps", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def test_steering_group_reads_where_offers_are_missing(office: Office, filled: str) -> None:
    steering = await office.world.person(Role.STEERING_MEMBER)
    view = (await read(steering, filled)).json()
    found = lines(view)
    assert (found["housing", "total"]["persons"]["value"], found["housing", "total"]["gap"]) == (
        60,
        "no_offer",
    )
    assert found["language", "total"]["gap"] == "fewer_places_than_persons"
    assert found["language", "total"]["places_per_person"] == 0.2
    assert found["debts", "total"]["gap"] == "places_not_known"
    hidden = found["protection", "total"]
    assert (hidden["persons"], hidden["gap"]) == ({"status": "suppressed", "value": None}, "need_not_known")
    assert found["work", "total"]["gap"] == "need_not_known", "that nobody has a need is told of nobody"
    assert view["thresholds"]["k"] == 5
    assert view["needs"]["unit"].startswith("Persons with a need")
    assert (await read(steering, filled, language="de")).json()["title"] == "Bedarf und Angebot"


async def test_gaps_come_as_csv_and_xlsx_and_in_the_workbook(office: Office, filled: str) -> None:
    text = (await read(office.first, filled, "text/csv", "de")).text
    rows = {row["topic"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")}
    assert (rows["language"]["persons"], rows["language"]["places_per_person"]) == ("40", "0,2")
    assert (rows["protection"]["persons_status"], rows["protection"]["persons"]) == ("suppressed", "")
    own = openpyxl.load_workbook(io.BytesIO((await read(office.first, filled, XLSX)).content))
    book = await office.first.http.get(f"/v1/releases/{filled}/workbook", headers={"Accept-Language": "en"})
    for sheets in (own, [openpyxl.load_workbook(io.BytesIO(book.content))["G"]]):
        values = {cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row}
        assert {"no offer at all", 60, 0.2, "suppressed"} <= values


async def test_gaps_say_what_the_tables_of_the_release_say_and_nothing_else(
    office: Office, filled: str
) -> None:
    table = await office.table(filled, "needs_by_topic")
    told = {cell["codes"][0]: (cell["status"], cell["value"]) for cell in table["cells"]}
    view = lines((await read(office.first, filled)).json())
    assert told == {
        topic: (line["persons"]["status"], line["persons"]["value"])
        for (topic, region), line in view.items()
        if region == "total"
    }


async def test_gaps_of_what_cannot_be_seen_are_not_found(office: Office, filled: str) -> None:
    neighbour = await (await office.world.neighbour()).person(Role.COORDINATOR)
    for reader, status in ((neighbour, 404), (await office.world.person(Role.CASE_MANAGER), 403)):
        assert (await reader.get(f"/v1/releases/{filled}/gaps")).status_code == status
    unknown = "00000000-0000-7000-8000-000000000000"
    assert (await office.first.get(f"/v1/releases/{unknown}/gaps")).status_code == 404


async def test_release_without_needs_and_offers_has_no_lines(office: Office) -> None:
    await figures(office.world, reports=60)
    view = (await read(office.first, await office.published())).json()
    assert (view["lines"], view["needs"], view["offers"]) == ([], None, None)
